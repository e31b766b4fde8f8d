/**
 * Standard reference materials for line positions: cell edges as the National Institute of Standards and
 * Technology (NIST) certifies them, at 22.5 °C, and atoms of the structure type (positions of no
 * consequence for where lines fall, only for which are strong enough to be seen).
 *
 * - LaB6: SRM 660c, certified a = 0.4156826(80) nm; boron x = 0.1997 (Pm-3m, La at the origin).
 * - Si: SRM 640f, certified a = 0.5431144(80) nm.
 * - CeO2: SRM 674b, a = 0.5411651 nm (a quantitative-analysis standard: cell as information value).
 * - Al2O3: SRM 676a, a = 0.4759091 nm, c = 1.2991779 nm (likewise); z(Al) = 0.35216, x(O) = 0.30624.
 */
import type { LatticeParameters } from "../crystal/lattice.ts";
import type { Vec3 } from "../math/matrix3.ts";

export interface StandardFacts {
  readonly name: string;
  /** Certificate and edition. */
  readonly source: string;
  readonly cell: LatticeParameters;
  /** All atoms of the cell. */
  readonly atoms: readonly { readonly element: string; readonly frac: Vec3 }[];
}

function cubic(a: number): LatticeParameters {
  return { a, b: a, c: a, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 };
}

const FACE_CENTRES: readonly Vec3[] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]];
const OBVERSE: readonly Vec3[] = [[0, 0, 0], [2 / 3, 1 / 3, 1 / 3], [1 / 3, 2 / 3, 2 / 3]];

function centred(element: string, centring: readonly Vec3[], atoms: readonly Vec3[]): StandardFacts["atoms"] {
  return atoms.flatMap(([x, y, z]) =>
    centring.map(([u, v, w]): { element: string; frac: Vec3 } => ({ element, frac: [x + u, y + v, z + w] })),
  );
}

const BORON_X = 0.1997;
const AL_Z = 0.35216;
const O_X = 0.30624;

export const STANDARDS: Readonly<Record<string, StandardFacts>> = {
  LaB6: {
    name: "LaB6",
    source: "NIST SRM 660c",
    cell: cubic(4.156826),
    atoms: [
      { element: "La", frac: [0, 0, 0] },
      ...centred("B", [[0, 0, 0]], [
        [BORON_X, 0.5, 0.5], [1 - BORON_X, 0.5, 0.5],
        [0.5, BORON_X, 0.5], [0.5, 1 - BORON_X, 0.5],
        [0.5, 0.5, BORON_X], [0.5, 0.5, 1 - BORON_X],
      ]),
    ],
  },
  Si: {
    name: "Si",
    source: "NIST SRM 640f",
    cell: cubic(5.431144),
    atoms: centred("Si", FACE_CENTRES, [[0, 0, 0], [0.25, 0.25, 0.25]]),
  },
  CeO2: {
    name: "CeO2",
    source: "NIST SRM 674b",
    cell: cubic(5.411651),
    atoms: [
      ...centred("Ce", FACE_CENTRES, [[0, 0, 0]]),
      ...centred("O", FACE_CENTRES, [[0.25, 0.25, 0.25], [0.75, 0.75, 0.75]]),
    ],
  },
  Al2O3: {
    name: "Al2O3",
    source: "NIST SRM 676a",
    cell: { a: 4.759091, b: 4.759091, c: 12.991779, alphaDeg: 90, betaDeg: 90, gammaDeg: 120 },
    atoms: [
      ...centred("Al", OBVERSE, [[0, 0, AL_Z], [0, 0, 0.5 - AL_Z], [0, 0, -AL_Z], [0, 0, 0.5 + AL_Z]]),
      ...centred("O", OBVERSE, [
        [O_X, 0, 0.25], [0, O_X, 0.25], [-O_X, -O_X, 0.25],
        [-O_X, 0, 0.75], [0, -O_X, 0.75], [O_X, O_X, 0.75],
      ]),
    ],
  },
};
