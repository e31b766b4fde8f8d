/**
 * Where the cells of a fit start. Gradients find a cell that is off by −0.15 to +0.7 %, calculated ones are off by 1 %: the lines of
 * each phase are laid on the scan first, and the cell found so is taken where the curve agrees better with it.
 */
import { fitCellNear } from "../overlay-cell.ts";
import { type Engine, evaluate } from "./engine.ts";
import { frameOf } from "./frame.ts";

/** Largest relative change of an axis. */
const MOST_CHANGE = 0.02;
/** A matched cell must leave so much less of the sum of squares. */
const WORTH = 0.98;

/** The starting parameters, with the better of given and matched cell of each phase. */
export function startCells(engine: Engine): Float64Array {
  const { phases, layout, points, options } = engine;
  const start = Float64Array.from(layout.parameters, (one) => one.start);
  if (options.cellStart === "given") return start;
  const left = (p: Float64Array): number => {
    const frame = frameOf(phases, points, layout, p, options);
    return evaluate(engine, frame, p).residuals.reduce((sum, value) => sum + value * value, 0);
  };
  let best = start;
  let least = left(start);
  for (const [i, { list, freeCell }] of phases.entries()) {
    const { cell } = fitCellNear(points.observation, list, MOST_CHANGE);
    const matched = best.slice();
    for (const [j, at] of [...freeCell.edges, ...freeCell.angles].entries())
      matched[layout.places[i]!.cell + j] = cell[at]!;
    const found = left(matched);
    if (found < WORTH * least) [best, least] = [matched, found];
  }
  return best;
}
