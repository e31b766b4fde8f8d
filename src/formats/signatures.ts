/**
 * What a file is, by its content, never by its name: the one answer that readers, command line, page and imports ask for.
 * The records are in `signatures.table.ts`. A name only promises what may be worth opening.
 */
import { decodeInstrumentText, looksBinary } from "./instrument-text.ts";
import {
  BINARY_SIGNATURES,
  type FileKind,
  type Signature,
  TEXT_SIGNATURES,
  ZIP,
  ZIP_SIGNATURES,
} from "./signatures.table.ts";
import { gunzip, isGzip, isZip, openZip } from "./zip.ts";

/** Enough for the longest honest preamble of comments before a CIF's first data block. */
const HEAD_BYTES = 65_536;
const SHORT_HEAD = 8192;
const MAGIC_BYTES = 16;

const EMPTY: Signature = { format: "empty", kinds: [], what: "an empty file" };
const BINARY: Signature = {
  format: "binary",
  kinds: [],
  what: "a binary file of a kind that is not known here",
};
/** What it holds is seen in how its words and numbers stand: the readers look. */
const TEXT: Signature = { format: "text", kinds: ["scan", "composition"], what: "a text" };

/** A file as its readers want it: gzip around it is undone. @throws EwaldError `zip/corrupt`, `zip/bomb` */
export function unpacked(bytes: Uint8Array): Uint8Array {
  return isGzip(bytes) ? gunzip(bytes) : bytes;
}

/**
 * What the bytes (unpacked) or the text of a file are. Formats with no signature are "text", "binary" or "empty".
 * @throws EwaldError `zip/…` and `binary/truncated` for a damaged ZIP
 */
export function signatureOf(input: Uint8Array | string): Signature {
  if (input.length === 0) return EMPTY;
  if (typeof input !== "string") {
    if (isZip(input)) return signatureOfZip(input);
    // A decoder's "latin1" is Windows-1252, which has other characters from 0x80 to 0x9f.
    const first = String.fromCharCode(...input.subarray(0, MAGIC_BYTES));
    const found = BINARY_SIGNATURES.find(({ magic }) =>
      typeof magic === "function" ? magic(input) : magic.some((one) => first.startsWith(one)),
    );
    if (found !== undefined) return found;
  }
  const head = typeof input === "string" ? input.slice(0, HEAD_BYTES) : headOf(input);
  const start = head.slice(0, SHORT_HEAD);
  const found = TEXT_SIGNATURES.find(({ head: test, hasPreamble }) => {
    const seen = hasPreamble ? head : start;
    return typeof test === "function" ? test(seen) : test.test(seen);
  });
  if (found !== undefined) {
    const { items } = found;
    return items === undefined ? found : { ...found, kinds: kindsIn(input, items, found.kinds) };
  }
  // Fortran programs leave uninitialised bytes in the title of a text: asked last.
  if (typeof input !== "string" && looksBinary(input)) return BINARY;
  return head.trim() === "" && input.length <= HEAD_BYTES ? EMPTY : TEXT;
}

/** True where the file may hold this. */
export function mayHold({ kinds }: Signature, kind: FileKind): boolean {
  return kinds.includes(kind);
}

/** Endings, dot and all, by which a name promises a file of this kind. */
export function endingOf(kind: FileKind): RegExp {
  const endings = [...BINARY_SIGNATURES, ...TEXT_SIGNATURES, ZIP].flatMap((one) =>
    one.kinds.includes(kind) ? (one.endings ?? []) : [],
  );
  return new RegExp(`\\.(?:${endings.map((one) => one.replace(".", "\\.")).join("|")})$`, "i");
}

function headOf(bytes: Uint8Array): string {
  return decodeInstrumentText(bytes.subarray(0, HEAD_BYTES)).replace(/^\ufeff/, "");
}

function kindsIn(
  input: Uint8Array | string,
  items: Partial<Record<FileKind, RegExp>>,
  otherwise: readonly FileKind[],
): readonly FileKind[] {
  const text = typeof input === "string" ? input : decodeInstrumentText(input);
  const found = (Object.keys(items) as FileKind[]).filter((kind) => items[kind]!.test(text));
  return found.length === 0 ? otherwise : found;
}

function signatureOfZip(bytes: Uint8Array): Signature {
  const names = openZip(bytes).entries.map(({ name }) => name);
  const found = ZIP_SIGNATURES.find(({ member }) => names.some((name) => member.test(name)));
  if (found !== undefined) return found;
  const some = names.slice(0, 3).join(", ");
  return { ...ZIP, what: `a ZIP archive of ${names.length} other file(s) (${some})` };
}
