/**
 * Features computed once: what a block of features is, what names it, and how it lies in bytes. The name
 * is a hash of everything the numbers follow from (inputs, parameters, version of the code that makes
 * them): a changed input asks for another name, so an entry is never wrong, only unused.
 */
import { EwaldError } from "../errors.ts";
import { sha256Hex } from "../formats/hash.ts";

/** One array of features, row-major, e.g. (structure, point, channel). */
export interface FeatureBlock {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface FeatureRequest {
  /** The name of the computed feature: "point-cloud". */
  readonly feature: string;
  /** Raised by hand whenever the code would give other numbers for the same inputs. */
  readonly version: number;
  /** All options that matter; order of keys does not. */
  readonly parameters: unknown;
  /** The inputs themselves, or a hash of them. */
  readonly inputs: unknown;
}

/** JSON with sorted keys: equal values give equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (ArrayBuffer.isView(inner)) return Array.from(inner as unknown as ArrayLike<number>);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The name of a block: 64 hexadecimal digits. */
export async function featureKey(request: FeatureRequest): Promise<string> {
  return sha256Hex(canonicalJson(request));
}

const MAGIC = "EWALDF32";
/** Magic, length of the header, SHA-256 of what follows. */
const PREFIX_BYTES = 8 + 4 + 32;

function checkShape({ shape, data }: FeatureBlock): void {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === data.length && shape.every((length) => Number.isInteger(length) && length >= 0))
    return;
  throw new EwaldError(
    "cache/shape",
    `${data.length} numbers do not fill the shape (${shape.join(", ")})`,
    { value: shape },
  );
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

/** @throws EwaldError `cache/shape` */
export async function encodeBlock(block: FeatureBlock): Promise<Uint8Array> {
  checkShape(block);
  const header = new TextEncoder().encode(JSON.stringify({ shape: block.shape }));
  const bytes = new Uint8Array(PREFIX_BYTES + header.length + block.data.byteLength);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, PREFIX_BYTES);
  bytes.set(
    new Uint8Array(block.data.buffer, block.data.byteOffset, block.data.byteLength),
    PREFIX_BYTES + header.length,
  );
  bytes.set(await digest(bytes.subarray(PREFIX_BYTES)), 12);
  return bytes;
}

/** The block, or null where the bytes are damaged or not ours: a cache forgets, it does not fail. */
export async function decodeBlock(bytes: Uint8Array): Promise<FeatureBlock | null> {
  if (bytes.length < PREFIX_BYTES || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC)
    return null;
  const expected = await digest(bytes.subarray(PREFIX_BYTES));
  if (!expected.every((byte, i) => byte === bytes[12 + i])) return null;
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const dataStart = PREFIX_BYTES + headerLength;
  const { shape } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, dataStart)),
  ) as { shape: number[] };
  // A copy: float data must begin at a multiple of four. Not bytes.slice: that of a Node Buffer is a view.
  const data = Uint8Array.prototype.slice.call(bytes, dataStart);
  return { shape, data: new Float32Array(data.buffer) };
}
