/** A plot as SVG: saved figures, reports, print. */
import { element, FONT_FAMILY, px, svgDocument, text } from "../svg.ts";
import { drawing, type Mark } from "./drawing.ts";
import { KEY_SIZE, keyMarks, type LegendEntry, legendMarks, legendOf } from "./legend.ts";
import { type PlotData, type PlotLook, seenWords } from "./model.ts";
import { colourIn, PLOT_THEMES, PLOT_VARIABLES, type PlotTheme } from "./palette.ts";

export interface FigureOptions {
  readonly look: PlotLook;
  readonly width?: number;
  /** The height of the plot; title and legend come on top. */
  readonly height?: number;
  /** Device pixels of one CSS pixel that curves are drawn for; 2 unless given. */
  readonly ratio?: number;
}

const WIDTH = 960;
const HEIGHT = 470;
const TITLE = 34;
const LEGEND_GAP = 10;

function markSvg(mark: Mark, theme: PlotTheme): string {
  const colour = colourIn(theme, mark.colour);
  const kind = { class: mark.part };
  const opacity = mark.alpha;
  switch (mark.kind) {
    case "stroke": {
      if (mark.runs.length === 0) return "";
      const dash = mark.dash.length === 0 ? undefined : mark.dash.join(" ");
      return element("path", {
        ...kind,
        d: mark.runs.map((run) => pathOf(run)).join(""),
        fill: "none",
        stroke: colour,
        "stroke-width": mark.width,
        "stroke-linejoin": "round",
        "stroke-dasharray": dash,
        opacity,
      });
    }
    case "fill": {
      const d = mark.runs.map((run) => `${pathOf(run)}Z`).join("");
      return element("path", { ...kind, d, fill: colour, opacity });
    }
    case "dots": {
      const { points, radius } = mark;
      const d: string[] = [];
      for (let i = 0; i < points.length; i += 2)
        d.push(`M${px(points[i]!)} ${px(points[i + 1]!)}h0`);
      return element("path", {
        ...kind,
        d: d.join(""),
        fill: "none",
        stroke: colour,
        "stroke-width": 2 * radius,
        "stroke-linecap": "round",
        opacity,
      });
    }
    case "words":
      return wordsSvg(mark, colour, theme);
  }
}

function wordsSvg(
  mark: Mark & { readonly kind: "words" },
  colour: string,
  theme: PlotTheme,
): string {
  const { part, x, y, isTurned, isBold, hasRim } = mark;
  const shared = {
    class: part,
    "font-size": mark.size,
    "text-anchor": mark.anchor === "start" ? undefined : mark.anchor,
    "font-weight": isBold === true ? 700 : undefined,
    transform: isTurned === true ? `translate(${px(x)} ${px(y)}) rotate(-90)` : undefined,
  };
  const [atX, atY] = isTurned === true ? [0, 0] : [x, y];
  // A rim, drawn first, keeps words readable where a peak passes behind them; not every renderer knows `paint-order`.
  const rim = {
    fill: theme.paper,
    stroke: theme.paper,
    "stroke-width": 3,
    "stroke-linejoin": "round",
  };
  return (
    (hasRim === true
      ? text(atX, atY, mark.text, { ...shared, class: "rim", "aria-hidden": "true", ...rim })
      : "") + text(atX, atY, mark.text, { ...shared, fill: colour })
  );
}

/** A point that is no other place than the last is left out. */
function pathOf(run: readonly number[]): string {
  const parts: string[] = [];
  let last = "";
  for (let i = 0; i < run.length; i += 2) {
    const point = `${px(run[i]!)} ${px(run[i + 1]!)}`;
    if (point !== last) parts.push(`${i === 0 ? "M" : "L"}${point}`);
    last = point;
  }
  return parts.join("");
}

interface Inner {
  readonly body: string;
  readonly height: number;
}

function inner(data: PlotData, options: FigureOptions, theme: PlotTheme): Inner {
  const { look, width = WIDTH, height = HEIGHT, ratio = 2 } = options;
  const { marks, frame } = drawing(data, look, { width, height }, ratio);
  const top = height + LEGEND_GAP;
  const legend = legendMarks(legendOf(data), Math.min(frame.left, 62), frame.right, top);
  return {
    body: [...marks, ...legend.marks].map((mark) => markSvg(mark, theme)).join(""),
    height: top + legend.height,
  };
}

/** A stand-alone SVG document, dark on white, with title and legend. */
export function plotFigure(title: string, data: PlotData, options: FigureOptions): string {
  const { width = WIDTH } = options;
  const theme = PLOT_THEMES.light;
  const { body, height } = inner(data, options, theme);
  const head = text(14, 24, title, { "font-size": 16, "font-weight": 600, fill: theme.ink });
  const moved = element("g", { transform: `translate(0 ${TITLE})` }, body);
  const seen = element("desc", {}, seenWords(data, options.look));
  return svgDocument(width, TITLE + height + 8, title, seen + head + moved);
}

/**
 * An `svg` element for a page, as wide as there is room. @param theme one with variables follows the page; a page that has them
 * carries `plotVariables`
 */
export function plotElement(
  title: string,
  data: PlotData,
  options: FigureOptions,
  theme: PlotTheme,
): string {
  const { width = WIDTH } = options;
  const { body, height } = inner(data, options, theme);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "figure",
      viewBox: `0 0 ${width} ${px(height)}`,
      role: "img",
      "aria-label": title,
      "font-family": FONT_FAMILY,
    },
    body,
  );
}

/** The key of an entry alone, for a legend in a page that carries `plotVariables`. */
export function legendKey(entry: LegendEntry): string {
  const { width, height } = KEY_SIZE;
  const marks = keyMarks(entry, 0, height / 2).map((mark) => markSvg(mark, PLOT_VARIABLES));
  return element(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    marks.join(""),
  );
}
