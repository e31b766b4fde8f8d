/** Marks on a canvas. */
import { LIGHT, shaded } from "./light.ts";
import type { Bar, Edge, Mark } from "./project.ts";

export interface SceneInk {
  readonly ink: string;
  readonly line: string;
  readonly accent: string;
  readonly font: string;
}

const SPRITE = 96;
const sprites = new Map<string, HTMLCanvasElement>();

/** A lit sphere, drawn once per colour: stamping it is far quicker than a gradient for each atom. */
function sprite(colour: string): HTMLCanvasElement {
  const known = sprites.get(colour);
  if (known !== undefined) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SPRITE;
  const context = canvas.getContext("2d")!;
  const middle = SPRITE / 2;
  const light = [middle * LIGHT.x, middle * LIGHT.y] as const;
  const gradient = context.createRadialGradient(...light, 1, middle, middle, middle);
  for (const [at, by] of LIGHT.stops) gradient.addColorStop(at, shaded(colour, by));
  context.fillStyle = gradient;
  context.beginPath();
  context.arc(middle, middle, middle - 1, 0, 2 * Math.PI);
  context.fill();
  sprites.set(colour, canvas);
  return canvas;
}

export function paint(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  size: { readonly width: number; readonly height: number },
  ink: SceneInk,
): void {
  context.clearRect(0, 0, size.width, size.height);
  for (const mark of marks) {
    if (mark.kind === "disc") {
      const { x, y, r } = mark;
      context.globalAlpha = mark.opacity;
      context.drawImage(sprite(mark.colour), x - r, y - r, 2 * r, 2 * r);
      context.globalAlpha = 1;
      if (mark.ring) circle(context, x, y, r + 3, ink.accent, 2);
    } else if (mark.kind === "bar") {
      stroke(context, mark, shaded(mark.colour, -0.35), mark.width);
      stroke(context, mark, mark.colour, mark.width * 0.62);
    } else if (mark.kind === "edge") stroke(context, mark, ink.line, 1);
    else if (mark.kind === "circle") circle(context, mark.x, mark.y, mark.r, ink.line, 1);
    else {
      context.font = `italic 600 15px ${ink.font}`;
      context.fillStyle = ink.ink;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(mark.text, mark.x, mark.y);
    }
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  { x1, y1, x2, y2 }: Bar | Edge,
  colour: string,
  width: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function circle(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  colour: string,
  width: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.stroke();
}
