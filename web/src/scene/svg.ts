/** Marks as SVG on white, for print. */
import { LIGHT, shaded } from "./light.ts";
import type { Bar, Edge, Mark } from "./project.ts";

const LINE = "#777777";
const ACCENT = "#0b5c8a";

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function line({ x1, y1, x2, y2 }: Bar | Edge, colour: string, width: number): string {
  return `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${colour}" stroke-width="${n(width)}"/>`;
}

function ring(x: number, y: number, r: number, colour: string, width: number): string {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
}

function markSvg(mark: Mark, colours: readonly string[]): string {
  if (mark.kind === "edge") return line(mark, LINE, 1);
  if (mark.kind === "circle") return ring(mark.x, mark.y, mark.r, LINE, 1);
  if (mark.kind === "bar")
    return (
      line(mark, shaded(mark.colour, -0.35), mark.width) +
      line(mark, mark.colour, mark.width * 0.62)
    );
  if (mark.kind === "word")
    return `<text x="${n(mark.x)}" y="${n(mark.y)}" font-family="serif" font-style="italic" font-size="15" text-anchor="middle" dominant-baseline="central">${mark.text}</text>`;
  const { x, y, r, colour, opacity } = mark;
  const fade = opacity < 1 ? ` opacity="${n(opacity)}"` : "";
  const disc = `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="url(#g${colours.indexOf(colour)})"${fade}/>`;
  return mark.ring ? disc + ring(x, y, r + 3, ACCENT, 2) : disc;
}

export function sceneSvg(
  marks: readonly Mark[],
  { width, height }: { readonly width: number; readonly height: number },
  title: string,
): string {
  const discs = marks.flatMap((mark) => (mark.kind === "disc" ? [mark.colour] : []));
  const colours = [...new Set(discs)];
  const gradients = colours.map((colour, i) => {
    const stops = LIGHT.stops.map(
      ([at, by]) => `<stop offset="${at}" stop-color="${shaded(colour, by)}"/>`,
    );
    return `<radialGradient id="g${i}" fx="${LIGHT.x / 2}" fy="${LIGHT.y / 2}">${stops.join("")}</radialGradient>`;
  });
  const safe = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const [w, h] = [n(width), n(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"><title>${safe}</title><defs>${gradients.join("")}</defs><rect width="100%" height="100%" fill="#ffffff"/>${marks.map((mark) => markSvg(mark, colours)).join("")}</svg>\n`;
}
