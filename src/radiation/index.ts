/**
 * Radiation: wavelengths, axes (2θ, d, Q), the Lorentz-polarisation factor.
 * @module ewald/radiation
 */
export { dOfTwoThetaDeg, twoThetaDegOfD } from "./angles.ts";
export { type AxisKind, convertAxis } from "./axis.ts";
export { type LorentzPolarisation, lorentzPolarisationFactor } from "./polarisation.ts";
export {
  kAlphaDoublet,
  meanWavelength,
  monochromatic,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "./radiation.ts";
