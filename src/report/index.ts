export {
  type Curve,
  type IntensityScale,
  patternFigure,
  type PatternFigure,
  type PeakLabel,
  type TickRow,
} from "./pattern-figure.ts";
