/** Public names of this folder. */
export { type AxisKind, convertAxis, dOfTwoThetaDeg, qOfD, twoThetaDegOfD } from "./axis.ts";
export {
  type LorentzPolarisation,
  lorentzPolarisationFactor,
  lorentzPolarisationOfSin2,
} from "./polarisation.ts";
export { CU_KA1_ANGSTROM } from "./radiation.ts";
export {
  kAlphaDoublet,
  meanWavelength,
  monochromatic,
  parseRadiation,
  type Radiation,
  type RadiationKind,
  type SpectralLine,
} from "./radiation.ts";
export { ANODE_WAVELENGTHS_ANGSTROM } from "./wavelengths.table.ts";
