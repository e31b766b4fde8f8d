/** Names of stacked curves: over each at the place from the right where it leaves most room, so that no name stands on a peak. */
import type { PlotFrame } from "./frame.ts";
import type { PlotCurve, PlotData } from "./model.ts";
import { topBetween } from "./peak-labels.ts";

export interface CurveName {
  readonly curve: PlotCurve;
  /** Of the word's end. */
  readonly x: number;
  readonly y: number;
}

const LETTER = 6.2;
const MARGIN = 8;
/** Of the word's foot over the curve, and of names of one level over each other. */
const RISE = 6;
const ROW = 14;
const STEP = 24;
/** So many pixels lower a curve must be for its name to move aside by a step. */
const WORTH = 3;

export function curveNames({ curves }: PlotData, frame: PlotFrame): CurveName[] {
  if (curves.every(({ lift = 0 }) => lift === 0)) return [];
  const levels = new Map<number, PlotCurve[]>();
  for (const curve of curves) {
    if (curve.lift === undefined) continue;
    levels.set(curve.lift, [...(levels.get(curve.lift) ?? []), curve]);
  }
  return [...levels.values()].flatMap((level) => {
    const named = level.filter(({ name }) => name !== "");
    const width = Math.max(0, ...named.map(({ name }) => name.length)) * LETTER;
    const { x, top } = roomiest(level, frame, width);
    return named.map((curve, row) => ({ curve, x, y: top - RISE - ROW * row }));
  });
}

function roomiest(
  level: readonly PlotCurve[],
  frame: PlotFrame,
  width: number,
): { readonly x: number; readonly top: number } {
  const first = frame.right - MARGIN;
  let best = { x: first, top: topBetween(level, frame, first - width, first) };
  let lowest = best.top;
  for (let moves = 1; first - moves * STEP - width > frame.left + MARGIN; moves++) {
    const x = first - moves * STEP;
    const top = topBetween(level, frame, x - width, x);
    if (top - moves * WORTH <= lowest) continue;
    lowest = top - moves * WORTH;
    best = { x, top };
  }
  return best;
}
