/**
 * Draws a plot on a canvas. 100,000 points take about a millisecond: where there are more points than pixels, each column of
 * pixels shows the least and the greatest of its points, so that no peak and no spike is lost.
 */
import type { PlotCurve, PlotData, PlotView } from "./model.ts";
import { extent, type IntensityScale, lowerBound, roundTicks, scaled, tickText } from "./scale.ts";

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly paper: string;
  readonly curve: Readonly<Record<PlotCurve["colour"], string>>;
  readonly strip: string;
  readonly font: string;
}

/** Where things stand, CSS pixels. */
export interface Layout {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Bottom of the main panel. */
  readonly base: number;
  readonly ticksTop: number;
  readonly stripTop: number;
  readonly residualTop: number;
  readonly residualBase: number;
  readonly axis: number;
  readonly height: number;
}

const TICK_ROW = 15;
const STRIP = 16;
const RESIDUAL = 56;
const GAP = 6;
const RIGHT_MARGIN = 12;

/** Then the name of the intensity axis stands above it: beside it there is room for numbers alone. */
function isNarrow(width: number): boolean {
  return width < 520;
}

export function layoutOf(data: PlotData, width: number, height: number): Layout {
  const narrow = isNarrow(width);
  const axis = height - (narrow ? 36 : 42);
  const hasResidual = data.residual !== undefined && data.residual !== null;
  const residualBase = axis - (hasResidual ? GAP : 0);
  const residualTop = residualBase - (hasResidual ? RESIDUAL : 0);
  const hasStrip = data.strip !== undefined && data.strip !== null;
  const stripTop = residualTop - (hasStrip ? STRIP + GAP : 0);
  const rows = data.ticks?.length ?? 0;
  const ticksTop = stripTop - (rows > 0 ? rows * TICK_ROW + GAP : 0);
  return {
    left: narrow ? 44 : 62,
    right: width - RIGHT_MARGIN,
    top: narrow ? 24 : 12,
    base: ticksTop - (ticksTop < axis ? GAP : 0),
    ticksTop,
    stripTop,
    residualTop,
    residualBase,
    axis,
    height,
  };
}

export interface Maps {
  x(value: number): number;
  /** Back from a pixel. */
  xAt(pixel: number): number;
  y(value: number, curve?: PlotCurve): number;
}

function heightRange(data: PlotData, view: PlotView, scale: IntensityScale): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, y, ownScale } of data.curves) {
    if (ownScale === true) continue;
    const [least, most] = extent(y, lowerBound(x, view.from), lowerBound(x, view.to + 1e-12));
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  if (low > high) [low, high] = [0, 1];
  const floor = scale === "log" ? 0 : Math.min(0, scaled(low, scale));
  return [floor, Math.max(scaled(high, scale), floor + 1e-9)];
}

export function mapsOf(
  data: PlotData,
  view: PlotView,
  scale: IntensityScale,
  layout: Layout,
): Maps {
  const { left, right, top, base } = layout;
  const perUnit = (right - left) / (view.to - view.from);
  const lifts = Math.max(0, ...data.curves.map(({ lift = 0 }) => lift));
  const [low, high] = heightRange(data, view, scale);
  const room = (base - top) * 0.96;
  // Stacked curves share the height: each gets what the highest lift leaves.
  const own = room / (1 + lifts);
  const ranges = new Map<PlotCurve, [number, number]>();
  for (const curve of data.curves) {
    if (curve.ownScale !== true) continue;
    const [least, most] = extent(
      curve.y,
      lowerBound(curve.x, view.from),
      lowerBound(curve.x, view.to + 1e-12),
    );
    const floor = scale === "log" ? 0 : Math.min(0, scaled(least, scale));
    ranges.set(curve, [floor, Math.max(scaled(most, scale), floor + 1e-9)]);
  }
  return {
    x: (value) => left + (value - view.from) * perUnit,
    xAt: (pixel) => view.from + (pixel - left) / perUnit,
    y: (value, curve) => {
      const [from, to] = (curve && ranges.get(curve)) ?? [low, high];
      const lift = (curve?.lift ?? 0) * own;
      return base - lift - ((scaled(value, scale) - from) / (to - from)) * own;
    },
  };
}

