/**
 * Symmetry operations as the strings of International Tables ("-y, x-y, z+1/3"), and the groups that
 * they form modulo the translations of the lattice. Convention: x′ = W x + w, x a column of
 * fractional coordinates.
 */
import { EwaldError } from "../../errors.ts";
import { plainSymbol } from "../../formats/typography.ts";
import { determinant, type Mat3, multiply, multiplyVector, type Vec3 } from "../../math/matrix3.ts";
import { metricTensor, turnedMetric } from "../lattice.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";

/** All translations of the 230 groups in all tabulated settings are multiples of 1/24. */
const GRID = 24;
/** How far a decimal of two digits (0.33, 0.17) may be from the multiple of 1/24 that it means. */
const ROUNDING = 0.0035;
/** Noise of sums of fractions. */
const NOISE = 1e-9;
/** Translations closer than this are the same. */
const SAME_TRANSLATION = 0.006;
/** No crystal's operation is longer; bounds the work on hostile text. */
const LONGEST = 120;

export const IDENTITY_OPERATION: SymmetryOperation = {
  rotation: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  translation: [0, 0, 0],
};

/** t in [0, 1), on the grid of 1/24 where it differs from it by noise only. */
function wrapTranslation(t: number): number {
  const nearest = Math.round(t * GRID);
  if (Math.abs(t - nearest / GRID) <= NOISE) return (((nearest % GRID) + GRID) % GRID) / GRID;
  return t - Math.floor(t);
}

/** The multiple of 1/24 that a decimal means, rounded or cut off behind its last digit; other decimals as they are. */
function meantTranslation(t: number, decimals: number): number {
  const nearest = Math.round(t * GRID) / GRID;
  const lastDigit = 10 ** -decimals;
  const missing = Math.abs(nearest) - Math.abs(t);
  const isMeant = missing >= -lastDigit / 2 - NOISE && missing < lastDigit - NOISE;
  return isMeant && Math.abs(missing) <= ROUNDING ? nearest : t;
}

function operation(rotation: Mat3, translation: Vec3): SymmetryOperation {
  const [x, y, z] = translation;
  // + 0 turns −0 into 0.
  const [a, b, c] = rotation.map((row): Vec3 => [row[0] + 0, row[1] + 0, row[2] + 0]) as [
    Vec3,
    Vec3,
    Vec3,
  ];
  return {
    rotation: [a, b, c],
    translation: [wrapTranslation(x), wrapTranslation(y), wrapTranslation(z)],
  };
}

function syntaxError(text: string, what: string): EwaldError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new EwaldError("symmetry/operation", `"${shown}" is no symmetry operation: ${what}`, {
    value: shown,
    hint: "Write it like -y,x-y,z+1/3.",
  });
}

/**
 * Reads "x, y, z", "-X+1/2,y,.5-z", "1/2+x,…". Translations are reduced to [0, 1) and rounded
 * decimals restored to fractions.
 *
 * @throws EwaldError `symmetry/operation`
 */
export function parseOperation(text: string): SymmetryOperation {
  if (text.length > LONGEST) throw syntaxError(text, "too long");
  const parts = plainSymbol(text).split(/[,;]/);
  if (parts.length !== 3) throw syntaxError(text, "it needs three parts between commas");
  const rows = parts.map((part) => parseComponent(part, text));
  const rotation = rows.map((row) => row.slice(0, 3)) as unknown as Mat3;
  if (Math.abs(determinant(rotation)) !== 1) {
    throw syntaxError(text, "its rotation part does not keep the volume");
  }
  return operation(rotation, [rows[0]![3]!, rows[1]![3]!, rows[2]![3]!]);
}

// One term: sign, then a number with optional denominator, an optional star, an optional axis.
const TERM = /([+-]?)(?:(\d+(?:\.\d*)?|\.\d+)(?:\/(\d+(?:\.\d*)?))?)?\*?([xyz]?)/y;

