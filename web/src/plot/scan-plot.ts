/** A scan item as a plot. */
import type { AxisKind } from "../../../src/radiation/index.ts";
import type { ScanItem } from "../state/scan-item.svelte.ts";
import type { Processed } from "../worker/process.ts";
import type { PlotCurve, PlotData } from "./model.ts";

const LABELS: Readonly<Record<AxisKind, string>> = {
  twoTheta: "2θ (°)",
  d: "d (Å)",
  q: "Q (Å⁻¹)",
  tof: "time of flight (µs)",
};

export function axisLabel(axis: AxisKind): string {
  return LABELS[axis];
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
  };
}
