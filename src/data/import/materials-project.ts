/**
 * Structures and labels of the Materials Project (API of 2022 and later, `materials/summary`). Needs a key of
 * one's own, free from materialsproject.org. The cursor is the number of entries already fetched; sorted by
 * id, so that pages do not shift.
 */
import { EwaldError } from "../../errors.ts";
import type { LabelName, StructureRow } from "../structure-table.ts";
import { politeGet, type Politeness, type Web } from "./http.ts";
import { addEntry, asRecord, onlyStructure, type PageBuilder } from "./rows.ts";
import type { PagedSource, RowMaker, StructureReader } from "./source.ts";
import { knownProvenance } from "../provenance.ts";

export interface MaterialsProjectRequest {
  readonly key: string;
  /** The API's own search terms: `{ elements: "Si,O", nelements: "2", energy_above_hull_max: "0.1" }`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Default https://api.materialsproject.org */
  readonly baseUrl?: string;
  /** Entries per page, at most 1,000. Default 500. */
  readonly pageLimit?: number;
}

const SOURCE = "materials_project";
const FIELDS = [
  "material_id",
  "structure",
  "formation_energy_per_atom",
  "energy_above_hull",
  "band_gap",
  "bulk_modulus",
  "shear_modulus",
  "homogeneous_poisson",
  "theoretical",
  "deprecated",
];

/** @throws EwaldError `import/key` */
export function materialsProjectSource(
  web: Web,
  request: MaterialsProjectRequest,
  read: StructureReader,
  makeRow: RowMaker,
  politeness: Politeness = {},
): PagedSource {
  if (request.key.trim() === "") {
    throw new EwaldError("import/key", "the Materials Project asks for a key", {
      hint: "Get one at https://materialsproject.org/api and set MP_API_KEY.",
    });
  }
  const base = (request.baseUrl ?? "https://api.materialsproject.org").replace(/\/+$/, "");
  const limit = request.pageLimit ?? 500;
  const query = new URLSearchParams({
    ...request.query,
    deprecated: "false",
    _fields: FIELDS.join(","),
    _sort_fields: "material_id",
    _limit: String(limit),
  });
  const address = `${base}/materials/summary/?${query}`;
  return {
    identity: address,
    firstCursor: "0",
    async page(cursor) {
      const skip = Number(cursor);
      const { data, total } = await politeGet(
        web,
        `${address}&_skip=${skip}`,
        parseAnswer,
        politeness,
        { "x-api-key": request.key, accept: "application/json" },
      );
      const page: PageBuilder = { rows: [], problems: [] };
      for (const document of data) addDocument(page, document, read, makeRow);
      const reached = skip + data.length;
      const isLast = data.length === 0 || (total === null ? data.length < limit : reached >= total);
      return {
        ...page,
        next: isLast ? null : String(reached),
        ...(total === null ? {} : { expected: total }),
      };
    },
    provenance: async () => ({
      ...knownProvenance(SOURCE),
      origin: base,
      query: new URLSearchParams(request.query ?? {}).toString(),
      retrieved: new Date(web.now()).toISOString().slice(0, 10),
      note: "Some entries (GNoME-derived) carry a more restrictive licence (CC-BY-NC-4.0): see materialsproject.org/about/terms.",
    }),
  };
}

function parseAnswer(body: string): { data: readonly unknown[]; total: number | null } {
  const answer = asRecord(JSON.parse(body));
  if (answer === null || !Array.isArray(answer["data"]))
    throw new Error('no list of entries under "data"');
  const total = asRecord(answer["meta"])?.["total_doc"];
  return { data: answer["data"] as unknown[], total: typeof total === "number" ? total : null };
}

/** Moduli come as `{ voigt, reuss, vrh }`. */
function labelsOf(document: Record<string, unknown>): StructureRow["labels"] {
  const labels: { [K in LabelName]?: number } = {};
  const put = (name: LabelName, value: unknown): void => {
    if (typeof value === "number" && Number.isFinite(value)) labels[name] = value;
  };
  put("formationEnergyEvPerAtom", document["formation_energy_per_atom"]);
  put("energyAboveHullEvPerAtom", document["energy_above_hull"]);
  put("bandGapEv", document["band_gap"]);
  put("bulkModulusGpa", asRecord(document["bulk_modulus"])?.["vrh"]);
  put("shearModulusGpa", asRecord(document["shear_modulus"])?.["vrh"]);
  put("poissonRatio", document["homogeneous_poisson"]);
  return labels;
}

function addDocument(
  page: PageBuilder,
  value: unknown,
  read: StructureReader,
  makeRow: RowMaker,
): void {
  const document = asRecord(value);
  const id = typeof document?.["material_id"] === "string" ? document["material_id"] : null;
  if (document === null || id === null) {
    page.problems.push({
      row: null,
      id,
      code: "import/entry",
      message: "entry without material_id",
    });
    return;
  }
  addEntry(page, id, () => {
    const structure = onlyStructure(
      read(JSON.stringify(document["structure"] ?? null), `${id}.json`),
      id,
    );
    const { theoretical } = document;
    const inIcsd = typeof theoretical === "boolean" ? !theoretical : null;
    return { ...makeRow(structure, id, SOURCE), labels: labelsOf(document), inIcsd };
  });
}
