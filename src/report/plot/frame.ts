/** Where the parts of a plot stand, and the maps from data to pixels. Lengths are CSS pixels. */
import { type PlotCurve, type PlotData, type PlotLook, type PlotView, viewOf } from "./model.ts";
import { lowerBound } from "../../math/sorted.ts";
import { extent, type IntensityScale, scaled } from "./scale.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PlotFrame {
  readonly view: PlotView;
  readonly scale: IntensityScale;
  readonly isNarrow: boolean;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Bottom of the main panel. */
  readonly base: number;
  readonly ticksTop: number;
  readonly rowHeight: number;
  readonly stripTop: number;
  readonly residualTop: number;
  /** Height of zero in the panel of the difference. */
  readonly residualZero: number;
  readonly axis: number;
  readonly height: number;
  /** Intensities of the main panel, bottom and top of the curves; null where curves have scales of their own. */
  readonly heights: readonly [number, number] | null;
  /** Ends of the difference that have room. */
  readonly differences: readonly [number, number];
  x(value: number): number;
  /** Back from a pixel. */
  xAt(pixel: number): number;
  y(value: number, curve?: PlotCurve): number;
  yOfDifference(value: number): number;
}

/** Below this width there is no room beside the plot for more than numbers: names stand above what they name. */
const NARROW = 520;
const TICK_ROW = 15;
/** With the name over it. */
const NARROW_TICK_ROW = 26;
export const STRIP = 16;
const GAP = 6;
const RIGHT_MARGIN = 14;
/** The share of the main panel left free over the highest curve; more where labels stand over peaks. */
const HEADROOM = 0.04;
const LABEL_ROOM = 52;
const NAME_ROOM = 130;
const NUMBER_ROOM = 62;
const LETTER = 6.1;
/** Around the difference, pixels. */
const DIFFERENCE_ROOM = 8;
const LEAST_RESIDUAL = 44;
/** A log scale ends so far below the highest point: of what was measured, and of what was calculated, whose tails have no end. */
const MEASURED_DECADES = 5;
const CALCULATED_DECADES = 4;

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Least and greatest of curves in a view; of a log scale the least that is above zero. */
function rangeOf(curves: readonly PlotCurve[], view: PlotView, scale: IntensityScale): Range {
  let low = Infinity;
  let high = -Infinity;
  let least = Infinity;
  const measured = curves.filter(({ isMeasured }) => isMeasured === true);
  for (const curve of curves) {
    const { x, y } = curve;
    const [from, to] = [lowerBound(x, view.from), lowerBound(x, view.to + 1e-12)];
    if (from >= to) continue;
    const [lowest, highest] = extent(y, from, to);
    low = Math.min(low, lowest);
    high = Math.max(high, highest);
    if (scale !== "log" || (measured.length > 0 && curve.isMeasured !== true)) continue;
    for (let i = from; i < to; i++) if (y[i]! > 0 && y[i]! < least) least = y[i]!;
  }
  if (low > high) return scale === "log" ? { low: 0.1, high: 1 } : { low: 0, high: 1 };
  if (scale === "log") {
    const top = high > 0 ? high : 1;
    const decades = measured.length > 0 ? MEASURED_DECADES : CALCULATED_DECADES;
    const bottom = Math.max(Math.min(least, top / 2), top / 10 ** decades);
    return { low: bottom * 0.9, high: top };
  }
  const bottom = Math.min(0, low);
  return { low: bottom, high: high > bottom ? high : bottom + 1 };
}

/** Least and greatest of the difference in a view; zero is always among them. */
function differenceRange(residual: PlotCurve, view: PlotView): [number, number] {
  const [from, to] = [view.from, view.to + 1e-12].map((at) => lowerBound(residual.x, at));
  const [low, high] = from! < to! ? extent(residual.y, from!, to!) : [0, 0];
  return [Math.min(0, low), Math.max(0, high)];
}

function leftMargin(data: PlotData, isNarrow: boolean): number {
  if (isNarrow) return 46;
  const names = [...(data.ticks ?? []).map(({ name }) => name.length), data.strip ? 7 : 0];
  return Math.max(NUMBER_ROOM, Math.min(NAME_ROOM, Math.max(0, ...names) * LETTER + 14));
}

/** As much of a name as stands beside a row of ticks. */
export function rowName(name: string, frame: PlotFrame): string {
  const most = Math.floor((frame.isNarrow ? frame.right - frame.left : frame.left - 12) / LETTER);
  return name.length <= most ? name : `${name.slice(0, Math.max(1, most - 1))}…`;
}

