/** The format of a figure, from the name of its file. */
import { extname } from "node:path";
import { EwaldError } from "../errors.ts";

export type FigureFormat = "svg" | "png";

/** @throws EwaldError `usage/figure-format` for a name that ends in neither .svg nor .png. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).toLowerCase();
  if (ending === ".svg") return "svg";
  if (ending === ".png") return "png";
  throw new EwaldError("usage/figure-format", `a figure ends in .svg or .png, not "${ending}"`, {
    value: path,
  });
}