/** The curve as a path: every point, or least and greatest of each column of pixels. */
function trace(
  context: CanvasRenderingContext2D,
  curve: Pick<PlotCurve, "x" | "y">,
  view: PlotView,
  toX: (value: number) => number,
  toY: (value: number) => number,
): void {
  const { x, y } = curve;
  const first = Math.max(0, lowerBound(x, view.from) - 1);
  const last = Math.min(x.length, lowerBound(x, view.to) + 1);
  const columns = Math.max(1, Math.ceil(toX(view.to) - toX(view.from)));
  context.beginPath();
  if (last - first <= 3 * columns) {
    for (let i = first; i < last; i++) context.lineTo(toX(x[i]!), toY(y[i]!));
  } else {
    let from = first;
    while (from < last) {
      const column = Math.round(toX(x[from]!));
      let to = from + 1;
      while (to < last && Math.round(toX(x[to]!)) === column) to++;
      const [low, high] = extent(y, from, to);
      // In at the first point and out at the last: the line goes on where the curve does.
      for (const value of [y[from]!, low, high, y[to - 1]!]) context.lineTo(column, toY(value));
      from = to;
    }
  }
  context.stroke();
}

/** A pale area between a curve and its base; a column of pixels goes as far up as its highest point. */
function fillArea(
  context: CanvasRenderingContext2D,
  { x, y, base }: PlotCurve & { readonly base: ArrayLike<number> },
  view: PlotView,
  toX: (value: number) => number,
  toY: (value: number) => number,
): void {
  const first = Math.max(0, lowerBound(x, view.from) - 1);
  const last = Math.min(x.length, lowerBound(x, view.to) + 1);
  const under: [number, number][] = [];
  context.beginPath();
  for (let from = first, to; from < last; from = to) {
    const column = Math.round(toX(x[from]!));
    to = from + 1;
    while (to < last && Math.round(toX(x[to]!)) === column) to++;
    context.lineTo(column, toY(extent(y, from, to)[1]));
    under.push([column, toY(extent(base, from, to)[0])]);
  }
  for (const [column, height] of under.reverse()) context.lineTo(column, height);
  context.globalAlpha = 0.18;
  context.fill();
  context.globalAlpha = 1;
}

