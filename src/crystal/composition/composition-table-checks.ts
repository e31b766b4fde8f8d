/** Checks of a table of compositions against its own statements: its total, its column in the other unit. */
import type { Warning } from "../../errors.ts";
import type { CompositionColumns } from "./composition-columns.ts";
import { type MeasuredComposition, measuredComposition } from "./composition-measured.ts";

/** at% between the table's own two columns; beyond what rounding explains. */
const DISAGREEMENT = 1;
/** The difference from the stated total from which on a warning is given; rounding of many rows is less. */
const TOTAL_DISAGREEMENT = 0.6;

export interface StatedTotal {
  /** The numbers that may be it: columns of blanks close up where a cell is empty. */
  readonly candidates: readonly number[];
  readonly line: number;
}

/** Where the table's own total is another, a row was not read or stands twice. */
export function totalWarning(
  { total, unit }: MeasuredComposition,
  stated: StatedTotal | undefined,
  what: string,
): Warning[] {
  if (stated === undefined) return [];
  const off = stated.candidates.map((one) => Math.abs(one - total));
  if (off.some((one) => one <= TOTAL_DISAGREEMENT)) return [];
  const nearest = stated.candidates[off.indexOf(Math.min(...off))]!;
  return [
    {
      code: "composition/table-total",
      message: `the ${what} sum to ${Number(total.toPrecision(5))} ${unit}, the table says ${nearest}`,
      line: stated.line,
    },
  ];
}

/** Where the table's other column gives another composition. */
export function disagreementWarning(
  composition: MeasuredComposition,
  checks: ReadonlyMap<string, number>,
  { check, value }: CompositionColumns,
  headings: readonly string[],
  line: number,
): Warning[] {
  if (check === undefined || checks.size !== composition.readings.length) return [];
  const isOfCompounds = composition.amounts.length !== checks.size;
  // at% of oxides counts other things.
  if (isOfCompounds && (check.unit === "at%" || value.unit === "at%")) return [];
  if ([...checks.values()].every((one) => one === 0)) return [];
  const other = measuredComposition(
    [...checks].map(([component, amount]) => ({ component, value: amount })),
    check.unit,
  );
  const theirs = new Map(other.amounts.map((one) => [one.element, one.amount]));
  const worst = composition.amounts
    .map(({ element, amount }) => ({ element, amount, other: theirs.get(element) ?? 0 }))
    .reduce((a, b) => (Math.abs(b.amount - b.other) > Math.abs(a.amount - a.other) ? b : a));
  const off = 100 * Math.abs(worst.amount - worst.other);
  if (off <= DISAGREEMENT) return [];
  const percent = (amount: number): string => (100 * amount).toFixed(1);
  return [
    {
      code: "composition/table-disagrees",
      message:
        `the columns "${headings[value.index]!.trim()}" and "${headings[check.index]!.trim()}" disagree: ${worst.element} is ` +
        `${percent(worst.amount)} at% by the first, which was taken, and ${percent(worst.other)} at% by the second`,
      line,
    },
  ];
}
