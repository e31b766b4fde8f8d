/** What a plot shows, as data. Colours are names of the page's tokens (`--curve-…`). */
import type { AxisKind } from "../../../src/radiation/axis.ts";

type CurveColour = "observed" | "calculated" | "background" | "second" | "third" | "fourth";

export interface PlotCurve {
  readonly name: string;
  /** Rising. */
  readonly x: Float64Array;
  readonly y: ArrayLike<number>;
  readonly colour: CurveColour;
  readonly dashed?: boolean;
  /** A pale area from these heights up to `y`, behind all lines. */
  readonly base?: ArrayLike<number>;
  /** Lifted by this part of the plot's height, to stack curves. */
  readonly lift?: number;
  /** Drawn to a height of its own rather than to the common scale (stacked scans of different counts). */
  readonly ownScale?: boolean;
}

export interface PlotTicks {
  readonly name: string;
  readonly colour: CurveColour;
  readonly positions: ArrayLike<number>;
  /** "1 0 1̅", of each position. */
  readonly labels: readonly string[];
}

/** Points that are no part of a curve: crosses on it. */
interface PlotMarks {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Weights 0 to 1 along the axis: what spoke for an answer. */
interface PlotStrip {
  readonly name: string;
  readonly x: Float64Array;
  readonly weight: ArrayLike<number>;
}

export interface PlotData {
  readonly axis: AxisKind;
  /** For d and Q in the read-out; null where it is not known. */
  readonly wavelengthAngstrom: number | null;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly PlotCurve[];
  readonly ticks?: readonly PlotTicks[];
  readonly marks?: PlotMarks;
  readonly strip?: PlotStrip | null;
  /** Observed minus calculated, in a panel of its own. */
  readonly residual?: PlotCurve | null;
}

export interface PlotView {
  readonly from: number;
  readonly to: number;
}

/** The range that holds all curves. */
export function fullView(data: PlotData): PlotView {
  let from = Infinity;
  let to = -Infinity;
  for (const { x } of data.curves) {
    if (x.length === 0) continue;
    from = Math.min(from, x[0]!);
    to = Math.max(to, x.at(-1)!);
  }
  if (!(from < to))
    return Number.isFinite(from) ? { from: from - 1, to: from + 1 } : { from: 0, to: 1 };
  return { from, to };
}

/** A view within the limits, not narrower than a thousandth of them. */
export function clampView(view: PlotView, limits: PlotView): PlotView {
  const whole = limits.to - limits.from;
  const width = Math.min(whole, Math.max(whole / 2000, view.to - view.from));
  const middle = (view.from + view.to) / 2;
  const from = Math.min(Math.max(limits.from, middle - width / 2), limits.to - width);
  return { from, to: from + width };
}

export function zoomed(view: PlotView, factor: number, at: number, limits: PlotView): PlotView {
  const from = at - (at - view.from) * factor;
  return clampView({ from, to: from + (view.to - view.from) * factor }, limits);
}

export function moved(view: PlotView, by: number, limits: PlotView): PlotView {
  return clampView({ from: view.from + by, to: view.to + by }, limits);
}
