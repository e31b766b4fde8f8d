/** Scans as a figure: stacked or overlaid. */
import { fileNameOf } from "../../formats/file-name.ts";
import { type IntensityScale, patternFigure } from "../../report/pattern-figure.ts";
import { CURVE_COLOURS } from "../../report/svg.ts";
import { AXES, short } from "./axes.ts";
import type { ReadScanRecord } from "./record.ts";

export interface ScanFigureOptions {
  readonly overlay: boolean;
  readonly offset: number;
  readonly intensityScale: IntensityScale;
  /** Part of the axis that is shown; all unless given. */
  readonly view?: readonly [number, number];
}

/** Stacked, or overlaid with each scan scaled to its own maximum; the ranges of a scan share a colour. */
export function scanFigure(records: readonly ReadScanRecord[], options: ScanFigureOptions): string {
  const single = records.length === 1;
  const kind = records[0]!.ranges[0]!.axis.kind;
  const [name, unit] = AXES[kind];
  const curves = records.flatMap((record, index) => {
    const highest = Math.max(
      ...record.ranges.map((range) => range.intensity.reduce((a, b) => Math.max(a, b), 0)),
    );
    const factor = single || !(highest > 0) ? 1 : 100 / highest;
    return record.ranges
      .filter((range) => range.axis.kind === kind)
      .map((range, r) => ({
        name: r === 0 ? fileNameOf(record.input) : "",
        x: range.axis.values,
        y: range.intensity.map((value) => value * factor),
        level: options.overlay ? 0 : index,
        colour: CURVE_COLOURS[index % CURVE_COLOURS.length]!,
      }));
  });
  return patternFigure({
    title: single ? records[0]!.input : `${records.length} powder scans`,
    xLabel: `${name} (${unit})    ${wavelengthLabel(records)}`.trimEnd(),
    yLabel: single
      ? "Intensity"
      : options.overlay
        ? "Relative intensity"
        : "Relative intensity, offset",
    curves,
    offset: options.offset,
    intensityScale: options.intensityScale,
    ...(options.view === undefined ? {} : { xRange: options.view }),
  });
}

/** The wavelength where all scans share it: angles of different ones do not compare. */
function wavelengthLabel(records: readonly ReadScanRecord[]): string {
  const all = new Set(records.map((record) => record.wavelengthAngstrom));
  const [only] = all;
  if (all.size > 1) return "scans of different wavelengths";
  return only === null || only === undefined ? "" : `λ = ${short(only)} Å`;
}
