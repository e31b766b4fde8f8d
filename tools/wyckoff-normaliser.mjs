// Writes src/crystal/wyckoff-normaliser.table.ts: how the affine normaliser of each space group permutes
// its Wyckoff letters. Run after `npm run build`:  node tools/wyckoff-normaliser.mjs [--range 2]
//
// Method, for a group G in its standard setting, in a primitive basis (so that lattice translations
// are whole numbers): every whole-number matrix A of determinant ±1 with entries in {-1, 0, 1} that
// conjugates the point group to itself is tried; the shift w must solve, for every operation (R, t),
//   (I − R′) w ≡ t′ − A t  (mod 1),  R′ = A R A⁻¹,  (R′, t′) in G,
// which the Smith normal form of the stacked I − R′ answers exactly. Continuous shifts (polar groups) move
// no letter, so one per component is enough. The image of a generic point of each position names its
// new letter. Entries beyond ±1 only repeat products of those found (`--range 2` checks that, slowly).
import { writeFileSync } from "node:fs";
import {
  loadSymmetry,
  spaceGroupOperations,
  spaceGroupSettings,
  wyckoffPositions,
} from "../dist/crystal/index.js";

const H = 1 / 2;
const T = 1 / 3;
/** Rows: primitive vectors in the conventional basis. */
const PRIMITIVE = {
  P: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  A: [
    [1, 0, 0],
    [0, H, H],
    [0, -H, H],
  ],
  B: [
    [H, 0, H],
    [0, 1, 0],
    [-H, 0, H],
  ],
  C: [
    [H, H, 0],
    [-H, H, 0],
    [0, 0, 1],
  ],
  I: [
    [-H, H, H],
    [H, -H, H],
    [H, H, -H],
  ],
  F: [
    [0, H, H],
    [H, 0, H],
    [H, H, 0],
  ],
  R: [
    [2 * T, T, T],
    [-T, T, T],
    [-T, -2 * T, T],
  ],
};
/** Every translation of the 230 groups in a primitive basis is a multiple of 1/24. */
const UNIT = 24;
/** Generic parameters: no special relation among them within 1e-4. */
const GENERIC = { x: 0.1130281, y: 0.2718734, z: 0.4142391 };

const dot = (u, v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
const apply = (m, v) => m.map((row) => dot(row, v));
const transpose = (m) => [0, 1, 2].map((j) => m.map((row) => row[j]));
const multiply = (a, b) => a.map((row) => transpose(b).map((column) => dot(row, column)));
const cross = (u, v) => [
  u[1] * v[2] - u[2] * v[1],
  u[2] * v[0] - u[0] * v[2],
  u[0] * v[1] - u[1] * v[0],
];
const determinant = (m) => dot(m[0], cross(m[1], m[2]));
function inverse(m) {
  const det = determinant(m);
  return transpose([cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])]).map((row) =>
    row.map((x) => x / det),
  );
}
const rounded = (m) => m.map((row) => row.map((x) => Math.round(x) + 0));
const wrap = (x) => x - Math.floor(x + 1e-7);
const mod = (x, n) => ((x % n) + n) % n;

function unimodularMatrices(range) {
  const values = Array.from({ length: 2 * range + 1 }, (_, i) => i - range);
  const rows = values.flatMap((x) => values.flatMap((y) => values.map((z) => [x, y, z])));
  const found = [];
  for (const a of rows)
    for (const b of rows) {
      const normal = cross(a, b);
      for (const c of rows) if (Math.abs(dot(normal, c)) === 1) found.push([a, b, c]);
    }
  return found;
}

