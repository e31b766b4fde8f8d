/** Simulated patterns as a figure: one level per structure, references dashed over each, hkl ticks below. */
import { fileNameOf } from "../../formats/file-name.ts";
import type { Broadening } from "../../diffraction/broadening.ts";
import { patternCurve } from "../../diffraction/curve.ts";
import type { Peak } from "../../diffraction/peaks.ts";
import { printedFormula, printedHkl, printedSpaceGroup } from "../../report/notation.ts";
import {
  type Curve,
  type IntensityScale,
  patternFigure,
  type PeakLabel,
  type TickRow,
} from "../../report/pattern-figure.ts";
import { CURVE_COLOURS } from "../../report/svg.ts";
import type { SimulateRecord } from "./record.ts";

/** With a single pattern its strongest peaks are labelled; in a stack there is no room. */
const LABELS = 18;
const LEAST_LABELLED = 2;
/** More rows of ticks than this would be taller than the curves. */
const MOST_TICK_ROWS = 8;
/** Weaker peaks get no tick. */
const LEAST_TICKED = 0.1;

export interface SimulationFigureOptions {
  readonly broadening: Broadening;
  readonly offset: number;
  readonly intensityScale: IntensityScale;
  readonly axisLabel: string;
}

export function simulationFigure(
  records: readonly SimulateRecord[],
  references: readonly SimulateRecord[],
  options: SimulationFigureOptions,
): string {
  const single = records.length === 1;
  const own = records.map((record, level) => ({
    ...curveOf(record, options.broadening),
    level,
    colour: colourOf(level),
    // A single pattern is named by the title.
    ...(single && references.length === 0 ? { name: "" } : {}),
  }));
  const overlaid = references.flatMap((record, i) => {
    const curve = curveOf(record, options.broadening);
    return own.map(({ level }) => ({
      ...curve,
      level,
      // Named once, on the lowest level: the same dashes mean the same everywhere.
      name: level === 0 ? `${curve.name} (reference)` : "",
      style: "dashed" as const,
      colour: colourOf(records.length + i),
    }));
  });
  const labels = single && references.length === 0 ? peakLabels(records[0]!.peaks, own[0]!) : [];
  return patternFigure({
    title: single ? nameOf(records[0]!) : `${records.length} simulated powder patterns`,
    xLabel: options.axisLabel,
    yLabel: single ? "Relative intensity" : "Relative intensity, offset",
    curves: [...own, ...overlaid],
    // From top to bottom in the order of the curves.
    tickRows: [...records, ...references].map(tickRow).slice(0, MOST_TICK_ROWS).reverse(),
    labels,
    xRange: records[0]!.twoThetaRangeDeg,
    intensityScale: options.intensityScale,
    offset: options.offset,
  });
}

function curveOf(record: SimulateRecord, broadening: Broadening): Curve {
  const { twoThetaRangeDeg } = record;
  return { name: nameOf(record), ...patternCurve(record, { twoThetaRangeDeg, broadening }) };
}

function colourOf(index: number): string {
  return CURVE_COLOURS[index % CURVE_COLOURS.length]!;
}

/** "SiO₂, P3₂21 (quartz.cif)" */
function nameOf({ formula, spaceGroup, input }: SimulateRecord): string {
  const group = spaceGroup === null ? "" : `, ${printedSpaceGroup(spaceGroup.symbol)}`;
  return `${printedFormula(formula)}${group} (${fileNameOf(input)})`;
}

function tickRow(record: SimulateRecord, index: number): TickRow {
  const seen = record.peaks.filter((peak) => peak.intensity > LEAST_TICKED);
  return {
    name: nameOf(record),
    positions: seen.map((peak) => peak.twoThetaDeg),
    colour: colourOf(index),
  };
}

/** hkl over the strongest peaks, at the height of the drawn curve (overlapping peaks add up). */
function peakLabels(peaks: readonly Peak[], curve: Curve): readonly PeakLabel[] {
  const step = curve.x[1]! - curve.x[0]!;
  return [...peaks]
    .sort((a, b) => b.intensity - a.intensity)
    .slice(0, LABELS)
    .map((peak) => {
      const index = Math.round((peak.twoThetaDeg - curve.x[0]!) / step);
      const y = curve.y[Math.min(index, curve.y.length - 1)]!;
      return { x: peak.twoThetaDeg, y, text: printedHkl(peak.hkls[0]!.hkl) };
    })
    .filter((label) => label.y >= LEAST_LABELLED);
}
