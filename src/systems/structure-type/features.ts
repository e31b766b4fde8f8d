/** Features of a scan for the networks: its pattern over ln sin θ, of X-rays, wide enough to judge by. */
import { EwaldError } from "../../errors.ts";
import { type Pattern, patternOf } from "../../scan/log-pattern.ts";
import type { Observation } from "../../scan/observe.ts";

/** Angles covered by less than this cannot be judged. */
const LEAST_RANGE_BINS = 150;

/**
 * The pattern over ln sin θ that the networks are given for an observed scan.
 * @throws EwaldError `identify/radiation`, `identify/range`, `identify/flat`
 */
export function typePattern(observation: Observation): Pattern {
  const { radiationKind, twoThetaDeg } = observation;
  if (radiationKind !== "xray") {
    throw new EwaldError(
      "identify/radiation",
      `structure types are recognised in X-ray scans; this one was measured with ${radiationKind}s`,
      {
        value: radiationKind,
        hint: "Lines stand at the same spacings, but their intensities tell other types.",
      },
    );
  }
  const pattern = patternOf(observation);
  const covered = pattern.observed.reduce((sum, value) => sum + value, 0);
  if (covered < LEAST_RANGE_BINS) {
    const [from, to] = [twoThetaDeg[0]!, twoThetaDeg.at(-1)!];
    throw new EwaldError("identify/range", `the scan covers only ${from}° to ${to}°`, {
      value: to - from,
      unit: "°",
      hint: "A structure type shows in a wide scan: 10° to 60° at least with copper radiation.",
    });
  }
  return pattern;
}
