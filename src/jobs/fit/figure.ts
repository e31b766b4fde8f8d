/** A fit as a figure: the scan as points, the calculated curve, background, lines of each phase, difference. */
import { fileNameOf } from "../../formats/file-name.ts";
import { meanWavelength } from "../../radiation/radiation.ts";
import { printedFormula, printedHkl, printedRadiation } from "../../report/notation.ts";
import {
  FIRST_LOOK,
  type PlotCurve,
  type PlotData,
  type PlotTicks,
} from "../../report/plot/model.ts";
import { BACKGROUND_DASH, phaseStyle } from "../../report/plot/palette.ts";
import type { IntensityScale } from "../../report/plot/scale.ts";
import { plotFigure } from "../../report/plot/svg-plot.ts";
import { printedPercent } from "../../report/words.ts";
import type { FitRecord } from "./record.ts";

/** Lines lower than this share of their phase's highest get no tick. */
const LEAST_TICKED = 0.002;

export function fitFigure(record: FitRecord, scale: IntensityScale): string {
  const file = fileNameOf(record.input);
  const title = `${file}: ${record.phases.map(({ formula }) => printedFormula(formula)).join(" + ")}, Rwp ${record.rwp.toFixed(2)} %`;
  return plotFigure(title, fitPlot(record, file), { look: { ...FIRST_LOOK, scale } });
}

function fitPlot({ shown, radiation }: FitRecord, name: string): PlotData {
  const { twoThetaDeg: x, observed, calculated, background, phases } = shown;
  const isMixture = phases.length > 1;
  const difference = observed.map((value, i) => value - calculated[i]!);
  return {
    axis: "twoTheta",
    wavelengthAngstrom: meanWavelength(radiation),
    xLabel: `2θ (°), ${printedRadiation(radiation)}`,
    yLabel: "intensity",
    curves: [
      { name, x, y: observed, colour: "observed", isMeasured: true },
      { name: "background", x, y: background, colour: "background", dash: BACKGROUND_DASH },
      { name: "calculated", x, y: calculated, colour: "calculated" },
      ...(isMixture ? phases.map((phase, i) => phaseCurve(phase, i, x, background)) : []),
    ],
    ticks: phases.map((phase, i) => phaseTicks(phase, i, isMixture)),
    residual: {
      name: "difference (observed − calculated)",
      x,
      y: difference,
      colour: "difference",
    },
    unexplained: shown.unexplained.map(({ twoThetaDeg }) => twoThetaDeg),
  };
}

type Phase = FitRecord["shown"]["phases"][number];

/** "calcite", "calcite, 12 %" */
function nameOf({ id, weightFraction }: Phase, isMixture: boolean): string {
  const isAmount = isMixture && weightFraction !== null;
  return isAmount ? `${id}, ${printedPercent(weightFraction)}` : id;
}

function phaseCurve(
  phase: Phase,
  index: number,
  x: Float64Array,
  background: Float64Array,
): PlotCurve {
  const y = phase.calculated.map((value, i) => value + background[i]!);
  return { name: nameOf(phase, true), x, y, ...phaseStyle(index) };
}

function phaseTicks(phase: Phase, index: number, isMixture: boolean): PlotTicks {
  const most = phase.lines.reduce((top, { area }) => Math.max(top, area), 0);
  const seen = phase.lines.filter(({ area }) => area >= LEAST_TICKED * most);
  return {
    name: nameOf(phase, isMixture),
    colour: isMixture ? phaseStyle(index).colour : "calculated",
    positions: seen.map(({ twoThetaDeg }) => twoThetaDeg),
    labels: seen.map(({ hkl }) => printedHkl(hkl)),
    heights: seen.map(({ area }) => area),
  };
}
