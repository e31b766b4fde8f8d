/** One step of the fit: curves at given parameters, the linear part solved, the Jacobian of what is left. */
import { type LineSlopes, lineSlopeColumns } from "../../math/pseudo-voigt.ts";
import { addSlopes, drawPhase } from "./draw.ts";
import type { FitOptions } from "./fit-types.ts";
import type { Frame } from "./frame.ts";
import { addTimes, type LinearPart, orthonormal, without } from "./linear-part.ts";
import type { MeasuredPoints } from "./measured-points.ts";
import type { Layout } from "./parameters.ts";
import type { PhaseLines } from "./phase-lines.ts";

/** What a fit works with from its first stage to its last. */
export interface Engine {
  readonly points: MeasuredPoints;
  readonly phases: readonly PhaseLines[];
  readonly layout: Layout;
  readonly linear: LinearPart;
  readonly options: FitOptions;
  /** Buffers. */
  readonly slopes: LineSlopes;
}

export function engineOf(
  parts: Pick<Engine, "points" | "phases" | "layout" | "linear" | "options">,
): Engine {
  return { ...parts, slopes: lineSlopeColumns(parts.points.x.length) };
}

/** The model at some parameters. */
export interface Evaluation {
  /** Each phase at scale 1. */
  readonly curves: readonly Float64Array[];
  readonly scales: Float64Array;
  /** (Observed − calculated) / σ. */
  readonly residuals: Float64Array;
}

export function evaluate({ layout, linear }: Engine, frame: Frame, p: Float64Array): Evaluation {
  const curves = frame.phases.map((framed, i) => {
    const curve = new Float64Array(frame.x.length);
    drawPhase(curve, frame, framed, layout.places[i]!, p);
    return curve;
  });
  return { curves, ...linear.solve(curves) };
}

/** Sum of the phases at their scales. */
export function phaseSum({ curves, scales }: Evaluation): Float64Array {
  const out = new Float64Array(curves[0]!.length);
  for (const [i, curve] of curves.entries()) addTimes(out, curve, scales[i]!);
  return out;
}

/**
 * How the calculated curve changes with parameters, over σ, without what the background could take.
 * @param free places of the parameters
 */
export function seenSlopes(
  { layout, linear, slopes }: Engine,
  frame: Frame,
  p: Float64Array,
  scales: Float64Array,
  free: readonly number[],
): Float64Array[] {
  const columns: (Float64Array | null)[] = layout.parameters.map(() => null);
  for (const place of free) columns[place] = new Float64Array(frame.x.length);
  for (const which of frame.phases.keys())
    addSlopes(columns, frame, which, layout, p, scales[which]!, slopes);
  return free.map((place) => linear.seen(columns[place]!));
}

/** Residuals and Jacobian of the free parameters as a least-squares problem. */
export function problemOf(
  engine: Engine,
  frame: Frame,
  start: Float64Array,
  free: readonly number[],
) {
  const p = start.slice();
  let last: { readonly sub: Float64Array; readonly evaluation: Evaluation } | null = null;
  // The Jacobian is wanted where residuals were just taken: not drawn twice.
  const at = (sub: Float64Array): Evaluation => {
    if (last?.sub.every((value, k) => value === sub[k])) return last.evaluation;
    for (const [k, place] of free.entries()) p[place] = sub[k]!;
    last = { sub: sub.slice(), evaluation: evaluate(engine, frame, p) };
    return last.evaluation;
  };
  return {
    residualCount: frame.x.length,
    residuals: (sub: Float64Array, out: Float64Array): void => {
      out.set(at(sub).residuals);
    },
    jacobian: (sub: Float64Array, out: Float64Array): void => {
      const { curves, scales } = at(sub);
      const active = curves.filter((_, i) => scales[i]! > 0).map(engine.linear.seen);
      const taken = orthonormal(active);
      const columns = seenSlopes(engine, frame, p, scales, free).map((one) => without(one, taken));
      for (const [k, column] of columns.entries())
        for (let i = 0, row = k; i < column.length; i++, row += free.length) out[row] = -column[i]!;
    },
  };
}
