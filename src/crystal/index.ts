/**
 * Crystal structures: read, written, their symmetry, cells and type; compositions with errors.
 * @module ewald/crystal
 */
export {
  type CompositionConstraints,
  constraintsOf,
  parseConstraints,
  satisfies,
} from "./composition/composition-constraints.ts";
export { readComposition } from "./composition/composition-file.ts";
export { reducedFormula } from "./composition/composition-formula.ts";
export { type MeasuredComposition } from "./composition/composition-measured.ts";
export { compositionText } from "./composition/composition-understood.ts";
export { type Composition, compositionOf } from "./composition/composition.ts";
export { parseFormula } from "./composition/formula.ts";
export { massDensityGPerCm3 } from "./density.ts";
export { neighbours } from "./distances.ts";
export { element } from "./element.ts";
export { type ReadStructures, readStructures } from "./io/read-structures.ts";
export { writeCif, writePoscar, writePymatgenJson } from "./io/write-structure.ts";
export { cellVolume, latticeFromParameters, latticeParameters } from "./lattice.ts";
export { conventionalCell, niggliCell, primitiveCell, supercell } from "./structure-transform.ts";
export { type Site, type Species, type StatedSymmetry, type Structure } from "./structure.ts";
export { loadSymmetry } from "./symmetry/symmetry-engine.ts";
export { analyzeSymmetry, type Symmetry } from "./symmetry/symmetry.ts";
export { type StructureType, structureType } from "./types/structure-type.ts";
