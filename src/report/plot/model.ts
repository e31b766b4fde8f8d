/**
 * The contents of a plot, as plain records: the page draws it on a canvas, saved figures, reports and print as SVG, both by the same drawing
 * (`drawing.ts`), so that all show the same curves, colours, marks, range and scale.
 */
import type { AxisKind } from "../../radiation/axis.ts";
import type { Dash, PlotColour } from "./palette.ts";
import type { IntensityScale } from "./scale.ts";

export interface PlotCurve {
  readonly name: string;
  /** Rising. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly colour: PlotColour;
  /** A line without gaps unless given. */
  readonly dash?: Dash;
  /** Measured: drawn as points where there is room for them. */
  readonly isMeasured?: boolean;
  /** A pale area from these heights up to `y`, behind all lines. */
  readonly base?: ArrayLike<number>;
  /** Lifted by this part of the plot's height, to stack curves. */
  readonly lift?: number;
  /** Curves of the same number are drawn to a height of their own rather than to the common scale (stacked scans of different counts). */
  readonly ownScale?: number;
}

export interface PlotTicks {
  readonly name: string;
  /** That of the curve whose lines they are. */
  readonly colour: PlotColour;
  readonly positions: ArrayLike<number>;
  /** "1 0 1̅", of each position. */
  readonly labels: readonly string[];
  /** The height of each line; labels stand over the strongest. Without it there are none. */
  readonly heights?: ArrayLike<number>;
  /** Lines whose labels are emphasised, by their place in `positions`. */
  readonly strong?: ReadonlySet<number>;
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
  readonly x: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

export interface PlotData {
  readonly axis: AxisKind;
  /** For d and Q in the read-out; null where it is not known. */
  readonly wavelengthAngstrom: number | null;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The measured one first. */
  readonly curves: readonly PlotCurve[];
  readonly ticks?: readonly PlotTicks[];
  readonly marks?: PlotMarks;
  /** Words over points of the first curve beside those of the rows of ticks. */
  readonly labels?: readonly { readonly x: number; readonly y: number; readonly text: string }[];
  /** Angles of peaks without a line. */
  readonly unexplained?: readonly number[];
  readonly strip?: PlotStrip | null;
  /** Observed minus calculated, in a panel of its own, to the scale of the main panel. */
  readonly residual?: PlotCurve | null;
}

export interface PlotView {
  readonly from: number;
  readonly to: number;
}

/** How a plot is looked at. */
export interface PlotLook {
  /** Null: all of it. */
  readonly view: PlotView | null;
  readonly scale: IntensityScale;
  /** Indices over the strongest peaks. */
  readonly hkl: boolean;
}

export const FIRST_LOOK: PlotLook = { view: null, scale: "linear", hkl: true };

/** The range that holds all curves. */
export function fullView(data: PlotData): PlotView {
  let from = Infinity;
  let to = -Infinity;
  for (const { x } of data.curves) {
    if (x.length === 0) continue;
    from = Math.min(from, x[0]!);
    to = Math.max(to, x[x.length - 1]!);
  }
  if (!(from < to))
    return Number.isFinite(from) ? { from: from - 1, to: from + 1 } : { from: 0, to: 1 };
  return { from, to };
}

/** The part of the data that is seen: that of the chosen view which has points, all where none is in it. */
export function viewOf(data: PlotData, { view }: PlotLook): PlotView {
  const limits = fullView(data);
  if (view === null) return limits;
  const from = Math.max(view.from, limits.from);
  const to = Math.min(view.to, limits.to);
  return from < to ? clampView({ from, to }, limits) : limits;
}

/** "10.00 to 75.00, log scale": for who does not see it, and in the file of a figure. */
export function seenWords(data: PlotData, look: PlotLook): string {
  const { from, to } = viewOf(data, look);
  return `${from.toFixed(2)} to ${to.toFixed(2)}, ${look.scale === "sqrt" ? "square root" : look.scale} scale`;
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
