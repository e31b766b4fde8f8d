/**
 * How well the lines of the best candidate must lie on a scan before it is answered, fitted on measured scans of known type
 * (`tools/structure-type-calibrate.mjs`) and measured cross-fitted (`npm run bench -- identify`). It compares a known compound
 * with a scan and asks no network, so that it holds for any model: code, not calibration. The share of the peaks' area that the lines
 * account for is no limit beside it: on no measured scan would it have changed the answer.
 */
import { EwaldError } from "../../errors.ts";
import { Random } from "../../math/random.ts";
import { parseRadiation } from "../../radiation/radiation.ts";
import { withRadiation } from "../../scan/scan.ts";
import { identifyScan, type TypeModel } from "../../identify/identify-scan.ts";
import { typeOfKey } from "../../known/library.ts";
import type { MeasuredScan } from "./measured-scans.ts";

/** The outcome of laying the best candidate over one measured scan with one wavelength. */
export interface OverlayOutcome {
  /** The id of the scan: its outcomes belong together. */
  readonly id: string;
  /** Anode that was stated instead of the true one; null for the true one. */
  readonly tube: string | null;
  /** Whether the library holds the scan's type. */
  readonly isKnown: boolean;
  /** Whether probability alone would answer. */
  readonly isProbable: boolean;
  /** Whether the best type is the scan's. */
  readonly isRight: boolean;
  /** Share of the peaks' area that the lines account for, and cosine of the roots of intensities. */
  readonly explained: number;
  readonly agreement: number;
}

/** Stated instead of copper: the tube most often beside it, and one far from it. Then lines come to lie beside peaks. */
const WRONG_TUBES = ["Co", "Mo"] as const;

/** Asks once a scan: whether another tube would do better is not wanted here. */
function askedOnce(model: TypeModel): TypeModel {
  let asked = false;
  return {
    library: model.library,
    identity: model.identity,
    identify: (observation, options) => {
      if (asked) throw new EwaldError("identify/asked", "asked before");
      asked = true;
      return model.identify(observation, options);
    },
  };
}

/** Every scan as measured and as if of another tube. Needs `await loadSymmetry()`. */
export async function* overlayOutcomes(
  model: TypeModel,
  scans: AsyncIterable<MeasuredScan>,
): AsyncGenerator<OverlayOutcome> {
  const { types } = model.library;
  for await (const { id, label, scan } of scans) {
    for (const tube of [null, ...WRONG_TUBES]) {
      const stated = tube === null ? scan : withRadiation(scan, parseRadiation(`${tube}Ka1`));
      const found = await identifyScan(askedOnce(model), stated, { leastAgreement: 0 });
      const over = found.candidates[0]?.overlay;
      yield {
        id,
        tube,
        isKnown: label < types.length,
        isProbable: !found.rejected,
        isRight: found.types[0] !== undefined && typeOfKey(types, found.types[0].key) === label,
        explained: over?.explained ?? 0,
        agreement: over?.agreement ?? 0,
      };
    }
  }
}

/**
 * The agreement that parts right answers to scans as measured from wrong answers to any with the fewest faults; of several the lowest
 * (what no scan asks for is not rejected), half way between its neighbours. A right type at a wrong wavelength counts for neither: the
 * type is found, the cell is wrong.
 */
export function fitLeastAgreement(outcomes: readonly OverlayOutcome[]): number {
  const counted = outcomes
    .filter(({ isProbable, isRight, tube }) => isProbable && (!isRight || tube === null))
    .toSorted((a, b) => a.agreement - b.agreement);
  // Without a limit every wrong answer is a fault; each one that is left out takes one away, or adds one where it is right.
  let [faults, fewest, best] = [0, 0, 0];
  for (const [i, { isRight, agreement }] of counted.entries()) {
    faults += isRight ? 1 : -1;
    const next = counted[i + 1]?.agreement ?? 1;
    // No limit parts what agrees alike.
    if (faults >= fewest || next === agreement) continue;
    fewest = faults;
    best = (agreement + next) / 2;
  }
  return best;
}

const FOLDS = 5;

/** For each outcome the limit fitted on the other folds' scans; a scan's outcomes are in one fold. */
export function crossFittedAgreement(outcomes: readonly OverlayOutcome[]): number[] {
  const ids = [...new Set(outcomes.map(({ id }) => id))];
  const shuffled = Random.fromSeed(1, "overlay folds").shuffle(ids);
  const foldOf = new Map(shuffled.map((id, at) => [id, at % FOLDS]));
  const limits = Array.from({ length: FOLDS }, (_, fold) =>
    fitLeastAgreement(outcomes.filter(({ id }) => foldOf.get(id) !== fold)),
  );
  return outcomes.map(({ id }) => limits[foldOf.get(id)!]!);
}
