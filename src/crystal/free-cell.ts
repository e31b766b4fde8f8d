/** Which edges and angles of a conventional cell its crystal system leaves free (rhombohedral as hexagonal, unique axis b). */
import type { LatticeParameters } from "./lattice.ts";
import type { CrystalSystem } from "./symmetry/space-group.ts";

/** The free parameters of a cell a, b, c, α, β, γ; places are counted from 0 for a to 5 for γ. */
export interface FreeCell {
  /** Places of the free edges. */
  readonly edges: readonly number[];
  /** For a, b and c: which of `edges` its length is. */
  readonly edgeOf: readonly [number, number, number];
  /** Places of the free angles. */
  readonly angles: readonly number[];
  /** α, β, γ in degrees where symmetry fixes them; those that are free may have any value. */
  readonly fixedDeg: readonly [number, number, number];
}

const RIGHT = [90, 90, 90] as const;
const UNIAXIAL = { edges: [0, 2], edgeOf: [0, 0, 1], angles: [] } as const;
const EDGES = { edges: [0, 1, 2], edgeOf: [0, 1, 2] } as const;
const FREE: Readonly<Record<CrystalSystem, FreeCell>> = {
  cubic: { edges: [0], edgeOf: [0, 0, 0], angles: [], fixedDeg: RIGHT },
  tetragonal: { ...UNIAXIAL, fixedDeg: RIGHT },
  trigonal: { ...UNIAXIAL, fixedDeg: [90, 90, 120] },
  hexagonal: { ...UNIAXIAL, fixedDeg: [90, 90, 120] },
  orthorhombic: { ...EDGES, angles: [], fixedDeg: RIGHT },
  monoclinic: { ...EDGES, angles: [4], fixedDeg: RIGHT },
  triclinic: { ...EDGES, angles: [3, 4, 5], fixedDeg: RIGHT },
};

/** The free parameters of a crystal system's conventional cell. */
export function freeCell(system: CrystalSystem): FreeCell {
  return FREE[system];
}

/** Cell parameters from the free ones alone: edges in Å, then angles in degrees. */
export function cellOfFree(system: CrystalSystem, free: readonly number[]): LatticeParameters {
  const { edges, edgeOf, angles, fixedDeg } = FREE[system];
  const [a, b, c] = edgeOf.map((edge) => free[edge]!) as [number, number, number];
  const [alphaDeg, betaDeg, gammaDeg] = fixedDeg.map((deg, i) => {
    const at = angles.indexOf(3 + i);
    return at < 0 ? deg : free[edges.length + at]!;
  }) as [number, number, number];
  return { a, b, c, alphaDeg, betaDeg, gammaDeg };
}
