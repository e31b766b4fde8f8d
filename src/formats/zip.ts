/**
 * ZIP and gzip with bounds. The central directory is believed about names and offsets only: what an
 * entry expands to is counted while it is inflated, and a bomb stops at the limit, not at the memory.
 * Reads stored and deflated entries; not encrypted, split or ZIP64 archives (named in the error).
 */
import { Gunzip, Inflate } from "fflate";
import { EwaldError } from "../errors.ts";
import { BinaryReader } from "./binary.ts";
import { MAX_EXPANDED_BYTES, MAX_ZIP_ENTRIES } from "./limits.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const MAX_COMMENT_BYTES = 65_535;
/** Deflate expands at most 1032 times: pushed in such pieces, one push makes at most 16 MiB. */
const PUSH_BYTES = 16 * 1024;

export interface ZipEntry {
  /** As stored, with `/` between folders. */
  readonly name: string;
  readonly compressedBytes: number;
  readonly method: number;
  readonly crc32: number;
  readonly localHeaderOffset: number;
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  /** The bytes of an entry. What all calls together may expand to is bounded. */
  readonly read: (entry: ZipEntry) => Uint8Array;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

let crcTable: Uint32Array | undefined;

function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Collects chunks, and stops a stream that grows past `limit`. */
class Collector {
  readonly #limit: number;
  readonly #what: string;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(limit: number, what: string) {
    this.#limit = limit;
    this.#what = what;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size > this.#limit) {
      throw new EwaldError("zip/bomb", `${this.#what} expands beyond ${this.#limit} bytes`, {
        value: this.#size,
        unit: "bytes",
        hint: "Unpack it yourself if you trust it.",
      });
    }
    this.#chunks.push(chunk);
  }

  joined(): Uint8Array {
    if (this.#chunks.length === 1) return this.#chunks[0]!;
    const out = new Uint8Array(this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }
}

interface PushStream {
  push(chunk: Uint8Array, final?: boolean): void;
}

function pushAll(stream: PushStream, bytes: Uint8Array, what: string, byte: number): void {
  try {
    for (let at = 0; at < bytes.length || at === 0; at += PUSH_BYTES) {
      const end = Math.min(at + PUSH_BYTES, bytes.length);
      stream.push(bytes.subarray(at, end), end === bytes.length);
    }
  } catch (cause) {
    if (cause instanceof EwaldError) throw cause;
    throw new EwaldError("zip/corrupt", `${what} is damaged or cut off`, { byte, cause });
  }
}

/** @throws EwaldError `zip/corrupt`, `zip/bomb`. */
export function gunzip(bytes: Uint8Array, limitBytes = MAX_EXPANDED_BYTES): Uint8Array {
  const collector = new Collector(limitBytes, "the gzip file");
  let ended = false;
  const stream = new Gunzip((chunk, final) => {
    collector.add(chunk);
    ended ||= final;
  });
  pushAll(stream, bytes, "the gzip file", 0);
  if (!ended)
    throw new EwaldError("zip/corrupt", "the gzip file is cut off", { byte: bytes.length });
  return collector.joined();
}

/** Names that would write outside a folder if somebody unpacked them: refused although nothing is unpacked here. */
function isUnsafeName(name: string): boolean {
  return (
    name.startsWith("/") ||
    /^[A-Za-z]:/.test(name) ||
    name.includes("\0") ||
    name.split(/[/\\]/).includes("..")
  );
}

function findDirectory(reader: BinaryReader): number {
  const lowest = Math.max(0, reader.length - 22 - MAX_COMMENT_BYTES);
  for (let at = reader.length - 22; at >= lowest; at--) {
    if (reader.uint32(at) === END_OF_DIRECTORY) return at;
  }
  throw new EwaldError("zip/corrupt", "the ZIP archive has no directory: it is cut off", {
    byte: reader.length,
  });
}

/**
 * @throws EwaldError `zip/corrupt`, `zip/bomb`, `zip/unsafe-name`, `zip/unsupported`, `binary/truncated`.
 */
export function openZip(bytes: Uint8Array, limitBytes = MAX_EXPANDED_BYTES): ZipArchive {
  const reader = new BinaryReader(bytes, "ZIP");
  const end = findDirectory(reader);
  const count = reader.uint16(end + 10);
  const directoryOffset = reader.uint32(end + 16);
  if (directoryOffset === 0xffffffff || count === 0xffff) {
    throw new EwaldError("zip/unsupported", "ZIP64 archives are not read", { byte: end });
  }
  if (count > MAX_ZIP_ENTRIES) {
    throw new EwaldError("zip/bomb", `the ZIP archive lists ${count} entries`, {
      value: count,
      byte: end,
    });
  }
  const entries: ZipEntry[] = [];
  let at = directoryOffset;
  for (let i = 0; i < count; i++) {
    const { entry, next } = directoryEntry(reader, at);
    entries.push(entry);
    at = next;
  }
  let remaining = limitBytes;
  const read = (entry: ZipEntry): Uint8Array => {
    const content = inflateEntry(reader, entry, remaining);
    remaining -= content.length;
    return content;
  };
  return { entries, read };
}

function directoryEntry(reader: BinaryReader, at: number): { entry: ZipEntry; next: number } {
  if (reader.uint32(at) !== DIRECTORY_ENTRY) {
    throw new EwaldError("zip/corrupt", "the ZIP directory is damaged", { byte: at });
  }
  const nameBytes = reader.uint16(at + 28);
  reader.need(at + 46, nameBytes, "a ZIP entry's name");
  const name = new TextDecoder().decode(reader.bytes.subarray(at + 46, at + 46 + nameBytes));
  if (isUnsafeName(name)) {
    throw new EwaldError("zip/unsafe-name", `the ZIP archive holds the path "${name}"`, {
      value: name,
      byte: at + 46,
      hint: "Do not unpack this archive: the path leads out of its folder.",
    });
  }
  if ((reader.uint16(at + 8) & 1) !== 0) {
    throw new EwaldError("zip/unsupported", `"${name}" is encrypted`, { byte: at });
  }
  const entry: ZipEntry = {
    name: name.replaceAll("\\", "/"),
    method: reader.uint16(at + 10),
    crc32: reader.uint32(at + 16),
    compressedBytes: reader.uint32(at + 20),
    localHeaderOffset: reader.uint32(at + 42),
  };
  const next = at + 46 + nameBytes + reader.uint16(at + 30) + reader.uint16(at + 32);
  return { entry, next };
}

function inflateEntry(reader: BinaryReader, entry: ZipEntry, limitBytes: number): Uint8Array {
  const header = entry.localHeaderOffset;
  if (reader.uint32(header) !== LOCAL_HEADER) {
    throw new EwaldError("zip/corrupt", `"${entry.name}" has no header`, { byte: header });
  }
  const start = header + 30 + reader.uint16(header + 26) + reader.uint16(header + 28);
  reader.need(start, entry.compressedBytes, `ZIP entry "${entry.name}"`);
  const packed = reader.bytes.subarray(start, start + entry.compressedBytes);
  const collector = new Collector(limitBytes, `ZIP entry "${entry.name}"`);
  if (entry.method === 0) {
    collector.add(packed);
  } else if (entry.method === 8) {
    const stream = new Inflate((chunk) => collector.add(chunk));
    pushAll(stream, packed, `ZIP entry "${entry.name}"`, start);
  } else {
    throw new EwaldError(
      "zip/unsupported",
      `"${entry.name}" is packed with method ${entry.method}; only stored and deflated are read`,
      { value: entry.method, byte: header },
    );
  }
  const content = collector.joined();
  if (crc32(content) !== entry.crc32) {
    throw new EwaldError("zip/corrupt", `"${entry.name}" fails its checksum`, { byte: start });
  }
  return content;
}
