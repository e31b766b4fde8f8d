/**
 * Phases fitted to a whole scan by least squares: cells, amounts, widths, with uncertainties.
 * Points of the scan → lines of the phases → parameters → where the cells start → stages → result.
 */
import { EwaldError } from "../../errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { startCells } from "./cell-start.ts";
import { engineOf } from "./engine.ts";
import type { FitOptions, FitPhase, FitResult } from "./fit-types.ts";
import { linearPart } from "./linear-part.ts";
import { measuredPoints } from "./measured-points.ts";
import { layoutOf } from "./parameters.ts";
import { phaseLines } from "./phase-lines.ts";
import { resultOf } from "./result.ts";
import { runStages } from "./stages.ts";

const BACKGROUND_TERMS = 8;

/**
 * Whole-pattern fit of one or several phases to a scan. Needs `await loadSymmetry()`.
 * @throws EwaldError `fit/no-phases`, `fit/same-id`, `fit/no-lines`, `fit/constant-scan`, `fit/saturated-scan`, `fit/too-few-points`;
 * `scan/no-wavelength`; those of the symmetry search and of the scattering tables
 */
export function fitScan(
  scan: Scan,
  phases: readonly FitPhase[],
  options: FitOptions = {},
): FitResult {
  checkPhases(phases);
  const points = measuredPoints(scan, options.excludeDeg, options.instrument);
  const rangeDeg = [points.x[0]!, points.x.at(-1)!] as const;
  const lines = phases.map((phase) => phaseLines(phase, points.radiation, rangeDeg, options));
  const layout = layoutOf(lines, points, options);
  const linear = linearPart(points, options.backgroundTerms ?? BACKGROUND_TERMS);
  const engine = engineOf({ points, phases: lines, layout, linear, options });
  const start = startCells(engine);
  return resultOf(engine, runStages(engine, start));
}

function checkPhases(phases: readonly FitPhase[]): void {
  if (phases.length === 0) {
    throw new EwaldError("fit/no-phases", "no phase to fit", { hint: "Give at least one." });
  }
  const seen = new Set<string>();
  for (const { id } of phases) {
    if (seen.has(id)) {
      throw new EwaldError("fit/same-id", `two phases are called ${id}`, {
        value: id,
        hint: "Give each phase once, under a name of its own.",
      });
    }
    seen.add(id);
  }
}