function drawAxes(
  context: CanvasRenderingContext2D,
  data: PlotData,
  view: PlotView,
  scale: IntensityScale,
  layout: Layout,
  maps: Maps,
  palette: Palette,
): void {
  const { left, right, axis, base, top, height } = layout;
  context.strokeStyle = palette.rule;
  context.fillStyle = palette.muted;
  context.lineWidth = 1;
  context.font = `11px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const ticks = roundTicks(view.from, view.to, Math.max(4, (right - left) / 70));
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : view.to - view.from;
  context.beginPath();
  for (const tick of ticks) {
    const x = Math.round(maps.x(tick)) + 0.5;
    context.moveTo(x, axis);
    context.lineTo(x, axis + 5);
    context.fillText(tickText(tick, step), x, axis + 8);
  }
  context.moveTo(left, axis + 0.5);
  context.lineTo(right, axis + 0.5);
  context.stroke();
  context.fillText(data.xLabel, (left + right) / 2, height - 14);
  drawHeights(context, scale, layout, maps, palette, data);
  context.fillStyle = palette.muted;
  if (isNarrow(right + RIGHT_MARGIN)) {
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillText(data.yLabel, 0, 4);
    return;
  }
  context.save();
  context.translate(12, (top + base) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.fillText(data.yLabel, 0, 0);
  context.restore();
}

/** Numbers of the intensity axis; none where curves have scales of their own. */
function drawHeights(
  context: CanvasRenderingContext2D,
  scale: IntensityScale,
  { left, top }: Layout,
  maps: Maps,
  palette: Palette,
  data: PlotData,
): void {
  if (data.curves.some(({ ownScale }) => ownScale === true)) return;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillStyle = palette.muted;
  const highest = invertHeight(maps, top, scale);
  const values =
    scale === "log"
      ? Array.from({ length: 9 }, (_, i) => 10 ** i).filter((value) => value <= highest)
      : scale === "sqrt"
        ? roundTicks(0, Math.sqrt(Math.max(1e-9, highest)), 5).map((root) => root * root)
        : roundTicks(0, highest, 5);
  const step = values.length > 1 ? values[1]! - values[0]! : 1;
  for (const value of values) {
    const y = maps.y(value);
    if (y < top - 6) continue;
    const text =
      value >= 100_000 ? `${tickText(value / 1000, step / 1000)}k` : tickText(value, step);
    context.fillText(text, left - 8, y);
  }
}

/** Intensity at the top of the main panel. */
function invertHeight(maps: Maps, top: number, scale: IntensityScale): number {
  const zero = maps.y(scale === "log" ? 1 : 0);
  const one = maps.y(scale === "log" ? 10 : 1);
  const units = (zero - top) / (zero - one || 1);
  return scale === "linear" ? units : scale === "sqrt" ? units * units : 10 ** units;
}

export function drawPlot(
  context: CanvasRenderingContext2D,
  data: PlotData,
  view: PlotView,
  scale: IntensityScale,
  size: { readonly width: number; readonly height: number },
  palette: Palette,
): Maps {
  const layout = layoutOf(data, size.width, size.height);
  const maps = mapsOf(data, view, scale, layout);
  context.clearRect(0, 0, size.width, size.height);
  drawAxes(context, data, view, scale, layout, maps, palette);
  context.save();
  context.beginPath();
  context.rect(layout.left, 0, layout.right - layout.left, layout.axis);
  context.clip();
  context.lineJoin = "round";
  for (const curve of data.curves) {
    const { base } = curve;
    if (base === undefined) continue;
    context.fillStyle = palette.curve[curve.colour];
    fillArea(context, { ...curve, base }, view, maps.x, (value) => maps.y(value, curve));
  }
  for (const curve of data.curves) {
    if (curve.base !== undefined) continue;
    context.strokeStyle = palette.curve[curve.colour];
    context.lineWidth = curve.colour === "observed" ? 1 : 1.3;
    context.setLineDash(curve.dashed === true ? [5, 4] : []);
    trace(context, curve, view, maps.x, (value) => maps.y(value, curve));
  }
  context.setLineDash([]);
  drawMarks(context, data, view, maps, palette);
  drawTicks(context, data, view, layout, maps, palette);
  drawStrip(context, data, view, layout, maps, palette);
  drawResidual(context, data, view, layout, maps, palette);
  context.restore();
  return maps;
}

const MARK = 4;

function drawMarks(
  context: CanvasRenderingContext2D,
  { marks }: PlotData,
  view: PlotView,
  maps: Maps,
  palette: Palette,
): void {
  if (marks === undefined) return;
  context.strokeStyle = palette.curve.calculated;
  context.lineWidth = 1.6;
  context.beginPath();
  marks.x.forEach((at, i) => {
    if (at < view.from || at > view.to) return;
    const [x, y] = [maps.x(at), maps.y(marks.y[i]!)];
    context.moveTo(x - MARK, y - MARK);
    context.lineTo(x + MARK, y + MARK);
    context.moveTo(x - MARK, y + MARK);
    context.lineTo(x + MARK, y - MARK);
  });
  context.stroke();
}

function drawTicks(
  context: CanvasRenderingContext2D,
  data: PlotData,
  view: PlotView,
  { ticksTop }: Layout,
  maps: Maps,
  palette: Palette,
): void {
  context.lineWidth = 1;
  data.ticks?.forEach(({ positions, colour }, row) => {
    const top = ticksTop + row * TICK_ROW;
    context.strokeStyle = palette.curve[colour];
    context.beginPath();
    for (let i = 0; i < positions.length; i++) {
      const at = positions[i]!;
      if (at < view.from || at > view.to) continue;
      const x = Math.round(maps.x(at)) + 0.5;
      context.moveTo(x, top);
      context.lineTo(x, top + TICK_ROW - 4);
    }
    context.stroke();
  });
}

function drawStrip(
  context: CanvasRenderingContext2D,
  { strip }: PlotData,
  view: PlotView,
  { left, right, stripTop }: Layout,
  maps: Maps,
  palette: Palette,
): void {
  if (strip === undefined || strip === null) return;
  context.fillStyle = palette.strip;
  for (let x = Math.floor(left); x < right; x++) {
    const from = lowerBound(strip.x, maps.xAt(x));
    const to = Math.max(from + 1, lowerBound(strip.x, maps.xAt(x + 1)));
    if (from >= strip.x.length || maps.xAt(x) < strip.x[0]! || maps.xAt(x) > view.to) continue;
    context.globalAlpha = Math.max(0, extent(strip.weight, from, Math.min(to, strip.x.length))[1]);
    context.fillRect(x, stripTop, 1, STRIP);
  }
  context.globalAlpha = 1;
  context.strokeStyle = palette.rule;
  context.strokeRect(left + 0.5, stripTop + 0.5, right - left - 1, STRIP - 1);
}

function drawResidual(
  context: CanvasRenderingContext2D,
  { residual }: PlotData,
  view: PlotView,
  { left, right, residualTop, residualBase }: Layout,
  maps: Maps,
  palette: Palette,
): void {
  if (residual === undefined || residual === null) return;
  const { x, y } = residual;
  const [low, high] = extent(y, lowerBound(x, view.from), lowerBound(x, view.to + 1e-12));
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const middle = (residualTop + residualBase) / 2;
  const unit = (residualBase - residualTop) / 2 / most;
  context.strokeStyle = palette.rule;
  context.beginPath();
  context.moveTo(left, Math.round(middle) + 0.5);
  context.lineTo(right, Math.round(middle) + 0.5);
  context.stroke();
  context.strokeStyle = palette.curve[residual.colour];
  context.lineWidth = 1;
  trace(context, residual, view, maps.x, (value) => middle - value * unit);
}
