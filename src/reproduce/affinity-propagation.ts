/**
 * Clustering by messages between points (B. Frey & D. Dueck, Science 315, 972 (2007)): points choose among themselves those
 * that stand for the others. How many follows from the preference, the similarity of a point to itself.
 */
import { EwaldError } from "../errors.ts";
import type { Random } from "../math/random.ts";
import { median } from "../math/statistics.ts";

export interface AffinityOptions {
  /** Similarity of every point to itself; default the median similarity. Lower: fewer clusters. */
  readonly preference?: number;
  /** Share of the old messages in the new, 0.5 to 1 (excluded); default 0.5. */
  readonly damping?: number;
  readonly mostIterations?: number;
  /** Ends when the exemplars stay for so many iterations. */
  readonly steadyIterations?: number;
}

export interface AffinityClusters {
  /** Indices of the points that stand for a cluster, rising. */
  readonly exemplars: readonly number[];
  /** Cluster of each point: position in `exemplars`. */
  readonly labels: readonly number[];
  readonly converged: boolean;
  readonly iterations: number;
}

/** Minus squared Euclidean distances of points (rows of equal length), (n × n). */
export function negativeSquaredDistances(points: readonly ArrayLike<number>[]): Float64Array {
  const n = points.length;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let x = 0; x < points[i]!.length; x++) sum += (points[i]![x]! - points[k]![x]!) ** 2;
      result[i * n + k] = -sum;
    }
  return result;
}

/** Breaks ties far below the precision of any measured similarity, so that equal points do not swing for ever. */
function withoutTies(similarity: Float64Array, random: Random): Float64Array {
  return similarity.map(
    (value) => value + (Number.EPSILON * Math.abs(value) + 1e-300) * random.normal(),
  );
}

/** r(i, k) = s(i, k) − max over k' ≠ k of a(i, k') + s(i, k'). */
function updateResponsibility(
  s: Float64Array,
  a: Float64Array,
  r: Float64Array,
  n: number,
  damping: number,
): void {
  for (let i = 0; i < n; i++) {
    let [first, second, at] = [-Infinity, -Infinity, -1];
    for (let k = 0; k < n; k++) {
      const value = a[i * n + k]! + s[i * n + k]!;
      if (value > first) [second, first, at] = [first, value, k];
      else if (value > second) second = value;
    }
    for (let k = 0; k < n; k++) {
      const next = s[i * n + k]! - (k === at ? second : first);
      r[i * n + k] = damping * r[i * n + k]! + (1 - damping) * next;
    }
  }
}

/** a(i, k) = min(0, r(k, k) + Σ max(0, r(i', k))) over i' other than i and k; a(k, k) without the bound and r(k, k). */
function updateAvailability(r: Float64Array, a: Float64Array, n: number, damping: number): void {
  for (let k = 0; k < n; k++) {
    let total = 0;
    for (let i = 0; i < n; i++) if (i !== k) total += Math.max(0, r[i * n + k]!);
    const own = r[k * n + k]!;
    for (let i = 0; i < n; i++) {
      const next = i === k ? total : Math.min(0, own + total - Math.max(0, r[i * n + k]!));
      a[i * n + k] = damping * a[i * n + k]! + (1 - damping) * next;
    }
  }
}

/**
 * @param similarity (n × n), row i column k: how well k stands for i; the diagonal is not read
 * @param random breaks ties
 * @throws EwaldError `cluster/input`
 */
