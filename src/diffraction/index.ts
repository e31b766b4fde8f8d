/**
 * Diffraction of a structure: powder patterns, structure factors, point clouds, profiles.
 * @module ewald/diffraction
 */
export { type Broadening } from "./broadening.ts";
export { type PatternCurve, patternCurve } from "./curve.ts";
export { electronFormFactor, xrayFormFactor } from "./form-factor.ts";
export { type LineList, lineList, ownLines } from "./line-list.ts";
export { anomalousFactor } from "./anomalous.ts";
export { neutronLengthFm } from "./neutron.ts";
export { type Family, type Peak } from "./peaks.ts";
export { type PointCloudOptions, pointCloud } from "./point-cloud.ts";
export {
  powderBuffers,
  powderLines,
  type PowderOptions,
  type PowderPattern,
  powderPattern,
} from "./powder.ts";
export { profile, type ProfileOptions } from "./profile.ts";
export { reflections } from "./reflections.ts";
export { simulateScan } from "./simulated-scan.ts";
export { structureFactors } from "./structure-factors.ts";
export { type Texture } from "./texture.ts";
