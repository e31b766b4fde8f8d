export {
  type CifBlock,
  type CifColumn,
  type CifDocument,
  type CifLoop,
  type CifValue,
  type CifValueKind,
  cifColumn,
  cifLoop,
  cifNumber,
  cifString,
} from "./cif-document.ts";
export { type CifNumber, formatCifNumber, parseCifNumber } from "./cif-number.ts";
export { type CifOptions, parseCif } from "./cif-parser.ts";
export { type DecodedText, type DecodeOptions, LineIndex, decodeText } from "./text.ts";
