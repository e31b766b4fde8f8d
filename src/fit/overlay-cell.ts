/** Which cell a compound's lines are laid over a scan with: as given, near it, or sought within the range of its type. */
import { climb } from "./cell-climb.ts";
import {
  type CellRange,
  type FittedCell,
  refineCell,
  symmetricCell,
  trialCells,
} from "./cell-fit.ts";
import {
  type CellParameters,
  changedBasis,
  inOwnSetting,
  type LineList,
} from "../diffraction/line-list.ts";
import { RADIANS } from "../radiation/angles.ts";
import type { Observation } from "../scan/observe.ts";
import { type DrawOptions, drawOn, placeOn } from "./placed-lines.ts";
import { compare, spanOf } from "./root-agreement.ts";

const TRIALS = 12;
const REFINED = 3;
/** Trials are compared with wider peaks: they are near, not right. */
const TRIAL: DrawOptions = { widthFactor: 1.6, leastHeight: 0.01 };

type Quality = (fitted: FittedCell, options?: DrawOptions) => number;

function qualityOf(observation: Observation, lines: LineList, larger: number): Quality {
  const { observed, end } = spanOf(observation, larger);
  return ({ cell, zeroShiftDeg }, options = {}) => {
    const placed = placeOn(observation, lines, cell, zeroShiftDeg);
    return compare(observed, drawOn(observation, placed, options), observation, end).cosine;
  };
}

/** The cell of the lines as the structure was given: no axis drawn equal, no angle drawn right. */
export function givenCell({ cell, own }: LineList): CellParameters {
  return own === undefined ? cell : changedBasis(own.basisRows, own.cell);
}

/** The best of the trials, each refined. */
function bestTrials(
  observation: Observation,
  lines: LineList,
  range: CellRange,
  quality: Quality,
): FittedCell[] {
  return trialCells(observation, lines, range, TRIALS)
    .map((cell) => ({ cell, zeroShiftDeg: 0 }))
    .map((trial) => ({ trial, of: quality(trial, TRIAL) }))
    .sort((a, b) => b.of - a.of)
    .slice(0, REFINED)
    .map(({ trial }) => trial);
}

/** The best cell within the range of a type. */
export function fitCellWithin(
  observation: Observation,
  list: LineList,
  range: CellRange,
): FittedCell {
  const lines = { ...list, cell: symmetricCell(list) };
  const quality = qualityOf(observation, lines, range.factor[1]);
  let best: { fitted: FittedCell; of: number } = {
    fitted: { cell: lines.cell, zeroShiftDeg: 0 },
    of: -1,
  };
  let isOnGrid = false;
  for (const trial of bestTrials(observation, lines, range, quality)) {
    const refined = refineCell(observation, lines, trial.cell);
    for (const fitted of [refined, trial]) {
      const of = quality(fitted);
      if (of <= best.of) continue;
      best = { fitted, of };
      isOnGrid = fitted === trial;
    }
  }
  return isOnGrid ? climb(lines, best.fitted, quality) : best.fitted;
}

/**
 * A cell that lies so far from the given one, relative, must agree better by so much to be taken: of the minima of a pseudo-cubic
 * perovskite, a and b changed for each other, the one that is meant is near.
 */
const FAR = 0.005;
const WORTH = 0.02;
/** Rounds of {@link refineCell} that are left out, one start after the other. */
const SKIPPED = [3, 2, 1, 0];
/** Cells that are sought to the end, and how far they lie apart. */
const CLIMBED = 3;
const APART = 5e-4;

/**
 * The cell near a given one with which its lines lie best: of several that lie about as well the nearest. Within the change every
 * axis stays, and every angle that is free within as many radians.
 * @param change largest relative change of an axis
 */
export function fitCellNear(observation: Observation, list: LineList, change: number): FittedCell {
  const lines = { ...list, cell: symmetricCell(list) };
  const quality = qualityOf(observation, lines, 1 + change);
  const given = { cell: lines.cell, zeroShiftDeg: 0 };
  const worthOf = (fitted: FittedCell): number => {
    const far = changeOf(list, fitted.cell);
    if (far > change && fitted !== given) return -1;
    return quality(fitted) - WORTH * Math.min(1, far / FAR);
  };
  const range = { factor: [1 - change, 1 + change] as const, axial: change };
  const sorted = [
    given,
    ...SKIPPED.map((skipped) => refineCell(observation, lines, lines.cell, skipped)),
    ...bestTrials(observation, lines, range, quality).flatMap((trial) => [
      trial,
      refineCell(observation, lines, trial.cell),
    ]),
  ]
    .map((fitted) => ({ fitted, of: worthOf(fitted) }))
    .sort((a, b) => b.of - a.of);
  const started: FittedCell[] = [];
  for (const { fitted, of } of sorted) {
    const isApart = started.every(({ cell }) =>
      cell.some((value, i) => Math.abs(value / fitted.cell[i]! - 1) > APART),
    );
    if (of > -1 && isApart && started.length < CLIMBED) started.push(fitted);
  }
  const isWithin = ({ cell }: FittedCell): boolean => changeOf(list, cell) <= change;
  return started
    .map((start) => climb(lines, start, (one) => (isWithin(one) ? quality(one) : -1)))
    .map((fitted) => ({ fitted, of: worthOf(fitted) }))
    .reduce((a, b) => (b.of > a.of ? b : a)).fitted;
}

/** Largest relative change of an axis, or of an angle in radians, from the structure as it was given. */
function changeOf(lines: LineList, cell: CellParameters): number {
  const from = lines.own?.cell ?? lines.cell;
  const to = inOwnSetting(lines, cell);
  return Math.max(
    ...from.map((value, i) =>
      i < 3 ? Math.abs(to[i]! / value - 1) : Math.abs(to[i]! - value) * RADIANS,
    ),
  );
}
