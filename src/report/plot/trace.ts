/**
 * A curve of any length as pixels: every point where there are few, else of each column of pixels the first, least, greatest and last,
 * so that no peak and no spike is lost. 100,000 points take about a millisecond.
 */
import type { PlotFrame } from "./frame.ts";
import { lowerBound } from "../../math/sorted.ts";

/** x and y of points in turn. */
export type Run = readonly number[];

interface Series {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** More points than so many a pixel are drawn as a line. */
const MOST_POINTS_PER_PIXEL = 3;

/** Places of the points in the view. */
function within({ x }: Series, { view }: PlotFrame): [number, number] {
  return [lowerBound(x, view.from), lowerBound(x, view.to + 1e-12)];
}

/** Whether a measured curve is drawn as points. */
export function isSparse(series: Series, frame: PlotFrame): boolean {
  const [first, last] = within(series, frame);
  return last - first <= MOST_POINTS_PER_PIXEL * (frame.right - frame.left);
}

/** Every finite point in the view. */
export function pointsOf(
  series: Series,
  frame: PlotFrame,
  toY: (value: number) => number,
): number[] {
  const points: number[] = [];
  const [first, last] = within(series, frame);
  for (let i = first; i < last; i++)
    if (Number.isFinite(series.y[i]!)) points.push(frame.x(series.x[i]!), toY(series.y[i]!));
  return points;
}

/** The line within the view, cut at its ends. @param ratio device pixels of one CSS pixel */
export function lineOf(
  series: Series,
  frame: PlotFrame,
  toY: (value: number) => number,
  ratio: number,
): number[] {
  const { x, y } = series;
  const [first, last] = within(series, frame);
  const run: number[] = [];
  const push = (at: number, value: number): void => {
    if (Number.isFinite(value)) run.push(at, toY(value));
  };
  const cut = (edge: number, before: number): void => {
    if (before < 0 || before + 1 >= x.length) return;
    const part = (edge - x[before]!) / (x[before + 1]! - x[before]!);
    push(frame.x(edge), y[before]! + part * (y[before + 1]! - y[before]!));
  };
  cut(frame.view.from, first - 1);
  const columns = Math.max(1, Math.ceil((frame.right - frame.left) * ratio));
  if (last - first <= 3 * columns) {
    for (let i = first; i < last; i++) push(frame.x(x[i]!), y[i]!);
  } else {
    for (let from = first, to; from < last; from = to) {
      const column = Math.round(frame.x(x[from]!) * ratio);
      to = from + 1;
      while (to < last && Math.round(frame.x(x[to]!) * ratio) === column) to++;
      let [low, high] = [from, from];
      for (let i = from + 1; i < to; i++) {
        if (y[i]! < y[low]!) low = i;
        else if (y[i]! > y[high]!) high = i;
      }
      // In at the first point and out at the last: the line goes on where the curve does.
      let before = -1;
      for (const i of [from, Math.min(low, high), Math.max(low, high), to - 1]) {
        if (i !== before) push(column / ratio, y[i]!);
        before = i;
      }
    }
  }
  if (first > 0 || last > 0) cut(frame.view.to, last - 1);
  return run;
}

/** The area between a curve and its base, closed. */
export function areaOf(
  { x, y, base }: Series & { readonly base: ArrayLike<number> },
  frame: PlotFrame,
  toY: (value: number) => number,
  ratio: number,
): number[] {
  const over = lineOf({ x, y }, frame, toY, ratio);
  const under = lineOf({ x, y: base }, frame, toY, ratio);
  for (let i = under.length - 2; i >= 0; i -= 2) over.push(under[i]!, under[i + 1]!);
  return over;
}
