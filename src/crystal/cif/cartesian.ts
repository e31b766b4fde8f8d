/**
 * Cartesian coordinates of a CIF in fractions of the cell: by the file's own matrix, else by the usual frame where the
 * axes are at right angles.
 */
import { EwaldError, type Position } from "../../errors.ts";
import {
  type Mat3,
  type Vec3,
  invert,
  multiplyVector,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import type { CifItems } from "./tags.ts";

/** @throws EwaldError `cif/cartesian-orientation` */
export function cartesianFrame(
  items: CifItems,
  lattice: Mat3,
  at: Position,
  warn: (code: string, message: string) => void,
): (cart: Vec3) => Vec3 {
  const toFract = readMatrix(items, "fract_tran", "fract_transf");
  if (toFract !== null)
    return (cart) => addVectors(multiplyVector(toFract.matrix, cart), toFract.vector);
  const toCart = readMatrix(items, "Cartn_tran", "Cartn_transf");
  if (toCart !== null) {
    const back = invert(toCart.matrix);
    const [x, y, z] = toCart.vector;
    return (cart) => multiplyVector(back, [cart[0] - x, cart[1] - y, cart[2] - z]);
  }
  const right = lattice.flat().every((value, index) => index % 4 === 0 || Math.abs(value) < 1e-6);
  if (!right) {
    throw new EwaldError(
      "cif/cartesian-orientation",
      "the file gives Cartesian coordinates and not how they lie in its oblique cell",
      { ...at, hint: "Give fractional coordinates." },
    );
  }
  warn("cif/cartesian-orientation", "Cartesian axes are taken along a, b, c");
  const inverse = invert(lattice);
  return (cart) => vectorTimesMatrix(cart, inverse);
}

function addVectors(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function readMatrix(
  items: CifItems,
  core: string,
  macromolecular: string,
): { readonly matrix: Mat3; readonly vector: Vec3 } | null {
  const element = (i: number, j: number) =>
    items.number(
      `_atom_sites_${core}_matrix_${i}${j}`,
      `_atom_sites_${macromolecular}_matrix[${i}][${j}]`,
    )?.value;
  const shift = (i: number) =>
    items.number(`_atom_sites_${core}_vector_${i}`, `_atom_sites_${macromolecular}_vector[${i}]`)
      ?.value ?? 0;
  const rows = [1, 2, 3].map((i) => [1, 2, 3].map((j) => element(i, j)));
  if (rows.flat().some((value) => value === undefined)) return null;
  return { matrix: rows as unknown as Mat3, vector: [shift(1), shift(2), shift(3)] };
}
