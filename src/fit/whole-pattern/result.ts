/** The result of a fit: numbers with uncertainties, agreement, what is odd. */
import { compositionOf } from "../../crystal/composition/composition.ts";
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { type CellParameters, inOwnSetting, volumeOf } from "../../diffraction/line-list.ts";
import { SCHERRER } from "../../diffraction/broadening.ts";
import { explainedBy } from "../overlay.ts";
import { type Engine, phaseSum } from "./engine.ts";
import type { FitResult, FittedParameter, FittedPhase } from "./fit-types.ts";
import { cellAt, SHARED } from "./parameters.ts";
import { type PartitionedLine, partition, rBraggOf } from "./partition.ts";
import { curveOf, nameOf, rwpOf, type Standing } from "./stages.ts";
import { type Uncertainties, uncertaintiesOf } from "./uncertainties.ts";
import { fitWarnings } from "./warnings.ts";
import { RADIANS } from "../../radiation/angles.ts";

const HIGH_CORRELATION = 0.9;

export function resultOf(engine: Engine, standing: Standing): FitResult {
  const { points, options } = engine;
  const uncertainties = uncertaintiesOf(engine, standing);
  const { calculated, background } = curveOf(engine, standing.evaluation);
  const [first, last] = [points.x[0]!, points.x.at(-1)!];
  const lines = partition(engine, standing).map((all) =>
    all.filter(({ twoThetaDeg }) => twoThetaDeg >= first && twoThetaDeg <= last),
  );
  const isLeBail = options.method === "le-bail";
  const phases = phasesOf(engine, standing, uncertainties, lines);
  const parameters = parametersOf(engine, standing, uncertainties);
  const { freedom, sumOfSquares } = uncertainties;
  let all = 0;
  for (const [i, y] of points.y.entries()) all += (y / points.sigma[i]!) ** 2;
  const status = standing.status;
  const shift = options.shift ?? "displacement";
  return {
    kind: "fit",
    phases: isLeBail
      ? phases.map((phase) => ({ ...phase, weightFraction: null, weightFractionEsd: null }))
      : phases,
    rwp: rwpOf(engine, standing.evaluation.residuals),
    ...(points.isSigmaKnown
      ? { rexp: 100 * Math.sqrt(freedom / all), chi2: sumOfSquares / freedom }
      : {
          rexp: null,
          chi2: null,
          chi2Reason:
            "the file does not say that its intensities are counts: noise was estimated from neighbouring points",
        }),
    shift: { kind: shift, deg: standing.p[SHARED.shift]! },
    parameters,
    correlations: correlationsOf(engine, uncertainties),
    unexplained: unexplainedOf(engine, standing),
    history: standing.history,
    status,
    warnings: fitWarnings(engine, standing, phases, parameters),
    twoThetaDeg: points.x,
    observed: points.y,
    calculated,
    background,
    sigma: points.sigma,
  };
}

function phasesOf(
  engine: Engine,
  { p, evaluation }: Standing,
  uncertainties: Uncertainties,
  lines: readonly (readonly PartitionedLine[])[],
): FittedPhase[] {
  const { phases, layout } = engine;
  const { scales, curves } = evaluation;
  const cells = phases.map((phase, i) => cellAt(phase, layout.places[i]!, p));
  const weights = phases.map(({ mass }, i) => scales[i]! * mass * volumeOf(cells[i]!));
  const total = weights.reduce((a, b) => a + b, 0);
  const perScale = weights.map((_, i) => phases[i]!.mass * volumeOf(cells[i]!));
  return phases.map((phase, i) => {
    const places = layout.places[i]!;
    const cell = inOwnSetting(phase.list, cells[i]!);
    const isThere = scales[i]! > 0;
    const fraction = total > 0 ? weights[i]! / total : 0;
    const sizeDeg = p[places.size]!;
    const wavelength = engine.points.radiation.lines[0]!.wavelengthAngstrom;
    return {
      id: phase.id,
      ...(phase.name === undefined ? {} : { name: phase.name }),
      formula: reducedFormula(compositionOf(phase.structure), "conventional"),
      cell,
      cellEsd: isThere ? cellEsdOf(engine, i, p, uncertainties) : null,
      volumeAngstrom3: volumeOf(cell),
      weightFraction: fraction,
      weightFractionEsd: uncertainties.ofScales(
        perScale.map((per, j) => (per * ((i === j ? 1 : 0) - fraction)) / total),
      ),
      scale: scales[i]!,
      scaleEsd: uncertainties.ofScales(scales.map((_, j) => (i === j ? 1 : 0))),
      sizeAngstrom: sizeDeg > 0 ? (SCHERRER * wavelength) / (sizeDeg * RADIANS) : null,
      strain: p[places.strain]!,
      march: phase.normal === null ? null : p[places.march]!,
      bAngstrom2: p[places.b]!,
      rBragg: isThere ? rBraggOf(lines[i]!) : null,
      lines: lines[i]!.map(({ line, twoThetaDeg, area }) => ({
        hkl: phase.ownHkl[line]!,
        twoThetaDeg,
        area,
      })),
      calculated: curves[i]!.map((value) => value * scales[i]!),
    };
  });
}

