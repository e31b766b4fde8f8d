/**
 * A plot as marks in pixels: what the canvas of the page and the SVG of figures, reports and print have in common. A renderer
 * strokes, fills and writes; nothing of what is shown is decided there.
 */
import { frameOf, type PlotFrame, rowName, type Size, STRIP } from "./frame.ts";
import { curveNames } from "./curve-names.ts";
import type { PlotCurve, PlotData, PlotLook } from "./model.ts";
import type { Dash, PlotColour } from "./palette.ts";
import { peakWords } from "./peak-labels.ts";
import { lowerBound } from "../../math/sorted.ts";
import { axisTicks, type AxisTicks, extent, heightTicks } from "./scale.ts";
import { areaOf, isSparse, lineOf, pointsOf, type Run } from "./trace.ts";

interface Common {
  /** The name of the part: "calculated", "ticks", "difference". */
  readonly part: string;
  readonly colour: PlotColour;
  readonly alpha?: number;
}

export interface Stroke extends Common {
  readonly kind: "stroke";
  readonly width: number;
  readonly dash: Dash;
  readonly runs: readonly Run[];
}

export interface Fill extends Common {
  readonly kind: "fill";
  readonly runs: readonly Run[];
}

export interface Dots extends Common {
  readonly kind: "dots";
  readonly radius: number;
  readonly points: Run;
}

export interface Words extends Common {
  readonly kind: "words";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  /** Read from below. */
  readonly isTurned?: boolean;
  readonly isBold?: boolean;
  /** With a rim in the colour of the paper, so that it can be read over a curve. */
  readonly hasRim?: boolean;
}

/** Baselines of words are where letters stand. */
export type Mark = Stroke | Fill | Dots | Words;

export interface Drawing {
  readonly frame: PlotFrame;
  readonly marks: readonly Mark[];
}

const NUMBERS = 11;
const LABEL = 12.5;
const MAJOR = 6;
const MINOR = 3;
const SOLID: Dash = [];
/** Shades of the strip of evidence. */
const SHADES = 20;

/** @param ratio device pixels of one CSS pixel: curves are thinned to these */
export function drawing(data: PlotData, look: PlotLook, size: Size, ratio = 1): Drawing {
  const frame = frameOf(data, look, size);
  const marks = [
    ...strip(data, frame),
    ...curves(data, frame, ratio),
    ...crosses(data, frame),
    ...tickRows(data, frame),
    ...difference(data, frame, ratio),
    ...words(data, look, frame),
    ...axes(data, frame),
  ];
  return { frame, marks };
}

function stroke(
  part: string,
  colour: PlotColour,
  runs: readonly Run[],
  width = 1,
  dash: Dash = SOLID,
): Stroke {
  return {
    kind: "stroke",
    part,
    colour,
    width,
    dash,
    runs: runs.filter(({ length }) => length > 0),
  };
}

function written(
  part: string,
  colour: PlotColour,
  text: string,
  at: Omit<Words, "kind" | "part" | "colour" | "text" | "size"> & { readonly size?: number },
): Words {
  return { kind: "words", part, colour, text, size: NUMBERS, ...at };
}

function partOf(colour: PlotColour): string {
  return colour.startsWith("#") ? "curve" : colour;
}

/** What is calculated is thinner than the points or the line that it lies on: these stay seen on both sides. */
function widthOf(
  { isMeasured, colour }: PlotCurve,
  isCompared: boolean,
  hasMeasured: boolean,
): number {
  if (colour === "background") return 1;
  if (isMeasured === true) return isCompared ? 2 : 1;
  return hasMeasured ? 1 : 1.4;
}

