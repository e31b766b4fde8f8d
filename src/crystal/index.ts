export { ELEMENT_SYMBOLS, atomicNumber, isElement } from "./element.ts";
export {
  cellVolume,
  latticeFromParameters,
  type LatticeParameters,
  latticeParameters,
  metricTensor,
  reciprocalLattice,
} from "./lattice.ts";
export type { Site, Species, Structure } from "./structure.ts";
