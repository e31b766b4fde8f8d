/**
 * The same crystal described otherwise: other axes, another origin, a supercell, a reduced or standard cell.
 * Labels, occupancies and displacement parameters travel along; what the change makes untrue is dropped
 * (uncertainties of coordinates and cell under a change of axes).
 */
import { EwaldError } from "../errors.ts";
import {
  type Mat3,
  type Vec3,
  determinant,
  invert,
  multiply,
  vectorTimesMatrix,
} from "../math/matrix3.ts";
import { niggliReduce } from "./symmetry/cell-reduction.ts";
import { inCell, ON_FACE } from "./lattice.ts";
import type { Site, Structure } from "./structure.ts";
import { type SymmetryOptions, analyzeSymmetry } from "./symmetry/symmetry.ts";

const MOST_SITES = 1_000_000;

/**
 * The structure in the basis `basisRows · lattice`. Whole numbers: determinant ±1 changes the axes, any
 * other makes a supercell of |determinant| cells. Coordinates come out in [0, 1).
 *
 * @throws EwaldError `structure/axes` unless whole numbers with a determinant other than 0,
 * `structure/too-many-sites` beyond a million sites.
 */
export function changeAxes(structure: Structure, basisRows: Mat3): Structure {
  const count = Math.round(Math.abs(determinant(basisRows)));
  if (count === 0 || !basisRows.flat().every(Number.isInteger)) {
    throw new EwaldError("structure/axes", "new axes must be independent lattice vectors", {
      value: basisRows,
      hint: "Give rows of whole numbers whose determinant is not 0.",
    });
  }
  if (count * structure.sites.length > MOST_SITES) {
    throw new EwaldError(
      "structure/too-many-sites",
      `the new cell would hold ${count * structure.sites.length} sites`,
      { value: count * structure.sites.length, hint: `At most ${MOST_SITES} are made.` },
    );
  }
  const inverse = invert(basisRows);
  const shifts = count === 1 ? [[0, 0, 0] as const] : latticePointsInside(basisRows, count);
  const sites: Site[] = [];
  for (const { fracEsd: _, frac, ...kept } of structure.sites) {
    for (const shift of shifts) {
      const moved: Vec3 = [frac[0] + shift[0], frac[1] + shift[1], frac[2] + shift[2]];
      const [x, y, z] = vectorTimesMatrix(moved, inverse);
      sites.push({ ...kept, frac: inCell([x, y, z]) });
    }
  }
  return { lattice: multiply(basisRows, structure.lattice), sites };
}

/** The whole-number points of the old lattice within the new cell, one of each class. */
function latticePointsInside(basisRows: Mat3, count: number): Vec3[] {
  const inverse = invert(basisRows);
  const span = (axis: 0 | 1 | 2): [number, number] => {
    const entries = basisRows.map((row) => row[axis]);
    return [
      entries.reduce((sum, v) => sum + Math.min(0, v), 0),
      entries.reduce((sum, v) => sum + Math.max(0, v), 0),
    ];
  };
  const [[x0, x1], [y0, y1], [z0, z1]] = [span(0), span(1), span(2)];
  const points: Vec3[] = [];
  for (let x = x0; x <= x1; x++) {
    for (let y = y0; y <= y1; y++) {
      for (let z = z0; z <= z1; z++) {
        const frac = vectorTimesMatrix([x, y, z], inverse);
        if (frac.every((value) => value > -ON_FACE && value < 1 - ON_FACE)) points.push([x, y, z]);
      }
    }
  }
  if (points.length !== count)
    throw new EwaldError("structure/axes", "the new axes are too skewed to fill", {
      value: basisRows,
    });
  return points;
}

/** The structure in a supercell of n₁ × n₂ × n₃ cells: `supercell(nacl, [2, 2, 1])`. @throws EwaldError as `changeAxes` */
export function supercell(structure: Structure, repeats: Vec3): Structure {
  return changeAxes(structure, [
    [repeats[0], 0, 0],
    [0, repeats[1], 0],
    [0, 0, repeats[2]],
  ]);
}

/** The structure with `shift` (fractional) added to every site; coordinates in [0, 1). */
export function shiftOrigin(structure: Structure, shift: Vec3): Structure {
  // The stated operations are those about the old origin.
  const { statedSymmetry: _, ...kept } = structure;
  return {
    ...kept,
    sites: structure.sites.map((site) => ({
      ...site,
      frac: inCell([site.frac[0] + shift[0], site.frac[1] + shift[1], site.frac[2] + shift[2]]),
    })),
  };
}

/** The structure in the Niggli-reduced cell of its lattice (not made primitive first). */
export function niggliCell(structure: Structure): Structure {
  return changeAxes(structure, niggliReduce(structure.lattice).basisRows);
}

/** The structure in its symmetrised standard primitive cell (spglib's). @throws EwaldError as {@link analyzeSymmetry} */
export function primitiveCell(structure: Structure, options?: SymmetryOptions): Structure {
  return analyzeSymmetry(structure, options).primitive;
}

/** The structure in its symmetrised standard conventional cell. @throws EwaldError as {@link analyzeSymmetry} */
export function conventionalCell(structure: Structure, options?: SymmetryOptions): Structure {
  return analyzeSymmetry(structure, options).conventional;
}
