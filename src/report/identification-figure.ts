/**
 * The figure of an identified scan: what was measured with the best candidate's calculated curve, where the network looked,
 * ticks of candidates and references, what is left. Data in, SVG text out; colours are CSS classes (`report-style.ts`), so
 * that it follows a light or dark page.
 */
import { scaleLinear } from "d3-scale";
import type { LaidOver } from "../identify/identify-scan.ts";
import type { Observation } from "../scan/observe.ts";
import type { LaidAverage } from "../known/type-averages.ts";
import { curvePath, type PixelMap } from "./curve-path.ts";
import { printedHkl } from "./notation.ts";
import type { StrongBand } from "./strong-bands.ts";
import { element, px, text } from "./svg.ts";

/** Where the network looked in the scan (Grad-CAM), 0 to 1. */
export interface Explanation {
  /** Name of the type that it speaks for. */
  readonly name: string;
  readonly twoThetaDeg: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

export interface IdentificationFigure {
  /** For screen readers. */
  readonly title: string;
  readonly observation: Observation;
  /** Best first; the first one's curve is drawn, ticks of all. */
  readonly candidates: readonly LaidOver[];
  readonly references: readonly LaidOver[];
  readonly explanation: Explanation | null;
  /** Of the best candidate's type, behind everything; null for none. */
  readonly average: LaidAverage | null;
  readonly bands: readonly StrongBand[];
  /** "2θ (°), Cu Kα" */
  readonly xLabel: string;
}

const WIDTH = 960;
const MARGIN = { left: 64, right: 16, top: 12, bottom: 46 } as const;
const MAIN = 300;
/** Over the highest peak, for hkl. */
const LABEL_ROOM = 58;
const STRIP = 16;
const TICK_ROW = 20;
const RESIDUAL = 84;
const GAP = 10;
const STRIP_CELLS = 290;
/** Lines lower than this share of the highest get no label. */
const LABELLED = 0.02;
const LABEL_DISTANCE = 13;

interface Panels {
  readonly main: number;
  readonly strip: number;
  readonly ticks: number;
  readonly residual: number;
  readonly bottom: number;
}

function panelsOf(figure: IdentificationFigure): Panels {
  const main = MARGIN.top + LABEL_ROOM + MAIN;
  const strip = main + GAP;
  const ticks = strip + (figure.explanation === null ? 0 : STRIP + GAP);
  const rows = figure.candidates.length + figure.references.length;
  const residual = ticks + rows * TICK_ROW + (rows > 0 ? GAP : 0);
  const bottom = residual + (figure.candidates.length > 0 ? RESIDUAL : 0);
  return { main, strip, ticks, residual, bottom };
}

/** The figure as an `svg` element for a page that carries `REPORT_STYLE`. */
export function identificationFigure(figure: IdentificationFigure): string {
  const { twoThetaDeg: x } = figure.observation;
  const panels = panelsOf(figure);
  const scale = scaleLinear([x[0]!, x.at(-1)!], [MARGIN.left, WIDTH - MARGIN.right]);
  const toX: PixelMap = (value) => scale(value);
  const best = figure.candidates[0];
  const body = [
    mainPanel(figure, panels, toX),
    figure.explanation === null ? "" : strip(figure.explanation, panels.strip, toX),
    tickRows(figure, panels.ticks, toX),
    best === undefined ? "" : residualPanel(figure.observation, best, panels.residual, toX),
    xAxis(figure.xLabel, panels.bottom, scale.ticks(10), toX),
  ];
  const height = panels.bottom + MARGIN.bottom;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "figure",
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: "img",
      "aria-label": figure.title,
      "font-size": 12,
    },
    body.join(""),
  );
}

function mainPanel(figure: IdentificationFigure, panels: Panels, toX: PixelMap): string {
  const { observation, candidates } = figure;
  const { twoThetaDeg, intensity, background } = observation;
  const least = intensity.reduce((a, b) => Math.min(a, b), Infinity);
  const most = intensity.reduce((a, b) => Math.max(a, b), -Infinity);
  const floor = Math.min(least, most - 1e-12);
  const toY: PixelMap = (value) =>
    panels.main - MAIN * Math.sqrt(Math.max(0, value - floor) / (most - floor));
  const best = candidates[0]?.overlay;
  const parts = [
    frame(MARGIN.top + LABEL_ROOM, MAIN),
    averageArea(figure, toX, toY),
    ...intensityTicks(floor, most, toY),
    yTitle("intensity (root scale)", MARGIN.top + LABEL_ROOM + MAIN / 2),
    path("background", curvePath(twoThetaDeg, background, toX, toY)),
    path("observed", curvePath(twoThetaDeg, intensity, toX, toY)),
  ];
  if (best !== undefined) {
    const calculated = best.calculated.map((value, i) => value + background[i]!);
    const end = best.comparedDeg[1];
    const count = twoThetaDeg.findIndex((at) => at > end);
    const upTo = count < 0 ? twoThetaDeg.length : count;
    parts.push(
      path("calculated", curvePath(twoThetaDeg.subarray(0, upTo), calculated, toX, toY)),
      hklLabels(figure, toX, toY),
      ...best.unexplained.slice(0, 12).map(({ twoThetaDeg: at }) => {
        const y = toY(highest(observation, at)) - 6;
        return element("path", {
          class: "unexplained",
          d: `M${px(toX(at) - 5)} ${px(y - 9)}h10l-5 9z`,
        });
      }),
    );
  }
  return element("g", {}, parts.join("") + legend(best !== undefined, figure.average));
}

