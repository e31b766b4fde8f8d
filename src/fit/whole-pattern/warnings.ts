/** What a person should know of a fit before using its numbers. */
import type { Warning } from "../../errors.ts";
import type { Engine } from "./engine.ts";
import type { FittedParameter, FittedPhase } from "./fit-types.ts";
import type { Standing } from "./stages.ts";

/** A phase's part of a point above which the point is its own; and how clear, in standard uncertainties, it (and its amount) must stand. */
const OWN_SHARE = 0.5;
const CLEAR_SIGMA = 3;

export function fitWarnings(
  engine: Engine,
  standing: Standing,
  phases: readonly FittedPhase[],
  parameters: readonly FittedParameter[],
): Warning[] {
  return [
    ...phases.flatMap((phase) => phaseWarnings(engine, phases, phase)),
    ...parameters.flatMap(boundWarning),
    ...statusWarnings(standing),
  ];
}

function phaseWarnings(
  { points }: Engine,
  phases: readonly FittedPhase[],
  phase: FittedPhase,
): Warning[] {
  if (phase.scale === 0)
    return [
      {
        code: "fit/phase-absent",
        message: `${phase.id} went to zero: the scan does not show it. Its cell and widths are those of the start.`,
      },
    ];
  if (phase.scaleEsd !== null && phase.scale < CLEAR_SIGMA * phase.scaleEsd)
    return [
      {
        code: "fit/phase-unsure",
        message: `${phase.id} may not be there: its amount is below ${CLEAR_SIGMA} of its standard uncertainties`,
      },
    ];
  if (phases.length === 1) return [];
  const isOwn = phase.calculated.some((value, i) => {
    if (value < CLEAR_SIGMA * points.sigma[i]!) return false;
    const all = phases.reduce((sum, { calculated }) => sum + calculated[i]!, 0);
    return value > OWN_SHARE * all;
  });
  return isOwn
    ? []
    : [
        {
          code: "fit/no-own-line",
          message: `${phase.id} has no clear line that is not another phase's as well: its amount is uncertain`,
        },
      ];
}

function boundWarning({ name, phase, atBound, value, unit }: FittedParameter): Warning[] {
  // A width of zero is an answer: nothing is broadened by it. So is no strain.
  const isNoWidth =
    atBound === "lower" && ["size width", "strain", "u", "w", "axial"].includes(name);
  if (atBound === null || isNoWidth) return [];
  const of = phase === undefined ? "" : ` of ${phase}`;
  const at = `${Number(value.toPrecision(4))}${unit === "1" ? "" : ` ${unit}`}`;
  return [{ code: "fit/at-bound", message: `${name}${of} ended at its ${atBound} bound, ${at}` }];
}

function statusWarnings({ status, history }: Standing): Warning[] {
  const last = history.at(-1)!;
  if (status === "stopped")
    return [{ code: "fit/stopped", message: `stopped in the stage "${last.name}"` }];
  return history
    .filter((stage) => stage.status === "max-iterations")
    .map(({ name, iterations, rwp }) => ({
      code: "fit/not-converged",
      message: `the stage "${name}" had not come to its end after ${iterations} steps (Rwp ${rwp.toFixed(2)} %): free fewer parameters`,
    }));
}
