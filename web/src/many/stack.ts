/** Several scans over one axis, lifted one over the other. */
import { convertAxis } from "../../../src/radiation/axis.ts";
import type { PlotCurve, PlotData } from "../../../src/report/plot/model.ts";
import type { PlotColour } from "../../../src/report/plot/palette.ts";
import type { ScanCurve } from "../../../src/jobs/read/curve.ts";

/** More curves are lines that nobody can tell apart. */
export const MOST_STACKED = 12;
const COLOURS: readonly PlotColour[] = ["observed", "second", "calculated", "third", "fourth"];

export interface Stacked {
  readonly name: string;
  readonly processed: Pick<ScanCurve, "axis" | "x" | "y" | "wavelengthAngstrom">;
}

/** Over 2θ where all were measured with one wavelength, else over Q; scans that cannot be put there are left out. */
export function stackPlot(scans: readonly Stacked[], offset: number): PlotData | null {
  const wavelengths = new Set(
    scans.map(({ processed }) => processed.wavelengthAngstrom?.toFixed(4)),
  );
  const isAngular = scans.every(({ processed }) => processed.axis === "twoTheta");
  const overAngle = isAngular && wavelengths.size === 1;
  const usable = scans.filter(({ processed: { axis, wavelengthAngstrom } }) =>
    overAngle ? true : axis === "q" || (axis === "twoTheta" && wavelengthAngstrom !== null),
  );
  if (usable.length === 0) return null;
  const curves = usable.slice(0, MOST_STACKED).map(({ name, processed }, i): PlotCurve => {
    const { axis, x, y, wavelengthAngstrom } = processed;
    return {
      name,
      x: overAngle ? x : convertAxis(x, axis, "q", wavelengthAngstrom ?? undefined),
      y,
      colour: COLOURS[i % COLOURS.length]!,
      lift: i * offset,
      ownScale: i,
    };
  });
  return {
    axis: overAngle ? "twoTheta" : "q",
    wavelengthAngstrom: overAngle ? usable[0]!.processed.wavelengthAngstrom : null,
    xLabel: overAngle ? "2θ (°)" : "Q (Å⁻¹)",
    yLabel: "intensity, each to its own height",
    curves,
  };
}