export function frameOf(data: PlotData, look: PlotLook, size: Size): PlotFrame {
  const { width, height } = size;
  const { scale } = look;
  const view = viewOf(data, look);
  const isNarrow = width < NARROW;
  const [left, right] = [leftMargin(data, isNarrow), width - RIGHT_MARGIN];
  const top = isNarrow ? 24 : 12;
  const axis = height - (isNarrow ? 36 : 42);
  const rowHeight = isNarrow ? NARROW_TICK_ROW : TICK_ROW;
  const rows = data.ticks?.length ?? 0;
  const between = (rows > 0 ? rows * rowHeight + GAP : 0) + (data.strip ? STRIP + 2 * GAP : 0);
  const hasIndices =
    data.labels !== undefined || (data.ticks ?? []).some(({ heights }) => heights !== undefined);
  const isLabelled = (look.hkl && hasIndices) || (data.unexplained?.length ?? 0) > 0;
  const shared = rangeOf(
    data.curves.filter(({ ownScale }) => ownScale === undefined),
    view,
    scale,
  );
  const { low, high } = shared;
  // Main panel and difference share what is left so that a count is as high in both.
  const difference = data.residual ? differenceRange(data.residual, view) : null;
  const free = Math.max(40, axis - top - between);
  const headOf = (panel: number): number =>
    panel * HEADROOM + (isLabelled ? Math.min(LABEL_ROOM, 0.25 * panel) : 0);
  const residual = difference === null ? 0 : residualHeight(free, difference, shared, headOf);
  const residualTop = axis - residual;
  const base = residualTop - between;
  const ticksTop = base + GAP;
  const stripTop = residualTop - STRIP - GAP;
  const room = base - top - headOf(base - top);
  const perCount = room / (high - low);
  const spare = residual - (difference === null ? 0 : (difference[1] - difference[0]) * perCount);
  const residualZero = residualTop + spare / 2 + (difference?.[1] ?? 0) * perCount;
  const perUnit = (right - left) / (view.to - view.from);
  return {
    view,
    scale,
    isNarrow,
    left,
    right,
    top,
    base,
    ticksTop,
    rowHeight,
    stripTop,
    residualTop,
    residualZero,
    axis,
    height,
    heights: data.curves.some(({ ownScale }) => ownScale !== undefined) ? null : [low, high],
    differences: [(residualZero - axis) / perCount, (residualZero - residualTop) / perCount],
    x: (value) => left + (value - view.from) * perUnit,
    xAt: (pixel) => view.from + (pixel - left) / perUnit,
    y: heightMap(data, { view, scale, base, room }, shared),
    yOfDifference: (value) => residualZero - value * perCount,
  };
}

/** The height of the panel of the difference: the main panel then has the same height per count in what is left. */
function residualHeight(
  free: number,
  [least, most]: readonly [number, number],
  { low, high }: Range,
  headOf: (panel: number) => number,
): number {
  const share = (most - least) / (high - low);
  const wanted = (main: number): number => share * (main - headOf(main)) + 2 * DIFFERENCE_ROOM;
  // The main panel's headroom depends on its height: halved to a hundredth of a pixel.
  let [short, tall] = [0, free - LEAST_RESIDUAL];
  if (wanted(tall) <= LEAST_RESIDUAL) return LEAST_RESIDUAL;
  for (let round = 0; round < 18; round++) {
    const main = (short + tall) / 2;
    if (main + wanted(main) > free) tall = main;
    else short = main;
  }
  return free - short;
}

function heightMap(
  data: PlotData,
  at: {
    readonly view: PlotView;
    readonly scale: IntensityScale;
    readonly base: number;
    readonly room: number;
  },
  shared: Range,
): (value: number, curve?: PlotCurve) => number {
  const { scale, base } = at;
  const lifts = Math.max(0, ...data.curves.map(({ lift = 0 }) => lift));
  // Stacked curves share the height: each gets what the highest lift leaves.
  const own = at.room / (1 + lifts);
  const ranges = new Map<number, Range>();
  for (const { ownScale } of data.curves) {
    if (ownScale === undefined || ranges.has(ownScale)) continue;
    const together = data.curves.filter((other) => other.ownScale === ownScale);
    ranges.set(ownScale, rangeOf(together, at.view, scale));
  }
  return (value, curve) => {
    const { low, high } = (curve?.ownScale !== undefined && ranges.get(curve.ownScale)) || shared;
    const [from, to] = [scaled(low, scale, low), scaled(high, scale, low)];
    const part = (scaled(value, scale, low) - from) / (to - from);
    return base - (curve?.lift ?? 0) * own - part * own;
  };
}
