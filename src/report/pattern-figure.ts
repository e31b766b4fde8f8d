/**
 * The figure of powder patterns: curves over one axis, stacked with an offset or overlaid, rows of hkl
 * ticks below, labels over strong peaks. Data in, SVG text out; nothing here knows where the curves
 * come from.
 */
import { scaleLinear } from "d3-scale";
import { type PixelMap, curvePath } from "./curve-path.ts";
import { CURVE_COLOURS, element, svgDocument, text } from "./svg.ts";

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

export type IntensityScale = "linear" | "sqrt" | "log";

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

const WIDTH = 960;
const MARGIN = { left: 74, right: 22, top: 44, bottom: 56 } as const;
/** Height of the panel for one level, and of each further one. */
const FIRST_LEVEL = 330;
const NEXT_LEVEL = 110;
/** Beyond this a figure no longer fits a page: the levels share the height. */
const TALLEST_PANEL = 1400;
/** Baselines a full level apart: the strongest peaks of neighbours touch and never cross. */
const DEFAULT_OFFSET = 1;
const TICK_ROW = 20;
const LABEL_ROOM = 62;
const INK = "#1a1a1a";

interface Layout {
  readonly levels: number;
  readonly panelTop: number;
  /** y of the baseline of level 0. */
  readonly baseline: number;
  readonly panelBottom: number;
  readonly height: number;
  readonly levelHeight: number;
  /** Distance of one level's baseline from the next. */
  readonly step: number;
}

function layoutOf(figure: PatternFigure): Layout {
  const offset = figure.offset ?? DEFAULT_OFFSET;
  const levels = 1 + Math.max(0, ...figure.curves.map((curve) => curve.level ?? 0));
  const room = (figure.labels?.length ?? 0) > 0 ? LABEL_ROOM : 14;
  const curvesHeight = Math.min(TALLEST_PANEL, FIRST_LEVEL + (levels - 1) * NEXT_LEVEL);
  const ticksHeight = (figure.tickRows?.length ?? 0) * TICK_ROW + 8;
  const baseline = MARGIN.top + room + curvesHeight;
  const panelBottom = baseline + ticksHeight;
  return {
    levels,
    panelTop: MARGIN.top,
    baseline,
    panelBottom,
    height: panelBottom + MARGIN.bottom,
    levelHeight: curvesHeight / (1 + (levels - 1) * offset),
    step: (curvesHeight * offset) / (1 + (levels - 1) * offset),
  };
}

function extent(series: Iterable<ArrayLike<number>>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of series) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Maps an intensity to 0 … 1 of its level's height. */
function intensityMap(figure: PatternFigure, level: number): (value: number) => number {
  const series = figure.curves
    .filter((curve) => (curve.level ?? 0) === level)
    .map((curve) => curve.y);
  const [low, high] = extent(series);
  const bottom = Math.min(0, low);
  const span = high > bottom ? high - bottom : 1;
  const scale = figure.intensityScale ?? "linear";
  if (scale === "sqrt") return (value) => Math.sqrt(Math.max(0, value - bottom) / span);
  if (scale === "log") {
    // Four decades below the strongest point: counting noise of any real scan lies above.
    const floor = span * 1e-4;
    return (value) => Math.log(Math.max(floor, value - bottom) / floor) / Math.log(span / floor);
  }
  return (value) => (value - bottom) / span;
}

function axes(
  figure: PatternFigure,
  layout: Layout,
  toX: PixelMap,
  xTicks: readonly number[],
): string {
  const { panelTop, panelBottom, baseline, levelHeight, levels } = layout;
  const right = WIDTH - MARGIN.right;
  const parts = [
    element("rect", {
      x: MARGIN.left,
      y: panelTop,
      width: right - MARGIN.left,
      height: panelBottom - panelTop,
      fill: "none",
      stroke: INK,
    }),
  ];
  for (const tick of xTicks) {
    const x = toX(tick);
    parts.push(element("path", { d: `M${x} ${panelBottom}v-6`, stroke: INK, fill: "none" }));
    parts.push(text(x, panelBottom + 19, String(tick), { "text-anchor": "middle", fill: INK }));
  }
  parts.push(
    text((MARGIN.left + right) / 2, panelBottom + 43, figure.xLabel, {
      "text-anchor": "middle",
      "font-size": 15,
      fill: INK,
    }),
    element(
      "g",
      { transform: `translate(22 ${(panelTop + baseline) / 2}) rotate(-90)` },
      text(0, 0, figure.yLabel, { "text-anchor": "middle", "font-size": 15, fill: INK }),
    ),
  );
  if (levels === 1) parts.push(intensityTicks(figure, baseline, levelHeight));
  return parts.join("");
}

/** Numbers on the intensity axis; stacked patterns have none, an offset has no value. */
function intensityTicks(figure: PatternFigure, baseline: number, levelHeight: number): string {
  const [low, high] = extent(figure.curves.map((curve) => curve.y));
  const toUnit = intensityMap(figure, 0);
  const bottom = Math.min(0, low);
  return scaleLinear([bottom, high], [0, 1])
    .ticks(5)
    .map((tick) => {
      const y = baseline - levelHeight * toUnit(tick);
      return (
        element("path", { d: `M${MARGIN.left} ${y}h6`, stroke: INK, fill: "none" }) +
        text(MARGIN.left - 8, y + 4.5, formatTick(tick), { "text-anchor": "end", fill: INK })
      );
    })
    .join("");
}