/** From the background up to the average pattern over it. */
function averageArea(
  { average, observation }: IdentificationFigure,
  toX: PixelMap,
  toY: PixelMap,
): string {
  if (average === null) return "";
  const { twoThetaDeg: x, intensity } = average;
  const first = observation.twoThetaDeg.indexOf(x[0]!);
  const under = observation.background.subarray(first, first + x.length);
  const over = intensity.map((value, i) => value + under[i]!);
  const back = curvePath(x.toReversed(), under.toReversed(), toX, toY);
  return path("average", `${curvePath(x, over, toX, toY)}L${back.slice(1)}Z`);
}

/** Highest intensity beside an angle. */
function highest({ twoThetaDeg, intensity }: Observation, at: number): number {
  let most = -Infinity;
  for (let i = 0; i < twoThetaDeg.length; i++)
    if (Math.abs(twoThetaDeg[i]! - at) < 0.15) most = Math.max(most, intensity[i]!);
  return most;
}

function path(kind: string, d: string): string {
  return element("path", { class: kind, d });
}

function frame(top: number, height: number): string {
  return element("rect", {
    class: "frame",
    x: MARGIN.left,
    y: top,
    width: WIDTH - MARGIN.left - MARGIN.right,
    height,
  });
}

function yTitle(words: string, y: number): string {
  return element(
    "g",
    { transform: `translate(14 ${px(y)}) rotate(-90)` },
    text(0, 0, words, { "text-anchor": "middle", class: "words" }),
  );
}

/** Round numbers on a root scale: even steps would crowd at the top. */
function intensityTicks(floor: number, most: number, toY: PixelMap): string[] {
  const steps = scaleLinear([0, Math.sqrt(most - floor)], [0, 1]).ticks(5);
  const values = new Set(steps.map((root) => rounded(floor + root * root)));
  return [...values]
    .filter((value) => value >= floor && value <= most)
    .map((value) => {
      const y = toY(value);
      return (
        element("path", { class: "axis", d: `M${MARGIN.left} ${px(y)}h-5` }) +
        text(MARGIN.left - 8, y + 4, short(value), { "text-anchor": "end", class: "words" })
      );
    });
}

