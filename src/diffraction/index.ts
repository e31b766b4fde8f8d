export { type AnomalousFactor, anomalousFactor } from "./anomalous.ts";
export {
  type FormFactor,
  type FormFactorTable,
  electronFormFactor,
  evaluateFormFactor,
  xrayFormFactor,
} from "./form-factor.ts";
export { morePositive, positiveHkl, type Rotation } from "./laue.ts";
export { neutronLengthFm } from "./neutron.ts";
export type { Family, Peak } from "./peaks.ts";
export {
  type PowderBuffers,
  type PowderLines,
  type PowderOptions,
  type PowderPattern,
  powderBuffers,
  powderLines,
  powderPattern,
} from "./powder.ts";
export type { ScatteringOptions } from "./scattering-cell.ts";
export { type Texture, marchDollase } from "./texture.ts";
export { type Broadening, peakWidth } from "./broadening.ts";
export { type PatternCurve, patternCurve, type PatternCurveOptions } from "./curve.ts";
export {
  gaussian,
  lorentzian,
  pseudoVoigt,
  pseudoVoigtDerivatives,
  type PseudoVoigtShape,
  type ShapeDerivatives,
  thompsonCoxHastings,
} from "./peak-shapes.ts";
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
  type CloudScaling,
  cloudIndices,
  type PointCloudOptions,
  type PointCloudWriter,
  type PointCount,
  pointCloud,
  pointCloudWriter,
} from "./point-cloud.ts";
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
  type ComplexColumn,
  type HklList,
  structureFactorDerivatives,
  type StructureFactorDerivatives,
  type StructureFactors,
  structureFactors,
} from "./structure-factors.ts";
