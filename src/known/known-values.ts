/**
 * Known values: what public tables of calculations say of a compound (band gap, moduli, energies), found by formula and structure.
 * A structure is an entry's where the reduced formula, the space group at 0.1 Å (mirror twins count as one) and the atoms of the
 * primitive cell are the same, and volume per atom and shape of the cell agree within the limits below.
 */
import { niggliReduce } from "../crystal/symmetry/cell-reduction.ts";
import { reducedFormula } from "../crystal/composition/composition-formula.ts";
import { compositionOf } from "../crystal/composition/composition.ts";
import { cellVolume } from "../crystal/lattice.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../data/describe.ts";
import { norm } from "../math/matrix3.ts";

/**
 * Tolerances of |ln(V/V')|, volumes per atom, and of |ln(l/l')| of the three edges of the reduced cell in units of the cube root of its volume. Of
 * 3,059 measured structures with an entry of their formula, space group and size 91 % lie within; what lies beyond is mostly
 * another phase (forms under pressure, hydrogen missing). `tools/reciprocal-outside.mjs` measures it.
 */
const VOLUME_TOLERANCE = 0.12;
const SHAPE_TOLERANCE = 0.06;

export const VALUE_SOURCES = [
  { name: "Materials Project", prefix: "mp-", method: "DFT" },
  { name: "AFLOW", prefix: "aflow-", method: "DFT" },
  // Its study of cathodes for multivalent ions.
  { name: "Materials Project", prefix: "mvc-", method: "DFT" },
] as const;

/** Values of an entry, each only where the tables have one. */
export interface EntryValues {
  /** 0: metal. */
  readonly bandGapEv?: number;
  readonly bulkModulusGpa?: number;
  readonly shearModulusGpa?: number;
  readonly energyAboveHullEvPerAtom?: number;
  readonly formationEnergyEvPerAtom?: number;
}

export type ValueName = keyof EntryValues;

export interface KnownEntry {
  /** In its source: "mp-390". AFLOW rows have numbers of the table they came in. */
  readonly id: string;
  /** Index into {@link VALUE_SOURCES}. */
  readonly source: number;
  /** Reduced, elements alphabetical. */
  readonly formula: string;
  /** At 0.1 Å. */
  readonly spaceGroup: number;
  readonly atomsPerPrimitiveCell: number;
  readonly volumePerAtomAngstrom3: number;
  /** Edges of the reduced primitive cell, shortest first, in units of the cube root of its volume. */
  readonly shape: readonly [number, number, number];
  readonly values: EntryValues;
  /**
   * The energy above the hull is the lowest of all entries of this formula and space group: which of several structures has
   * it, the table does not say.
   */
  readonly isLowestOfSpaceGroup: boolean;
}

/** The facts by which an entry is recognised. */
export type Identity = Pick<
  KnownEntry,
  "formula" | "spaceGroup" | "atomsPerPrimitiveCell" | "volumePerAtomAngstrom3" | "shape"
>;

/** An entry of the tables that is the same compound as a structure. */
export interface KnownMatch {
  readonly entry: KnownEntry;
  /** Volume per atom of the structure over that of the entry, − 1. */
  readonly volumeDifference: number;
}

export interface Matches {
  /** Nearest first; several where the tables hold near doubles. */
  readonly matches: readonly KnownMatch[];
  /** Entries of the formula, with whatever structure. */
  readonly ofFormula: number;
}

/** "DFT, Materials Project mp-390" */
export function sourceText({ id, source }: KnownEntry): string {
  const { name, method } = VALUE_SOURCES[source]!;
  return name === "AFLOW" ? `${method}, ${name}` : `${method}, ${name} ${id}`;
}

/** The lower number of each pair of space groups that are mirror images of one another. */
const MIRROR_TWIN: Readonly<Record<number, number>> = {
  78: 76,
  95: 91,
  96: 92,
  145: 144,
  153: 151,
  154: 152,
  170: 169,
  172: 171,
  179: 178,
  181: 180,
  213: 212,
};

/** Equal for a space group and its mirror twin. */
export const spaceGroupClass = (number: number): number => MIRROR_TWIN[number] ?? number;

/** Reduced formula as the tables write it: elements alphabetical, deuterium as hydrogen. */
export function formulaKey(structure: Structure): string {
  const sites = structure.sites.map((site) => ({
    ...site,
    species: site.species.map((one) => (one.element === "D" ? { ...one, element: "H" } : one)),
  }));
  return reducedFormula(compositionOf({ ...structure, sites }));
}

