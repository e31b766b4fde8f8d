/** Panels of horizontal bars, two abreast: what a table holds, at a glance. Data in, SVG text out. */
import { CURVE_COLOURS, element, svgDocument, text } from "./svg.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Written behind the bar; the value unless given. */
  readonly note?: string;
}

export interface BarPanel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface BarsFigure {
  readonly title: string;
  readonly subtitle?: string;
  readonly panels: readonly BarPanel[];
}

const PANEL_WIDTH = 495;
const MARGIN = 24;
const NAME_WIDTH = 190;
const NOTE_WIDTH = 110;
const BAR_STEP = 20;
const BAR_HEIGHT = 14;
const HEAD_HEIGHT = 64;
const PANEL_HEAD = 30;

function panelHeight(panel: BarPanel): number {
  return PANEL_HEAD + panel.bars.length * BAR_STEP + 18;
}

function drawPanel(panel: BarPanel, left: number, top: number): string {
  const longest = Math.max(...panel.bars.map((bar) => bar.value), Number.MIN_VALUE);
  const room = PANEL_WIDTH - NAME_WIDTH - NOTE_WIDTH;
  const parts = [text(left, top + 14, panel.title, { "font-weight": "bold" })];
  for (const [i, bar] of panel.bars.entries()) {
    const y = top + PANEL_HEAD + i * BAR_STEP;
    const width = Math.max(0, (bar.value / longest) * room);
    const x = left + NAME_WIDTH;
    parts.push(text(x - 8, y + 11, bar.name, { "text-anchor": "end" }));
    parts.push(element("rect", { x, y, width, height: BAR_HEIGHT, fill: CURVE_COLOURS[1] }));
    parts.push(
      text(x + width + 6, y + 11, bar.note ?? bar.value.toLocaleString("en-US"), {
        "font-size": 12,
      }),
    );
  }
  return parts.join("");
}

export function barsFigure(figure: BarsFigure): string {
  const parts = [text(MARGIN, 28, figure.title, { "font-size": 17, "font-weight": "bold" })];
  if (figure.subtitle !== undefined)
    parts.push(text(MARGIN, 48, figure.subtitle, { fill: "#555555" }));
  const bottoms = [HEAD_HEIGHT, HEAD_HEIGHT];
  for (const panel of figure.panels) {
    // Each panel goes where more room is: columns end nearly level whatever the panels' heights.
    const column = bottoms[0]! <= bottoms[1]! ? 0 : 1;
    parts.push(drawPanel(panel, MARGIN + column * (PANEL_WIDTH + MARGIN), bottoms[column]!));
    bottoms[column]! += panelHeight(panel);
  }
  const width = 2 * PANEL_WIDTH + 3 * MARGIN;
  return svgDocument(width, Math.max(...bottoms) + 12, figure.title, parts.join(""));
}
