/** The order in which parameters become free (McCusker et al. 1999, J. Appl. Cryst. 32, 36), and one stage of it. */
import { leastSquares, type LeastSquaresOptions } from "../../math/least-squares.ts";
import { type Engine, evaluate, type Evaluation, phaseSum, problemOf } from "./engine.ts";
import type { FitStage, FreeGroup } from "./fit-types.ts";
import { type Frame, frameOf, type LineHeights } from "./frame.ts";
import { sharedHeights } from "./le-bail.ts";
import { mayBeFree, type Parameter } from "./parameters.ts";

interface PlannedStage {
  readonly name: string;
  /** Whether a parameter joins those of the stages before. */
  readonly frees: (parameter: Parameter) => boolean;
}

const inGroups =
  (...groups: readonly FreeGroup[]) =>
  ({ group }: Parameter): boolean =>
    groups.includes(group);

/** Scales and background are free in every stage. */
const PLAN: readonly PlannedStage[] = [
  { name: "scale and background", frees: () => false },
  { name: "cell and shift", frees: inGroups("cell", "shift") },
  {
    name: "widths",
    frees: (parameter) => inGroups("size")(parameter) || parameter.name === "w",
  },
  { name: "all widths", frees: inGroups("width", "asymmetry", "strain") },
  { name: "texture", frees: inGroups("texture") },
  { name: "displacement parameters", frees: inGroups("b") },
];

const MOST_ITERATIONS = 40;
/** A stage ends where a step lowers Σr² by no more than this share: the last one by far less than noise, the others only lead there. */
const SETTLED_LAST = 1e-6;
const SETTLED_BEFORE = 3e-3;
/** Of `leastSquares` itself: the steps of a cell are tiny beside its edges. */
const TOLERANCE = 1e-9;

/** Where a fit stands. */
export interface Standing {
  readonly p: Float64Array;
  readonly frame: Frame;
  readonly evaluation: Evaluation;
  /** Places of the parameters that the last stage left free. */
  readonly free: readonly number[];
  readonly history: readonly FitStage[];
  readonly status: FitStage["status"];
}

/** Rwp in % of residuals over σ. */
export function rwpOf({ points }: Engine, residuals: Float64Array): number {
  let [left, all] = [0, 0];
  for (const [i, value] of residuals.entries()) {
    left += value * value;
    all += (points.y[i]! / points.sigma[i]!) ** 2;
  }
  return 100 * Math.sqrt(left / all);
}

/** Rounds of a stage without atoms, whose heights are shared out anew before each, and the change of Rwp that ends them, relative. */
const MOST_ROUNDS = 6;
const SETTLED = 1e-3;

/** The stages of the plan that free something, one after the other; each draws its lines anew. */
export function runStages(engine: Engine, start: Float64Array): Standing {
  const { layout, phases, options } = engine;
  const allowed = layout.parameters.map((one) => mayBeFree(one, phases, options));
  const free = new Set<number>();
  let heights: LineHeights | null = null;
  let standing: Standing | null = null;
  const plan = PLAN.map(({ name, frees }) => ({
    name,
    added: layout.parameters.flatMap((one, i) => (allowed[i] && frees(one) ? [i] : [])),
  })).filter(({ added }, i) => i === 0 || added.length > 0);
  for (const { name, added } of plan) {
    const settled = name === plan.at(-1)!.name ? SETTLED_LAST : SETTLED_BEFORE;
    for (const place of added) free.add(place);
    const history: readonly FitStage[] = standing?.history ?? [];
    for (let round = 0, before = Infinity; round < MOST_ROUNDS; round++) {
      const p: Float64Array = standing?.p ?? start;
      if (options.method === "le-bail") heights = sharedHeights(engine, p, heights);
      const frame = frameOf(phases, engine.points, layout, p, options, heights);
      standing = runStage(engine, { name, settled }, frame, p, [...free], history);
      const { rwp } = standing.history.at(-1)!;
      if (heights === null || standing.status === "stopped" || rwp > (1 - SETTLED) * before) break;
      before = rwp;
    }
    if (standing!.status === "stopped") break;
  }
  return standing!;
}

function runStage(
  engine: Engine,
  { name, settled }: { readonly name: string; readonly settled: number },
  frame: Frame,
  start: Float64Array,
  wanted: readonly number[],
  history: readonly FitStage[],
): Standing {
  const { layout, options } = engine;
  const before = evaluate(engine, frame, start);
  // A phase that is not there has no cell.
  const free = wanted.filter((place) => {
    const { phase } = layout.parameters[place]!;
    return phase === null || before.scales[phase]! > 0;
  });
  const rwpBefore = rwpOf(engine, before.residuals);
  const record = { name, free: free.map((place) => nameOf(engine, place)), rwpBefore };
  if (free.length === 0) {
    const stage: FitStage = { ...record, iterations: 0, status: "converged", rwp: rwpBefore };
    return standingOf(start, before, stage);
  }
  let last = sumOf(before.residuals);
  let isSettled = false;
  const onStep = ({ iteration, sumOfSquares }: Step): boolean => {
    const rwp = rwpBefore * Math.sqrt(sumOfSquares / sumOf(before.residuals));
    options.onProgress?.({ stage: name, iteration, rwp });
    isSettled = last - sumOfSquares <= settled * last;
    last = sumOfSquares;
    return !isSettled && options.signal?.aborted !== true;
  };
  const bounds = free.map((place) => layout.parameters[place]!);
  const result = leastSquares(
    problemOf(engine, frame, start, free),
    free.map((place) => start[place]!),
    {
      lower: bounds.map(({ lower }) => lower),
      upper: bounds.map(({ upper }) => upper),
      maxIterations: options.maxIterations ?? MOST_ITERATIONS,
      tolerance: TOLERANCE,
      onStep,
    },
  );
  const p = start.slice();
  for (const [k, place] of free.entries()) p[place] = result.parameters[k]!;
  const evaluation = evaluate(engine, frame, p);
  const { iterations } = result;
  const isStopped = options.signal?.aborted === true;
  const status = isSettled && !isStopped ? "converged" : result.status;
  const stage: FitStage = {
    ...record,
    iterations,
    status,
    rwp: rwpOf(engine, evaluation.residuals),
  };
  return standingOf(p, evaluation, stage);

  function standingOf(at: Float64Array, found: Evaluation, stage: FitStage): Standing {
    const { status } = stage;
    return { p: at, frame, evaluation: found, free, history: [...history, stage], status };
  }
}

type Step = Parameters<NonNullable<LeastSquaresOptions["onStep"]>>[0];

function sumOf(residuals: Float64Array): number {
  return residuals.reduce((sum, value) => sum + value * value, 0);
}

/** "a (corundum)", "displacement". */
export function nameOf({ layout, phases }: Engine, place: number): string {
  const { name, phase } = layout.parameters[place]!;
  return phase === null ? name : `${name} (${phases[phase]!.id})`;
}

/** The whole calculated curve and its background. */
export function curveOf(
  { linear }: Engine,
  evaluation: Evaluation,
): { readonly calculated: Float64Array; readonly background: Float64Array } {
  const sum = phaseSum(evaluation);
  const background = linear.background(sum);
  return { background, calculated: sum.map((value, i) => value + background[i]!) };
}
