/** Public names of this folder. */
export { BinaryReader } from "./binary.ts";
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
export { murmur3, sha256Hex } from "./hash.ts";
export { decodeInstrumentText, looksBinary, looksLikeJson, splitLines } from "./instrument-text.ts";
export { MAX_EXPANDED_BYTES, MAX_FILE_BYTES, MAX_ZIP_ENTRIES } from "./limits.ts";
export { type NumberCursor, readNumber, readNumberList } from "./numbers.ts";
export { type DecodedText, type DecodeOptions, LineIndex, decodeText } from "./text.ts";
export { plainNumber, plainSymbol } from "./typography.ts";
export { child, childrenNamed, childText, descendants, parseXml, type XmlElement } from "./xml.ts";
export { gunzip, isGzip, isZip, openZip, type ZipArchive, type ZipEntry } from "./zip.ts";
