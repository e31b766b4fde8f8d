/** A scan item as a plot: what was measured, the candidate's lines over it, what they leave. */
import type { AxisKind } from "../../../src/radiation/axis.ts";
import { printedFormula, printedHkl, printedTypeName } from "../../../src/report/notation.ts";
import { drawnTogether } from "../../../src/fit/drawn-together.ts";
import type { LaidOver } from "../../../src/identify/identify-scan.ts";
import type { Observation } from "../../../src/scan/observe.ts";
import type { LaidAverage } from "../../../src/known/type-averages.ts";
import type { ScanItem } from "../state/scan-item.svelte.ts";
import type { Processed } from "../worker/process.ts";
import type { PlotCurve, PlotData, PlotTicks } from "./model.ts";
import { lowerBound } from "./scale.ts";

const LABELS: Readonly<Record<AxisKind, string>> = {
  twoTheta: "2θ (°)",
  d: "d (Å)",
  q: "Q (Å⁻¹)",
  tof: "time of flight (µs)",
};

export function axisLabel(axis: AxisKind): string {
  return LABELS[axis];
}

/** Lines lower than this share of the highest get no tick. */
const LEAST_TICKED = 0.002;
const REFERENCE_COLOURS = ["second", "third", "fourth"] as const;

function ticksOf({ name, formula, overlay }: LaidOver, colour: PlotTicks["colour"]): PlotTicks {
  const highest = overlay.lines.reduce((most, { height }) => Math.max(most, height), 0);
  const seen = overlay.lines.filter(({ height }) => height >= LEAST_TICKED * highest);
  return {
    name:
      formula === undefined || formula === name
        ? printedTypeName(name)
        : `${printedTypeName(name)} (${printedFormula(formula)})`,
    colour,
    positions: seen.map(({ twoThetaDeg }) => twoThetaDeg),
    labels: seen.map(({ hkl }) => printedHkl(hkl)),
  };
}

function averageCurve(
  { name, compounds, twoThetaDeg, intensity }: LaidAverage,
  observation: Observation,
  isSubtracted: boolean,
): PlotCurve {
  const first = observation.twoThetaDeg.indexOf(twoThetaDeg[0]!);
  const base = isSubtracted
    ? new Float64Array(twoThetaDeg.length)
    : observation.background.subarray(first, first + twoThetaDeg.length);
  return {
    name: `what ${compounds} compounds of ${printedTypeName(name)} have in common`,
    x: twoThetaDeg,
    y: intensity.map((value, i) => value + base[i]!),
    base,
    colour: "calculated",
  };
}

export function scanPlot(item: ScanItem, processed: Processed): PlotData {
  const { axis, x, y, background, wavelengthAngstrom } = processed;
  const curves: PlotCurve[] = [{ name: item.name, x, y, colour: "observed" }];
  if (background !== null)
    curves.push({ name: "background", x, y: background, colour: "background", dashed: true });
  const { intensityUnit } = item.content.scan;
  const xLabel =
    axis === "twoTheta" && wavelengthAngstrom !== null
      ? `${LABELS[axis]}, λ = ${wavelengthAngstrom.toFixed(4)} Å`
      : LABELS[axis];
  return {
    axis,
    wavelengthAngstrom,
    xLabel,
    yLabel: intensityUnit === "unknown" ? "intensity" : intensityUnit,
    curves,
    ...marksOf(processed),
    ...(axis === "twoTheta" ? overlaid(item, curves) : {}),
  };
}

/** Where the file's points that cannot be right would stand on the curve. */
function marksOf({ leftOut, x, y }: Processed): Pick<PlotData, "marks"> {
  if (leftOut.length === 0) return {};
  const at = leftOut.map((point) => point.at);
  const heights = at.map((position) => {
    const next = Math.min(lowerBound(x, position), x.length - 1);
    return Math.min(y[Math.max(0, next - 1)]!, y[next]!);
  });
  const name =
    leftOut.length === 1
      ? "a point that cannot be right"
      : `${leftOut.length} points that cannot be right`;
  return { marks: { name, x: at, y: heights } };
}

/** Adds the calculated curves to `curves`; ticks, the difference and what spoke for the type are returned. */
function overlaid(
  item: ScanItem,
  curves: PlotCurve[],
): Pick<PlotData, "ticks" | "residual" | "strip"> {
  const answer = item.identification?.answer;
  const observation = answer?.observation;
  if (answer === undefined || observation === null || observation === undefined) return {};
  const { twoThetaDeg, intensity, background } = observation;
  const { choices } = item;
  const isSubtracted = choices.background !== "none" && choices.subtract;
  const onPlot = (calculated: Float64Array): Float64Array =>
    isSubtracted ? calculated : calculated.map((value, i) => value + background[i]!);
  const chosen = answer.candidates.find(({ key }) => key === item.shown);
  // Each as high as it is in the scan beside the others.
  const drawn = [...(chosen === undefined ? [] : [chosen]), ...answer.references];
  const overlays = drawnTogether(
    observation,
    drawn.map(({ overlay }) => overlay),
  );
  const laid = drawn.map((one, i) => ({ ...one, overlay: overlays[i]! }));
  const candidate = chosen === undefined ? undefined : laid[0]!;
  const references = chosen === undefined ? laid : laid.slice(1);
  const ticks: PlotTicks[] = [];
  let residual: PlotCurve | null = null;
  if (candidate !== undefined) {
    const { calculated } = candidate.overlay;
    curves.push({
      name: `${printedTypeName(candidate.name)}, calculated`,
      x: twoThetaDeg,
      y: onPlot(calculated),
      colour: "calculated",
    });
    residual = {
      name: "difference (observed − calculated)",
      x: twoThetaDeg,
      y: intensity.map((value, i) => value - background[i]! - calculated[i]!),
      colour: "background",
    };
    ticks.push(ticksOf(candidate, "calculated"));
    const { average } = item;
    if (item.wantsAverage && average?.key === item.shown && average.laid !== null)
      curves.push(averageCurve(average.laid, observation, isSubtracted));
  }
  references.forEach((reference, i) => {
    const colour = REFERENCE_COLOURS[i % REFERENCE_COLOURS.length]!;
    curves.push({
      name: `${reference.name}, cell ${reference.overlay.cellIs}`,
      x: twoThetaDeg,
      y: onPlot(reference.overlay.calculated),
      colour,
      dashed: true,
    });
    ticks.push({ ...ticksOf(reference, colour), name: reference.name });
  });
  const { evidence } = item;
  const strip =
    candidate === undefined || evidence === null || evidence.key !== candidate.key
      ? null
      : {
          name: `where the network looked for ${printedTypeName(evidence.name)}`,
          x: evidence.twoThetaDeg,
          weight: evidence.weight,
        };
  return { ticks, residual, strip };
}
