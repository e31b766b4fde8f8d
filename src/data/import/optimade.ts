/**
 * Structures of any OPTIMADE server (specification 1.0-1.2, endpoint /v1/structures): base URL and filter
 * in, pages out, following the server's own `links.next`. The cursor is the address of the page.
 */
import { EwaldError } from "../../errors.ts";
import type { Provenance } from "../provenance.ts";
import type { ExtraValue, LabelName, StructureRow } from "../structure-table.ts";
import { politeGet, type Politeness, type Web } from "./http.ts";
import { addEntry, asRecord, labelOfColumn, onlyStructure, type PageBuilder } from "./rows.ts";
import type { ImportPage, PagedSource, RowMaker, StructureReader } from "./source.ts";

export interface OptimadeRequest {
  /** "https://optimade.materialsproject.org" or with "/v1" */
  readonly baseUrl: string;
  /** OPTIMADE filter, e.g. `elements HAS ALL "Si","O" AND nelements=2`; empty for all. */
  readonly filter?: string;
  /** Entries per page; servers cap it. Default 100. */
  readonly pageLimit?: number;
  /** Further fields to keep: as a label where `labels` names one, else as a column of their own. */
  readonly fields?: readonly string[];
  /** Field of the server → label of ours, e.g. `_oqmd_band_gap` → `bandGapEv`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where the server states none. */
  readonly licence?: string;
}

const STRUCTURE_FIELDS = [
  "lattice_vectors",
  "cartesian_site_positions",
  "species",
  "species_at_sites",
  // Without them sites that exclude each other would all be there.
  "assemblies",
  "structure_features",
  "chemical_formula_reduced",
  "dimension_types",
  "nsites",
];

/** @throws EwaldError `import/address`, `import/label` */
export function optimadeSource(
  web: Web,
  request: OptimadeRequest,
  read: StructureReader,
  makeRow: RowMaker,
  politeness: Politeness = {},
): PagedSource {
  const base = versionedBase(request.baseUrl);
  const labels = new Map(
    Object.entries(request.labels ?? {}).map(([field, name]) => [field, checkedLabel(name)]),
  );
  const fields = [...new Set([...(request.fields ?? []), ...labels.keys()])];
  const query = new URLSearchParams({
    page_limit: String(request.pageLimit ?? 100),
    response_fields: [...STRUCTURE_FIELDS, ...fields].join(","),
  });
  if (request.filter !== undefined && request.filter !== "") query.set("filter", request.filter);
  const source = `optimade_${new URL(base).host}`;
  const firstCursor = `${base}/structures?${query}`;
  return {
    identity: firstCursor,
    firstCursor,
    async page(cursor) {
      const answer = await politeGet(web, cursor, parseAnswer, politeness, {
        accept: "application/vnd.api+json, application/json",
      });
      return toPage(answer, cursor, (page, entry) =>
        addOptimadeEntry(page, entry, { source, labels, fields, read, makeRow }),
      );
    },
    provenance: () => optimadeProvenance(web, base, source, request, politeness),
  };
}

