/** Words over peaks: indices over the strongest lines, angles over peaks without a line; none on another. */
import type { PlotFrame } from "./frame.ts";
import type { PlotCurve, PlotData, PlotLook } from "./model.ts";
import { lowerBound } from "../../math/sorted.ts";

export interface PeakWord {
  readonly kind: "hkl" | "unexplained";
  readonly text: string;
  readonly isStrong: boolean;
  readonly x: number;
  /** The place of the label's foot, which stands over the peak. */
  readonly y: number;
}

/** Lines lower than this share of the highest in view get no label. */
const LABELLED = 0.02;
const MOST_LABELS = 30;
const DISTANCE = 13;
/** A word beside another moves aside by so many pixels at most. */
const NUDGES = [0, 3, -3, 6, -6, 9, -9];
/** A peak is as high as the curves within so many pixels. */
const REACH = 4;
const LETTER = 6;

/** Nearest the top that one of the curves comes between two pixels; the bottom where none is there. */
export function topBetween(
  curves: readonly PlotCurve[],
  frame: PlotFrame,
  left: number,
  right: number,
): number {
  const [from, to] = [frame.xAt(left), frame.xAt(right)];
  let top = frame.base;
  for (const curve of curves) {
    if (curve.base !== undefined) continue;
    const { x, y } = curve;
    const last = lowerBound(x, to);
    for (let i = lowerBound(x, from); i < last; i++) top = Math.min(top, frame.y(y[i]!, curve));
  }
  return top;
}

/** Letters that take room: a bar stands over its digit. */
function lengthOf(words: string): number {
  return words.replaceAll("\u0305", "").length * LETTER;
}

export function peakWords(data: PlotData, look: PlotLook, frame: PlotFrame): PeakWord[] {
  const { from, to } = frame.view;
  const taken: number[] = [];
  const words: PeakWord[] = [];
  const add = (at: number, kind: PeakWord["kind"], text: string, isStrong: boolean): void => {
    const peak = frame.x(at);
    if (peak < frame.left + 5 || peak > frame.right - 5) return;
    const x = NUDGES.map((by) => peak + by).find((place) =>
      taken.every((other) => Math.abs(other - place) >= DISTANCE),
    );
    if (x === undefined) return;
    taken.push(x);
    const above =
      topBetween(data.curves, frame, frame.x(at) - REACH, frame.x(at) + REACH) -
      (kind === "unexplained" ? 16 : 5);
    words.push({ kind, text, isStrong, x, y: Math.max(frame.top + lengthOf(text) + 4, above) });
  };
  for (const at of data.unexplained ?? [])
    if (at >= from && at <= to) add(at, "unexplained", `${at.toFixed(2)}°`, false);
  if (!look.hkl) return words;
  const seen = labelled(data)
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => b.height - a.height);
  const least = LABELLED * (seen[0]?.height ?? 0);
  for (const { at, height, text, isStrong } of seen) {
    if (words.length >= MOST_LABELS || height < least) break;
    add(at, "hkl", text, isStrong);
  }
  return words;
}

interface Labelled {
  readonly at: number;
  readonly height: number;
  readonly text: string;
  readonly isStrong: boolean;
}

/** Lines of the first row that says how high its lines are, and labels that were given. */
function labelled({ ticks = [], labels = [] }: PlotData): Labelled[] {
  const given = labels.map(({ x: at, y, text }) => ({ at, height: y, text, isStrong: false }));
  const row = ticks.find(({ heights }) => heights !== undefined);
  if (row?.heights === undefined) return given;
  const { heights, positions, strong } = row;
  // Of lines at one place the first: all of them stand in the read-out.
  const lines = row.labels.map((text, i) => ({
    at: positions[i]!,
    height: heights[i]!,
    text: text.split(", ")[0]!,
    isStrong: strong?.has(i) === true,
  }));
  return [...lines, ...given];
}
