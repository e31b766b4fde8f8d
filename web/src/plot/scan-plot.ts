/** A scan item as a plot: what was measured, the candidate's lines over it, what they leave. */
import type { AxisKind } from "../../../src/radiation/axis.ts";
import { printedWavelengths } from "../../../src/report/notation.ts";
import { identifiedParts } from "../../../src/report/plot/identified-plot.ts";
import type { PlotCurve, PlotData } from "../../../src/report/plot/model.ts";
import { BACKGROUND_DASH } from "../../../src/report/plot/palette.ts";
import { lowerBound } from "../../../src/math/sorted.ts";
import type { ScanItem } from "../state/scan-item.svelte.ts";
import type { ScanCurve } from "../../../src/jobs/read/curve.ts";

const LABELS: Readonly<Record<AxisKind, string>> = {
  twoTheta: "2θ (°)",
  d: "d (Å)",
  q: "Q (Å⁻¹)",
  tof: "time of flight (µs)",
};

export function axisLabel(axis: AxisKind): string {
  return LABELS[axis];
}

export function scanPlot(item: ScanItem, processed: ScanCurve): PlotData {
  const { axis, x, y, background, wavelengthAngstrom, scan } = processed;
  const laid = axis === "twoTheta" ? overlaid(item) : null;
  const { intensityUnit } = item.content.scan;
  return {
    axis,
    wavelengthAngstrom,
    xLabel:
      axis === "twoTheta" && scan.radiation !== null
        ? `${LABELS[axis]}, ${printedWavelengths(scan.radiation)}`
        : LABELS[axis],
    yLabel: intensityUnit === "unknown" ? "intensity" : intensityUnit,
    ...laid,
    curves: [
      { name: item.name, x, y, colour: "observed", isMeasured: true },
      ...(background === null ? [] : [backgroundCurve(x, background)]),
      ...(laid?.curves ?? []),
    ],
    ...marksOf(processed),
  };
}

function backgroundCurve(x: Float64Array, y: Float64Array): PlotCurve {
  return { name: "background", x, y, colour: "background", dash: BACKGROUND_DASH };
}

/** Where the file's points that cannot be right would stand on the curve. */
function marksOf({ leftOut, x, y }: ScanCurve): Pick<PlotData, "marks"> {
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

/** What the answer lays over the scan: nothing where there is none, or none to what is asked now. */
function overlaid(item: ScanItem): ReturnType<typeof identifiedParts> | null {
  const answer = item.isStale ? undefined : item.identification?.answer;
  const observation = answer?.observation;
  if (answer === undefined || observation === null || observation === undefined) return null;
  const { choices, evidence, average, shown } = item;
  const candidate = answer.candidates.find(({ key }) => key === shown) ?? null;
  return identifiedParts({
    observation,
    candidate,
    references: answer.references,
    explanation: evidence?.key === candidate?.key ? evidence : null,
    average: item.wantsAverage && average?.key === shown ? average.laid : null,
    isSubtracted: choices.background !== "none" && choices.subtract,
  });
}
