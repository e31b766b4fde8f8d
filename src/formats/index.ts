/**
 * Containers without a meaning: the syntax of CIF.
 * @module ewald/formats
 */
export {
  type CifBlock,
  cifColumn,
  type CifDocument,
  type CifLoop,
  cifLoop,
  cifNumber,
  cifString,
  type CifValue,
} from "./cif-document.ts";
export { parseCifNumber } from "./cif-number.ts";
export { parseCif } from "./cif-parser.ts";
