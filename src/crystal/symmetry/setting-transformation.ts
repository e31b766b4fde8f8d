/**
 * From one tabulated setting of a space group to its standard one: the change of axes and of origin (P, p) of
 * International Tables, (a′, b′, c′) = (a, b, c) P, x′ = P⁻¹ (x − p). Here the rows of `basisRows` are the new axes, so that
 * x = x′ · basisRows + originShift for rows of coordinates.
 *
 * The standard setting is the first of the table (unique axis b, cell choice 1, hexagonal axes), with the
 * origin choice of the setting that one comes from.
 */
import {
  type Mat3,
  type Vec3,
  IDENTITY,
  determinant,
  invert,
  multiply,
  multiplyVector,
  subtract,
  transpose,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import { originBetween } from "./origin-shift.ts";
import {
  type TabulatedSetting,
  hallNumberOf,
  operationsOfSetting,
  settingsByNumber,
} from "./space-group-settings.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { imageOf } from "./symmetry-operation.ts";
import { positionOfOrbit, positionsOf } from "./wyckoff-letter.ts";

export interface AxesTransformation {
  readonly basisRows: Mat3;
  readonly originShift: Vec3;
}

/** The rounding error of sums of fractions. */
const NOISE = 1e-6;

/** Obverse hexagonal axes in those of the rhombohedral cell. */
const HEXAGONAL: Mat3 = [
  [1, -1, 0],
  [0, 1, -1],
  [1, 1, 1],
];

/** The standard setting with the same choice of origin. */
export function standardOf({ number, choice }: TabulatedSetting): TabulatedSetting {
  const all = settingsByNumber(number);
  return all.find((one) => one.choice === choice && "12".includes(choice)) ?? all[0]!;
}

const KNOWN = new Map<string, AxesTransformation | null>();

/** Null where no change of axes by whole numbers leads there (multiple cells: "C -4 2 m", "F 4/m m m"). */
export function toStandardSetting(setting: TabulatedSetting): AxesTransformation | null {
  const key = `${setting.hermannMauguin}|${setting.hall}`;
  let known = KNOWN.get(key);
  if (known === undefined) KNOWN.set(key, (known = searchStandard(setting)));
  return known;
}

function searchStandard(setting: TabulatedSetting): AxesTransformation | null {
  const standard = standardOf(setting);
  if (standard === setting) return { basisRows: IDENTITY, originShift: [0, 0, 0] };
  const from = operationsOfSetting(setting);
  const to = operationsOfSetting(standard);
  let shifted: AxesTransformation | null = null;
  for (const basisRows of candidates(setting)) {
    const turned = operationsInAxes(from, basisRows);
    const origin = turned === null ? null : originBetween(turned, to);
    if (origin === null) continue;
    const originShift = multiplyVector(transpose(basisRows), origin);
    const found = { basisRows, originShift: originShift.map(positive) as unknown as Vec3 };
    if (!keepsLetters(setting, found)) continue;
    if (originShift.every((x) => x === 0)) return found;
    shifted ??= found;
  }
  return shifted;
}

function positive(x: number): number {
  return x < 0 ? x + 1 : x;
}

/** A transformation under which each position keeps the letter that the tables give it, of those that the group itself leaves open. */
function keepsLetters(setting: TabulatedSetting, transformation: AxesTransformation): boolean {
  const own = hallNumberOf(setting);
  if (own === undefined) return true;
  const standard = hallNumberOf(standardOf(setting))!;
  const operations = operationsOfSetting(setting);
  return positionsOf(own).every(({ letter, sample }) => {
    const members = distinct(operations.map((one) => imageOf(one, sample)));
    return positionOfOrbit(standard, pointsInAxes(members, transformation))?.letter === letter;
  });
}

/** Points of a whole cell in other axes; where the new cell is larger, all of it. */
export function pointsInAxes(
  points: readonly Vec3[],
  { basisRows, originShift }: AxesTransformation,
): Vec3[] {
  const inverse = invert(basisRows);
  const shifts = latticePoints(inverse, determinant(basisRows));
  return points.flatMap((point) => {
    const [x, y, z] = vectorTimesMatrix(subtract(point, originShift), inverse);
    return shifts.map((shift): Vec3 => [x + shift[0], y + shift[1], z + shift[2]]);
  });
}

/** The same operations of the lattice in other axes; null where one is no operation of that cell. */
function operationsInAxes(
  operations: readonly SymmetryOperation[],
  basisRows: Mat3,
): SymmetryOperation[] | null {
  const toOld = transpose(basisRows);
  const toNew = invert(toOld);
  const shifts = latticePoints(invert(basisRows), determinant(basisRows));
  const turned: SymmetryOperation[] = [];
  for (const { rotation, translation } of operations) {
    const exact = multiply(multiply(toNew, rotation), toOld);
    const whole = exact.map((row) => row.map((x) => Math.round(x) + 0)) as unknown as Mat3;
    if (exact.some((row, i) => row.some((x, j) => Math.abs(x - whole[i]![j]!) > NOISE)))
      return null;
    const [x, y, z] = multiplyVector(toNew, translation);
    for (const shift of shifts) {
      turned.push({
        rotation: whole,
        translation: [x + shift[0], y + shift[1], z + shift[2]],
      });
    }
  }
  return turned;
}

/** The old lattice points within the new cell, in its coordinates: one unless it is larger. */
function latticePoints(inverse: Mat3, size: number): Vec3[] {
  if (Math.round(Math.abs(size)) <= 1) return [[0, 0, 0]];
  const steps = [-1, 0, 1];
  return distinct(
    steps.flatMap((x) =>
      steps.flatMap((y) => steps.map((z) => vectorTimesMatrix([x, y, z], inverse))),
    ),
  );
}

/** Points of which no two differ by whole numbers. */
function distinct(points: readonly Vec3[]): Vec3[] {
  const found: Vec3[] = [];
  for (const point of points) {
    const isKnown = found.some((one) =>
      one.every((x, i) => Math.abs(x - point[i]! - Math.round(x - point[i]!)) < NOISE),
    );
    if (!isKnown) found.push(point);
  }
  return found;
}

/** Changes of axes to try, the plainest first. */
function candidates({ number, choice }: TabulatedSetting): readonly Mat3[] {
  if (choice === "R") return [HEXAGONAL];
  return number >= 3 && number <= 15
    ? [...permutations(), ...monoclinic()].sort(byPlainness)
    : permutations();
}

let axesPermutations: Mat3[] | undefined;

/** The 24 of signed axes that keep the hand, those with fewest signs first, cyclic before others. */
function permutations(): Mat3[] {
  axesPermutations ??= signedRows().toSorted(byPlainness);
  return axesPermutations;
}

const UNITS: readonly Vec3[] = IDENTITY.flatMap((row) => [
  row,
  row.map((x) => 0 - x) as unknown as Vec3,
]);

function signedRows(): Mat3[] {
  return UNITS.flatMap((a) => UNITS.flatMap((b) => UNITS.map((c): Mat3 => [a, b, c]))).filter(
    (rows) => determinant(rows) === 1,
  );
}

/** b along an axis, a and c any short vectors of the plane across it. */
function monoclinic(): Mat3[] {
  const steps = [-1, 0, 1];
  return UNITS.flatMap((b) => {
    const plane = steps
      .flatMap((x) => steps.flatMap((y) => steps.map((z): Vec3 => [x, y, z])))
      .filter((row) => row.every((x, i) => x === 0 || b[i] === 0));
    return plane.flatMap((a) => plane.map((c): Mat3 => [a, b, c]));
  }).filter((rows) => determinant(rows) === 1);
}

function byPlainness(one: Mat3, other: Mat3): number {
  return roughness(one) - roughness(other);
}

/** The plainest of the transformations to the same description (each after an operation of the group). */
export function plainest(
  { basisRows, originShift }: AxesTransformation,
  operations: readonly SymmetryOperation[],
): AxesTransformation {
  let best: { way: AxesTransformation; cost: number } | null = null;
  for (const { rotation, translation } of operations) {
    if (determinant(rotation) < 0) continue;
    const rows = multiply(invert(transpose(rotation)), basisRows);
    const shift = subtract(originShift, vectorTimesMatrix(translation, rows));
    const cost =
      roughness(rows) + (shift.every((x) => Math.abs(x - Math.round(x)) < NOISE) ? 0 : 50);
    if (best === null || cost < best.cost)
      best = { way: { basisRows: rows, originShift: shift }, cost };
  }
  return best!.way;
}

function roughness(rows: Mat3): number {
  const entries = rows.flat();
  const terms = entries.filter((x) => Math.abs(x) > NOISE).length;
  const signs = entries.filter((x) => x < -NOISE).length;
  const moved = rows.filter((row, i) => row[i]! < NOISE).length;
  return 100 * terms + 10 * signs + moved;
}
