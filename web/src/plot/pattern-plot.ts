/** A simulated pattern as a plot, with hkl ticks. */
import { printedHkl, printedWavelengths } from "../../../src/report/notation.ts";
import type { PlotData } from "../../../src/report/plot/model.ts";
import type { StructureItem } from "../state/structure-item.svelte.ts";
import type { Simulation } from "../worker/simulate.ts";

/** Weaker peaks (of 100) get no tick. */
const LEAST_TICKED = 0.1;

export function patternPlot(item: StructureItem, pattern: Simulation): PlotData {
  const seen = pattern.peaks.filter(({ intensity }) => intensity >= LEAST_TICKED);
  const name = item.title;
  return {
    axis: "twoTheta",
    wavelengthAngstrom: pattern.wavelengthAngstrom,
    xLabel: `2θ (°), ${printedWavelengths(pattern.radiation)}`,
    yLabel: "relative intensity",
    curves: [{ name, x: pattern.curve.x, y: pattern.curve.y, colour: "calculated" }],
    ticks: [
      {
        name: "reflections",
        colour: "calculated",
        positions: seen.map(({ twoThetaDeg }) => twoThetaDeg),
        labels: seen.map(({ hkls }) => hkls.map(({ hkl }) => printedHkl(hkl)).join(", ")),
        heights: seen.map(({ intensity }) => intensity),
      },
    ],
  };
}
