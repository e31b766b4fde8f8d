/**
 * OPTIMADE structure resources (www.optimade.org, specification 1.3, section "Structures entries"): sites with species
 * that are mixtures, vacancies, isotopes or carry atoms without places; assemblies of sites that exclude each other;
 * coordinates of the whole cell or of a part of it that symmetry completes. Å, lattice vectors are rows.
 */
import * as z from "zod/mini";
import { EwaldError, type Warning } from "../../errors.ts";
import type { Mat3, Vec3 } from "../../math/matrix3.ts";
import type { ReadStructure } from "../cif/structure.ts";
import type { ListedSite } from "../expand.ts";
import { elementValue } from "../element.ts";
import { checkedElement, JSON_MATRIX, JSON_VECTOR, shaped } from "./json-shape.ts";
import { checkedLattice, fractionalOf, structureOfList } from "./listed-structure.ts";
import { assembliesSchema, groupProbabilities } from "./optimade-assemblies.ts";
import { type Difference, cellAmounts, statedFormula } from "./stated-contents.ts";
import type { Species, Structure } from "../structure.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";
import { generateGroup, parseOperation } from "../symmetry/symmetry-operation.ts";

const speciesSchema = z.object({
  name: z.string(),
  chemical_symbols: z.array(z.string()).check(z.minLength(1)),
  concentration: z.array(z.number().check(z.nonnegative())),
  mass: z.nullish(z.union([z.array(z.nullable(z.number())), z.number()])),
  attached: z.nullish(z.array(z.string())),
  nattached: z.nullish(z.array(z.number())),
});
type OptimadeSpecies = z.infer<typeof speciesSchema>;

const resource = z.object({
  id: z.optional(z.union([z.string(), z.number()])),
  type: z.optional(z.literal("structures")),
  attributes: z.object({
    lattice_vectors: JSON_MATRIX,
    cartesian_site_positions: z.nullish(z.array(JSON_VECTOR)),
    fractional_site_positions: z.nullish(z.array(JSON_VECTOR)),
    species_at_sites: z.array(z.string()),
    species: z.array(speciesSchema),
    assemblies: z.nullish(assembliesSchema),
    structure_features: z.nullish(z.array(z.string())),
    site_coordinate_span: z.nullish(z.string()),
    space_group_symmetry_operations_xyz: z.nullish(z.array(z.string())),
    space_group_symbol_hall: z.catch(z.nullish(z.string()), null),
    chemical_formula_reduced: z.nullish(z.string()),
    elements: z.nullish(z.array(z.string())),
    elements_ratios: z.nullish(z.array(z.number())),
    nelements: z.nullish(z.number()),
    nsites: z.nullish(z.number()),
  }),
});
type Attributes = z.infer<typeof resource>["attributes"];

/** Å; Cartesian and fractional coordinates of one site are the same within rounding. */
const SAME_PLACE = 0.02;
const EXACT_SUM = 0.005;
const MOST_OPERATIONS = 1536;
/** u; heavier or lighter than the element's standard weight by more is an isotope. */
const ISOTOPE_MASS = 0.02;

/** @throws EwaldError `json/shape`, `json/unknown-element`, `optimade/…`, `lattice/zero-volume`, `structure/…` */
export function readOptimade(value: unknown, path: string): ReadStructure {
  refuseMolecule(value, path);
  const { id, attributes } = shaped(resource, value, path);
  const lattice: Mat3 = checkedLattice(attributes.lattice_vectors);
  const warnings: Warning[] = [];
  const { species_at_sites: names } = attributes;
  const kinds = speciesByName(attributes.species, path, warnings);
  const places = sitePlaces(attributes, lattice, path, warnings);
  const probabilities = groupProbabilities(
    attributes.assemblies ?? [],
    names.length,
    path,
    warnings,
  );
  warnOfFeatures(attributes, path, warnings);
  const operations = operationsOfSpan(attributes, path);
  const sites = places.flatMap((frac, i): ListedSite[] => {
    const kind = kinds.get(names[i]!);
    if (kind === undefined) {
      throw new EwaldError("json/shape", `${path}: no species is named "${names[i]}"`, {
        value: names[i],
      });
    }
    const share = probabilities[i]!;
    if (share === 0) return [];
    return kind.map((species) => ({
      species: { ...species, occupancy: species.occupancy * share },
      frac,
    }));
  });
  const { chemical_formula_reduced: formula, space_group_symbol_hall: hall } = attributes;
  return structureOfList({
    name: id === undefined ? "" : String(id),
    lattice,
    sites,
    ...(operations === null ? {} : { operations }),
    ...(typeof hall === "string" ? { hall } : {}),
    ...(formula === null || formula === undefined
      ? {}
      : { formula, stated: statedFormula(formula) }),
    warnings,
    differences: (structure) => differencesFrom(attributes, structure),
  });
}

