/**
 * The figure of an identified scan: what was measured with the best candidate's calculated curve and the references', where the network
 * looked, ticks of all, what is left. Data in, SVG text out; colours are CSS variables (`report-style.ts`), so that it follows a
 * light or dark page.
 */
import { type IdentifiedPlotInput, identifiedParts } from "./plot/identified-plot.ts";
import { FIRST_LOOK, type PlotData, type PlotLook } from "./plot/model.ts";
import { BACKGROUND_DASH, PLOT_VARIABLES } from "./plot/palette.ts";
import { plotElement } from "./plot/svg-plot.ts";

export type { Explanation } from "./plot/identified-plot.ts";

export interface IdentificationFigure extends IdentifiedPlotInput {
  /** For screen readers. */
  readonly title: string;
  /** Name of the measured curve. */
  readonly name: string;
  /** "2θ (°), Cu Kα" */
  readonly xLabel: string;
  /** The whole range on a root scale unless given. */
  readonly look?: PlotLook;
}

/** Weak peaks are seen beside strong ones. */
const LOOK: PlotLook = { ...FIRST_LOOK, scale: "sqrt" };
/** Height of main panel and difference, and of each row of ticks. */
const PANELS = 460;
const TICK_ROW = 15;

/** The figure as an `svg` element for a page that carries `REPORT_STYLE`. */
export function identificationFigure(figure: IdentificationFigure): string {
  const { observation, title, name, xLabel, look = LOOK } = figure;
  const { twoThetaDeg: x, intensity, background } = observation;
  const parts = identifiedParts(figure);
  const data: PlotData = {
    axis: "twoTheta",
    wavelengthAngstrom: observation.wavelengthAngstrom,
    xLabel,
    yLabel: "intensity",
    ...parts,
    curves: [
      { name, x, y: intensity, colour: "observed", isMeasured: true },
      { name: "background", x, y: background, colour: "background", dash: BACKGROUND_DASH },
      ...parts.curves,
    ],
  };
  const height = PANELS + parts.ticks.length * TICK_ROW;
  return plotElement(title, data, { look, height, ratio: 1 }, PLOT_VARIABLES);
}