/** Relative step of the derivatives of the cell in its own setting. */
const STEP = 1e-6;

/** Uncertainties of the cell in the setting of the structure. */
function cellEsdOf(
  { phases, layout }: Engine,
  which: number,
  p: Float64Array,
  { covarianceOf }: Uncertainties,
): CellParameters | null {
  const phase = phases[which]!;
  const places = layout.places[which]!;
  const count = phase.freeCell.edges.length + phase.freeCell.angles.length;
  const own = Array.from({ length: count }, (_, j) => places.cell + j);
  const slopes = own.map((place) => {
    const step = STEP * p[place]!;
    const at = (value: number): CellParameters =>
      inOwnSetting(phase.list, cellAt(phase, places, p.with(place, value)));
    const [high, low] = [at(p[place]! + step), at(p[place]! - step)];
    return high.map((value, i) => (value - low[i]!) / (2 * step));
  });
  const covariance = own.map((a) => own.map((b) => covarianceOf(a, b)));
  if (covariance.flat().includes(null)) return null;
  const esds = Array.from({ length: 6 }, (_, i) => {
    let sum = 0;
    for (const [a, row] of covariance.entries())
      for (const [b, value] of row.entries()) sum += slopes[a]![i]! * value! * slopes[b]![i]!;
    // Rounding of a number that symmetry fixes.
    return sum > 1e-20 ? Math.sqrt(sum) : 0;
  });
  return esds as unknown as CellParameters;
}

function parametersOf(
  { layout, phases }: Engine,
  { p, free }: Standing,
  { covarianceOf }: Uncertainties,
): FittedParameter[] {
  return layout.parameters.map(({ name, phase, meaning, unit, lower, upper }, place) => {
    const isFree = free.includes(place);
    const variance = covarianceOf(place, place);
    const value = p[place]!;
    return {
      name,
      ...(phase === null ? {} : { phase: phases[phase]!.id }),
      meaning,
      unit,
      value,
      esd: variance === null ? null : Math.sqrt(variance),
      isFree,
      atBound: !isFree ? null : value <= lower ? "lower" : value >= upper ? "upper" : null,
    };
  });
}

function correlationsOf(
  engine: Engine,
  { places, covarianceOf }: Uncertainties,
): FitResult["correlations"] {
  return places.flatMap((a, i) =>
    places.slice(i + 1).flatMap((b) => {
      const [ab, aa, bb] = [covarianceOf(a, b), covarianceOf(a, a), covarianceOf(b, b)];
      const value = ab! / Math.sqrt(aa! * bb!);
      return Math.abs(value) > HIGH_CORRELATION
        ? [{ between: [nameOf(engine, a), nameOf(engine, b)] as const, value }]
        : [];
    }),
  );
}

/** Peaks of the scan that the phases leave; within excluded ranges nothing is asked of them. */
function unexplainedOf({ points }: Engine, { evaluation }: Standing): FitResult["unexplained"] {
  const { observation, x } = points;
  const sum = phaseSum(evaluation);
  const calculated = new Float64Array(observation.twoThetaDeg.length).fill(Infinity);
  for (let i = 0, k = 0; k < x.length; i++) {
    if (observation.twoThetaDeg[i] !== x[k]) continue;
    calculated[i] = sum[k++]!;
  }
  const comparedDeg = [x[0]!, x.at(-1)!] as const;
  return explainedBy(observation, { calculated, comparedDeg }).unexplained;
}
