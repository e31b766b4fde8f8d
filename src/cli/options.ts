/** Words of options to values, refused with what was given and what would do. */
import { InvalidArgumentError, Option } from "commander";
import { extname } from "node:path";
import type { Fractions } from "../data/splits.ts";
import { EwaldError } from "../errors.ts";

function refuse(given: string, wanted: string): never {
  throw new InvalidArgumentError(`"${given}" is not ${wanted}.`);
}

/** A finite number that lies within the bound. */
function boundedNumber(
  within: (value: number) => boolean,
  wanted: string,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    return text.trim() !== "" && within(value) && Number.isFinite(value)
      ? value
      : refuse(text, wanted);
  };
}

export function positiveNumber(unit: string): (text: string) => number {
  return boundedNumber((value) => value > 0, `a positive number (${unit})`);
}

export function nonNegativeNumber(unit: string): (text: string) => number {
  return boundedNumber((value) => value >= 0, `0 or a positive number (${unit})`);
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : refuse(text, "a positive whole number");
}

export type SymmetryChoice = "listed" | "declared";

/** Wherever structures are read. */
export function symmetryOption(): Option {
  return new Option(
    "--symmetry <which>",
    "which to believe where the operations that a CIF lists and the space group that it names contradict (refused unless said)",
  ).choices(["listed", "declared"]);
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

/** `5:90` within what a diffractometer can reach, degrees. */
export function twoThetaRange(text: string): readonly [number, number] {
  const [from, to] = range(text);
  return from >= 0 && to <= 180
    ? [from, to]
    : refuse(text, "a range of 2θ FROM:TO within 0 and 180°, such as 5:90");
}

/** train=0.7,val=0.15,test=0.15 */
export function fractions(text: string): Fractions {
  const parts = text.split(",").map((part) => part.split("="));
  if (parts.some(([name, value]) => !name || value === undefined || !(Number(value) > 0))) {
    throw new InvalidArgumentError(
      `"${text}" is not parts with shares, such as train=0.7,val=0.15,test=0.15.`,
    );
  }
  return Object.fromEntries(parts.map(([name, value]) => [name!.trim(), Number(value)]));
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
