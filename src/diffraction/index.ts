/** Public names of this folder. */
export { anomalousFactor } from "./anomalous.ts";
export { type Broadening, peakWidth } from "./broadening.ts";
export { type PatternCurve, patternCurve, type PatternCurveOptions } from "./curve.ts";
export {
  type FormFactor,
  type FormFactorTable,
  electronFormFactor,
  evaluateFormFactor,
  xrayFormFactor,
} from "./form-factor.ts";
export { morePositive, positiveHkl, type Rotation } from "./laue.ts";
export {
  type CellParameters,
  type LineList,
  lineList,
  type OwnCell,
  ownLines,
} from "./line-list.ts";
export { neutronLengthFm } from "./neutron.ts";
export {
  gaussian,
  lorentzian,
  pseudoVoigt,
  pseudoVoigtDerivatives,
  type PseudoVoigtShape,
  type ShapeDerivatives,
  thompsonCoxHastings,
} from "./peak-shapes.ts";
export { type Family, type Peak } from "./peaks.ts";
export {
  type CloudScaling,
  cloudIndices,
  type PointCloudOptions,
  type PointCloudWriter,
  type PointCount,
  pointCloud,
  pointCloudWriter,
} from "./point-cloud.ts";
export {
  type PowderBuffers,
  type PowderLines,
  type PowderOptions,
  type PowderPattern,
  powderBuffers,
  powderLines,
  powderPattern,
} from "./powder.ts";
export {
  placePeaks,
  type PlacedPeak,
  profile,
  type ProfileDerivatives,
  profileDerivatives,
  type ProfileOptions,
  type ProfilePeak,
} from "./profile.ts";
export {
  type ReciprocalSphere,
  reciprocalSphere,
  type ReciprocalSphereOptions,
  type SphereReader,
} from "./reciprocal-sphere.ts";
export {
  type CellDerivatives,
  type ReflectionRange,
  type Reflections,
  reflections,
  twoThetaDerivatives,
} from "./reflections.ts";
export {
  drawConditions,
  type ScanConditions,
  type StrainLimits,
  type TextureAxis,
} from "./scan-conditions.ts";
export { type AnomalousFactor, type ScatteringOptions } from "./scattering-cell.ts";
export {
  type AngleGrid,
  drawLines,
  PAPER_GRID,
  placeLines,
  simulateScan,
  strainedCell,
} from "./simulated-scan.ts";
export {
  type ComplexColumn,
  type HklList,
  structureFactorDerivatives,
  type StructureFactorDerivatives,
  type StructureFactors,
  structureFactors,
} from "./structure-factors.ts";
export { type Texture, marchDollase } from "./texture.ts";
