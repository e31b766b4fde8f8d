/**
 * The parts that lie over an identified scan: the candidate's curve and lines, the user's own structures, what is left, where the network looked.
 * The page and the report draw these parts; each curve as high as it is in the scan beside the others.
 */
import { drawnTogether } from "../../fit/drawn-together.ts";
import type { LaidOver } from "../../identify/identify-scan.ts";
import type { LaidAverage } from "../../known/type-averages.ts";
import type { Observation } from "../../scan/observe.ts";
import { printedFormula, printedHkl, printedTypeName } from "../notation.ts";
import type { StrongBand } from "../strong-bands.ts";
import type { PlotCurve, PlotData, PlotTicks } from "./model.ts";
import { type NamedColour, phaseStyle } from "./palette.ts";
import { lowerBound } from "../../math/sorted.ts";

/** Where the network looked in the scan (Grad-CAM), 0 to 1. */
export interface Explanation {
  /** Name of the type that it speaks for. */
  readonly name: string;
  readonly twoThetaDeg: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

export interface IdentifiedPlotInput {
  readonly observation: Observation;
  /** Whose curve is drawn; null for none. */
  readonly candidate: LaidOver | null;
  /** Further candidates: rows of ticks alone. */
  readonly rivals?: readonly LaidOver[];
  readonly references: readonly LaidOver[];
  readonly explanation: Explanation | null;
  /** The average pattern of the candidate's type, behind everything. */
  readonly average: LaidAverage | null;
  /** Bands whose lines are emphasised. */
  readonly bands?: readonly StrongBand[];
  /** The scan is drawn without its background. */
  readonly isSubtracted?: boolean;
}

type Parts = Required<Pick<PlotData, "curves" | "ticks" | "residual" | "strip" | "unexplained">>;

/** Lines lower than this share of the highest get no tick. */
const LEAST_TICKED = 0.002;

function nameOf({ name, formula }: LaidOver): string {
  return formula === undefined || formula === name
    ? printedTypeName(name)
    : `${printedTypeName(name)} (${printedFormula(formula)})`;
}

function ticksOf(laid: LaidOver, colour: NamedColour, bands: readonly StrongBand[]): PlotTicks {
  const { lines } = laid.overlay;
  const highest = lines.reduce((most, { height }) => Math.max(most, height), 0);
  const seen = lines.filter(({ height }) => height >= LEAST_TICKED * highest);
  const inBands = new Set(
    bands.flatMap((band) => band.lines.map(({ twoThetaDeg }) => twoThetaDeg)),
  );
  return {
    name: nameOf(laid),
    colour,
    positions: seen.map(({ twoThetaDeg }) => twoThetaDeg),
    labels: seen.map(({ hkl }) => printedHkl(hkl)),
    heights: seen.map(({ height }) => height),
    strong: new Set(seen.flatMap(({ twoThetaDeg }, i) => (inBands.has(twoThetaDeg) ? [i] : []))),
  };
}

/** Everything but the measured curve, which comes first. */
export function identifiedParts(input: IdentifiedPlotInput): Parts {
  const { observation, candidate, rivals = [], bands = [] } = input;
  const drawn = [...(candidate === null ? [] : [candidate]), ...input.references];
  const overlays = drawnTogether(
    observation,
    drawn.map(({ overlay }) => overlay),
  );
  const laid = drawn.map((one, i) => ({ ...one, overlay: overlays[i]! }));
  const shown = candidate === null ? null : laid[0]!;
  const references = candidate === null ? laid : laid.slice(1);
  const curves: PlotCurve[] = [];
  const ticks: PlotTicks[] = [];
  if (shown !== null) {
    const name = `${printedTypeName(shown.name)}, calculated`;
    curves.push({ ...calculatedOn(input, shown), name, colour: "calculated" });
    ticks.push(ticksOf(shown, "calculated", bands));
    if (input.average !== null) curves.push(averageCurve(input, input.average));
  }
  references.forEach((reference, i) => {
    const { colour, dash } = phaseStyle(i);
    const name = `${reference.name}, cell ${reference.overlay.cellIs}`;
    curves.push({ ...calculatedOn(input, reference), name, colour, dash });
    ticks.push({ ...ticksOf(reference, colour, []), name: reference.name });
  });
  rivals.forEach((rival, i) => {
    ticks.push(ticksOf(rival, phaseStyle(references.length + i).colour, []));
  });
  return {
    curves,
    ticks,
    residual: shown === null ? null : differenceOf(observation, shown),
    unexplained: (shown?.overlay.unexplained ?? []).map(({ twoThetaDeg }) => twoThetaDeg),
    strip: shown === null || input.explanation === null ? null : stripOf(input.explanation),
  };
}

function stripOf({ name, twoThetaDeg, weight }: Explanation): NonNullable<PlotData["strip"]> {
  return { name: `where the network looked for ${printedTypeName(name)}`, x: twoThetaDeg, weight };
}

/** Points up to where lines are known. */
function comparedCount({ twoThetaDeg }: Observation, { overlay }: LaidOver): number {
  return lowerBound(twoThetaDeg, overlay.comparedDeg[1] + 1e-9);
}

/** On the background, unless that is taken off. */
function calculatedOn(
  { observation, isSubtracted = false }: IdentifiedPlotInput,
  laid: LaidOver,
): Pick<PlotCurve, "x" | "y"> {
  const { twoThetaDeg, background } = observation;
  const { calculated } = laid.overlay;
  const count = comparedCount(observation, laid);
  return {
    x: twoThetaDeg.subarray(0, count),
    y: calculated
      .subarray(0, count)
      .map((value, i) => (isSubtracted ? value : value + background[i]!)),
  };
}

function differenceOf(observation: Observation, laid: LaidOver): PlotCurve {
  const { twoThetaDeg, intensity, background } = observation;
  const x = twoThetaDeg.subarray(0, comparedCount(observation, laid));
  const { calculated } = laid.overlay;
  return {
    name: "difference (observed − calculated)",
    x,
    y: Float64Array.from(x, (_, i) => intensity[i]! - background[i]! - calculated[i]!),
    colour: "difference",
  };
}

/** From the background up to the average pattern over it. */
function averageCurve(
  { observation, isSubtracted = false }: IdentifiedPlotInput,
  { name, compounds, twoThetaDeg, intensity }: LaidAverage,
): PlotCurve {
  const first = observation.twoThetaDeg.indexOf(twoThetaDeg[0]!);
  const base = isSubtracted
    ? new Float64Array(twoThetaDeg.length)
    : observation.background.subarray(first, first + twoThetaDeg.length);
  return {
    name: `what ${compounds} compounds of ${printedTypeName(name)} have in common`,
    x: twoThetaDeg,
    y: intensity.map((value, i) => value + base[i]!),
    base,
    colour: "calculated",
  };
}