/** Solutions w (mod 1, one per component) of K w ≡ c/UNIT; `all` or only the first. */
function solveCongruences(K, c, all) {
  const rows = K.map((row) => [...row]);
  const right = [...c];
  const V = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const diagonal = [0, 0, 0];
  for (let step = 0; step < 3; step++) {
    for (;;) {
      // The smallest entry left becomes the pivot; the remainders it leaves are smaller, so this ends.
      let best;
      for (let i = step; i < rows.length; i++)
        for (let j = step; j < 3; j++)
          if (
            rows[i][j] !== 0 &&
            (!best || Math.abs(rows[i][j]) < Math.abs(rows[best[0]][best[1]]))
          )
            best = [i, j];
      if (!best) break;
      [rows[step], rows[best[0]]] = [rows[best[0]], rows[step]];
      [right[step], right[best[0]]] = [right[best[0]], right[step]];
      const swap = (row) => {
        [row[step], row[best[1]]] = [row[best[1]], row[step]];
      };
      rows.forEach(swap);
      V.forEach(swap);
      const pivot = rows[step][step];
      for (let i = step + 1; i < rows.length; i++) {
        const factor = Math.round(rows[i][step] / pivot);
        for (let j = 0; j < 3; j++) rows[i][j] -= factor * rows[step][j];
        right[i] -= factor * right[step];
      }
      for (let j = step + 1; j < 3; j++) {
        const factor = Math.round(rows[step][j] / pivot);
        for (const row of [...rows, ...V]) row[j] -= factor * row[step];
      }
      const cleanColumn = rows.every((row, i) => i <= step || row[step] === 0);
      const cleanRow = rows[step].every((x, j) => j <= step || x === 0);
      if (cleanColumn && cleanRow) {
        diagonal[step] = pivot;
        break;
      }
    }
  }
  for (let i = 0; i < rows.length; i++)
    if ((i > 2 || diagonal[i] === 0) && mod(right[i], UNIT) !== 0) return [];
  let solutions = [[0, 0, 0]];
  for (let i = 0; i < 3; i++) {
    const d = diagonal[i];
    if (d === 0) continue;
    const choices = Array.from(
      { length: all ? Math.abs(d) : 1 },
      (_, k) => (right[i] / UNIT + k) / d,
    );
    solutions = solutions.flatMap((y) => choices.map((value) => y.with(i, value)));
  }
  return solutions.map((y) => apply(V, y).map(wrap));
}

/** "x,x+1/2,2z" → { matrix, offset }. */
function parseTemplate(text) {
  const matrix = [];
  const offset = [];
  for (const part of text.split(",")) {
    const row = [0, 0, 0];
    let constant = 0;
    for (const [, sign, number, denominator, variable] of part
      .replaceAll(" ", "")
      .matchAll(/([+-]?)(?:(\d+)(?:\/(\d+))?)?([xyz])?/g)) {
      if (number === undefined && variable === undefined) continue;
      const value =
        (sign === "-" ? -1 : 1) * (number === undefined ? 1 : number / (denominator ?? 1));
      if (variable === undefined) constant += value;
      else row["xyz".indexOf(variable)] += value;
    }
    matrix.push(row);
    offset.push(constant);
  }
  return { matrix, offset };
}

/** Part of v outside the space that the columns of m span (Gram-Schmidt). */
function residual(m, v) {
  const basis = [];
  const project = (u) => basis.reduce((left, b) => left.map((x, i) => x - dot(left, b) * b[i]), u);
  for (const column of transpose(m)) {
    const left = project(column);
    const length = Math.sqrt(dot(left, left));
    if (length > 1e-9) basis.push(left.map((x) => x / length));
  }
  const left = project(v);
  return Math.sqrt(dot(left, left));
}

const SHIFTS = [-2, -1, 0, 1, 2].flatMap((x) =>
  [-2, -1, 0, 1, 2].flatMap((y) => [-2, -1, 0, 1, 2].map((z) => [x, y, z])),
);

function letterFinder(operations, positions) {
  return (point) => {
    const orbit = new Map();
    for (const { rotation, translation } of operations) {
      const image = apply(rotation, point).map((x, i) => wrap(x + translation[i]));
      orbit.set(image.map((x) => Math.round(x * 1e5) % 1e5).join(), image);
    }
    const found = positions.filter(
      ({ multiplicity, matrix, offset }) =>
        multiplicity === orbit.size &&
        [...orbit.values()].some((image) =>
          SHIFTS.some(
            (n) =>
              residual(
                matrix,
                image.map((x, i) => x - offset[i] - n[i]),
              ) < 1e-5,
          ),
        ),
    );
    if (found.length !== 1) throw new Error(`${found.length} positions hold ${point}`);
    return found[0].letter;
  };
}

