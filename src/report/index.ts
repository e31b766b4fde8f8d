export {
  type Curve,
  type IntensityScale,
  patternFigure,
  type PatternFigure,
  type PeakLabel,
  type TickRow,
} from "./pattern-figure.ts";
export { type Bar, type BarPanel, barsFigure, type BarsFigure } from "./bars-figure.ts";
export { CURVE_COLOURS } from "./svg.ts";
export { printedFormula, printedHkl, printedSpaceGroup } from "./notation.ts";
export {
  type CriticalPointsFigure,
  criticalPointsFigure,
  type CriticalPointsRow,
} from "./critical-points-figure.ts";
export { chartFigure, matrixFigure, recipeFigure } from "./chart-figure.ts";
