/**
 * Structures in JSON: pymatgen's `Structure.as_dict()` (alone, in a list, or under a key `structure` as in
 * Materials Project documents) and OPTIMADE 1.x structure resources (one, or a response with many;
 * www.optimade.org, section 7.2). Cartesian coordinates are Å, lattices are rows.
 */
import { z } from "zod";
import { EwaldError } from "../errors.ts";
import { decodeText } from "../formats/index.ts";
import type { Mat3 } from "../math/matrix3.ts";
import type { ReadStructure } from "./cif-structure.ts";
import { isElement } from "./element.ts";
import type { ListedSite } from "./expand.ts";
import { checkedLattice, fractionalOf, structureOfList } from "./listed-structure.ts";
import type { Species } from "./structure.ts";

const vector = z.tuple([z.number(), z.number(), z.number()]);
const matrix = z.tuple([vector, vector, vector]);

const pymatgenStructure = z.object({
  lattice: z.object({ matrix }),
  sites: z.array(
    z.object({
      species: z
        .array(
          z.object({
            element: z.string(),
            occu: z.number().positive(),
            oxidation_state: z.number().nullish(),
          }),
        )
        .min(1),
      abc: vector,
      label: z.string().nullish(),
    }),
  ),
});

const optimadeStructure = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  type: z.literal("structures").optional(),
  attributes: z.object({
    lattice_vectors: matrix,
    cartesian_site_positions: z.array(vector),
    species_at_sites: z.array(z.string()),
    species: z.array(
      z.object({
        name: z.string(),
        chemical_symbols: z.array(z.string()).min(1),
        concentration: z.array(z.number().nonnegative()),
      }),
    ),
    chemical_formula_reduced: z.string().nullish(),
    nperiodic_dimensions: z.number().nullish(),
  }),
});

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
  const items = findItems(parseJson(decodeText(input).text));
  const structures: ReadStructure[] = [];
  const failures: EwaldError[] = [];
  for (const { read, value, path } of items.found) {
    try {
      structures.push(read(value, path));
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
  readonly read: (value: unknown, path: string) => ReadStructure;
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
    return { value: inner, path: inner === value ? path : `${path}.structure`, read: readPymatgen };
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

function shaped<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = [path, ...issue.path.map(String)].filter((part) => part !== "").join(".");
  throw new EwaldError("json/shape", `${field}: ${issue.message}`, { value: field });
}

function checkedElement(symbol: string, path: string): string {
  if (isElement(symbol)) return symbol;
  throw new EwaldError("json/unknown-element", `${path}: "${symbol}" is not a chemical element`, {
    value: symbol,
  });
}

function readPymatgen(value: unknown, path: string): ReadStructure {
  if (isRecord(value) && value["@class"] === "Molecule") {
    throw new EwaldError("json/no-structure", "this is a molecule: it has no lattice", {
      value: path,
    });
  }
  const { lattice, sites } = shaped(pymatgenStructure, value, path);
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
  return structureOfList({ name: "", lattice: checkedLattice(lattice.matrix), sites: listed });
}

function readOptimade(value: unknown, path: string): ReadStructure {
  const { id, attributes } = shaped(optimadeStructure, value, path);
  const { nperiodic_dimensions: periodic } = attributes;
  if (periodic !== null && periodic !== undefined && periodic !== 3) {
    throw new EwaldError(
      "optimade/not-a-crystal",
      `${path}: periodic in ${periodic} of 3 dimensions, not a crystal`,
      { value: periodic },
    );
  }
  const lattice: Mat3 = checkedLattice(attributes.lattice_vectors);
  const kinds = new Map(attributes.species.map((kind) => [kind.name, speciesOf(kind, path)]));
  const { cartesian_site_positions: positions, species_at_sites: names } = attributes;
  if (positions.length !== names.length) {
    const counts = `${positions.length} positions but ${names.length} species_at_sites`;
    throw new EwaldError("json/shape", `${path}: ${counts}`, { value: counts });
  }
  const toFractional = fractionalOf(lattice);
  const sites = positions.flatMap((cart, i): ListedSite[] => {
    const kind = kinds.get(names[i]!);
    if (kind === undefined) {
      throw new EwaldError("json/shape", `${path}: no species is named "${names[i]}"`, {
        value: names[i],
      });
    }
    const frac = toFractional(cart);
    return kind.map((species) => ({ species, frac }));
  });
  const formula = attributes.chemical_formula_reduced;
  return structureOfList({
    name: id === undefined ? "" : String(id),
    lattice,
    sites,
    ...(formula === null || formula === undefined ? {} : { formula }),
  });
}

/** An OPTIMADE species: mixtures and vacancies are concentrations, "X" is an unknown element. */
function speciesOf(
  kind: { name: string; chemical_symbols: string[]; concentration: number[] },
  path: string,
): readonly Species[] {
  return kind.chemical_symbols.flatMap((symbol, i): Species[] => {
    const occupancy = kind.concentration[i] ?? 0;
    if (symbol === "vacancy" || occupancy === 0) return [];
    return [{ element: checkedElement(symbol, `${path}.species "${kind.name}"`), occupancy }];
  });
}