function rounded(value: number): number {
  return Number(value.toPrecision(1));
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))} k`;
  return String(Number(value.toPrecision(3)));
}

/** hkl over the best candidate's lines, those under strong bands in bold; the strongest first, none on another. */
function hklLabels(
  { candidates, bands, observation }: IdentificationFigure,
  toX: PixelMap,
  toY: PixelMap,
): string {
  const { lines, comparedDeg } = candidates[0]!.overlay;
  const most = lines.reduce((top, { height }) => Math.max(top, height), 0);
  const inBands = new Set(bands.flatMap(({ lines: under }) => under));
  const taken: number[] = [];
  const parts: string[] = [];
  const shown = lines
    .filter(({ height, twoThetaDeg: at }) => height >= LABELLED * most && at <= comparedDeg[1])
    .sort((a, b) => b.height - a.height);
  for (const line of shown) {
    const { hkl, twoThetaDeg: at } = line;
    const x = toX(at);
    if (taken.some((other) => Math.abs(other - x) < LABEL_DISTANCE)) continue;
    taken.push(x);
    const y = toY(highest(observation, at)) - 6;
    parts.push(
      element(
        "g",
        { transform: `translate(${px(x + 4)} ${px(y)}) rotate(-90)` },
        text(0, 0, printedHkl(hkl), { class: inBands.has(line) ? "hkl strong" : "hkl" }),
      ),
    );
  }
  return parts.join("");
}

function legend(hasCandidate: boolean, average: LaidAverage | null): string {
  const entries = [
    ["observed", "measured"],
    ...(hasCandidate ? [["calculated", "calculated"]] : []),
    ["background", "background"],
    ...(average === null ? [] : [["average", `common to ${average.compounds} compounds`]]),
  ] as const;
  const top = MARGIN.top + LABEL_ROOM + 16;
  return entries
    .map(([kind, words], i) => {
      const y = top + i * 17;
      const right = WIDTH - MARGIN.right - 12;
      return (
        element("path", {
          class: kind,
          d: kind === "average" ? `M${right - 30} ${y - 5}h30v10h-30z` : `M${right - 30} ${y}h30`,
        }) + text(right - 38, y + 4, words!, { "text-anchor": "end", class: "words" })
      );
    })
    .join("");
}

/** Cells of a strip, darker where the network found more. */
function strip({ name, twoThetaDeg, weight }: Explanation, top: number, toX: PixelMap): string {
  const left = MARGIN.left;
  const width = (WIDTH - MARGIN.left - MARGIN.right) / STRIP_CELLS;
  const cells = new Float64Array(STRIP_CELLS);
  for (let i = 0; i < twoThetaDeg.length; i++) {
    const cell = Math.floor((toX(twoThetaDeg[i]!) - left) / width);
    if (cell >= 0 && cell < STRIP_CELLS) cells[cell] = Math.max(cells[cell]!, weight[i]!);
  }
  const parts: string[] = [];
  for (const [cell, value] of cells.entries()) {
    if (value < 0.04) continue;
    parts.push(
      element("rect", {
        class: "evidence",
        x: left + cell * width,
        y: top,
        width: width + 0.3,
        height: STRIP,
        opacity: Number(value.toFixed(2)),
      }),
    );
  }
  const title = `<title>where the network looked for ${escaped(name)}</title>`;
  return (
    element("g", {}, title + frame(top, STRIP) + parts.join("")) + rowName("network", top + 12)
  );
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function rowName(words: string, y: number): string {
  return text(MARGIN.left - 8, y, words, { "text-anchor": "end", class: "words", "font-size": 11 });
}

function tickRows(
  { candidates, references, observation }: IdentificationFigure,
  top: number,
  toX: PixelMap,
): string {
  const [first, last] = [observation.twoThetaDeg[0]!, observation.twoThetaDeg.at(-1)!];
  return [...candidates, ...references]
    .map(({ name, overlay }, row) => {
      const y = top + row * TICK_ROW;
      const isCandidate = row < candidates.length;
      const kind = isCandidate ? `ticks ticks-${row}` : "ticks ticks-reference";
      const d = overlay.lines
        .filter(({ twoThetaDeg: at }) => at >= first && at <= last)
        .map(({ twoThetaDeg: at }) => `M${px(toX(at))} ${y}v12`)
        .join("");
      const label = isCandidate ? String(row + 1) : `ref. ${row - candidates.length + 1}`;
      return `<g><title>${escaped(name)}</title>${path(kind, d)}</g>${rowName(label, y + 10)}`;
    })
    .join("");
}

function residualPanel(
  { twoThetaDeg, intensity, background }: Observation,
  { overlay }: LaidOver,
  top: number,
  toX: PixelMap,
): string {
  const { calculated, comparedDeg } = overlay;
  const end = twoThetaDeg.findIndex((at) => at > comparedDeg[1]);
  const x = twoThetaDeg.subarray(0, end < 0 ? twoThetaDeg.length : end);
  const difference = Float64Array.from(
    x,
    (_, i) => intensity[i]! - background[i]! - calculated[i]!,
  );
  const most = difference.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
  const middle = top + RESIDUAL / 2;
  const toY: PixelMap = (value) => middle - (value / most) * (RESIDUAL / 2 - 4);
  return element(
    "g",
    {},
    [
      frame(top, RESIDUAL),
      element("path", {
        class: "axis faint",
        d: `M${MARGIN.left} ${middle}H${WIDTH - MARGIN.right}`,
      }),
      path("residual", curvePath(x, difference, toX, toY)),
      yTitle("difference", middle),
      text(MARGIN.left - 8, top + 12, short(rounded(most)), {
        "text-anchor": "end",
        class: "words",
      }),
      text(MARGIN.left - 8, middle + 4, "0", { "text-anchor": "end", class: "words" }),
    ].join(""),
  );
}

function xAxis(label: string, top: number, ticks: readonly number[], toX: PixelMap): string {
  const marks = ticks.map(
    (tick) =>
      element("path", { class: "axis", d: `M${px(toX(tick))} ${top}v5` }) +
      text(toX(tick), top + 18, String(tick), { "text-anchor": "middle", class: "words" }),
  );
  const middle = (MARGIN.left + WIDTH - MARGIN.right) / 2;
  return (
    marks.join("") + text(middle, top + 38, label, { "text-anchor": "middle", class: "words" })
  );
}