function lettersUnderNormaliser(number, matrices) {
  const { hallNumber, centring } = spaceGroupSettings(number)[0];
  const operations = spaceGroupOperations({ hallNumber });
  const positions = wyckoffPositions({ hallNumber })
    .map((position) => Object.assign(parseTemplate(position.coordinates), position))
    .toReversed();
  const toConventional = transpose(PRIMITIVE[centring]);
  const toPrimitive = inverse(toConventional);
  const group = new Map();
  for (const { rotation, translation } of operations) {
    const r = rounded(multiply(multiply(toPrimitive, rotation), toConventional));
    const t = apply(toPrimitive, translation).map((x) => x * UNIT);
    if (t.some((x) => Math.abs(x - Math.round(x)) > 1e-6)) throw new Error(`unit in ${number}`);
    group.set(r.join(), { r, t: t.map(Math.round) });
  }
  const letterOf = letterFinder(operations, positions);
  const points = positions.map(({ matrix, offset }) =>
    apply(
      toPrimitive,
      apply(matrix, Object.values(GENERIC)).map((x, i) => x + offset[i]),
    ),
  );
  const permutations = new Set();
  for (const A of matrices) {
    const back = rounded(inverse(A));
    const K = [];
    const c = [];
    const closed = [...group.values()].every(({ r, t }) => {
      const turned = multiply(multiply(A, r), back);
      const image = group.get(turned.join());
      if (!image) return false;
      turned.forEach((row, i) => K.push(row.map((x, j) => (i === j ? 1 : 0) - x)));
      apply(A, t).forEach((x, i) => c.push(image.t[i] - x));
      return true;
    });
    if (!closed) continue;
    const isIdentity = A.join() === "1,0,0,0,1,0,0,0,1";
    for (const w of solveCongruences(K, c, isIdentity)) {
      permutations.add(
        points
          .map((point) =>
            apply(
              toConventional,
              apply(A, point).map((x, i) => x + w[i]),
            ),
          )
          .map(letterOf)
          .join(""),
      );
    }
  }
  return { letters: positions.map(({ letter }) => letter).join(""), permutations };
}

/** All products; a permutation is the string of images of `letters`. */
function closure(letters, generators) {
  const members = new Set([letters]);
  const queue = [letters];
  for (const member of queue) {
    for (const generator of generators) {
      const product = [...member].map((letter) => generator[letters.indexOf(letter)]).join("");
      if (!members.has(product)) {
        members.add(product);
        queue.push(product);
      }
    }
  }
  return members;
}

function minimalGenerators(letters, permutations) {
  const generators = [];
  let reached = closure(letters, generators);
  for (const permutation of [...permutations].toSorted()) {
    if (reached.has(permutation)) continue;
    generators.push(permutation);
    reached = closure(letters, generators);
  }
  return { generators, order: reached.size };
}

await loadSymmetry();
const range = process.argv.includes("--range") ? Number(process.argv.at(-1)) : 1;
const matrices = unimodularMatrices(range);
const lines = [];
for (let number = 1; number <= 230; number++) {
  const { letters, permutations } = lettersUnderNormaliser(number, matrices);
  const { generators, order } = minimalGenerators(letters, permutations);
  if (order === 1) continue;
  const listed = generators.map((generator) => `"${generator}"`).join(", ");
  lines.push(`  ${number}: { letters: "${letters}", order: ${order}, generators: [${listed}] },`);
  process.stderr.write(`${number} ${order} ${generators.length}\n`);
}

const text = `/**
 * How the normaliser of each space group permutes its Wyckoff letters. Written by tools/wyckoff-normaliser.mjs
 * (which explains the method) from the operations and positions of the standard settings; do not edit.
 *
 * The same crystal can be described with its letters permuted: the origin may sit on any of the points of highest
 * symmetry, the axes of an orthorhombic cell may come in another order, a monoclinic or triclinic cell may be
 * chosen otherwise, a mirror image may be taken. All such changes form the *affine* normaliser: the maps (W, w) that
 * conjugate the group to itself. The Euclidean normaliser of a general metric is smaller: it lacks the maps that are
 * isometries for special cells only, such as a ↔ b in Pmmm, which nevertheless relate two descriptions of one
 * structure. A key under the Euclidean one alone would change when cell lengths cross. Cf. International
 * Tables A, chapter 3.5 (2016), Tables 3.5.2.3-5 (Euclidean), and E. Koch, W. Fischer, Acta Cryst. A31, 88 (1975).
 *
 * \`letters\`: positions of the group in the order of the strings in \`generators\`, which give the image of each.
 * \`order\`: number of distinct permutations that the generators make (1344 for P-1: the affine group of the eight
 * inversion centres), the identity included. Groups that permute nothing are left out.
 */
export const WYCKOFF_NORMALISER: Readonly<
  Record<number, { readonly letters: string; readonly order: number; readonly generators: readonly string[] }>
> = {
${lines.join("\n")}
};
`;
if (range === 1) writeFileSync("src/crystal/wyckoff-normaliser.table.ts", text);
else process.stdout.write(lines.join("\n"));