function versionedBase(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch (cause) {
    throw new EwaldError("import/address", `"${address}" is not an address`, {
      value: address,
      cause,
      hint: "Give it whole: https://…",
    });
  }
  if (!/^https?:$/.test(url.protocol)) {
    throw new EwaldError("import/address", `${url.protocol} is not http or https`, {
      value: address,
    });
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  return /\/v\d+(\.\d+)*$/.test(base) ? base : `${base}/v1`;
}

function checkedLabel(name: string): LabelName {
  const label = labelOfColumn(name);
  if (label !== null) return label;
  throw new EwaldError("import/label", `"${name}" is not a label`, {
    value: name,
    hint: "Labels: formation_energy_per_atom, band_gap, e_above_hull, bulk_modulus, …",
  });
}

interface Answer {
  readonly data: readonly unknown[];
  readonly next: string | null;
  readonly expected: number | null;
}

/** Throws plain errors: the caller counts a malformed page as a passing fault. */
function parseAnswer(body: string): Answer {
  const answer = asRecord(JSON.parse(body));
  if (answer === null || !Array.isArray(answer["data"]))
    throw new Error('no list of entries under "data"');
  const meta = asRecord(answer["meta"]);
  const links = asRecord(answer["links"]);
  const link = links?.["next"];
  const next = typeof link === "string" ? link : asRecord(link)?.["href"];
  const more = meta?.["more_data_available"];
  if (more === true && typeof next !== "string")
    throw new Error("more data announced, but no link to it");
  const expected = meta?.["data_returned"];
  return {
    data: answer["data"] as unknown[],
    next: typeof next === "string" && next !== "" && more !== false ? next : null,
    expected: typeof expected === "number" ? expected : null,
  };
}

function toPage(
  answer: Answer,
  cursor: string,
  add: (page: PageBuilder, entry: unknown) => void,
): ImportPage {
  const page: PageBuilder = { rows: [], problems: [] };
  for (const entry of answer.data) add(page, entry);
  const next = answer.next === null ? null : new URL(answer.next, cursor).href;
  return { ...page, next, ...(answer.expected === null ? {} : { expected: answer.expected }) };
}

interface EntryContext {
  readonly source: string;
  readonly labels: ReadonlyMap<string, LabelName>;
  readonly fields: readonly string[];
  readonly read: StructureReader;
  readonly makeRow: RowMaker;
}

function addOptimadeEntry(page: PageBuilder, value: unknown, context: EntryContext): void {
  const entry = asRecord(value);
  const attributes = asRecord(entry?.["attributes"]);
  const id = typeof entry?.["id"] === "string" ? entry["id"] : null;
  if (id === null || attributes === null) {
    page.problems.push({
      row: null,
      id,
      code: "import/entry",
      message: "entry without id or attributes",
    });
    return;
  }
  addEntry(page, id, () => {
    const content = context.read(JSON.stringify({ data: [entry] }), `${id}.json`);
    const row = context.makeRow(onlyStructure(content, id), id, context.source);
    return { ...row, ...readFields(attributes, context) };
  });
}

function readFields(
  attributes: Record<string, unknown>,
  { labels, fields }: EntryContext,
): Pick<StructureRow, "labels" | "extra"> {
  const found: { [K in LabelName]?: number } = {};
  const extra: Record<string, ExtraValue> = {};
  for (const field of fields) {
    const value = attributes[field] ?? null;
    const label = labels.get(field);
    if (label !== undefined) {
      if (typeof value === "number" && Number.isFinite(value)) found[label] = value;
    } else
      extra[field] =
        value === null || ["string", "number", "boolean"].includes(typeof value)
          ? (value as ExtraValue)
          : JSON.stringify(value);
  }
  return { labels: found, extra };
}

/** Licence (OPTIMADE 1.2 `info`) and provider, as the server tells them. */
async function optimadeProvenance(
  web: Web,
  base: string,
  source: string,
  request: OptimadeRequest,
  politeness: Politeness,
): Promise<Provenance> {
  const answer = await politeGet(
    web,
    `${base}/info`,
    (body) => asRecord(JSON.parse(body)),
    politeness,
  );
  const attributes = asRecord(asRecord(answer?.["data"])?.["attributes"]);
  const provider = asRecord(asRecord(answer?.["meta"])?.["provider"]);
  const text = (value: unknown): string | null =>
    typeof value === "string" && value !== ""
      ? value
      : ((asRecord(value)?.["href"] as string | undefined) ?? null);
  const spdx = attributes?.["available_licenses_for_entries"] ?? attributes?.["available_licenses"];
  const listed = Array.isArray(spdx) && spdx.length > 0 ? spdx.map(String).join(" OR ") : null;
  const name = text(provider?.["name"]);
  const homepage = text(provider?.["homepage"]);
  const cited = [name, homepage].filter((part) => part !== null).join(", ");
  return {
    source,
    licence: listed ?? text(attributes?.["license"]) ?? request.licence ?? null,
    citations: [
      ...(cited === "" ? [] : [cited]),
      "C. Andersen et al., Sci. Data 8, 217 (2021), doi:10.1038/s41597-021-00974-z",
    ],
    origin: base,
    ...(request.filter === undefined ? {} : { query: request.filter }),
    retrieved: new Date(web.now()).toISOString().slice(0, 10),
  };
}
