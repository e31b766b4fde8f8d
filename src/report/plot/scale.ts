/** From numbers to heights: intensity scales, round tick values. Pure, so that tests need no canvas. */
export type IntensityScale = "linear" | "sqrt" | "log";

/** The scale's own measure of an intensity. @param floor of a log scale: what lies below is drawn there */
export function scaled(value: number, scale: IntensityScale, floor = 1): number {
  if (scale === "linear") return value;
  if (scale === "sqrt") return value < 0 ? -Math.sqrt(-value) : Math.sqrt(value);
  return Math.log10(Math.max(floor, value));
}

/** Back from the scale's measure. */
function unscaled(measure: number, scale: IntensityScale): number {
  if (scale === "linear") return measure;
  return scale === "sqrt" ? measure * Math.abs(measure) : 10 ** measure;
}

/** About `count` round numbers within [from, to]: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, count: number): number[] {
  const step = roundStep(to - from, count);
  return step === 0 ? [] : multiples(from, to, step);
}

function roundStep(span: number, count: number): number {
  if (!(span > 0) || count < 1) return 0;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
}

function multiples(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Ticks of an axis: those with a number, and shorter ones between them. */
export interface AxisTicks {
  readonly major: readonly { readonly at: number; readonly text: string }[];
  readonly minor: readonly number[];
}

export function axisTicks(from: number, to: number, count: number): AxisTicks {
  const step = roundStep(to - from, count);
  if (step === 0) return { major: [], minor: [] };
  // A step of 2 is halved twice, of 1 and 5 cut in five: minor ticks are round, too.
  const parts = step.toExponential().startsWith("2") ? 4 : 5;
  return {
    major: multiples(from, to, step).map((at) => ({ at, text: tickText(at, step) })),
    minor: multiples(from, to, step / parts),
  };
}

/** Ticks over intensities. */
export function heightTicks(low: number, high: number, scale: IntensityScale): AxisTicks {
  if (scale === "log") return logTicks(low, high);
  if (scale === "linear") return axisTicks(low, high, 5);
  const roots = axisTicks(scaled(low, scale), scaled(high, scale), 7);
  // Even steps of the root, each at the round number beside it.
  const near = roots.major.map(({ at }) => Number(unscaled(at, scale).toPrecision(1)));
  const values = [...new Set(near)].filter((at) => at >= low && at <= high);
  return { major: values.map((at) => ({ at, text: plain(at) })), minor: [] };
}

function logTicks(low: number, high: number): AxisTicks {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const within = (factors: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const minor = within([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const major = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
    .map(within)
    .find((values) => values.length >= 3);
  if (major === undefined) return axisTicks(low, high, 4);
  return { major: major.map((at) => ({ at, text: plain(at) })), minor };
}

/** All its digits, as a number of this size has them. */
function plain(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(0);
  return Math.abs(value) >= 1e7
    ? value.toExponential(1).replace("e+", "e")
    : spaced(String(Number(value.toPrecision(6))));
}

/** Thousands apart by a narrow space, from five digits on: "10 000". */
function spaced(text: string): string {
  const [whole, part] = text.split(".") as [string, string?];
  const apart =
    whole.replace("-", "").length < 5 ? whole : whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
  return part === undefined ? apart : `${apart}.${part}`;
}

/** As many digits as tell neighbours of a step apart. */
export function tickText(value: number, step: number): string {
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(Math.abs(step) || 1) + 1e-9)));
  if (Math.abs(value) >= 1e7) return value.toExponential(2).replace("e+", "e");
  return spaced(value.toFixed(digits).replace(/^-0(\.0*)?$/, "0$1"));
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
