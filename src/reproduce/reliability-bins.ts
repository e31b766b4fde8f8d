/** Bins of a stated reliability out of the ledger, for the reliability diagram. */
import { type ComputedEntry } from "./ledger.ts";
import { type LedgerTable } from "./ledger.ts";
import { EwaldError } from "../errors.ts";
import type { ReliabilityBin } from "../report/reliability-figure.ts";

const BIN = /stated as ([\d.]+) to ([\d.]+) \(([\d.]+) on average\)/;

/** @throws EwaldError `ledger/unknown-entry` for a table that holds none */
export function reliabilityBins({ paper, table, entries }: LedgerTable): ReliabilityBin[] {
  const bins = entries
    .filter((entry): entry is ComputedEntry => entry.role !== "paper")
    .flatMap(({ quantity, value, n, interval }) => {
      const found = BIN.exec(quantity);
      if (found === null || n === null || interval === undefined) return [];
      const [lower, upper, stated] = found.slice(1).map(Number) as [number, number, number];
      const range = [interval.lower, interval.upper] as const;
      return [{ lower, upper, stated, right: value, count: n, interval: range }];
    });
  if (bins.length > 0) return bins;
  throw new EwaldError("ledger/unknown-entry", `${paper}/${table} holds no bins of reliability`);
}
