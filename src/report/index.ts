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
export { printedFormula, printedHkl, printedRadiation, printedSpaceGroup } from "./notation.ts";
export { otherCellWords, settingWords } from "./space-group-words.ts";
export {
  type CriticalPointsFigure,
  criticalPointsFigure,
  type CriticalPointsRow,
} from "./critical-points-figure.ts";
export { chartFigure, matrixFigure, recipeFigure } from "./chart-figure.ts";
export {
  identificationReport,
  type IdentificationReportOptions,
  type IdentifiedScan,
} from "./identification-report.ts";
export { identificationFigure, type Explanation } from "./identification-figure.ts";
export { reliabilityFigure } from "./reliability-figure.ts";
export { REPORT_STYLE } from "./report-style.ts";
export { type StrongBand, strongBands } from "./strong-bands.ts";
export { listedTypes, type Verdict, verdictOf } from "./verdict.ts";
export {
  printedAgreement,
  printedCell,
  printedCellChange,
  printedPercent,
  reliabilitySentence,
  reliabilityWord,
} from "./words.ts";
