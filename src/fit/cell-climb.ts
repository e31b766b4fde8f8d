/** The cell with which a quality is highest, sought step by step from one that is near. */
import { changed, type FittedCell, freedom } from "./cell-fit.ts";
import type { LineList } from "../diffraction/line-list.ts";

/** First and last step of {@link climb}: of lengths (relative), angles and zero shift (degrees). */
const FIRST_STEP = { length: 1.5e-3, turnDeg: 0.1, zeroDeg: 0.02 } as const;
const LAST_SHARE = 1 / 16;
/** Steps of one size in a row. */
const MOST_STEPS = 8;

/**
 * From a cell up to the nearest maximum of a quality, by steps along each free parameter in turn and parabolas through them: for
 * where pairs of peaks and lines lead nowhere, and what was found on a grid must not stay on it.
 */
export function climb(
  lines: LineList,
  start: FittedCell,
  quality: (fitted: FittedCell) => number,
): FittedCell {
  const [lengths, angles] = freedom(lines.system);
  const p = new Float64Array(lengths + angles + 1);
  const { length, turnDeg, zeroDeg } = FIRST_STEP;
  const steps = Array.from(p, (_, j) =>
    j < lengths ? length : j < lengths + angles ? turnDeg : zeroDeg,
  );
  const here = (): FittedCell => ({
    cell: changed(start.cell, lines.system, p),
    zeroShiftDeg: start.zeroShiftDeg + p.at(-1)!,
  });
  let best = quality(start);
  for (let share = 1; share >= LAST_SHARE; share /= 2) {
    for (let count = 0, before = -1; count < MOST_STEPS && best > before; count++) {
      before = best;
      for (const [j, step] of steps.entries())
        best = climbAlong(p, j, share * step, best, () => quality(here()));
    }
  }
  return here();
}

/** The best of three points along one parameter and the top of the parabola through them; `p` is left there. */
function climbAlong(
  p: Float64Array,
  j: number,
  step: number,
  middle: number,
  quality: () => number,
): number {
  const from = p[j]!;
  const of = (value: number): number => {
    p[j] = value;
    return quality();
  };
  const [below, above] = [of(from - step), of(from + step)];
  const bend = below - 2 * middle + above;
  const top = bend < 0 ? from + (step * (below - above)) / (2 * bend) : from;
  let best = { value: from, of: middle };
  const tried = [[from - step, below], [from + step, above]]; // prettier-ignore
  if (top !== from && Math.abs(top - from) < step) tried.push([top, of(top)]);
  for (const [value, found] of tried) if (found! > best.of) best = { value: value!, of: found! };
  p[j] = best.value;
  return best.of;
}
