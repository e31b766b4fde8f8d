/**
 * Which reciprocal points decided: per structure a strip of d spacings and a view into the limiting sphere (as Fig. 5 of Y. Wang
 * et al. 2022). Points that the pool took something from are coloured, by share; the others are grey. Data in, SVG text out.
 */
import { morePositive } from "../diffraction/laue.ts";
import type { Vec3 } from "../math/matrix3.ts";
import { printedFormula, printedHkl } from "./notation.ts";
import { CURVE_COLOURS, element, px, svgDocument, text } from "./svg.ts";

export interface CriticalPointsRow {
  readonly title: string;
  /** Written below the title: what was predicted. */
  readonly subtitle?: string;
  /** Index into the figure's colours: structures of one answer have one colour. */
  readonly colour: number;
  /** One of each Friedel pair; the origin may be among them. */
  readonly points: readonly {
    readonly hkl: Vec3;
    readonly gInvAngstrom: Vec3;
    readonly share: number;
  }[];
}

export interface CriticalPointsFigure {
  readonly title: string;
  readonly rows: readonly CriticalPointsRow[];
  /** Radius of the sphere, 1/Å. */
  readonly radiusInvAngstrom: number;
}

const MARGIN = 24;
const ROW_HEIGHT = 216;
const HEAD = 50;
const STRIP_LEFT = 190;
const STRIP_WIDTH = 470;
const SPHERE_X = 800;
const SPHERE_RADIUS = 92;
const WIDTH = 920;
const LABELS = 5;
const GREY = "#b9b9b9";

/** Seen a little from above and from the side, so that axes do not hide one another. */
const TURN = ((): readonly [Vec3, Vec3, Vec3] => {
  const [az, el] = [0.42, 0.3];
  const right: Vec3 = [Math.cos(az), Math.sin(az), 0];
  const up: Vec3 = [Math.sin(az) * Math.sin(el), -Math.cos(az) * Math.sin(el), Math.cos(el)];
  const toward: Vec3 = [Math.sin(az) * Math.cos(el), -Math.cos(az) * Math.cos(el), -Math.sin(el)];
  return [right, up, toward];
})();

/** On the paper's plane, y downwards; `depth` towards the eye. */
export function project(g: Vec3): { x: number; y: number; depth: number } {
  const [x, y, depth] = TURN.map((axis) => axis[0] * g[0] + axis[1] * g[1] + axis[2] * g[2]) as [
    number,
    number,
    number,
  ];
  return { x, y: -y, depth };
}

function colourOf(row: CriticalPointsRow): string {
  return CURVE_COLOURS[1 + (row.colour % (CURVE_COLOURS.length - 1))]!;
}

/** d spacings over the longest: a stick per spacing, as high as its points' share together. */
function drawStrip(row: CriticalPointsRow, top: number): string {
  const spacings = new Map<string, { d: number; share: number; hkl: Vec3; most: number }>();
  let origin = 0;
  for (const { gInvAngstrom, share, hkl } of row.points) {
    const g = Math.hypot(...gInvAngstrom);
    if (g === 0) {
      origin += share;
      continue;
    }
    const key = (1 / g).toPrecision(4);
    const before = spacings.get(key);
    // Members of one family have one share but for rounding.
    const isMore = before === undefined || share > before.most * 1.001;
    const isEqual = before !== undefined && share > before.most * 0.999;
    spacings.set(key, {
      d: 1 / g,
      share: share + (before?.share ?? 0),
      hkl: isMore ? hkl : isEqual ? morePositive(before.hkl, hkl) : before.hkl,
      most: isMore ? share : before.most,
    });
  }
  const all = [...spacings.values()];
  const longest = Math.max(...all.map(({ d }) => d));
  const highest = Math.max(...all.map(({ share }) => share), 1e-9);
  const base = top + ROW_HEIGHT - 58;
  const height = ROW_HEIGHT - 112;
  const x = (d: number): number => STRIP_LEFT + (d / longest) * STRIP_WIDTH;
  const parts = [
    element("line", {
      x1: STRIP_LEFT,
      y1: base,
      x2: STRIP_LEFT + STRIP_WIDTH,
      y2: base,
      stroke: "#1a1a1a",
    }),
  ];
  for (const { d } of all)
    parts.push(element("line", { x1: x(d), y1: base, x2: x(d), y2: base + 8, stroke: GREY }));
  const winners = all.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  const labelled: number[] = [];
  for (const { d, share, hkl } of winners) {
    const y = base - Math.max(3, (share / highest) * height);
    parts.push(
      element("line", {
        x1: x(d),
        y1: base,
        x2: x(d),
        y2: y,
        stroke: colourOf(row),
        "stroke-width": 3,
      }),
    );
    // A label only where it does not lie on another.
    if (labelled.length >= LABELS || labelled.some((other) => Math.abs(other - x(d)) < 70))
      continue;
    labelled.push(x(d));
    const label = `${printedHkl(hkl)} · ${(100 * share).toFixed(0)} %`;
    parts.push(text(x(d), y - 6, label, { "text-anchor": "middle", "font-size": 11 }));
  }
  for (const tick of [0, 0.25, 0.5, 0.75, 1])
    parts.push(
      text(STRIP_LEFT + tick * STRIP_WIDTH, base + 24, String(tick), {
        "text-anchor": "middle",
        "font-size": 11,
      }),
    );
  const axis = `d / ${longest.toFixed(2)} Å${origin > 0 ? `; origin: ${(100 * origin).toFixed(0)} %` : ""}`;
  parts.push(
    text(STRIP_LEFT + STRIP_WIDTH / 2, base + 42, axis, {
      "text-anchor": "middle",
      "font-size": 12,
    }),
  );
  return parts.join("");
}

