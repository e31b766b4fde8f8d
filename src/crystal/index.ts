/** Public names of this folder. */
export { type BondedUnit, type Bonding, bonding } from "./bonded-units.ts";
export {
  type CifStructureOptions,
  type CifStructures,
  type Declared,
  type ReadStructure,
  readCifBlock,
  readCifStructures,
} from "./cif/structure.ts";
export { type ContradictionChoice } from "./cif/symmetry.ts";
export { type CompositionTableOptions } from "./composition/composition-columns.ts";
export {
  type CompositionConstraints,
  type DetectionOptions,
  type KnownElements,
  MINOR_FRACTION,
  checkedConstraints,
  constraintsFromMeasurement,
  constraintsOf,
  constraintsText,
  isAllowed,
  parseConstraints,
  satisfies,
} from "./composition/composition-constraints.ts";
export { UNSEEN_BY_EDS } from "./composition/unseen-by-eds.ts";
export { readComposition } from "./composition/composition-file.ts";
export {
  type ElementOrder,
  anonymousFormula,
  formulaOf,
  hillFormula,
  reduced,
  reducedFormula,
} from "./composition/composition-formula.ts";
export {
  type BelowDetection,
  type CompositionUnit,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
  measuredFromFormula,
  sampleComposition,
} from "./composition/composition-measured.ts";
export {
  measuredCompositionText,
  parseMeasuredComposition,
} from "./composition/composition-notation.ts";
export { type CompositionTable, readCompositionTables } from "./composition/composition-table.ts";
export {
  type Understood,
  compositionText,
  understoodElements,
} from "./composition/composition-understood.ts";
export {
  type Composition,
  type ElementAmount,
  amountOf,
  atomicFractions,
  byAtomicNumber,
  composition,
  compositionOf,
  elementsOf,
  massFractions,
  molarMassGPerMol,
  totalAmount,
} from "./composition/composition.ts";
export { parseFormula } from "./composition/formula.ts";
export { massDensityGPerCm3 } from "./density.ts";
export {
  type NeighbourList,
  type ShortestDistance,
  neighbours,
  shortestDistance,
} from "./distances.ts";
export {
  ELEMENT_SYMBOLS,
  type Element,
  type ElementProperty,
  type IonicRadius,
  type RadiusEstimate,
  atomicNumber,
  element,
  elementValue,
  ionicRadii,
  ionicRadius,
  isElement,
} from "./element.ts";
export { type JsonStructures, readJsonStructures } from "./io/json-structure.ts";
export { readPoscar } from "./io/poscar.ts";
export {
  type ReadStructures,
  readStructures,
  type ReadStructuresOptions,
  type StructureFormat,
} from "./io/read-structures.ts";
export {
  writeCif,
  type WriteCifOptions,
  writePoscar,
  writePymatgenJson,
} from "./io/write-structure.ts";
export {
  cellVolume,
  latticeFromParameters,
  type LatticeParameters,
  latticeParameters,
  metricTensor,
  reciprocalLattice,
} from "./lattice.ts";
export {
  changeAxes,
  conventionalCell,
  niggliCell,
  primitiveCell,
  shiftOrigin,
  supercell,
} from "./structure-transform.ts";
export { type Site, type Species, type Structure } from "./structure.ts";
export { type ReducedLattice, delaunayReduce, niggliReduce } from "./symmetry/cell-reduction.ts";
export { type CellSetting, type OtherCell, type StandardSetting } from "./symmetry/cell-setting.ts";
export { operationsFromHall } from "./symmetry/hall-symbol.ts";
export {
  type SpaceGroupRecord,
  originText,
  spaceGroupRecord,
} from "./symmetry/space-group-record.ts";
export {
  type TabulatedSetting,
  settingByHall,
  settingsByNumber,
  settingsBySymbol,
} from "./symmetry/space-group-settings.ts";
export {
  type CrystalSystem,
  type SettingChoice,
  type SpaceGroupSetting,
  type SpaceGroupType,
  type WyckoffPosition,
  crystalSystemOf,
  spaceGroupOperations,
  spaceGroupSettings,
  spaceGroupType,
  standardHallNumber,
  wyckoffPositions,
} from "./symmetry/space-group.ts";
export { type SymmetryOperation, loadSymmetry } from "./symmetry/symmetry-engine.ts";
export { formatOperation, parseOperation } from "./symmetry/symmetry-operation.ts";
export {
  DEFAULT_SYMPREC_ANGSTROM,
  type Symmetry,
  type SymmetryOptions,
  analyzeSymmetry,
} from "./symmetry/symmetry.ts";
export { type Prototype, PROTOTYPES } from "./types/prototypes.table.ts";
export { prototypeById, prototypeStructure } from "./types/prototypes.ts";
export {
  type AnonymousSpecies,
  dominantElement,
  structureTypeKey,
} from "./types/structure-type-key.ts";
export { prototypeNames, type StructureType, structureType } from "./types/structure-type.ts";
