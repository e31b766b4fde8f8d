/**
 * Structures in JSON: pymatgen's `Structure.as_dict()` (alone, in a list, or under a key `structure` as in
 * Materials Project documents) and OPTIMADE 1.x structure resources (one, or a response with many;
 * www.optimade.org, section 7.2). Cartesian coordinates are Å, lattices are rows.
 */
import * as z from "zod/mini";
import { EwaldError, type Warning } from "../../errors.ts";
import { decodeText } from "../../formats/text.ts";
import { type Mat3, type Vec3, vectorTimesMatrix } from "../../math/matrix3.ts";
import type { ReadStructure } from "../cif/structure.ts";
import type { ListedSite } from "../expand.ts";
import { checkedElement, JSON_MATRIX, JSON_VECTOR, shaped } from "./json-shape.ts";
import { checkedLattice, structureOfList } from "./listed-structure.ts";
import { readOptimade } from "./optimade.ts";
import { type Difference, statedFormula } from "./stated-contents.ts";

const pymatgenSpecies = z.object({
  element: z.string(),
  occu: z.number().check(z.positive()),
  oxidation_state: z.nullish(z.number()),
});

const pymatgenStructure = z.object({
  lattice: z.object({
    matrix: JSON_MATRIX,
    a: z.nullish(z.number()),
    b: z.nullish(z.number()),
    c: z.nullish(z.number()),
    alpha: z.nullish(z.number()),
    beta: z.nullish(z.number()),
    gamma: z.nullish(z.number()),
    volume: z.nullish(z.number()),
    pbc: z.nullish(z.array(z.boolean())),
  }),
  charge: z.nullish(z.number()),
  sites: z.array(
    z.object({
      species: z.array(pymatgenSpecies).check(z.minLength(1)),
      abc: JSON_VECTOR,
      xyz: z.nullish(JSON_VECTOR),
      label: z.nullish(z.string()),
    }),
  ),
});

/** Fields of documents of the Materials Project beside their structure. */
const pymatgenDocument = z.object({
  formula_pretty: z.catch(z.optional(z.string()), undefined),
  nsites: z.catch(z.optional(z.number()), undefined),
  volume: z.catch(z.optional(z.number()), undefined),
  density: z.catch(z.optional(z.number()), undefined),
});
type PymatgenDocument = z.infer<typeof pymatgenDocument>;

export interface JsonStructures {
  readonly format: "pymatgen-json" | "optimade-json";
  readonly structures: readonly ReadStructure[];
  /** Items that could not be read, beside those that could. */
  readonly failures: readonly EwaldError[];
}

/**
 * @throws EwaldError `json/syntax` (with line and column), `json/no-structure`, `json/shape` (with the path of the
 * field), `json/unknown-element`, `optimade/not-a-crystal`, `lattice/zero-volume`, `structure/…`
 */
export function readJsonStructures(input: Uint8Array | string): JsonStructures {
  const { text, warnings } = decodeText(input);
  const items = findItems(parseJson(text));
  const structures: ReadStructure[] = [];
  const failures: EwaldError[] = [];
  for (const { read, value, path, around } of items.found) {
    try {
      const one = read(value, path, around);
      structures.push({ ...one, warnings: [...warnings, ...one.warnings] });
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      failures.push(error);
    }
  }
  if (structures.length === 0) throw failures[0]!;
  return { format: items.format, structures, failures };
}

interface Item {
  readonly value: unknown;
  /** Where in the document, "data[3]". */
  readonly path: string;
  /** The document that holds the structure. */
  readonly around?: unknown;
  readonly read: (value: unknown, path: string, around: unknown) => ReadStructure;
}

interface Items {
  readonly format: JsonStructures["format"];
  readonly found: readonly Item[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function findItems(document: unknown): Items {
  if (isRecord(document) && "data" in document && !("lattice" in document)) {
    const { data } = document;
    const list = Array.isArray(data) ? data : [data];
    if (list.length > 0) {
      const name = (i: number): string => (Array.isArray(data) ? `data[${i}]` : "data");
      return {
        format: "optimade-json",
        found: list.map((value, i) => ({ value, path: name(i), read: readOptimade })),
      };
    }
  }
  if (isRecord(document) && isRecord(document["attributes"])) {
    return { format: "optimade-json", found: [{ value: document, path: "", read: readOptimade }] };
  }
  const list = Array.isArray(document) ? document : [document];
  const found = list.map((value, i): Item => {
    const path = Array.isArray(document) ? `[${i}]` : "";
    const inner = isRecord(value) && isRecord(value["structure"]) ? value["structure"] : value;
    const isInner = inner !== value;
    return {
      value: inner,
      path: isInner ? `${path}.structure` : path,
      ...(isInner ? { around: value } : {}),
      read: readPymatgen,
    };
  });
  if (!found.some(({ value }) => isRecord(value) && ("lattice" in value || "sites" in value))) {
    throw new EwaldError(
      "json/no-structure",
      "the JSON holds no crystal structure that Ewald knows",
      {
        hint: "Known are pymatgen's Structure.as_dict() and OPTIMADE structures.",
      },
    );
  }
  return { format: "pymatgen-json", found };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = (cause as Error).message;
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, offset).split("\n");
    throw new EwaldError("json/syntax", `this is not JSON: ${message}`, {
      line: before.length,
      column: before.at(-1)!.length + 1,
      cause,
    });
  }
}