function curves(data: PlotData, frame: PlotFrame, ratio: number): Mark[] {
  const areas = data.curves.flatMap((curve): Mark[] => {
    const { x, y, base, colour } = curve;
    if (base === undefined) return [];
    const run = areaOf({ x, y, base }, frame, (value) => frame.y(value, curve), ratio);
    return [{ kind: "fill", part: "average", colour, alpha: 0.2, runs: [run] }];
  });
  const isCompared = data.curves.some(
    ({ colour, isMeasured, base }) =>
      isMeasured !== true && base === undefined && colour !== "background",
  );
  const isDotted = (curve: PlotCurve): boolean =>
    curve.isMeasured === true && curve.lift === undefined && isSparse(curve, frame);
  const hasMeasured = data.curves.some(({ isMeasured }) => isMeasured === true);
  const lines = data.curves.flatMap((curve): Mark[] => {
    const { colour, base, dash = SOLID } = curve;
    if (base !== undefined) return [];
    const toY = (value: number): number => frame.y(value, curve);
    const part = partOf(colour);
    const width = widthOf(curve, isCompared, hasMeasured);
    const line = stroke(part, colour, [lineOf(curve, frame, toY, ratio)], width, dash);
    if (!isDotted(curve)) return [line];
    const points = pointsOf(curve, frame, toY);
    const perPixel = points.length / 2 / (frame.right - frame.left);
    const radius = perPixel < 0.3 ? 2 : perPixel < 1 ? 1.7 : 1.4;
    const dots: Dots = { kind: "dots", part, colour, radius, points };
    // Alone, points are joined by a pale line: nothing else shows which follows which.
    return isCompared ? [dots] : [{ ...line, alpha: 0.45 }, dots];
  });
  return [...areas, ...lines];
}

const CROSS = 4;

function crosses({ marks }: PlotData, { view, x: toX, y: toY }: PlotFrame): Mark[] {
  if (marks === undefined) return [];
  const runs = marks.x.flatMap((at, i): Run[] => {
    if (at < view.from || at > view.to) return [];
    const [x, y] = [toX(at), toY(marks.y[i]!)];
    return [
      [x - CROSS, y - CROSS, x + CROSS, y + CROSS],
      [x - CROSS, y + CROSS, x + CROSS, y - CROSS],
    ];
  });
  return [stroke("marks", "ink", runs, 1.6)];
}

function tickRows(data: PlotData, frame: PlotFrame): Mark[] {
  const { view, ticksTop, rowHeight, isNarrow, left } = frame;
  return (data.ticks ?? []).flatMap(({ name, positions, colour }, row): Mark[] => {
    const bottom = ticksTop + (row + 1) * rowHeight - 4;
    const runs: Run[] = [];
    for (let i = 0; i < positions.length; i++) {
      const at = positions[i]!;
      if (at < view.from || at > view.to) continue;
      const x = Math.round(frame.x(at)) + 0.5;
      runs.push([x, bottom - 11, x, bottom]);
    }
    const text = rowName(name, frame);
    return [
      stroke("ticks", colour, runs, 1.2),
      isNarrow
        ? written("row-name", "ink", text, { x: left + 4, y: bottom - 13, anchor: "start" })
        : written("row-name", "ink", text, { x: left - 8, y: bottom - 2, anchor: "end" }),
    ];
  });
}

function strip({ strip: given }: PlotData, frame: PlotFrame): Mark[] {
  if (given === undefined || given === null) return [];
  const { left, right, view, stripTop: top, isNarrow } = frame;
  const { x, weight } = given;
  const marks: Mark[] = [];
  const end = Math.floor(right - left);
  const alphaAt = (cell: number): number => {
    const at = frame.xAt(left + cell);
    const from = lowerBound(x, at);
    const to = Math.min(x.length, Math.max(from + 1, lowerBound(x, frame.xAt(left + cell + 1))));
    if (from >= x.length || at < x[0]! || at > view.to) return 0;
    return Math.round(Math.max(0, extent(weight, from, to)[1]) * SHADES) / SHADES;
  };
  // Neighbours of one shade are one area: between two there would be a seam.
  for (let cell = 0, next; cell < end; cell = next) {
    const alpha = alphaAt(cell);
    next = cell + 1;
    while (next < end && alphaAt(next) === alpha) next++;
    if (alpha === 0) continue;
    const [from, to] = [left + cell, left + next];
    const run = [from, top, to, top, to, top + STRIP, from, top + STRIP];
    marks.push({ kind: "fill", part: "evidence", colour: "evidence", alpha, runs: [run] });
  }
  marks.push(stroke("frame", "rule", [box(left, top, right, top + STRIP)]));
  if (!isNarrow)
    marks.push(written("row-name", "ink", "network", { x: left - 8, y: top + 12, anchor: "end" }));
  return marks;
}

function box(left: number, top: number, right: number, bottom: number): Run {
  return [left, top, right, top, right, bottom, left, bottom, left, top];
}