/** Coefficients of x, y, z and the translation, rounded decimals restored to fractions. */
function parseComponent(part: string, whole: string): number[] {
  const row = [0, 0, 0, 0];
  const compact = part.replace(/[\s'"]/g, "").toLowerCase();
  if (compact === "") throw syntaxError(whole, "a part is empty");
  let at = 0;
  while (at < compact.length) {
    TERM.lastIndex = at;
    const [term, sign, numerator, denominator, axis] = TERM.exec(compact)!;
    const letters = numerator !== undefined || axis !== "";
    if (term === "" || !letters || (at > 0 && sign === "")) {
      throw syntaxError(whole, `"${compact.slice(at, at + 12)}" is not understood`);
    }
    const size = numerator === undefined ? 1 : Number(numerator) / Number(denominator ?? 1);
    const index = axis === "" ? 3 : "xyz".indexOf(axis!);
    const decimals = index === 3 ? (numerator!.split(".")[1] ?? "").length : 0;
    const meant = decimals === 0 ? size : meantTranslation(size, decimals);
    row[index]! += sign === "-" ? -meant : meant;
    at += term.length;
  }
  if (
    !row.every((value, index) => Number.isFinite(value) && (index === 3 || isSmallInteger(value)))
  ) {
    throw syntaxError(whole, "its coefficients are not whole numbers");
  }
  return row.map((value) => (value === 0 ? 0 : value));
}

function isSmallInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= 4;
}

/** "-y,x-y,z+1/3"; translations off the grid of 1/24 as decimals. */
export function formatOperation({ rotation, translation }: SymmetryOperation): string {
  return rotation
    .map((row, index) => {
      const axes = row.map((value, axis) => {
        if (value === 0) return "";
        const size = Math.abs(value) === 1 ? "" : `${Math.abs(value)}`;
        return `${value < 0 ? "-" : "+"}${size}${"xyz"[axis]!}`;
      });
      return (axes.join("") + formatTranslation(translation[index]!)).replace(/^\+/, "") || "0";
    })
    .join(",");
}

function formatTranslation(t: number): string {
  const units = Math.round(t * GRID);
  if (units === 0 && Math.abs(t) < 1e-9) return "";
  if (Math.abs(units / GRID - t) > 1e-9) return `${t < 0 ? "" : "+"}${Number(t.toFixed(8))}`;
  const divisor = commonDivisor(Math.abs(units), GRID);
  const sign = units < 0 ? "-" : "+";
  return GRID === divisor
    ? `${sign}${Math.abs(units) / divisor}`
    : `${sign}${Math.abs(units) / divisor}/${GRID / divisor}`;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** First b, then a. */
export function composeOperations(a: SymmetryOperation, b: SymmetryOperation): SymmetryOperation {
  const moved = multiplyVector(a.rotation, b.translation);
  return operation(multiply(a.rotation, b.rotation), [
    moved[0] + a.translation[0],
    moved[1] + a.translation[1],
    moved[2] + a.translation[2],
  ]);
}

/** A rotation part as one number: entries −4 … 4 as digits of base 9. */
export function rotationKey([a, b, c]: Mat3): number {
  let key = 0;
  for (const row of [a, b, c]) key = ((key * 9 + row[0]) * 9 + row[1]) * 9 + row[2];
  return key;
}

/**
 * The whole operation as one number where its translation is on the grid, as nearly all are; else NaN. Group
 * generation asks this thousands of times for one cubic crystal; strings as keys took nine tenths of reading it.
 */
function gridKey({ rotation, translation }: SymmetryOperation): number {
  let key = rotationKey(rotation);
  for (const t of translation) {
    const units = Math.round(t * GRID);
    if (units / GRID !== t) return Number.NaN;
    // The symmetry finder leaves translations outside of [0, 1).
    key = key * GRID + (((units % GRID) + GRID) % GRID);
  }
  return key;
}

/** Operations found again by what they are, translations compared on the torus. */
class OperationSet {
  readonly #onGrid = new Set<number>();
  /** Null until one translation is off the grid; from then on every operation is entered by its rotation. */
  #byRotation: Map<number, SymmetryOperation[]> | null = null;
  readonly #all: SymmetryOperation[] = [];
  readonly #tolerance: number;

  constructor(tolerance = SAME_TRANSLATION) {
    this.#tolerance = tolerance;
  }

  get operations(): readonly SymmetryOperation[] {
    return this.#all;
  }

  has(one: SymmetryOperation): boolean {
    const key = gridKey(one);
    if (this.#onGrid.has(key)) return true;
    if (this.#byRotation === null && !Number.isNaN(key)) return false;
    const present = this.#rotations().get(rotationKey(one.rotation));
    return (
      present !== undefined &&
      present.some((other) => sameOnTorus(other.translation, one.translation, this.#tolerance))
    );
  }

  #rotations(): Map<number, SymmetryOperation[]> {
    if (this.#byRotation === null) {
      this.#byRotation = new Map();
      for (const one of this.#all) this.#enter(this.#byRotation, one);
    }
    return this.#byRotation;
  }

  #enter(index: Map<number, SymmetryOperation[]>, one: SymmetryOperation): void {
    const key = rotationKey(one.rotation);
    const present = index.get(key);
    if (present === undefined) index.set(key, [one]);
    else present.push(one);
  }

  /** False where it was there already. */
  add(added: SymmetryOperation): boolean {
    if (this.has(added)) return false;
    const key = gridKey(added);
    if (Number.isNaN(key)) this.#rotations();
    else this.#onGrid.add(key);
    if (this.#byRotation !== null) this.#enter(this.#byRotation, added);
    this.#all.push(added);
    return true;
  }
}

function sameOnTorus(a: Vec3, b: Vec3, tolerance: number): boolean {
  for (let i = 0; i < 3; i += 1) {
    const difference = a[i]! - b[i]!;
    if (Math.abs(difference - Math.round(difference)) > tolerance) return false;
  }
  return true;
}

/**
 * The group that these operations generate, identity first, modulo lattice translations; null where it
 * would have more than `most` operations. Every new element is multiplied by the generators only.
 */
export function generateGroup(
  generators: readonly SymmetryOperation[],
  most: number,
): readonly SymmetryOperation[] | null {
  const set = new OperationSet();
  set.add(IDENTITY_OPERATION);
  const used: SymmetryOperation[] = [];
  for (const generator of generators) {
    if (set.has(generator)) continue;
    used.push(generator);
    for (let i = 0; i < set.operations.length; i += 1) {
      for (const one of used) {
        if (set.add(composeOperations(one, set.operations[i]!)) && set.operations.length > most) {
          return null;
        }
      }
    }
  }
  return set.operations;
}

/** True where both lists hold the same operations modulo lattice translations. */
export function sameOperations(
  a: readonly SymmetryOperation[],
  b: readonly SymmetryOperation[],
  tolerance = SAME_TRANSLATION,
): boolean {
  if (a.length !== b.length) return false;
  const set = new OperationSet(tolerance);
  for (const one of a) set.add(one);
  return b.every((one) => set.has(one));
}

/** The list without what it holds already, translations compared as in a group. */
export function distinctOperations(
  listed: readonly SymmetryOperation[],
): readonly SymmetryOperation[] {
  const set = new OperationSet();
  for (const one of listed) set.add(one);
  return set.operations;
}

/** How many rotations of each kind (determinant, trace): what no change of setting alters. */
export function operationCensus(operations: readonly SymmetryOperation[]): string {
  const counts = new Map<number, number>();
  for (const { rotation } of operations) {
    const trace = rotation[0][0] + rotation[1][1] + rotation[2][2];
    const kind = determinant(rotation) * 100 + trace;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([kind, count]) => `${kind}×${count}`)
    .join(" ");
}

/** Where an operation takes a point, in fractional coordinates. */
export function imageOf({ rotation, translation }: SymmetryOperation, [x, y, z]: Vec3): Vec3 {
  const [a, b, c] = rotation;
  return [
    a[0] * x + a[1] * y + a[2] * z + translation[0],
    b[0] * x + b[1] * y + b[2] * z + translation[1],
    c[0] * x + c[1] * y + c[2] * z + translation[2],
  ];
}

/** Largest change of a metric element by an operation, relative to the lengths of its axes. */
export function metricMisfit(operations: readonly SymmetryOperation[], lattice: Mat3): number {
  const metric = metricTensor(lattice);
  const rotations = new Map(operations.map((one) => [rotationKey(one.rotation), one.rotation]));
  let worst = 0;
  for (const rotation of rotations.values()) {
    const turned = turnedMetric(metric, rotation);
    for (let i = 0; i < 3; i += 1) {
      for (let j = i; j < 3; j += 1) {
        const size = Math.sqrt(metric[i]![i]! * metric[j]![j]!);
        worst = Math.max(worst, Math.abs(turned[i]![j]! - metric[i]![j]!) / size);
      }
    }
  }
  return worst / 2;
}
