/** Words of options to values, refused with what was given and what would do. */
import { InvalidArgumentError } from "commander";
import { extname } from "node:path";
import { EwaldError } from "../errors.ts";

function refuse(given: string, wanted: string): never {
  throw new InvalidArgumentError(`"${given}" is not ${wanted}.`);
}

export function positiveNumber(unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    return text.trim() !== "" && value > 0 && Number.isFinite(value)
      ? value
      : refuse(text, `a positive number (${unit})`);
  };
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : refuse(text, "a positive whole number");
}

/** `5:90` → [5, 90], rising. */
export function range(text: string): readonly [number, number] {
  const [from, to, ...rest] = text
    .split(":")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (from === undefined || to === undefined || rest.length > 0 || !(from < to)) {
    refuse(text, "a range FROM:TO with FROM below TO, such as 5:90");
  }
  return [from, to];
}

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
