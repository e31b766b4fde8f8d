/** Files that the page gives away: structures as CIF, figures as SVG. The figures are those of the command line. */
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { writeCif } from "../../../src/crystal/io/write-structure.ts";
import { EwaldError } from "../../../src/errors.ts";
import { printedHkl } from "../../../src/report/notation.ts";
import { patternFigure } from "../../../src/report/pattern-figure.ts";
import { knownEsd, type Scan } from "../../../src/scan/scan.ts";
import { type WriteFormat, writeScan } from "../../../src/scan/write.ts";
import type { PlotData } from "../plot/model.ts";
import type { Simulation } from "./simulate.ts";

/** With the space group that is shown beside the structure; every atom, and why, where it cannot be written with one. */
export async function cif(structure: Structure): Promise<string> {
  await loadSymmetry();
  try {
    return writeCif(structure, { symmetry: analyzeSymmetry(structure) });
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return `# Every atom, in P 1: ${error.message}\n${writeCif(structure)}`;
  }
}

export interface PatternFigureInput {
  readonly title: string;
  readonly pattern: Simulation;
  readonly twoThetaRangeDeg: readonly [number, number];
}

const LABELS = 18;
const LEAST_LABELLED = 2;
const LEAST_TICKED = 0.1;

export function simulatedFigure({ title, pattern, twoThetaRangeDeg }: PatternFigureInput): string {
  const { curve, peaks, wavelengthAngstrom } = pattern;
  const step = curve.x[1]! - curve.x[0]!;
  const strongest = [...peaks].sort((a, b) => b.intensity - a.intensity).slice(0, LABELS);
  return patternFigure({
    title,
    xLabel: `2θ (°), λ = ${wavelengthAngstrom.toFixed(5)} Å`,
    yLabel: "Relative intensity",
    curves: [{ name: "", x: curve.x, y: curve.y }],
    tickRows: [
      {
        name: title,
        positions: peaks
          .filter(({ intensity }) => intensity >= LEAST_TICKED)
          .map(({ twoThetaDeg }) => twoThetaDeg),
      },
    ],
    labels: strongest
      .map((peak) => {
        const index = Math.round((peak.twoThetaDeg - curve.x[0]!) / step);
        const y = curve.y[Math.min(index, curve.y.length - 1)]!;
        return { x: peak.twoThetaDeg, y, text: printedHkl(peak.hkls[0]!.hkl) };
      })
      .filter(({ y }) => y >= LEAST_LABELLED),
    xRange: twoThetaRangeDeg,
  });
}

/** A scan's plot as the figure of a paper. */
export function scanFigure({
  title,
  data,
}: {
  readonly title: string;
  readonly data: PlotData;
}): string {
  return patternFigure({
    title,
    xLabel: data.xLabel,
    yLabel: data.yLabel,
    curves: data.curves.map(({ name, x, y, dashed }) => ({
      name,
      x,
      y,
      style: dashed === true ? ("dashed" as const) : ("line" as const),
      level: 0,
    })),
    tickRows: (data.ticks ?? []).map(({ name, positions }) => ({ name, positions })),
  });
}

/** A scan as columns, with uncertainties where they are known. */
export function scanColumns(scan: Scan): { readonly text: string; readonly ending: WriteFormat } {
  const known = scan.ranges.every((range) => knownEsd(range, scan.intensityUnit) !== undefined);
  const ending = known ? "xye" : "xy";
  return { text: writeScan(scan, ending), ending };
}
