/**
 * How high each of several calculated curves stands in one scan: by non-negative least squares over all that is drawn, so that what
 * is absent is small. Areas over windows somewhat wider than a peak are compared, not points: a line that stands beside its peak by
 * a part of its width, or is narrower, keeps its height.
 */
import { nonNegativeLeastSquares } from "../math/nnls.ts";
import { type Observation, widthAt } from "../scan/observe.ts";
import type { Overlay } from "./overlay.ts";

/** The parts of a curve that are needed here. */
type Drawn = Pick<Overlay, "calculated" | "comparedDeg" | "lines">;
type Measured = Pick<Observation, "twoThetaDeg" | "intensity" | "background" | "width">;

/** Windows are so many peak widths wide, each begins in the middle of the one before. */
const WINDOW_WIDTHS = 2;
/** Least weighed area, of the greatest: what is measured well counts by its share, what is nearly nothing not without end. */
const FLOOR = 0.02;
const NOTHING = 1e-6;
/** Two curves with this cosine are the same phase twice: each stands as high as it does without the other. */
const SAME = 0.8;

/** Factors on curves that are drawn together over one scan, in their order; 0 where nothing of one is there. */
function heightsTogether(observation: Measured, curves: readonly Drawn[]): number[] {
  if (curves.length === 0) return [];
  const end = Math.min(...curves.map(({ comparedDeg }) => comparedDeg[1]));
  const { twoThetaDeg, intensity, background } = observation;
  const windows = windowsOf(observation, end);
  const net = windows(intensity.map((value, i) => value - background[i]!));
  const floor = FLOOR * Math.max(...net, 0);
  if (floor === 0 || twoThetaDeg.length === 0) return curves.map(() => 0);
  const weight = net.map((area) => 1 / Math.sqrt(Math.max(area, 0) + floor));
  const weighted = (areas: Float64Array): Float64Array => areas.map((area, i) => area * weight[i]!);
  const observed = weighted(net);
  const columns = curves.map(({ calculated }) => weighted(windows(calculated)));
  return columns.map((own, i) => {
    const others = columns.filter((other, j) => j !== i && cosine(own, other) < SAME);
    return nonNegativeLeastSquares([own, ...others], observed)[0]!;
  });
}

/** The same curves, each as high as it is in the scan. */
export function drawnTogether<Curve extends Drawn>(
  observation: Measured,
  curves: readonly Curve[],
): Curve[] {
  // Nothing of a height is no form: drawn beside other curves it may stand higher.
  const heights = heightsTogether(observation, curves).map((height) => Math.max(height, NOTHING));
  return curves.map((curve, i) => ({
    ...curve,
    calculated: curve.calculated.map((value) => value * heights[i]!),
    lines: curve.lines.map((line) => ({ ...line, height: line.height * heights[i]! })),
  }));
}

function cosine(u: Float64Array, v: Float64Array): number {
  let [uv, uu, vv] = [0, 0, 0];
  for (let i = 0; i < u.length; i++) {
    uv += u[i]! * v[i]!;
    uu += u[i]! * u[i]!;
    vv += v[i]! * v[i]!;
  }
  return uu > 0 && vv > 0 ? uv / Math.sqrt(uu * vv) : 0;
}

/** A function that sums a curve over the windows of a scan up to an angle. */
function windowsOf(
  { twoThetaDeg: x, width }: Measured,
  endDeg: number,
): (curve: Float64Array) => Float64Array {
  const bounds: (readonly [number, number])[] = [];
  for (let from = 0; from < x.length && x[from]! <= endDeg;) {
    const at = x[from]!;
    const reach = WINDOW_WIDTHS * widthAt(width, at);
    let middle = from + 1;
    while (middle < x.length && x[middle]! < at + reach / 2) middle++;
    let to = middle;
    while (to < x.length && x[to]! < at + reach) to++;
    bounds.push([from, to]);
    from = middle;
  }
  return (curve) =>
    Float64Array.from(bounds, ([from, to]) => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += curve[i]!;
      return sum;
    });
}