function difference({ residual }: PlotData, frame: PlotFrame, ratio: number): Mark[] {
  if (residual === undefined || residual === null) return [];
  const { left, right, residualTop, axis, residualZero, isNarrow, scale } = frame;
  const [low, high] = frame.differences;
  const line = lineOf(residual, frame, (value) => frame.yOfDifference(value), ratio);
  const ticks = axisTicks(low, high, Math.max(3, (axis - residualTop) / 24));
  const name = scale === "linear" ? "difference" : "difference, linear";
  return [
    stroke("frame", "rule", [[left, residualTop, right, residualTop]]),
    { ...stroke("zero", "rule", [[left, residualZero, right, residualZero]]), alpha: 0.6 },
    stroke("difference", residual.colour, [line]),
    ...sideTicks(ticks, frame, (value) => frame.yOfDifference(value)),
    isNarrow
      ? written("name", "muted", name, {
          x: left + 4,
          y: residualTop + 12,
          anchor: "start",
          hasRim: true,
        })
      : written("name", "muted", name, {
          x: right - 6,
          y: residualTop + 13,
          anchor: "end",
          hasRim: true,
        }),
  ];
}

/** Inward on both sides, numbers on the left. */
function sideTicks(
  { major, minor }: AxisTicks,
  { left, right }: PlotFrame,
  toY: (value: number) => number,
): Mark[] {
  const side = (at: number, length: number): Run[] => {
    const y = toY(at);
    return [
      [left, y, left + length, y],
      [right, y, right - length, y],
    ];
  };
  const runs = [
    ...major.flatMap(({ at }) => side(at, MAJOR)),
    ...minor.flatMap((at) => side(at, MINOR)),
  ];
  return [
    stroke("axis", "rule", runs),
    ...major.map(({ at, text }) =>
      written("number", "muted", text, { x: left - 7, y: toY(at) + 4, anchor: "end" }),
    ),
  ];
}

function words(data: PlotData, look: PlotLook, frame: PlotFrame): Mark[] {
  const over = peakWords(data, look, frame).flatMap(({ kind, text, isStrong, x, y }): Mark[] => {
    const colour: PlotColour = kind === "unexplained" || isStrong ? "ink" : "muted";
    const label = written(isStrong ? `${kind} strong` : kind, colour, text, {
      x: x + 4,
      y,
      anchor: "start",
      isTurned: true,
      hasRim: true,
      ...(isStrong ? { isBold: true } : {}),
    });
    if (kind === "hkl") return [label];
    const triangle = [x - 5, y + 2, x + 5, y + 2, x, y + 11];
    return [{ kind: "fill", part: "unexplained", colour: "ink", runs: [triangle] }, label];
  });
  const names = curveNames(data, frame).map(({ curve, x, y }) =>
    written("curve-name", curve.colour, curve.name, { x, y, anchor: "end", hasRim: true }),
  );
  return [...over, ...names];
}

function axes(data: PlotData, frame: PlotFrame): Mark[] {
  const { view, left, right, top, base, axis, height, heights, scale, isNarrow } = frame;
  const { major, minor } = axisTicks(view.from, view.to, Math.max(4, (right - left) / 75));
  const ends = (at: number, length: number): Run[] => {
    const x = frame.x(at);
    return [
      [x, axis, x, axis - length],
      [x, top, x, top + length],
    ];
  };
  const runs = [
    ...major.flatMap(({ at }) => ends(at, MAJOR)),
    ...minor.flatMap((at) => ends(at, MINOR)),
  ];
  const middle = (left + right) / 2;
  const shown = heights === null ? null : heightTicks(heights[0], heights[1], scale);
  return [
    stroke("frame", "rule", [box(left, top, right, axis)]),
    ...(base < axis ? [stroke("frame", "rule", [[left, base, right, base]])] : []),
    stroke("axis", "rule", runs),
    ...major.map(({ at, text }) =>
      written("x-number", "muted", text, { x: frame.x(at), y: axis + 15, anchor: "middle" }),
    ),
    ...(shown === null ? [] : sideTicks(shown, frame, (value) => frame.y(value))),
    written("x-label", "ink", data.xLabel, {
      x: middle,
      y: height - 5,
      anchor: "middle",
      size: LABEL,
    }),
    isNarrow
      ? written("y-label", "ink", yLabel(data, scale), { x: 0, y: 14, anchor: "start" })
      : written("y-label", "ink", yLabel(data, scale), {
          x: 13,
          y: (top + base) / 2,
          anchor: "middle",
          isTurned: true,
          size: LABEL,
        }),
  ];
}

function yLabel({ yLabel: words }: PlotData, scale: PlotLook["scale"]): string {
  if (scale === "linear") return words;
  return `${words} (${scale === "sqrt" ? "root" : "log"} scale)`;
}
