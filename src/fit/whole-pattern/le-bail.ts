/**
 * A fit without atoms: the heights of the lines are what the scan shares out among them, again before each round of least squares
 * (A. Le Bail, H. Duroy & J. L. Fourquet, Mater. Res. Bull. 23 (1988) 447). All lines begin alike; those that the structure
 * extinguishes are left out.
 */
import { type Engine, evaluate } from "./engine.ts";
import { frameOf, type LineHeights } from "./frame.ts";
import { partition } from "./partition.ts";

/** Sharings out before the first round, and before each one after. */
const FIRST_CYCLES = 8;
const CYCLES = 3;

/** Heights of every line as the scan has them with these parameters. */
export function sharedHeights(
  engine: Engine,
  p: Float64Array,
  before: LineHeights | null,
): LineHeights {
  const { phases, points, layout, options } = engine;
  let heights = before ?? phases.map(({ squared }) => new Float64Array(squared[0]!.length).fill(1));
  for (let cycle = before === null ? FIRST_CYCLES : CYCLES; cycle > 0; cycle--) {
    const frame = frameOf(phases, points, layout, p, options, heights);
    const evaluation = evaluate(engine, frame, p);
    const lines = partition(engine, { p, frame, evaluation });
    heights = heights.map((old, which) => {
      const next = old.map((height) => height * evaluation.scales[which]!);
      for (const { line, ratio } of lines[which]!) next[line]! *= ratio;
      return next;
    });
  }
  return heights;
}