/** Both Friedel mates, the far ones first. */
function drawSphere(row: CriticalPointsRow, top: number, radius: number): string {
  const centreY = top + ROW_HEIGHT / 2 - 6;
  const parts = [
    element("circle", {
      cx: SPHERE_X,
      cy: centreY,
      r: SPHERE_RADIUS,
      fill: "#f4f4f4",
      stroke: GREY,
    }),
  ];
  const most = Math.max(...row.points.map(({ share }) => share), 1e-9);
  const dots = row.points
    .flatMap(({ gInvAngstrom: g, share }) => {
      const other: Vec3 = [-g[0], -g[1], -g[2]];
      return Math.hypot(...g) === 0
        ? [{ ...project(g), share }]
        : [
            { ...project(g), share },
            { ...project(other), share },
          ];
    })
    .sort((a, b) => Number(a.share > 0) - Number(b.share > 0) || a.depth - b.depth);
  for (const { x, y, depth, share } of dots) {
    // Nearer points are drawn stronger: the eye reads it as depth.
    const near = 0.55 + 0.45 * ((depth / radius + 1) / 2);
    parts.push(
      element("circle", {
        cx: SPHERE_X + (x / radius) * SPHERE_RADIUS,
        cy: centreY + (y / radius) * SPHERE_RADIUS,
        r: share > 0 ? 2.5 + 4 * Math.sqrt(share / most) : 1.6,
        fill: share > 0 ? colourOf(row) : GREY,
        "fill-opacity": px(near),
      }),
    );
  }
  parts.push(
    text(SPHERE_X, centreY + SPHERE_RADIUS + 15, `|g| ≤ ${radius.toFixed(2)} 1/Å`, {
      "text-anchor": "middle",
      "font-size": 11,
      fill: "#555555",
    }),
  );
  return parts.join("");
}

/** The reciprocal lattice points that decided predictions, as an SVG document: one row for each structure. */
export function criticalPointsFigure(figure: CriticalPointsFigure): string {
  const parts = [text(MARGIN, 30, figure.title, { "font-size": 17, "font-weight": "bold" })];
  for (const [i, row] of figure.rows.entries()) {
    const top = HEAD + i * ROW_HEIGHT;
    parts.push(
      text(MARGIN, top + 84, printedFormula(row.title), { "font-size": 16, "font-weight": "bold" }),
    );
    for (const [line, words] of (row.subtitle ?? "").split("\n").entries())
      parts.push(text(MARGIN, top + 106 + 18 * line, words, { fill: "#555555", "font-size": 12 }));
    parts.push(drawStrip(row, top), drawSphere(row, top, figure.radiusInvAngstrom));
  }
  return svgDocument(
    WIDTH,
    HEAD + figure.rows.length * ROW_HEIGHT + 8,
    figure.title,
    parts.join(""),
  );
}
