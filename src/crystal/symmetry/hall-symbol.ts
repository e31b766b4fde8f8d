/**
 * Hall symbols into symmetry operations. The rules and tables are those of International Tables for
 * Crystallography B (2010), section A1.4.2.3 (S. R. Hall, R. W. Grosse-Kunstleve): lattice letter with
 * optional minus, up to four generators, an optional change of basis "(x,y,z+1/4)" or "(0 0 1)" in twelfths.
 */
import { EwaldError } from "../../errors.ts";
import { plainSymbol } from "../../formats/typography.ts";
import {
  determinant,
  invert,
  type Mat3,
  multiply,
  multiplyVector,
  transpose,
  type Vec3,
} from "../../math/matrix3.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { composeOperations, generateGroup, parseOperation } from "./symmetry-operation.ts";

const MOST_OPERATIONS = 192;

const T = 1 / 3;
const CENTRINGS: Readonly<Record<string, readonly Vec3[]>> = {
  P: [],
  A: [[0, 0.5, 0.5]],
  B: [[0.5, 0, 0.5]],
  C: [[0.5, 0.5, 0]],
  I: [[0.5, 0.5, 0.5]],
  R: [[2 * T, T, T]],
  H: [[2 * T, T, 0]],
  F: [
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
  ],
};

const TRANSLATIONS: Readonly<Record<string, Vec3>> = {
  a: [0.5, 0, 0],
  b: [0, 0.5, 0],
  c: [0, 0, 0.5],
  n: [0.5, 0.5, 0.5],
  u: [0.25, 0, 0],
  v: [0, 0.25, 0],
  w: [0, 0, 0.25],
  d: [0.25, 0.25, 0.25],
};

