/**
 * Reciprocal points of crystals in the limiting sphere, and their intensities in order of hkl as a bar code (as Fig. 2 of Y. Wang et
 * al. 2022). Data in, SVG text out.
 */
import type { GalleryFigure } from "./figure-records.ts";
import { project } from "./critical-points-figure.ts";
import { printedFormula } from "./notation.ts";
import { CURVE_COLOURS, element, px, svgDocument, text } from "./svg.ts";

const MARGIN = 24;
const HEAD = 50;
const ABREAST = 3;
const PANEL_WIDTH = 270;
const PANEL_HEIGHT = 300;
const RADIUS = 96;
const BAR_WIDTH = 2;
const BAR_HEIGHT = 34;
const GREY = "#b9b9b9";

type Panel = GalleryFigure["panels"][number];

/** Far points first; larger and darker where the intensity is. Points outside the sphere are left out, as in the paper. */
function drawSphere({ points }: Panel, x: number, y: number, limit: number): string {
  const dots = points
    .filter(({ gInvAngstrom, intensity }) => intensity > 0 && Math.hypot(...gInvAngstrom) <= limit)
    .map(({ gInvAngstrom, intensity }) => ({ ...project(gInvAngstrom), intensity }))
    .sort((a, b) => a.depth - b.depth);
  const circle = element("circle", { cx: x, cy: y, r: RADIUS, fill: "#f4f4f4", stroke: GREY });
  const drawn = dots.map((dot) =>
    element("circle", {
      cx: x + (dot.x / limit) * RADIUS,
      cy: y + (dot.y / limit) * RADIUS,
      r: 0.8 + 4 * dot.intensity,
      fill: CURVE_COLOURS[1],
      "fill-opacity": px(0.25 + 0.75 * dot.intensity),
    }),
  );
  return [circle, ...drawn].join("");
}

function drawBars({ points }: Panel, x: number, y: number): string {
  const left = x - (points.length * BAR_WIDTH) / 2;
  return points
    .map(({ intensity }, i) => {
      const shade = Math.round(255 * (1 - intensity));
      return element("rect", {
        x: left + i * BAR_WIDTH,
        y,
        width: BAR_WIDTH,
        height: BAR_HEIGHT,
        fill: `rgb(${shade},${shade},${shade})`,
      });
    })
    .join("");
}

export function galleryFigure({
  title,
  subtitle,
  panels,
  radiusInvAngstrom,
}: GalleryFigure): string {
  const parts = [
    text(MARGIN, 30, title, { "font-size": 17, "font-weight": "bold" }),
    text(MARGIN, 50, subtitle, { fill: "#555555" }),
  ];
  for (const [i, panel] of panels.entries()) {
    const x = MARGIN + PANEL_WIDTH * ((i % ABREAST) + 0.5);
    const top = HEAD + 16 + PANEL_HEIGHT * Math.floor(i / ABREAST);
    const y = top + 34 + RADIUS;
    parts.push(
      text(x, top + 18, printedFormula(panel.title), {
        "text-anchor": "middle",
        "font-size": 15,
        "font-weight": "bold",
      }),
      drawSphere(panel, x, y, radiusInvAngstrom),
      drawBars(panel, x, y + RADIUS + 12),
    );
  }
  const height = HEAD + 16 + PANEL_HEIGHT * Math.ceil(panels.length / ABREAST);
  return svgDocument(2 * MARGIN + ABREAST * PANEL_WIDTH, height, title, parts.join(""));
}
