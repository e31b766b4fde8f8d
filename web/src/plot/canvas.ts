/** A plot on a canvas: the same marks as in the saved figure. */
import { type Drawing, drawing, type Mark } from "../../../src/report/plot/drawing.ts";
import type { Size } from "../../../src/report/plot/frame.ts";
import type { PlotData, PlotLook } from "../../../src/report/plot/model.ts";
import { colourIn, type PlotTheme } from "../../../src/report/plot/palette.ts";

/** What of a canvas is drawn with. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "stroke"
  | "fill"
  | "fillRect"
  | "fillText"
  | "strokeText"
  | "clearRect"
  | "save"
  | "restore"
  | "translate"
  | "rotate"
  | "setLineDash"
  | "strokeStyle"
  | "fillStyle"
  | "lineWidth"
  | "lineJoin"
  | "globalAlpha"
  | "font"
  | "textAlign"
  | "textBaseline"
>;

const ANCHORS = { start: "left", middle: "center", end: "right" } as const;

function follow(pen: Pen, run: readonly number[]): void {
  for (let i = 0; i < run.length; i += 2)
    if (i === 0) pen.moveTo(run[0]!, run[1]!);
    else pen.lineTo(run[i]!, run[i + 1]!);
}

function drawMark(pen: Pen, mark: Mark, theme: PlotTheme, font: string): void {
  const colour = colourIn(theme, mark.colour);
  pen.globalAlpha = mark.alpha ?? 1;
  switch (mark.kind) {
    case "stroke":
      pen.strokeStyle = colour;
      pen.lineWidth = mark.width;
      pen.setLineDash([...mark.dash]);
      pen.beginPath();
      for (const run of mark.runs) follow(pen, run);
      pen.stroke();
      break;
    case "fill":
      pen.fillStyle = colour;
      pen.beginPath();
      for (const run of mark.runs) {
        follow(pen, run);
        pen.closePath();
      }
      pen.fill();
      break;
    case "dots": {
      // Squares of this size look round, and 3,000 are drawn in a millisecond.
      const { points, radius } = mark;
      pen.fillStyle = colour;
      for (let i = 0; i < points.length; i += 2)
        pen.fillRect(points[i]! - radius, points[i + 1]! - radius, 2 * radius, 2 * radius);
      break;
    }
    case "words":
      pen.save();
      pen.translate(mark.x, mark.y);
      if (mark.isTurned === true) pen.rotate(-Math.PI / 2);
      pen.font = `${mark.isBold === true ? "bold " : ""}${mark.size}px ${font}`;
      pen.textAlign = ANCHORS[mark.anchor];
      pen.textBaseline = "alphabetic";
      if (mark.hasRim === true) {
        pen.strokeStyle = theme.paper;
        pen.lineWidth = 3;
        pen.setLineDash([]);
        pen.strokeText(mark.text, 0, 0);
      }
      pen.fillStyle = colour;
      pen.fillText(mark.text, 0, 0);
      pen.restore();
  }
}

/** @param ratio device pixels of one CSS pixel; the pen draws in CSS pixels */
export function drawPlot(
  pen: Pen,
  data: PlotData,
  look: PlotLook,
  size: Size,
  {
    theme,
    font,
    ratio,
  }: { readonly theme: PlotTheme; readonly font: string; readonly ratio: number },
): Drawing {
  const drawn = drawing(data, look, size, ratio);
  pen.clearRect(0, 0, size.width, size.height);
  pen.lineJoin = "round";
  for (const mark of drawn.marks) drawMark(pen, mark, theme, font);
  pen.globalAlpha = 1;
  return drawn;
}