function formatTick(value: number): string {
  const size = Math.abs(value);
  return size >= 1e5 || (size > 0 && size < 1e-3) ? value.toExponential(0) : String(value);
}

function curveMarks(figure: PatternFigure, layout: Layout, toX: PixelMap): string {
  const parts: string[] = [];
  for (const [index, curve] of figure.curves.entries()) {
    const level = curve.level ?? 0;
    const toUnit = intensityMap(figure, level);
    const base = baselineOf(layout, level);
    const d = curvePath(
      curve.x,
      curve.y,
      toX,
      (value) => base - layout.levelHeight * toUnit(value),
    );
    const colour = curve.colour ?? colourOf(index);
    const dots = curve.style === "dots";
    parts.push(
      element("path", {
        d: dots ? d.replaceAll(/[ML]([^ML]+)/g, "M$1h0") : d,
        fill: "none",
        stroke: colour,
        "stroke-width": dots ? 2.6 : 1.25,
        "stroke-linejoin": "round",
        "stroke-linecap": dots ? "round" : undefined,
        "stroke-dasharray": curve.style === "dashed" ? "6 3" : undefined,
      }),
    );
  }
  return parts.join("");
}

function baselineOf(layout: Layout, level: number): number {
  return layout.baseline - level * layout.step;
}

function colourOf(index: number): string {
  return CURVE_COLOURS[index % CURVE_COLOURS.length]!;
}

/** Names: at the right end of each level where stacked, as a legend where several share one level. */
function curveNames(figure: PatternFigure, layout: Layout): string {
  const onLevel = new Map<number, number>();
  return figure.curves
    .map((curve, index) => {
      const level = curve.level ?? 0;
      const row = onLevel.get(level) ?? 0;
      onLevel.set(level, row + 1);
      const top =
        layout.levels === 1
          ? layout.panelTop + 22 + row * 18
          : baselineOf(layout, level) - Math.min(layout.step, layout.levelHeight) * 0.6 + row * 16;
      const x = WIDTH - MARGIN.right - 12;
      const rim = { stroke: "#ffffff", "stroke-width": 4, "stroke-linejoin": "round" };
      // A white rim, drawn first, keeps a name readable where a peak passes behind it.
      return (
        text(x, top, curve.name, { "text-anchor": "end", fill: "#ffffff", ...rim }) +
        text(x, top, curve.name, { "text-anchor": "end", fill: curve.colour ?? colourOf(index) })
      );
    })
    .join("");
}

function tickMarks(
  figure: PatternFigure,
  layout: Layout,
  toX: PixelMap,
  range: readonly [number, number],
): string {
  return (figure.tickRows ?? [])
    .map((row, index) => {
      const y = layout.baseline + 8 + index * TICK_ROW;
      const marks: string[] = [];
      for (let i = 0; i < row.positions.length; i++) {
        const x = row.positions[i]!;
        if (x >= range[0] && x <= range[1])
          marks.push(`M${Math.round(toX(x) * 100) / 100} ${y}v11`);
      }
      const colour = row.colour ?? colourOf(index);
      return element("path", { d: marks.join(""), stroke: colour, fill: "none" });
    })
    .join("");
}

/** Labels from the strongest down; one that would touch a stronger one is left out. */
function peakLabels(figure: PatternFigure, layout: Layout, toX: PixelMap): string {
  const toUnit = intensityMap(figure, 0);
  const taken: number[] = [];
  const parts: string[] = [];
  for (const label of [...(figure.labels ?? [])].sort((a, b) => b.y - a.y)) {
    const x = toX(label.x);
    if (taken.some((other) => Math.abs(other - x) < 13)) continue;
    taken.push(x);
    const y = layout.baseline - layout.levelHeight * toUnit(label.y) - 6;
    parts.push(
      element(
        "g",
        {
          transform: `translate(${Math.round((x + 4) * 100) / 100} ${Math.round(y * 100) / 100}) rotate(-90)`,
        },
        text(0, 0, label.text, { "font-size": 11, fill: "#444444" }),
      ),
    );
  }
  return parts.join("");
}

/** The figure as a stand-alone SVG document. */
export function patternFigure(figure: PatternFigure): string {
  const layout = layoutOf(figure);
  const range = figure.xRange ?? extent(figure.curves.map((curve) => curve.x));
  const x = scaleLinear([range[0], range[1]], [MARGIN.left, WIDTH - MARGIN.right]);
  const toX: PixelMap = (value) => x(value);
  const clip = element(
    "clipPath",
    { id: "panel" },
    element("rect", {
      x: MARGIN.left,
      y: layout.panelTop,
      width: WIDTH - MARGIN.left - MARGIN.right,
      height: layout.panelBottom - layout.panelTop,
    }),
  );
  const inside = element(
    "g",
    { "clip-path": "url(#panel)" },
    curveMarks(figure, layout, toX) +
      tickMarks(figure, layout, toX, range) +
      peakLabels(figure, layout, toX),
  );
  const title = text(MARGIN.left, 28, figure.title, {
    "font-size": 17,
    "font-weight": 600,
    fill: INK,
  });
  const body =
    clip + title + inside + axes(figure, layout, toX, x.ticks(10)) + curveNames(figure, layout);
  return svgDocument(WIDTH, layout.height, figure.title, body);
}
