/** The part of an axis that a figure shows, from the option `--view`. */
import { EwaldError } from "../errors.ts";
import type { PlotView } from "../report/plot/model.ts";

/** Null: all of it. */
export function viewOf(range: readonly [number, number] | undefined): PlotView | null {
  return range === undefined ? null : { from: range[0], to: range[1] };
}

/**
 * @param ranges their points on the axis, rising or falling
 * @throws EwaldError `usage/view` where the figure would show nothing of this scan
 */
export function checkView(
  view: PlotView | null,
  ranges: readonly { readonly axis: { readonly values: ArrayLike<number> } }[],
  input: string,
): void {
  if (view === null) return;
  const ends = ranges.flatMap(({ axis: { values } }) => [values[0]!, values[values.length - 1]!]);
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  if (view.from < to && view.to > from) return;
  throw new EwaldError("usage/view", `--view ${view.from}:${view.to} shows nothing of the scan`, {
    source: input,
    hint: `It goes from ${from} to ${to}.`,
  });
}
