/**
 * The reliability diagram: where answers of one stated reliability stand, how many of them were right. Bins of
 * few scans are drawn hollow: a bootstrap of answers that agree has no width, however few they are, so that a Wilson interval
 * stands behind it.
 */
import { CURVE_COLOURS, element, px, svgDocument, text } from "./svg.ts";

/** Answers whose stated reliability lies in one range. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  /** Mean of what was stated. */
  readonly stated: number;
  /** Share that was right. */
  readonly right: number;
  readonly count: number;
  /** Bootstrapped, 95 %. */
  readonly interval: readonly [number, number];
}

const WIDTH = 560;
const SIDE = 400;
const LEFT = 74;
const TOP = 70;
const HEIGHT = TOP + SIDE + 104;
const GRID = "#dddddd";
const MUTED = "#555555";
/** Fewer answers in a bin say little: drawn hollow and dashed. */
const FEW = 10;

/** 95 % interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)). */
export function wilsonInterval(share: number, n: number): readonly [number, number] {
  const z2 = 1.959964 ** 2;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt((z2 * (share * (1 - share) + z2 / (4 * n))) / n) / (1 + z2 / n);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const toX = (value: number): number => LEFT + value * SIDE;
const toY = (value: number): number => TOP + (1 - value) * SIDE;

function axes(): string {
  const parts: string[] = [];
  for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    const [x, y, label] = [toX(tick), toY(tick), `${Math.round(100 * tick)} %`];
    parts.push(
      element("line", { x1: x, x2: x, y1: TOP, y2: TOP + SIDE, stroke: GRID }),
      element("line", { x1: LEFT, x2: LEFT + SIDE, y1: y, y2: y, stroke: GRID }),
      text(x, TOP + SIDE + 24, label, { "text-anchor": "middle" }),
      text(LEFT - 14, y + 4, label, { "text-anchor": "end" }),
    );
  }
  const middle = TOP + SIDE / 2;
  parts.push(
    element("line", {
      x1: toX(0),
      y1: toY(0),
      x2: toX(1),
      y2: toY(1),
      stroke: MUTED,
      "stroke-dasharray": "5 4",
    }),
    text(LEFT + SIDE / 2, TOP + SIDE + 46, "stated reliability, mean of a bin", {
      "text-anchor": "middle",
    }),
    text(18, middle, "answers that were right", {
      "text-anchor": "middle",
      transform: `rotate(-90 18 ${px(middle)})`,
    }),
  );
  return parts.join("");
}

function drawBin({ stated, right, count, interval }: ReliabilityBin): string {
  const isFew = count < FEW;
  const colour = CURVE_COLOURS[1];
  const [x, y] = [toX(stated), toY(right)];
  const [low, high] = wilsonInterval(right, count);
  const radius = 4 + 0.8 * Math.sqrt(count);
  // The count stands on the side where there is room.
  const isRight = stated < 0.75;
  return [
    element("line", { x1: x, x2: x, y1: toY(low), y2: toY(high), stroke: colour, opacity: 0.45 }),
    element("line", {
      x1: x,
      x2: x,
      y1: toY(interval[0]),
      y2: toY(interval[1]),
      stroke: colour,
      "stroke-width": 4,
      opacity: 0.45,
    }),
    element("circle", {
      cx: x,
      cy: y,
      r: radius,
      fill: isFew ? "#ffffff" : colour,
      stroke: colour,
      "stroke-width": 2,
      "stroke-dasharray": isFew ? "3 2" : undefined,
    }),
    text(x + (isRight ? radius + 6 : -radius - 6), y + 4, `n = ${count}`, {
      "text-anchor": isRight ? "start" : "end",
      fill: isFew ? MUTED : CURVE_COLOURS[0],
    }),
  ].join("");
}

/** @param bins of a stated reliability, at least one */
export function reliabilityFigure(bins: readonly ReliabilityBin[]): string {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const caption = [
    "Area: number of scans; hollow and dashed: fewer than ten.",
    "Thick: bootstrapped 95 % interval; thin: Wilson's, which few scans that agree keep wide.",
  ];
  const body = [
    text(16, 28, "Is the stated reliability true?", { "font-size": 16, "font-weight": "bold" }),
    text(16, 48, `${total} measured scans, calibration cross-fitted`, { fill: MUTED }),
    axes(),
    ...bins.map(drawBin),
    ...caption.map((words, i) =>
      text(16, TOP + SIDE + 72 + 18 * i, words, { "font-size": 12, fill: MUTED }),
    ),
  ];
  return svgDocument(WIDTH, HEIGHT, "Reliability diagram", body.join(""));
}
