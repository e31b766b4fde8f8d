/** From numbers to pixels: intensity scales, round tick values. Pure, so that tests need no canvas. */
export type IntensityScale = "linear" | "sqrt" | "log";

/** The scale's own measure of an intensity; log begins at 1 (a count). */
export function scaled(value: number, scale: IntensityScale): number {
  if (scale === "linear") return value;
  if (scale === "sqrt") return value < 0 ? -Math.sqrt(-value) : Math.sqrt(value);
  return Math.log10(Math.max(1, value));
}

/** About `count` round numbers within [from, to]: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, count: number): number[] {
  const span = to - from;
  if (!(span > 0) || count < 1) return [];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** As many digits as tell neighbours of a step apart. */
export function tickText(value: number, step: number): string {
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(Math.abs(step) || 1) + 1e-9)));
  const text = value.toFixed(digits);
  return Math.abs(value) >= 1e6
    ? value.toExponential(1).replace("e+", "e")
    : text.replace(/^-0(\.0*)?$/, "0$1");
}

/** Index of the first value at or above `limit` in rising values. */
export function lowerBound(values: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Least and greatest of a part of the values; [0, 1] of none. */
export function extent(values: ArrayLike<number>, from: number, to: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
