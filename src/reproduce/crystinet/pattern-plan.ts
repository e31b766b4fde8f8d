/**
 * Which patterns are simulated: several of each compound, more of each where a type has few compounds (Chen 2024, Methods), and
 * how they are parted into training, validation and test (7 : 1 : 2). The paper parts patterns; honest is to part compounds.
 */
import { murmur3 } from "../../formats/hash.ts";
import { Random } from "../../math/random.ts";
import { type Part, partOfFormula, type Sample } from "../../systems/structure-type/dataset.ts";
import { type RangeDeg, simulatedPattern } from "./patterns.ts";

/** One pattern to be simulated. */
export interface PlannedPattern {
  readonly type: number;
  readonly sample: Sample;
  /** Number among the compound's patterns. */
  readonly copy: number;
}

/** By reduced formula (a compound and its polymorphs on one side), or by pattern as the paper did. */
export type CrystinetSplit = "compounds" | "patterns";

/** About `total` patterns: each type in proportion to the root of its compounds, each compound about as often as the next. */
export function planPatterns(
  types: readonly (readonly Sample[])[],
  total: number,
): PlannedPattern[] {
  const roots = types.map(({ length }) => Math.sqrt(length));
  const sum = roots.reduce((a, b) => a + b, 0);
  return types.flatMap((samples, type) => {
    if (samples.length === 0) return [];
    const count = Math.max(1, Math.round((total * roots[type]!) / sum));
    return Array.from({ length: count }, (_, i) => ({
      type,
      sample: samples[i % samples.length]!,
      copy: Math.floor(i / samples.length),
    }));
  });
}

export function partOfPattern(
  { sample, copy }: PlannedPattern,
  split: CrystinetSplit,
  seed: number | string,
): Part {
  if (split === "compounds") return partOfFormula(sample.formula);
  const share = murmur3(`crystinet patterns ${seed} ${sample.id} ${copy}`) / 2 ** 32;
  return share < 0.7 ? "train" : share < 0.8 ? "val" : "test";
}

/** The same for the same seed, whatever else is drawn. */
export function drawPlanned(
  { sample, copy }: PlannedPattern,
  seed: number | string,
  rangeDeg?: RangeDeg,
): Float32Array {
  const random = Random.fromSeed(seed, "pattern", sample.id, copy);
  return simulatedPattern(sample.lines, random, rangeDeg);
}
