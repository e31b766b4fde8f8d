/**
 * A curve of any length as an SVG path no longer than the figure can show: in every pixel column the
 * first, lowest, highest and last point are kept, so that no peak is lost (a 100,000-point scan
 * becomes some 3,000 points and looks the same).
 */
import { px } from "./svg.ts";

/** A map from data to pixels that rises or falls monotonically. */
export type PixelMap = (value: number) => number;

export function curvePath(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  toX: PixelMap,
  toY: PixelMap,
): string {
  const parts: string[] = [];
  const move = (index: number): void => {
    parts.push(`${parts.length === 0 ? "M" : "L"}${px(toX(x[index]!))} ${px(toY(y[index]!))}`);
  };
  let start = 0;
  while (start < x.length) {
    const column = Math.floor(toX(x[start]!));
    let end = start;
    let low = start;
    let high = start;
    while (end + 1 < x.length && Math.floor(toX(x[end + 1]!)) === column) {
      end++;
      if (y[end]! < y[low]!) low = end;
      if (y[end]! > y[high]!) high = end;
    }
    const kept = [...new Set([start, low, high, end])].sort((a, b) => a - b);
    for (const index of kept) if (Number.isFinite(y[index]!)) move(index);
    start = end + 1;
  }
  return parts.join("");
}
