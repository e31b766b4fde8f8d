/**
 * The paper's patterns: 5,250 points from 5.00° to 109.98°, largest 1. Simulated ones are changed as the paper says (Methods):
 * strain along each axis, peak widths (domain size), intensities (preferred orientation), noise on the background; how
 * much, the paper does not say: ranges are those of the default model. Measured ones lose their background (airPLS) and are smoothed (Savitzky-Golay).
 */
import type { Random } from "../../../math/index.ts";
import {
  convertScanAxis,
  convertWavelength,
  mergeRanges,
  resample,
  type Scan,
  smooth,
  subtractBackground,
} from "../../../scan/index.ts";
import { drawConditions, type ScanConditions } from "../conditions.ts";
import type { CompoundLines } from "../member-lines.ts";
import { CU_KA1_ANGSTROM, PAPER_GRID, simulateScan } from "../simulate.ts";

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

/** The `copy`th pattern of a compound: the same for the same seed, whatever else is drawn. */
export function simulatedPattern(
  { lines }: CompoundLines,
  random: Random,
  rangeDeg?: RangeDeg,
): Float32Array {
  const conditions = paperConditions(random);
  const values = simulateScan(lines, conditions, PAPER_GRID, random);
  const { constant } = conditions.background;
  // Counts of the background's level: its share of the strongest point without it.
  const level = conditions.peakCounts * constant;
  return scaled(values, level, rangeDeg);
}
