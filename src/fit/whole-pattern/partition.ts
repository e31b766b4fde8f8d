/**
 * The observed intensity of each line: at every point the net observation is shared out among the lines as the calculation has them
 * there (Rietveld 1969, J. Appl. Cryst. 2, 65). R_Bragg compares with it; a fit without atoms takes it for the next heights (Le Bail,
 * Duroy & Fourquet 1988, Mater. Res. Bull. 23, 447).
 */
import { lineSlopes } from "../../math/pseudo-voigt.ts";
import { forEachLine } from "./draw.ts";
import { type Engine, type Evaluation, phaseSum } from "./engine.ts";
import type { Frame } from "./frame.ts";

export interface PartitionedLine {
  /** In the list of the phase. */
  readonly line: number;
  /** 2θ of the strongest wavelength. */
  readonly twoThetaDeg: number;
  /** Calculated area within the scan, all wavelengths together; in units of the scan × degrees. */
  readonly area: number;
  /** Observed over calculated. */
  readonly ratio: number;
}

/** The drawn lines of every phase; some stand a little outside of the scan. */
export function partition(
  { points, layout, linear, slopes }: Engine,
  {
    p,
    frame,
    evaluation,
  }: { readonly p: Float64Array; readonly frame: Frame; readonly evaluation: Evaluation },
): PartitionedLine[][] {
  const calculated = phaseSum(evaluation);
  const background = linear.background(calculated);
  const ratio = calculated.map((value, i) =>
    value > 0 ? Math.max(0, points.y[i]! - background[i]!) / value : 1,
  );
  return frame.phases.map((framed, which) => {
    const count = framed.index.length;
    const [position, area, seen, shared] = Array.from({ length: 4 }, () => new Float64Array(count));
    forEachLine(frame, framed, layout.places[which]!, p, (line) => {
      const { at, s } = line;
      if (s === 0) position![at] = line.position;
      area![at]! += line.area * evaluation.scales[which]!;
      lineSlopes(slopes, frame.x, line, line.reach);
      for (let i = slopes.from; i < slopes.to; i++) {
        const value = line.area * slopes.area[i]!;
        seen![at]! += value;
        shared![at]! += value * ratio[i]!;
      }
    });
    return Array.from(framed.index, (line, at) => ({
      line,
      twoThetaDeg: position![at]!,
      area: area![at]!,
      ratio: seen![at]! > 0 ? shared![at]! / seen![at]! : 1,
    }));
  });
}

/** Σ|I(observed) − I(calculated)| / ΣI(observed), %. */
export function rBraggOf(lines: readonly PartitionedLine[]): number | null {
  let [apart, all] = [0, 0];
  for (const { area, ratio } of lines) {
    apart += area * Math.abs(ratio - 1);
    all += area * ratio;
  }
  return all > 0 ? (100 * apart) / all : null;
}