/** Before the shape is asked for: vectors without period may be null. */
function refuseMolecule(value: unknown, path: string): void {
  const periodicity = z.object({
    attributes: z.object({
      nperiodic_dimensions: z.nullish(z.number()),
      dimension_types: z.nullish(z.array(z.number())),
    }),
  });
  const found = periodicity.safeParse(value).data?.attributes;
  const said = found?.nperiodic_dimensions ?? undefined;
  const counted = found?.dimension_types?.reduce((sum, one) => sum + one, 0);
  const periodic = [said, counted].find((one) => one !== undefined && one !== 3);
  if (periodic === undefined) return;
  throw new EwaldError(
    "optimade/not-a-crystal",
    `${path}: periodic in ${periodic} of 3 dimensions, not a crystal`,
    { value: periodic },
  );
}

function speciesByName(
  list: readonly OptimadeSpecies[],
  path: string,
  warnings: Warning[],
): ReadonlyMap<string, readonly Species[]> {
  const kinds = new Map<string, readonly Species[]>();
  for (const kind of list) {
    if (kinds.has(kind.name)) {
      throw new EwaldError("json/shape", `${path}: two species are named "${kind.name}"`, {
        value: kind.name,
      });
    }
    kinds.set(kind.name, speciesOf(kind, path, warnings));
    warnOfAttached(kind, path, warnings);
  }
  return kinds;
}

/** An OPTIMADE species: mixtures and vacancies are concentrations, "X" is an unknown element. */
function speciesOf(kind: OptimadeSpecies, path: string, warnings: Warning[]): readonly Species[] {
  const { chemical_symbols: symbols, concentration, mass } = kind;
  const where = `${path}.species "${kind.name}"`;
  if (symbols.length !== concentration.length) {
    const counts = `${symbols.length} chemical_symbols but ${concentration.length} concentrations`;
    throw new EwaldError("json/shape", `${where}: ${counts}`, { value: counts });
  }
  const total = concentration.reduce((sum, one) => sum + one, 0);
  if (Math.abs(total - 1) > EXACT_SUM) {
    warnings.push({
      code: "optimade/concentration",
      message: `${where}: the concentrations sum to ${Number(total.toFixed(4))}, not to 1: ${total < 1 ? "the rest is taken for empty" : "taken as occupancies"}`,
    });
  }
  const masses = Array.isArray(mass) ? mass : symbols.map(() => mass);
  if (masses.length !== symbols.length) {
    const counts = `${symbols.length} chemical_symbols but ${masses.length} masses`;
    throw new EwaldError("json/shape", `${where}: ${counts}`, { value: counts });
  }
  return symbols.flatMap((symbol, i): Species[] => {
    const occupancy = concentration[i]!;
    if (symbol === "vacancy" || occupancy === 0) return [];
    const element = isotope(checkedElement(symbol, where), masses[i] ?? 0, where, warnings);
    return [{ element, occupancy }];
  });
}

/** The element of an isotope: only deuterium is kept apart, as in CIF. */
function isotope(element: string, mass: number, where: string, warnings: Warning[]): string {
  if (!(mass > 0)) return element;
  if (element === "H" && Math.abs(mass - 2.014) < 0.05) return "D";
  const standard = elementValue(element, "standardAtomicWeight")!;
  if (Math.abs(mass - standard) > Math.max(ISOTOPE_MASS, 2e-3 * standard)) {
    warnings.push({
      code: "optimade/isotope",
      message: `${where}: ${element} of mass ${mass} is read as ${element} of natural composition (${Number(standard.toFixed(3))})`,
    });
  }
  return element;
}

/** @throws EwaldError `optimade/attached` for other atoms than hydrogen: without them the contents are others */
function warnOfAttached(
  { name, attached, nattached }: OptimadeSpecies,
  path: string,
  warnings: Warning[],
): void {
  if (attached === null || attached === undefined || attached.length === 0) return;
  const counted = attached.map((symbol, i) => `${nattached?.[i] ?? "?"} ${symbol}`).join(", ");
  const message = `${path}.species "${name}": ${counted} attached without places`;
  if (attached.some((symbol) => symbol !== "H" && symbol !== "D")) {
    throw new EwaldError("optimade/attached", message, {
      value: counted,
      hint: "Ask for the structure with the positions of all its atoms.",
    });
  }
  warnings.push({ code: "optimade/attached", message: `${message}: left out` });
}

