/**
 * Figures of results: lines and points over two axes, and matrices of shares. Data in, SVG text out. The records are those that
 * recipes of `ewald reproduce` return.
 */
import { scaleLinear } from "d3-scale";
import type { ChartFigure, MatrixFigure, RecipeFigure } from "./figure-records.ts";
import { criticalPointsFigure } from "./critical-points-figure.ts";
import { galleryFigure } from "./gallery-figure.ts";
import { CURVE_COLOURS, element, px, svgDocument, text } from "./svg.ts";

const WIDTH = 720;
const HEIGHT = 460;
const MARGIN = { left: 74, right: 190, top: 50, bottom: 58 } as const;
const GRID = "#dddddd";
const INK = "#1a1a1a";

function extent(values: readonly number[], given?: readonly [number, number]) {
  if (given !== undefined) return given;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = 0.04 * (high - low || 1);
  return [low - room, high + room] as const;
}

function axes(
  figure: ChartFigure,
  x: ReturnType<typeof scaleLinear<number>>,
  y: ReturnType<typeof scaleLinear<number>>,
): string {
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  const parts = [text(left, 28, figure.title, { "font-size": 16, "font-weight": "bold" })];
  for (const tick of x.ticks(8)) {
    parts.push(element("line", { x1: x(tick), x2: x(tick), y1: top, y2: bottom, stroke: GRID }));
    parts.push(text(x(tick), bottom + 18, x.tickFormat(8)(tick), { "text-anchor": "middle" }));
  }
  for (const tick of y.ticks(6)) {
    parts.push(element("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: GRID }));
    parts.push(text(left - 8, y(tick) + 4, y.tickFormat(6)(tick), { "text-anchor": "end" }));
  }
  const middle = (top + bottom) / 2;
  parts.push(text((left + right) / 2, HEIGHT - 16, figure.xLabel, { "text-anchor": "middle" }));
  parts.push(
    text(20, middle, figure.yLabel, {
      "text-anchor": "middle",
      transform: `rotate(-90 20 ${px(middle)})`,
    }),
  );
  return parts.join("");
}

/** Series over two axes, named at the right. */
function chartFigure(figure: ChartFigure): string {
  const all = figure.series;
  const xs = extent(
    all.flatMap((one) => [...one.x]),
    figure.xRange,
  );
  const ys = extent(
    all.flatMap((one) => [...one.y]),
    figure.yRange,
  );
  const x = scaleLinear()
    .domain(xs)
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain(ys)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const parts = [axes(figure, x, y)];
  for (const [i, { name, x: at, y: values, style = "line" }] of all.entries()) {
    const colour = CURVE_COLOURS[i % CURVE_COLOURS.length]!;
    // Colours come round again after seven series: open signs tell the second round.
    const fill = i < CURVE_COLOURS.length ? colour : "#ffffff";
    const points = at.map((value, k) => [x(value), y(values[k]!)] as const);
    if (style === "line") {
      const path = points.map(([a, b], k) => `${k === 0 ? "M" : "L"}${px(a)} ${px(b)}`).join("");
      parts.push(element("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2 }));
    } else
      for (const [a, b] of points)
        parts.push(
          element("circle", { cx: a, cy: b, r: 4, stroke: colour, "stroke-width": 2, fill }),
        );
    const labelY = MARGIN.top + 16 + 18 * i;
    const left = WIDTH - MARGIN.right + 12;
    parts.push(
      element("rect", { x: left, y: labelY - 9, width: 10, height: 10, stroke: colour, fill }),
    );
    parts.push(text(left + 16, labelY, name, { "font-size": 12, fill: INK }));
  }
  return svgDocument(WIDTH, HEIGHT, figure.title, parts.join(""));
}

const CELL_MOST = 44;
const MATRIX_SIDE = 620;
const MATRIX_HEAD = 64;
/** Room for a name, of its font's size per character: capitals and digits are wider than the mean letter. */
const CHARACTER_WIDTH = 0.62;
const LEAST_NAME_ROOM = 60;

function nameRoom(names: readonly string[], fontSize: number): number {
  const longest = Math.max(0, ...names.map((name) => [...name].length));
  return Math.max(LEAST_NAME_ROOM, longest * fontSize * CHARACTER_WIDTH + 16);
}

/** Shares from 0 (white) to 1 (blue); numbers are written where cells have room for them. */
function matrixFigure({
  title,
  rows,
  columns,
  values,
  rowLabel,
  columnLabel,
}: MatrixFigure): string {
  const cell = Math.min(CELL_MOST, MATRIX_SIDE / Math.max(rows.length, columns.length));
  const size = Math.min(12, cell * 0.8);
  const [left, top] = [nameRoom(rows, size), MATRIX_HEAD + nameRoom(columns, size)];
  const parts = [
    text(16, 28, title, { "font-size": 16, "font-weight": "bold" }),
    text(16, 48, `rows: ${rowLabel}; columns: ${columnLabel}`, { fill: "#555555" }),
  ];
  for (const [c, name] of columns.entries()) {
    const at = left + (c + 0.5) * cell + size / 3;
    const transform = `rotate(-90 ${px(at)} ${px(top - 6)})`;
    parts.push(text(at, top - 6, name, { "font-size": size, transform }));
  }
  for (const [r, name] of rows.entries()) {
    const y = top + r * cell;
    const baseline = y + cell / 2 + size / 3;
    parts.push(text(left - 6, baseline, name, { "font-size": size, "text-anchor": "end" }));
    for (const [c, value] of values[r]!.entries()) {
      const x = left + c * cell;
      const shade = Math.round(255 * (1 - value));
      const fill = `rgb(${shade},${Math.round(114 + (141 * shade) / 255)},${Math.round(178 + (77 * shade) / 255)})`;
      parts.push(element("rect", { x, y, width: cell, height: cell, fill, stroke: "#eeeeee" }));
      if (cell < 26 || value < 0.005) continue;
      const ink = value > 0.6 ? "#ffffff" : INK;
      parts.push(
        text(x + cell / 2, baseline, String(Math.round(100 * value)), {
          "font-size": 11,
          "text-anchor": "middle",
          fill: ink,
        }),
      );
    }
  }
  const width = left + columns.length * cell + 24;
  return svgDocument(Math.max(width, 480), top + rows.length * cell + 24, title, parts.join(""));
}

export function recipeFigure(figure: RecipeFigure): string {
  switch (figure.kind) {
    case "chart":
      return chartFigure(figure);
    case "matrix":
      return matrixFigure(figure);
    case "critical-points":
      return criticalPointsFigure(figure);
    case "gallery":
      return galleryFigure(figure);
  }
}