/** Rotations about z; about x and y they follow by cyclic permutation. */
const ROTATIONS_Z: Readonly<Record<string, Mat3>> = {
  "1": [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  "2": [
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
  ],
  "3": [
    [0, -1, 0],
    [1, -1, 0],
    [0, 0, 1],
  ],
  "4": [
    [0, -1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ],
  "6": [
    [1, -1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ],
};
/** Twofold axes a − b (') and a + b (") of a cell seen along z. */
const DIAGONAL_Z: Readonly<Record<string, Mat3>> = {
  "'": [
    [0, -1, 0],
    [-1, 0, 0],
    [0, 0, -1],
  ],
  '"': [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, -1],
  ],
};
/** Threefold axis along a + b + c. */
const BODY_DIAGONAL: Mat3 = [
  [0, 0, 1],
  [1, 0, 0],
  [0, 1, 0],
];

/** (x, y, z) → (z, x, y): turns a rotation about z into the same about x, then about y. */
function permute(m: Mat3, times: number): Mat3 {
  let turned = m;
  for (let i = 0; i < times; i += 1) {
    turned = multiply(multiply(BODY_DIAGONAL, turned), transpose(BODY_DIAGONAL));
  }
  return turned;
}

function alongAxis(m: Mat3, axis: string): Mat3 {
  return permute(m, axis === "z" ? 0 : axis === "x" ? 1 : 2);
}

function refuse(symbol: string, what: string): never {
  throw new EwaldError("symmetry/hall-symbol", `"${symbol}" is no Hall symbol: ${what}`, {
    value: symbol,
  });
}

interface Generator {
  readonly operation: SymmetryOperation;
  readonly order: string;
  readonly axis: string;
}

/**
 * All operations modulo lattice translations, identity first.
 *
 * @throws EwaldError `symmetry/hall-symbol`
 */
export function operationsFromHall(symbol: string): readonly SymmetryOperation[] {
  if (symbol.length > 80) refuse(`${symbol.slice(0, 40)}…`, "too long");
  const [main, basis] = splitBasis(plainSymbol(symbol));
  const [lattice, ...words] = main.trim().split(/[\s_]+/);
  const match = /^(-?)([PABCIRHF])$/i.exec(lattice ?? "");
  if (match === null) refuse(symbol, "it does not begin with a lattice letter");
  if (words.length < 1 || words.length > 4) refuse(symbol, "it needs one to four generators");
  const identity = ROTATIONS_Z["1"]!;
  const generators: SymmetryOperation[] = CENTRINGS[match[2]!.toUpperCase()]!.map(
    (translation) => ({ rotation: identity, translation }),
  );
  if (match[1] === "-") {
    generators.push({ rotation: scaled(identity, -1), translation: [0, 0, 0] });
  }
  const before: Generator[] = [];
  for (const word of words) {
    const generator = parseGenerator(word, before, symbol);
    before.push(generator);
    generators.push(generator.operation);
  }
  const moved = basis === null ? generators : generators.map((one) => changeBasis(one, basis));
  const group = generateGroup(moved, MOST_OPERATIONS);
  return group ?? refuse(symbol, "its generators do not close to a space group");
}

function scaled(m: Mat3, factor: number): Mat3 {
  return m.map((row) => row.map((value) => value * factor || 0)) as unknown as Mat3;
}

/** A generator: minus, order with screw, axis, translations. Axes left out follow from what stands before. */
function parseGenerator(word: string, before: readonly Generator[], symbol: string): Generator {
  const match = /^(-?)([12346])([1-5]?)([xyz'"*=]?)([abcnuvwd]*)([1-5]?)([abcnuvwd]*)$/i.exec(word);
  if (match === null) refuse(symbol, `"${word}" is not understood`);
  const [, minus, order, screwBefore, axisGiven, lettersA, screwAfter, lettersB] = match;
  const previous = before.at(-1);
  const axis = axisGiven === "" ? impliedAxis(order!, before) : axisGiven!.replace("=", '"');
  const proper = rotationPart(order!, axis, previous?.axis ?? "z");
  if (proper === undefined) refuse(symbol, `"${word}" has no such axis`);
  let translation: Vec3 = [0, 0, 0];
  for (const letter of (lettersA! + lettersB!).toLowerCase()) {
    const [x, y, z] = TRANSLATIONS[letter]!;
    translation = [translation[0] + x, translation[1] + y, translation[2] + z];
  }
  const screw = Number(screwBefore || screwAfter || 0) / Number(order);
  if (screw >= 1) refuse(symbol, `"${word}" has no such screw`);
  if (screw > 0) {
    const along = "xyz".indexOf(axis);
    if (along < 0) refuse(symbol, `"${word}" has a screw off the axes`);
    const shifted = [...translation];
    shifted[along]! += screw;
    translation = shifted as unknown as Vec3;
  }
  const rotation = minus === "-" ? scaled(proper, -1) : proper;
  return { operation: { rotation, translation }, order: order!, axis };
}

function impliedAxis(order: string, before: readonly Generator[]): string {
  if (before.length === 0 || order === "1") return "z";
  if (before.length === 1 && order === "2") {
    const first = before[0]!.order;
    if (first === "2" || first === "4") return "x";
    if (first === "3" || first === "6") return "'";
  }
  return order === "3" ? "*" : "z";
}

function rotationPart(order: string, axis: string, previousAxis: string): Mat3 | undefined {
  if (axis === "*") return order === "3" ? BODY_DIAGONAL : undefined;
  if (axis === "'" || axis === '"') {
    if (order !== "2") return undefined;
    const around = "xyz".includes(previousAxis) ? previousAxis : "z";
    return alongAxis(DIAGONAL_Z[axis]!, around);
  }
  return alongAxis(ROTATIONS_Z[order]!, axis);
}

function splitBasis(symbol: string): [string, SymmetryOperation | null] {
  const open = symbol.indexOf("(");
  if (open < 0) return [symbol, null];
  const close = symbol.indexOf(")", open);
  if (close < 0 || symbol.slice(close + 1).trim() !== "")
    refuse(symbol, "its bracket is not closed");
  const inside = symbol.slice(open + 1, close).trim();
  const twelfths = /^(-?\d+)\s+(-?\d+)\s+(-?\d+)$/.exec(inside);
  if (twelfths !== null) {
    const shift: Vec3 = [
      Number(twelfths[1]) / 12,
      Number(twelfths[2]) / 12,
      Number(twelfths[3]) / 12,
    ];
    return [symbol.slice(0, open), { rotation: ROTATIONS_Z["1"]!, translation: shift }];
  }
  return [symbol.slice(0, open), parseOperation(inside)];
}

/** S′ = V S V⁻¹ for the change of basis V. */
function changeBasis(one: SymmetryOperation, basis: SymmetryOperation): SymmetryOperation {
  if (Math.abs(determinant(basis.rotation)) !== 1) return one;
  const inverse = invert(basis.rotation).map((row) =>
    row.map((value) => Math.round(value) || 0),
  ) as unknown as Mat3;
  const back = multiplyVector(inverse, basis.translation);
  return composeOperations(composeOperations(basis, one), {
    rotation: inverse,
    translation: [-back[0], -back[1], -back[2]],
  });
}
