/**
 * The paper's patterns: 5,250 points from 5.00° to 109.98°, largest 1. Simulated ones are changed as the paper says (Methods):
 * strain along each axis, peak widths (domain size), intensities (preferred orientation), noise on the background; how
 * much, the paper does not say: ranges are those of the default model. Measured ones lose their background (airPLS) and are smoothed (Savitzky-Golay).
 */
import type { Random } from "../../math/random.ts";
import { parseRadiation } from "../../radiation/radiation.ts";
import { subtractBackground } from "../../scan/background.ts";
import { convertScanAxis, convertWavelength } from "../../scan/convert.ts";
import { mergeRanges, resample } from "../../scan/resample.ts";
import type { Scan } from "../../scan/scan.ts";
import { smooth } from "../../scan/smooth.ts";
import { drawConditions, type ScanConditions } from "../../diffraction/scan-conditions.ts";
import type { LineList } from "../../diffraction/line-list.ts";
import { PAPER_GRID, simulateScan } from "../../diffraction/simulated-scan.ts";

export type RangeDeg = readonly [number, number];

const STRAIN = { isotropic: 0.02, axial: 0.012 };

function paperConditions(random: Random): ScanConditions {
  return {
    ...drawConditions(random, STRAIN),
    zeroShiftDeg: 0,
    displacementDeg: 0,
    kAlpha2: 0,
    impurity: 0,
    rangeDeg: [PAPER_GRID.startDeg, 110],
    peakCounts: Math.exp(random.uniformBetween(Math.log(1000), Math.log(50_000))),
    background: { constant: random.uniformBetween(0.001, 0.02), air: 0, hump: 0 },
  };
}

/** Largest 1, nothing below 0; what lies outside the range is 0. */
function scaled(values: Float64Array, level: number, rangeDeg?: RangeDeg): Float32Array {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  const result = new Float32Array(values.length);
  const span = Math.max(most - level, 1e-12);
  for (let i = 0; i < values.length; i++) {
    const angle = PAPER_GRID.startDeg + i * PAPER_GRID.stepDeg;
    if (rangeDeg !== undefined && (angle < rangeDeg[0] || angle > rangeDeg[1])) continue;
    result[i] = Math.max(0, (values[i]! - level) / span);
  }
  return result;
}

/** A simulated pattern of a compound under conditions drawn at random. */
export function simulatedPattern(
  lines: LineList,
  random: Random,
  rangeDeg?: RangeDeg,
): Float32Array {
  const conditions = paperConditions(random);
  const values = simulateScan(lines, conditions, PAPER_GRID, random);
  return scaled(values, conditions.peakCounts * conditions.background.constant, rangeDeg);
}

/**
 * A measured scan as the paper treats it: background away (airPLS), smoothed (Savitzky-Golay), Cu Kα1 angles, on the grid.
 * Points the scan does not cover are 0.
 * @throws EwaldError `scan/no-wavelength`, `scan/empty` where the scan lies outside 5° to 110°
 */
export function measuredPattern(scan: Scan, rangeDeg?: RangeDeg): Float32Array {
  const copper = convertWavelength(convertScanAxis(scan, "twoTheta"), parseRadiation("CuKa1"));
  const { startDeg, stepDeg, size } = PAPER_GRID;
  const single = copper.ranges.length > 1 ? mergeRanges(copper, stepDeg) : copper;
  const level = smooth(subtractBackground(single, { method: "airpls" }));
  const stop = startDeg + (size - 1) * stepDeg;
  const [range] = resample(level, { start: startDeg, stop, step: stepDeg, outside: 0 }).ranges;
  return scaled(range!.intensity, 0, rangeDeg);
}
