/** Public names of this folder. */
export { type Bar, type BarPanel, barsFigure, type BarsFigure } from "./bars-figure.ts";
export { chartFigure, matrixFigure, recipeFigure } from "./chart-figure.ts";
export {
  type CriticalPointsFigure,
  criticalPointsFigure,
  type CriticalPointsRow,
} from "./critical-points-figure.ts";
export {
  type RecipeFigure,
  type ChartFigure,
  type CriticalPointsRecipeFigure,
  type GalleryFigure,
  type MatrixFigure,
} from "./figure-records.ts";
export { identificationFigure, type Explanation } from "./identification-figure.ts";
export { identificationReport, type IdentificationReportOptions } from "./identification-report.ts";
export { type IdentifiedScan } from "./identified-scan.ts";
export { printedFormula, printedHkl, printedRadiation, printedSpaceGroup } from "./notation.ts";
export {
  type Curve,
  type IntensityScale,
  patternFigure,
  type PatternFigure,
  type PeakLabel,
  type TickRow,
} from "./pattern-figure.ts";
export { reliabilityFigure } from "./reliability-figure.ts";
export { REPORT_STYLE } from "./report-style.ts";
export { otherCellWords, settingWords } from "./space-group-words.ts";
export { type StrongBand, strongBands } from "./strong-bands.ts";
export { CURVE_COLOURS } from "./svg.ts";
export { listedTypes, type Verdict, verdictOf } from "./verdict.ts";
export {
  printedAgreement,
  printedCell,
  printedCellChange,
  printedPercent,
  reliabilitySentence,
  reliabilityWord,
} from "./words.ts";