export function affinityPropagation(
  similarity: Float64Array,
  random: Random,
  options: AffinityOptions = {},
): AffinityClusters {
  const n = Math.round(Math.sqrt(similarity.length));
  const { damping = 0.5, mostIterations = 1000, steadyIterations = 15 } = options;
  const isSquare = n * n === similarity.length && n > 1;
  if (!isSquare || !(damping >= 0.5 && damping < 1) || !similarity.every(Number.isFinite)) {
    throw new EwaldError(
      "cluster/input",
      "clustering needs a square of finite similarities of two points or more and a damping of 0.5 to 1",
      { value: { size: similarity.length, damping } },
    );
  }
  const s = withoutTies(similarity, random);
  const preference = options.preference ?? median(offDiagonal(similarity, n));
  for (let i = 0; i < n; i++) s[i * n + i] = preference;
  const [r, a] = [new Float64Array(n * n), new Float64Array(n * n)];
  let [before, steady, iterations] = ["", 0, 0];
  while (iterations < mostIterations && steady < steadyIterations) {
    updateResponsibility(s, a, r, n, damping);
    updateAvailability(r, a, n, damping);
    iterations++;
    const now = exemplarsOf(r, a, n).join();
    steady = now === before && now !== "" ? steady + 1 : 0;
    before = now;
  }
  return {
    ...assign(s, exemplarsOf(r, a, n), n),
    converged: steady >= steadyIterations,
    iterations,
  };
}

function offDiagonal(similarity: Float64Array, n: number): Float64Array {
  return similarity.filter((_, index) => index % (n + 1) !== 0);
}

function exemplarsOf(r: Float64Array, a: Float64Array, n: number): number[] {
  const found: number[] = [];
  for (let k = 0; k < n; k++) if (r[k * n + k]! + a[k * n + k]! > 0) found.push(k);
  return found;
}

/** Every point to its most similar exemplar; then each cluster's best exemplar is taken, and points choose once more. */
function assign(
  s: Float64Array,
  found: readonly number[],
  n: number,
): Pick<AffinityClusters, "exemplars" | "labels"> {
  if (found.length === 0) return { exemplars: [], labels: Array.from({ length: n }, () => -1) };
  const choose = (exemplars: readonly number[]): number[] =>
    Array.from({ length: n }, (_, i) => {
      const own = exemplars.indexOf(i);
      if (own >= 0) return own;
      let best = 0;
      for (let c = 1; c < exemplars.length; c++)
        if (s[i * n + exemplars[c]!]! > s[i * n + exemplars[best]!]!) best = c;
      return best;
    });
  const first = choose(found);
  const refined = found.map((_, cluster) => {
    const members = [...first.keys()].filter((i) => first[i] === cluster);
    const total = (k: number): number => members.reduce((sum, i) => sum + s[i * n + k]!, 0);
    return members.reduce((best, k) => (total(k) > total(best) ? k : best));
  });
  const exemplars = refined.toSorted((x, y) => x - y);
  return { exemplars, labels: choose(exemplars) };
}

/** Halvings of the interval of preferences. */
const SEARCH_STEPS = 30;
/** Where no preference gives the number with one damping (counts jump), the next is tried. */
const DAMPINGS = [0.9, 0.8, 0.7, 0.6, 0.5, 0.95];

/**
 * The clustering with a given number of clusters: the preference is searched by halving between one that gives few and
 * one that gives many.
 * @throws EwaldError `cluster/number` where no preference tried gives it, `cluster/input`
 */
export function affinityClusters(
  similarity: Float64Array,
  clusters: number,
  random: Random,
): AffinityClusters & { readonly preference: number; readonly damping: number } {
  const n = Math.round(Math.sqrt(similarity.length));
  const values = offDiagonal(similarity, n);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  for (const damping of DAMPINGS) {
    // Distances below the best similarity, halved on a logarithmic scale.
    let [near, far] = [1e-9 * (greatest - least), n * (greatest - least)];
    for (let attempt = 0; attempt < SEARCH_STEPS; attempt++) {
      const preference = greatest - Math.sqrt(near * far);
      const found = affinityPropagation(similarity, random, { damping, preference });
      const count = found.exemplars.length;
      if (count === clusters && found.converged) return { ...found, preference, damping };
      if (count > clusters) near = greatest - preference;
      else far = greatest - preference;
    }
  }
  throw new EwaldError("cluster/number", `no preference gives ${clusters} clusters`, {
    value: clusters,
    hint: "Ask for another number.",
  });
}
