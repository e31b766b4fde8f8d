/**
 * Where the origin of one description of a space group lies in another of the same axes: the p for which every operation
 * (W, w) of the first is (W, w′ + (I − W) p) with (W, w′) of the second, modulo the translations of both.
 * Several p may serve; the shortest is taken, and 0 along directions that the group leaves free.
 */
import type { Vec3 } from "../../math/matrix3.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { imageOf, rotationKey, sameOperations } from "./symmetry-operation.ts";

const NOISE = 1e-6;

/** Null where the two differ by more than their origin. `tolerance` in fractions of the cell. */
export function originBetween(
  operations: readonly SymmetryOperation[],
  others: readonly SymmetryOperation[],
  tolerance = NOISE,
): Vec3 | null {
  if (operations.length !== others.length) return null;
  const own = byRotation(operations);
  const their = byRotation(others);
  if (own.size !== their.size || [...own.keys()].some((key) => !their.has(key))) return null;
  if (sameOperations(operations, others, tolerance)) return [0, 0, 0];
  let best: Vec3 | null = null;
  for (const equations of choices(own, their)) {
    for (const origin of solve(equations, tolerance)) {
      if (best !== null && squared(origin) >= squared(best) - NOISE) continue;
      if (sameOperations(moved(others, origin), operations, tolerance)) best = origin;
    }
  }
  return best;
}

function squared([x, y, z]: Vec3): number {
  return x * x + y * y + z * z;
}

function byRotation(operations: readonly SymmetryOperation[]): Map<number, SymmetryOperation[]> {
  const found = new Map<number, SymmetryOperation[]>();
  for (const one of operations) {
    const key = rotationKey(one.rotation);
    const present = found.get(key);
    if (present === undefined) found.set(key, [one]);
    else present.push(one);
  }
  return found;
}

/** The operations about an origin at p. */
function moved(operations: readonly SymmetryOperation[], p: Vec3): SymmetryOperation[] {
  return operations.map(({ rotation, translation }) => {
    const turned = imageOf({ rotation, translation: [0, 0, 0] }, p);
    const [x, y, z] = translation;
    return {
      rotation,
      translation: [x + p[0] - turned[0], y + p[1] - turned[1], z + p[2] - turned[2]],
    };
  });
}

/** coefficients · p ≡ value (mod 1) */
interface Equation {
  readonly coefficients: readonly number[];
  readonly value: number;
}

/** The equations of a few rotations that fix p up to what they leave free, with each choice of centring translations. */
function choices(
  own: ReadonlyMap<number, readonly SymmetryOperation[]>,
  their: ReadonlyMap<number, readonly SymmetryOperation[]>,
): Equation[][] {
  const rotations = telling([...own.keys()].map((key) => own.get(key)![0]!));
  let sets: Equation[][] = [[]];
  for (const one of rotations) {
    const alternatives = their.get(rotationKey(one.rotation))!;
    sets = sets.flatMap((set) =>
      alternatives.map((other) => [
        ...set,
        ...one.rotation.map((row, i) => ({
          coefficients: row.map((x, j) => Number(i === j) - x),
          value: one.translation[i]! - other.translation[i]!,
        })),
      ]),
    );
  }
  return sets;
}

/** An inversion fixes all but the choice of centre; else up to three operations whose axes differ. */
function telling(operations: readonly SymmetryOperation[]): SymmetryOperation[] {
  const found: SymmetryOperation[] = [];
  let rank = 0;
  const ordered = operations.toSorted((a, b) => trace(a) - trace(b));
  for (const one of ordered) {
    const rows = [...found, one].flatMap(({ rotation }) =>
      rotation.map((row, i) => row.map((x, j) => Number(i === j) - x)),
    );
    const next = echelon(rows.map((coefficients) => ({ coefficients, value: 0 }))).filter(
      ({ coefficients }) => coefficients.some((x) => x !== 0),
    ).length;
    if (next > rank) {
      found.push(one);
      rank = next;
    }
    if (rank === 3) break;
  }
  return found;
}

function trace({ rotation: [a, b, c] }: SymmetryOperation): number {
  return a[0] + b[1] + c[2];
}

/** Row echelon form by whole-number steps (Euclid), which keep equations modulo 1. */
function echelon(equations: readonly Equation[]): Equation[] {
  let rest = [...equations];
  const done: Equation[] = [];
  for (const column of [0, 1, 2]) {
    let left = rest.filter(({ coefficients }) => coefficients[column] !== 0);
    rest = rest.filter(({ coefficients }) => coefficients[column] === 0);
    while (left.length > 1) {
      left.sort((a, b) => Math.abs(a.coefficients[column]!) - Math.abs(b.coefficients[column]!));
      const [least, ...others] = left as [Equation, ...Equation[]];
      const reduced = others.map(({ coefficients, value }) => {
        const times = Math.round(coefficients[column]! / least.coefficients[column]!);
        return {
          coefficients: coefficients.map((x, i) => x - times * least.coefficients[i]!),
          value: value - times * least.value,
        };
      });
      rest.push(...reduced.filter(({ coefficients }) => coefficients[column] === 0));
      left = [least, ...reduced.filter(({ coefficients }) => coefficients[column] !== 0)];
    }
    if (left.length > 0) done.push(left[0]!);
  }
  return [...done, ...rest];
}

/** All solutions modulo 1, each coordinate in (−1/2, 1/2]. */
function solve(equations: readonly Equation[], tolerance: number): Vec3[] {
  const rows = echelon(equations);
  let solutions: number[][] = [[0, 0, 0]];
  for (const column of [2, 1, 0]) {
    const row = rows.find(({ coefficients }) => coefficients.findIndex((x) => x !== 0) === column);
    if (row === undefined) continue;
    const pivot = row.coefficients[column]!;
    solutions = solutions.flatMap((known) => {
      const others = known.reduce((sum, x, i) => sum + x * row.coefficients[i]!, 0);
      return Array.from({ length: Math.abs(pivot) }, (_, n) =>
        known.with(column, centred((row.value - others + n) / pivot)),
      );
    });
  }
  // Rows without coefficients (0 ≡ value) are judged by the caller's comparison of all operations.
  return solutions.map(([x, y, z]) => [
    clean(x!, tolerance),
    clean(y!, tolerance),
    clean(z!, tolerance),
  ]);
}

function centred(x: number): number {
  const inside = x - Math.round(x);
  return inside <= -0.5 + NOISE ? inside + 1 : inside;
}

/** The fraction of the tables (multiples of 1/24) that is meant. */
function clean(x: number, tolerance: number): number {
  const nearest = Math.round(x * 24) / 24;
  return Math.abs(x - nearest) <= Math.max(NOISE, tolerance / 4) ? nearest + 0 : x;
}
