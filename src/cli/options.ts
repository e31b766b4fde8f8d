/** Words of options to values, refused with what was given and what would do. */
import { InvalidArgumentError, Option } from "commander";

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`"${text}" is not a positive whole number.`);
}

export type SymmetryChoice = "listed" | "declared";

/** Wherever structures are read. */
export function symmetryOption(): Option {
  return new Option(
    "--symmetry <which>",
    "which to believe where the operations that a CIF lists and the space group that it names contradict (refused unless said)",
  ).choices(["listed", "declared"]);
}