function sitePlaces(
  attributes: Attributes,
  lattice: Mat3,
  path: string,
  warnings: Warning[],
): readonly Vec3[] {
  const { cartesian_site_positions: cartesian, fractional_site_positions: fractional } = attributes;
  const { length } = attributes.species_at_sites;
  for (const [name, list] of Object.entries({ positions: cartesian, fractional })) {
    if (list === null || list === undefined || list.length === length) continue;
    const counts = `${list.length} ${name} but ${length} species_at_sites`;
    throw new EwaldError("json/shape", `${path}: ${counts}`, { value: counts });
  }
  const converted = cartesian?.map(fractionalOf(lattice));
  const places = fractional ?? converted;
  if (places === undefined) {
    throw new EwaldError("json/shape", `${path}: neither Cartesian nor fractional positions`, {
      value: path,
    });
  }
  const apart = converted?.findIndex((place, i) =>
    place.some((value, axis) => {
      const length = Math.hypot(...lattice[axis]!);
      return Math.abs(value - places[i]![axis]!) * length > SAME_PLACE;
    }),
  );
  if (apart !== undefined && apart >= 0) {
    const shown = (place: Vec3): string => place.map((value) => value.toFixed(4)).join(" ");
    warnings.push({
      code: "optimade/positions",
      message: `${path}: site ${apart + 1} stands at ${shown(places[apart]!)} by its fractional and at ${shown(converted![apart]!)} by its Cartesian position: the fractional ones are used`,
    });
  }
  return places;
}

/** @throws EwaldError `optimade/incomplete` where the features announce what the resource leaves out */
function warnOfFeatures(attributes: Attributes, path: string, warnings: Warning[]): void {
  const features = new Set(attributes.structure_features ?? []);
  if (features.has("implicit_atoms")) {
    warnings.push({
      code: "optimade/implicit-atoms",
      message: `${path}: the structure has atoms without places (implicit_atoms): left out`,
    });
  }
  if (features.has("unknown_positions")) {
    warnings.push({
      code: "optimade/implicit-atoms",
      message: `${path}: the structure has atoms whose places are not known: left out`,
    });
  }
  const isHeld = {
    assemblies: (attributes.assemblies?.length ?? 0) > 0,
    site_attachments: attributes.species.some((one) => (one.attached?.length ?? 0) > 0),
  };
  for (const [feature, held] of Object.entries(isHeld)) {
    if (!features.has(feature) || held) continue;
    throw new EwaldError(
      "optimade/incomplete",
      `${path}: the structure has ${feature}, and this resource leaves them out`,
      { value: feature, hint: "Ask for the structure with all its properties." },
    );
  }
}

const WHOLE_CELL = new Set(["unit_cell", "molecular_unit_cell"]);
const ASYMMETRIC = new Set([
  "fundamental_domain",
  "asymmetric_unit",
  "molecular_fundamental_domain",
  "molecular_asymmetric_unit",
]);

/** null where all atoms of the cell are listed. @throws EwaldError `optimade/span`, `symmetry/operation` */
function operationsOfSpan(
  attributes: Attributes,
  path: string,
): readonly SymmetryOperation[] | null {
  const span = attributes.site_coordinate_span ?? "unit_cell";
  if (WHOLE_CELL.has(span)) return null;
  const listed = attributes.space_group_symmetry_operations_xyz ?? [];
  const operations = ASYMMETRIC.has(span)
    ? generateGroup(listed.map(parseOperation), MOST_OPERATIONS)
    : null;
  if (listed.length > 0 && operations !== null && operations.length === listed.length) {
    return operations;
  }
  throw new EwaldError(
    "optimade/span",
    `${path}: the sites are those of "${span}", and nothing says how they fill the cell`,
    {
      value: span,
      hint: "Ask for space_group_symmetry_operations_xyz too, or for the whole cell.",
    },
  );
}

function differencesFrom(attributes: Attributes, structure: Structure): Difference[] {
  const { nsites, nelements, elements, elements_ratios: ratios, species_at_sites } = attributes;
  const differences: Difference[] = [];
  const read = cellAmounts(structure);
  const add = (what: string, stated: unknown, found: unknown): void => {
    if (String(stated) !== String(found)) {
      differences.push({ what, stated: String(stated), read: String(found) });
    }
  };
  if (typeof nsites === "number") add("nsites", nsites, species_at_sites.length);
  if (typeof nelements === "number") add("nelements", nelements, read.size);
  if (elements !== null && elements !== undefined) {
    add("elements", elements.toSorted().join(" "), [...read.keys()].sort().join(" "));
    const total = [...read.values()].reduce((sum, one) => sum + one, 0);
    const apart = ratios?.some(
      (ratio, i) => Math.abs(ratio - (read.get(elements[i]!) ?? 0) / total) > EXACT_SUM,
    );
    if (apart === true) {
      const shares = elements.map((one) => ((read.get(one) ?? 0) / total).toFixed(3));
      add("elements_ratios", ratios!.map((one) => one.toFixed(3)).join(" "), shares.join(" "));
    }
  }
  return differences;
}
