/**
 * Figures (SVG) and reports (HTML) of answers.
 * @module ewald/report
 */
export { criticalPointsFigure } from "./critical-points-figure.ts";
export { identificationReport, type IdentificationReportOptions } from "./identification-report.ts";
export { type IdentifiedScan } from "./identified-scan.ts";
export { type Curve, patternFigure, type PatternFigure } from "./pattern-figure.ts";
