/**
 * Samples for training and testing, as the networks see them: scans simulated from line lists, then taken through the same
 * steps as a measured scan (`patternOf`). Kept as bytes, for the same samples serve many epochs with further small changes.
 */
import type { Random } from "../../math/random.ts";
import { drawConditions } from "../../diffraction/scan-conditions.ts";
import type { LineList } from "../../diffraction/line-list.ts";
import { type Pattern, PATTERN_SIZE, patternOf } from "../../scan/log-pattern.ts";
import { levelsOf } from "../../scan/observe.ts";
import { CU_KA1_ANGSTROM } from "../../radiation/radiation.ts";
import { type AngleGrid, simulateScan } from "../../diffraction/simulated-scan.ts";

/** Steps of 0.04° suffice for the bins of the pattern. */
const SAMPLE_GRID: AngleGrid = { startDeg: 5, stepDeg: 0.04, size: 2626 };
const GRID_DEG = Float64Array.from(
  { length: SAMPLE_GRID.size },
  (_, i) => SAMPLE_GRID.startDeg + i * SAMPLE_GRID.stepDeg,
);

/** First and last bin with data. */
export function observedBins({ observed }: Pattern): readonly [number, number] {
  return [observed.indexOf(1), observed.lastIndexOf(1)];
}

/** A scan under conditions drawn at random, as a pattern. `others`: where impurities come from. */
export function drawPattern(lines: LineList, others: readonly LineList[], random: Random): Pattern {
  for (;;) {
    const conditions = drawConditions(random);
    const impurity =
      conditions.impurity > 0 && others.length > 0
        ? { lines: random.choice(others), conditions: drawConditions(random) }
        : undefined;
    const counts = simulateScan(lines, conditions, SAMPLE_GRID, random, impurity);
    const from = Math.ceil((conditions.rangeDeg[0] - SAMPLE_GRID.startDeg) / SAMPLE_GRID.stepDeg);
    const to =
      Math.floor((conditions.rangeDeg[1] - SAMPLE_GRID.startDeg) / SAMPLE_GRID.stepDeg) + 1;
    const range = [Math.max(0, from), Math.min(SAMPLE_GRID.size, to)] as const;
    const part = counts.subarray(...range);
    if (!part.some((value) => value > 0)) continue;
    try {
      const values = GRID_DEG.subarray(...range);
      return patternOf(
        levelsOf({ axis: { kind: "twoTheta", values }, intensity: part }, CU_KA1_ANGSTROM),
      );
    } catch {
      // Nothing above noise in the drawn range: such a scan is refused, not learnt.
    }
  }
}

/** Samples one after another: bytes of the pattern, observed bins, class. */
export class SampleStore {
  readonly intensity: Uint8Array;
  readonly bins: Uint16Array;
  readonly label: Int32Array;

  constructor(size: number) {
    this.intensity = new Uint8Array(new SharedArrayBuffer(size * PATTERN_SIZE));
    this.bins = new Uint16Array(new SharedArrayBuffer(size * 4));
    this.label = new Int32Array(new SharedArrayBuffer(size * 4));
  }

  set(index: number, pattern: Pattern, label: number): void {
    const offset = index * PATTERN_SIZE;
    for (let i = 0; i < PATTERN_SIZE; i++)
      this.intensity[offset + i] = Math.round(255 * pattern.intensity[i]!);
    this.bins.set(observedBins(pattern), 2 * index);
    this.label[index] = label;
  }
}

/** Largest further shift along ln sin θ, in bins (0.19 % each). */
const MOST_SHIFT = 6;

/**
 * One stored sample into a batch, changed a little: shifted, weak parts raised or lowered, the range narrowed.
 * Without `random` as it is.
 */
export function unpackSample(
  intensity: Uint8Array,
  [first, last]: readonly [number, number],
  random: Random | null,
  out: Float32Array,
  offset: number,
  range: Float32Array,
  rangeOffset: number,
): void {
  const shift = random === null ? 0 : random.integer(-MOST_SHIFT, MOST_SHIFT);
  const power = random === null ? 1 : Math.exp(random.normal(0, 0.12));
  const from = Math.max(0, first + shift);
  const to = Math.min(PATTERN_SIZE - 1, last + shift);
  const noise = random === null || random.uniform() < 0.5 ? 0 : random.uniformBetween(0, 0.03);
  for (let bin = from; bin <= to; bin++) {
    const value = intensity[bin - shift]! / 255;
    let changed = value === 0 ? 0 : power === 1 ? value : value ** power;
    if (noise > 0) changed += noise * random!.uniform();
    out[offset + bin] = changed;
  }
  range[rangeOffset] = from / PATTERN_SIZE;
  range[rangeOffset + 1] = to / PATTERN_SIZE;
}