/** Edges of the reduced cell, shortest first, over the cube root of its volume. */
export function shapeOf({ lattice }: Structure): readonly [number, number, number] {
  const unit = Math.cbrt(cellVolume(lattice));
  const edges = niggliReduce(lattice).lattice.map((edge) => norm(edge) / unit);
  return edges.toSorted((a, b) => a - b) as [number, number, number];
}

/**
 * The facts by which a structure would be recognised; null where sites are mixed or partly empty: no entry has such. Needs `loadSymmetry` before.
 * @throws EwaldError `symmetry/…`
 */
export function identityOf(structure: Structure): Identity | null {
  if (structure.sites.some(({ species }) => species.length > 1 || species[0]!.occupancy < 1))
    return null;
  const { number, primitive } = analyzeSymmetry(structure, {
    symprecAngstrom: TABLE_SYMPREC_ANGSTROM,
  });
  return {
    formula: formulaKey(structure),
    spaceGroup: number,
    atomsPerPrimitiveCell: primitive.sites.length,
    volumePerAtomAngstrom3: cellVolume(primitive.lattice) / primitive.sites.length,
    shape: shapeOf(primitive),
  };
}

/** How far two are apart, 1 at the limit; Infinity where they are no one structure. */
function distance(a: Identity, b: Identity): number {
  if (
    a.atomsPerPrimitiveCell !== b.atomsPerPrimitiveCell ||
    spaceGroupClass(a.spaceGroup) !== spaceGroupClass(b.spaceGroup)
  )
    return Infinity;
  const volume = Math.abs(Math.log(a.volumePerAtomAngstrom3 / b.volumePerAtomAngstrom3));
  const shape = Math.max(...a.shape.map((edge, i) => Math.abs(Math.log(edge / b.shape[i]!))));
  return Math.max(volume / VOLUME_TOLERANCE, shape / SHAPE_TOLERANCE);
}

/** The tables of known values: all entries, by formula. An entry is made when it is asked for: 142,000 objects at once took 0.5 s. */
export class KnownValues {
  private readonly formulas: readonly string[];
  private readonly starts: Uint32Array;
  private readonly entryAt: (formula: string, index: number) => KnownEntry;

  /**
   * @param formulas in the order of their code units
   * @param starts first entry of each formula, then the number of all
   */
  constructor(
    formulas: readonly string[],
    starts: Uint32Array,
    entryAt: (formula: string, index: number) => KnownEntry,
  ) {
    this.formulas = formulas;
    this.starts = starts;
    this.entryAt = entryAt;
  }

  get size(): number {
    return this.starts[this.formulas.length]!;
  }

  *[Symbol.iterator](): Generator<KnownEntry> {
    for (const place of this.formulas.keys()) yield* this.atPlace(place);
  }

  /** Entries of a reduced formula with alphabetical elements. */
  ofFormula(formula: string): readonly KnownEntry[] {
    let [from, to] = [0, this.formulas.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.formulas[middle]! < formula) from = middle + 1;
      else to = middle;
    }
    return this.formulas[from] === formula ? this.atPlace(from) : [];
  }

  private atPlace(place: number): KnownEntry[] {
    const [first, end] = [this.starts[place]!, this.starts[place + 1]!];
    return Array.from({ length: end - first }, (_, i) =>
      this.entryAt(this.formulas[place]!, first + i),
    );
  }

  /**
   * Entries of the structure. Needs `loadSymmetry` before.
   * @throws EwaldError `symmetry/…`
   */
  find(structure: Structure): Matches {
    const candidates = this.ofFormula(formulaKey(structure));
    const identity = candidates.length === 0 ? null : identityOf(structure);
    if (identity === null) return { matches: [], ofFormula: candidates.length };
    const matches = candidates
      .map((entry) => ({ entry, far: distance(identity, entry) }))
      .filter(({ far }) => far <= 1)
      .toSorted((a, b) => a.far - b.far)
      .map(({ entry }) => ({
        entry,
        volumeDifference: identity.volumePerAtomAngstrom3 / entry.volumePerAtomAngstrom3 - 1,
      }));
    return { matches, ofFormula: candidates.length };
  }
}
