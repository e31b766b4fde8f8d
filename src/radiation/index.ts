/**
 * Radiation: wavelengths, axes (2θ, d, Q), the Lorentz-polarisation factor.
 * @module ewald/radiation
 */
export { type AxisKind, convertAxis, dOfTwoThetaDeg, twoThetaDegOfD } from "./axis.ts";
export { type LorentzPolarisation, lorentzPolarisationFactor } from "./polarisation.ts";
export {
  kAlphaDoublet,
  meanWavelength,
  monochromatic,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "./radiation.ts";
