/**
 * SVG to PNG in Node, drawn by Skia (`@napi-rs/canvas`, an optional dependency: the SVG itself needs
 * nothing). In the browser the page's own canvas does the same.
 */
import { EwaldError } from "../errors.ts";

/** Twice the CSS size: sharp on screens and at 300 dpi over half a page. */
const PIXEL_RATIO = 2;

/** @throws EwaldError `figure/no-canvas`, `figure/no-fonts` with SVG as the way out. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  let canvas;
  try {
    canvas = await import("@napi-rs/canvas");
  } catch (cause) {
    throw new EwaldError(
      "figure/no-canvas",
      "PNG figures need the optional package @napi-rs/canvas",
      {
        cause,
        hint: "Install it, or write an .svg file.",
      },
    );
  }
  if (canvas.GlobalFonts.families.length === 0) {
    throw new EwaldError(
      "figure/no-fonts",
      "this machine has no fonts to draw a PNG's words with",
      {
        hint: "Install a font such as DejaVu Sans, or write an .svg file.",
      },
    );
  }
  const image = await canvas.loadImage(Buffer.from(svg));
  const target = canvas.createCanvas(image.width * PIXEL_RATIO, image.height * PIXEL_RATIO);
  target.getContext("2d").drawImage(image, 0, 0, target.width, target.height);
  return target.encode("png");
}
