/**
 * Wyckoff letters by where the atoms are: an orbit has the letter of the position of its multiplicity (International
 * Tables A, by moyo) on which one of its members lies.
 */
import type { Vec3 } from "../../math/matrix3.ts";
import { wyckoffPositions } from "./space-group.ts";

/** A condition that the coordinates of a position obey: coefficients · (x, y, z) ≡ value (mod 1). */
interface Condition {
  readonly coefficients: Vec3;
  readonly value: number;
}

interface Position {
  readonly letter: string;
  readonly multiplicity: number;
  readonly siteSymmetry: string;
  readonly conditions: readonly Condition[];
  /** A point of it that lies on no other. */
  readonly sample: Vec3;
}

const FREE = [0.137, 0.2713, 0.4119];

const POSITIONS = new Map<number, readonly Position[]>();

export function positionsOf(hallNumber: number): readonly Position[] {
  let positions = POSITIONS.get(hallNumber);
  if (positions === undefined) {
    positions = wyckoffPositions({ hallNumber }).map(({ coordinates, ...position }) => ({
      ...position,
      conditions: conditionsOf(coordinates),
      sample: coordinates.split(",").map((part) => {
        const { coefficients, constant } = linearForm(part);
        return coefficients.reduce((sum, x, i) => sum + x * FREE[i]!, constant);
      }) as unknown as Vec3,
    }));
    POSITIONS.set(hallNumber, positions);
  }
  return positions;
}

/**
 * The position of an orbit in a tabulated setting, and how far its members are from it; undefined where no
 * position has that multiplicity.
 * @param members fractional coordinates of all sites of the orbit in the cell of that setting
 */
export function positionOfOrbit(
  hallNumber: number,
  members: readonly Vec3[],
): { readonly letter: string; readonly siteSymmetry: string; readonly misfit: number } | undefined {
  let best: { letter: string; siteSymmetry: string; misfit: number } | undefined;
  for (const { letter, multiplicity, siteSymmetry, conditions } of positionsOf(hallNumber)) {
    if (multiplicity !== members.length) continue;
    const misfit = Math.min(...members.map((frac) => misfitOf(conditions, frac)));
    if (best === undefined || misfit < best.misfit) best = { letter, siteSymmetry, misfit };
  }
  return best;
}

function misfitOf(conditions: readonly Condition[], [x, y, z]: Vec3): number {
  let worst = 0;
  for (const { coefficients, value } of conditions) {
    const off = coefficients[0] * x + coefficients[1] * y + coefficients[2] * z - value;
    worst = Math.max(worst, Math.abs(off - Math.round(off)));
  }
  return worst;
}

/** "x,2x,1/4" → 2x − y ≡ 0, z ≡ 1/4. Each free parameter stands alone, with coefficient ±1, in one of the three. */
function conditionsOf(coordinates: string): Condition[] {
  const rows = coordinates.split(",").map(linearForm);
  const pivots = [0, 1, 2].map((parameter) =>
    rows.findIndex(
      ({ coefficients }) =>
        Math.abs(coefficients[parameter]!) === 1 &&
        coefficients.every((x, other) => other === parameter || x === 0),
    ),
  );
  return rows.flatMap(({ coefficients, constant }, row): Condition[] => {
    if (pivots.includes(row)) return [];
    const own: [number, number, number] = [0, 0, 0];
    own[row] = 1;
    let value = constant;
    for (const [parameter, factor] of coefficients.entries()) {
      if (factor === 0) continue;
      const pivot = pivots[parameter]!;
      const source = rows[pivot]!;
      const times = factor * source.coefficients[parameter]!;
      own[pivot]! -= times;
      value -= times * source.constant;
    }
    return [{ coefficients: own, value }];
  });
}

/** "-2x+1/4" → coefficients of x, y, z and the constant. */
function linearForm(text: string): { coefficients: number[]; constant: number } {
  const coefficients = [0, 0, 0];
  let constant = 0;
  for (const [, sign, size, divisor, letter] of text.matchAll(
    /([+-]?)\s*(\d*)(?:\/(\d+))?([xyz]?)/g,
  )) {
    if (size === "" && letter === "") continue;
    const value =
      ((size === "" ? 1 : Number(size)) / Number(divisor ?? 1)) * (sign === "-" ? -1 : 1);
    if (letter === "") constant += value;
    else coefficients["xyz".indexOf(letter!)]! += value;
  }
  return { coefficients, constant };
}