/** Å between the fractional and the Cartesian coordinates of one site. */
const SAME_PLACE = 0.02;
const SAME_CHARGE = 0.02;

function readPymatgen(value: unknown, path: string, around: unknown): ReadStructure {
  if (isRecord(value) && value["@class"] === "Molecule") {
    throw new EwaldError("json/no-structure", "this is a molecule: it has no lattice", {
      value: path,
    });
  }
  const { lattice, sites, charge } = shaped(pymatgenStructure, value, path);
  if (lattice.pbc?.includes(false) === true) {
    const periodic = lattice.pbc.filter(Boolean).length;
    throw new EwaldError(
      "json/not-a-crystal",
      `${path}: periodic in ${periodic} of 3 dimensions, not a crystal`,
      { value: periodic },
    );
  }
  const listed = sites.flatMap(({ species, abc, label }, i) =>
    species.map(({ element, occu, oxidation_state: oxidation }): ListedSite => ({
      species: {
        element: checkedElement(element, `${path}.sites[${i}]`),
        occupancy: occu,
        ...(oxidation === null || oxidation === undefined ? {} : { oxidation }),
      },
      frac: abc,
      ...(label === null || label === undefined ? {} : { label }),
    })),
  );
  const { a, b, c, alpha, beta, gamma, volume } = lattice;
  const parameters = [a, b, c, alpha, beta, gamma].filter((one) => typeof one === "number");
  const document = pymatgenDocument.safeParse(around).data ?? {};
  const said = volume ?? document.volume;
  return structureOfList({
    name: "",
    lattice: checkedLattice(lattice.matrix),
    sites: listed,
    warnings: chargeWarning(charge ?? 0, sites),
    stated: {
      ...(parameters.length === 6 ? { cell: parameters } : {}),
      ...(said === undefined ? {} : { volumeAngstrom3: said }),
      ...(document.density === undefined ? {} : { densityGPerCm3: document.density }),
      ...(document.formula_pretty === undefined ? {} : statedFormula(document.formula_pretty)),
    },
    differences: () => pymatgenDifferences(sites, lattice.matrix, document),
  });
}

type PymatgenSites = z.infer<typeof pymatgenStructure>["sites"];

/** A structure has no charge of its own: what the file states is kept where its ions carry it. */
function chargeWarning(charge: number, sites: PymatgenSites): readonly Warning[] {
  const states = sites.flatMap(({ species }) =>
    species.map(({ occu, oxidation_state: state }) =>
      typeof state === "number" ? occu * state : null,
    ),
  );
  const known = states.every((state) => state !== null);
  const sum = known ? states.reduce((total, state) => total + state, 0) : 0;
  if (Math.abs(charge - sum) <= SAME_CHARGE) return [];
  const shown = (value: number): string => `${value > 0 ? "+" : ""}${Number(value.toFixed(3))}`;
  if (!known) {
    const message = `the cell is stated to have the charge ${shown(charge)}: left out`;
    return [{ code: "json/charge", message }];
  }
  // Without a charge of the cell the oxidation states are all that is said.
  if (charge === 0) return [];
  const message = `the cell is stated to have the charge ${shown(charge)}, its oxidation states sum to ${shown(sum)}`;
  return [{ code: "json/charge", message }];
}

function pymatgenDifferences(
  sites: PymatgenSites,
  matrix: Mat3,
  { nsites }: PymatgenDocument,
): Difference[] {
  const differences: Difference[] = [];
  if (nsites !== undefined && nsites !== sites.length) {
    differences.push({ what: "nsites", stated: String(nsites), read: String(sites.length) });
  }
  for (const [i, { abc, xyz }] of sites.entries()) {
    if (xyz === null || xyz === undefined) continue;
    const cart = vectorTimesMatrix(abc, matrix);
    if (Math.hypot(cart[0] - xyz[0], cart[1] - xyz[1], cart[2] - xyz[2]) <= SAME_PLACE) continue;
    const shown = (place: Vec3): string =>
      `(${place.map((value) => value.toFixed(3)).join(", ")}) Å`;
    differences.push({ what: `xyz of site ${i + 1}`, stated: shown(xyz), read: shown(cart) });
    break;
  }
  return differences;
}
