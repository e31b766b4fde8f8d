/**
 * The figure of powder patterns: curves over one axis, stacked with an offset or overlaid, rows of hkl
 * ticks below, labels over strong peaks. Data in, SVG text out; nothing here knows where the curves
 * come from. Drawn as every plot is (`plot/`).
 */
import { type PlotCurve, type PlotData, type PlotTicks } from "./plot/model.ts";
import type { PlotColour } from "./plot/palette.ts";
import type { IntensityScale } from "./plot/scale.ts";
import { plotFigure } from "./plot/svg-plot.ts";
import { CURVE_COLOURS } from "./svg.ts";

export type { IntensityScale } from "./plot/scale.ts";

/** One curve of a figure. */
export interface Curve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  /** Same length as `x`. */
  readonly y: ArrayLike<number>;
  /** Curves with the same `level` share a baseline; levels are stacked upwards from 0. */
  readonly level?: number;
  readonly style?: "line" | "dashed" | "dots";
  readonly colour?: string;
}

export interface TickRow {
  readonly name: string;
  /** Positions on the x axis, one tick each. */
  readonly positions: ArrayLike<number>;
  readonly colour?: string;
}

/** A word over a point of the curve on level 0: hkl of a peak. */
export interface PeakLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Curves over one axis, with ticks and labels. */
export interface PatternFigure {
  readonly title: string;
  /** "2θ (°), Cu Kα, λ = 1.54184 Å" */
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  readonly tickRows?: readonly TickRow[];
  readonly labels?: readonly PeakLabel[];
  /** Ends of the x axis; those of the curves unless given. */
  readonly xRange?: readonly [number, number];
  readonly intensityScale?: IntensityScale;
  /** Distance of stacked baselines as a fraction of a level's height, 1 unless given. */
  readonly offset?: number;
}

/** Height of the plot for one level, and of each further one. */
const FIRST_LEVEL = 430;
const NEXT_LEVEL = 110;
/** Beyond this a figure no longer fits a page: the levels share the height. */
const TALLEST = 1500;
/** Baselines a full level apart: the strongest peaks of neighbours touch and never cross. */
const DEFAULT_OFFSET = 1;
const TICK_ROW = 15;
const DASHED = [6, 3];

/** A figure of patterns as a stand-alone SVG document. */
export function patternFigure(figure: PatternFigure): string {
  const levels = 1 + Math.max(0, ...figure.curves.map(({ level = 0 }) => level));
  const rows = figure.tickRows?.length ?? 0;
  const height = Math.min(TALLEST, FIRST_LEVEL + (levels - 1) * NEXT_LEVEL) + rows * TICK_ROW;
  const data = plotOf(figure, levels);
  const view = figure.xRange;
  return plotFigure(figure.title, data, {
    height,
    look: {
      view: view === undefined ? null : { from: view[0], to: view[1] },
      scale: figure.intensityScale ?? "linear",
      hkl: true,
    },
  });
}

function plotOf(figure: PatternFigure, levels: number): PlotData {
  const { offset = DEFAULT_OFFSET, labels = [] } = figure;
  const curves = figure.curves.map((curve, index): PlotCurve => {
    const { name, level = 0, style } = curve;
    return {
      name,
      ...rising(curve),
      colour: colourOf(curve.colour, index),
      ...(style === "dashed" ? { dash: DASHED } : {}),
      ...(style === "dots" ? { isMeasured: true } : {}),
      ...(levels === 1 ? {} : { lift: level * offset, ownScale: level }),
    };
  });
  const ticks = (figure.tickRows ?? []).map(({ name, positions, colour }, index): PlotTicks => ({
    name,
    positions,
    labels: [],
    colour: colourOf(colour, index),
  }));
  return {
    axis: "twoTheta",
    wavelengthAngstrom: null,
    xLabel: figure.xLabel,
    yLabel: figure.yLabel,
    curves,
    ticks,
    ...(labels.length === 0 ? {} : { labels }),
  };
}

/** Drawn from left to right, whichever way it was written. */
function rising({ x, y }: Curve): Pick<PlotCurve, "x" | "y"> {
  if (x.length < 2 || x[0]! <= x[x.length - 1]!) return { x, y };
  return { x: Array.from(x).reverse(), y: Array.from(y).reverse() };
}

function colourOf(given: string | undefined, index: number): PlotColour {
  return (given ?? CURVE_COLOURS[index % CURVE_COLOURS.length]!) as PlotColour;
}
