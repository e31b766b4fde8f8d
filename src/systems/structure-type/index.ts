/**
 * Scan → structure type (CrySTINet).
 * @module ewald/structure-type
 */
export { type MadeExtension, makeExtension, newTypes } from "./extend.ts";
export { makeStructureType, type StructureTypeMakeOptions } from "./make.ts";
export { loadExtendedModel, loadStructureTypeModel, loadTypeAverages } from "./model-files.ts";
export { typePattern } from "./features.ts";
export { type IdentifyOptions, StructureTypeModel } from "./predict.ts";
export { type Identification, type TypeCandidate, type WeighedTypes } from "./result.ts";
