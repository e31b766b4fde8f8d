/**
 * The structure type of a structure: its key (see `structure-type-key.ts`), and where the geometry agrees with a
 * known prototype, that prototype's name.
 *
 * Equal keys mean isopointal: same symmetry, same positions in use. Whether also the geometry agrees (isoconfigurational)
 * is decided by `shapeDistance` to the prototypes of that key. Where one key holds several clearly
 * different prototypes the nearest is added to the key: `AB2|cP12|205|a c#pyrite` and `…#co2`.
 */
import type { Warning } from "../../errors.ts";
import type { CrystalSystem } from "../symmetry/space-group.ts";
import { prototypeById, prototypeStructure } from "./prototypes.ts";
import { anonymousSpecies, keyOf } from "./structure-type-key.ts";
import { STRUCTURE_TYPE_NAMES } from "./structure-type-names.table.ts";
import { type SpeciesShape, shapeDistance, structureShape } from "./structure-type-shape.ts";
import type { Structure } from "../structure.ts";
import { type SymmetryOptions, analyzeSymmetry } from "../symmetry/symmetry.ts";

/**
 * Largest `shapeDistance` at which a structure bears a prototype's name. Among 9,700 computed structures that share a
 * key with a prototype, those of the prototype's own compound lie within 0.03 (216 of 229 compounds); members that
 * textbooks count to a type mostly within 0.06; different types of one key lie 0.03 (In, Pa) to 0.18 apart, half of
 * them over 0.1.
 */
const SAME_TYPE = 0.08;

/** The structure type of a structure: its key, and its name where the table has one. */
export interface StructureType {
  /** `AB2|tP6|136|a f`, with `#prototype` where the table holds several geometries of that key. */
  readonly key: string;
  /** Common name of the prototype whose geometry it has: "rutile". */
  readonly name?: string;
  /** `id` of that prototype in PROTOTYPES. */
  readonly prototype?: string;
  /** Formula of the prototype: "TiO2". */
  readonly prototypeFormula?: string;
  readonly strukturbericht?: string;
  /** `shapeDistance` to the nearest prototype of the key, also where too far for its name. */
  readonly deviation?: number;
  /** The symbol is the standard one: a type has no axes of its own. */
  readonly spaceGroup: { readonly number: number; readonly symbol: string };
  readonly crystalSystem: CrystalSystem;
  /** Sites of the conventional cell, rhombohedral as hexagonal: "hR30". */
  readonly pearson: string;
  /** `structure-type/mixed-sites` where sites count as their most abundant element. */
  readonly warnings: readonly Warning[];
}

const prototypeShapes = new Map<string, readonly SpeciesShape[]>();

function shapeOfPrototype(id: string): readonly SpeciesShape[] {
  let shape = prototypeShapes.get(id);
  if (shape === undefined) {
    const structure = prototypeStructure(prototypeById(id));
    const symmetry = analyzeSymmetry(structure);
    shape = structureShape(symmetry.primitive, anonymousSpecies(structure, symmetry));
    prototypeShapes.set(id, shape);
  }
  return shape;
}

/**
 * The structure type of a structure. Needs `await loadSymmetry()` once; synchronous and pure; about 1 ms for 20 atoms.
 *
 * @throws EwaldError as `analyzeSymmetry`
 */
export function structureType(structure: Structure, options?: SymmetryOptions): StructureType {
  const symmetry = analyzeSymmetry(structure, options);
  const species = anonymousSpecies(structure, symmetry);
  const key = keyOf(symmetry, species);
  const common = {
    spaceGroup: { number: symmetry.number, symbol: symmetry.setting.standard.symbol },
    crystalSystem: symmetry.crystalSystem,
    pearson: symmetry.pearson,
    warnings: mixedSites(structure),
  };
  const candidates = STRUCTURE_TYPE_NAMES[key];
  if (candidates === undefined) return { key, ...common };
  const shape = structureShape(symmetry.primitive, species);
  let nearest: string | undefined;
  let deviation = Infinity;
  for (const id of candidates) {
    const distance = shapeDistance(shape, shapeOfPrototype(id));
    if (distance < deviation) [nearest, deviation] = [id, distance];
  }
  if (nearest === undefined || deviation > SAME_TYPE) return { key, deviation, ...common };
  const { name, formula, strukturbericht } = prototypeById(nearest);
  return {
    key: candidates.length > 1 ? `${key}#${nearest}` : key,
    name,
    prototype: nearest,
    prototypeFormula: formula,
    ...(strukturbericht === undefined ? {} : { strukturbericht }),
    deviation,
    ...common,
  };
}

/** Names of the prototypes that structures of a key may have; one where the key says which ("…#pyrite"). */
export function prototypeNames(key: string): string[] {
  const [plain = "", id] = key.split("#");
  const ids = id === undefined ? (STRUCTURE_TYPE_NAMES[plain] ?? []) : [id];
  return ids.map((one) => prototypeById(one).name);
}

function mixedSites({ sites }: Structure): readonly Warning[] {
  const mixed = sites.filter(
    ({ species }) => species.length > 1 || (species[0]?.occupancy ?? 1) < 0.999,
  ).length;
  if (mixed === 0) return [];
  return [
    {
      code: "structure-type/mixed-sites",
      message: `${mixed} of ${sites.length} sites are mixed or partly filled; each counts as its most abundant element`,
    },
  ];
}
