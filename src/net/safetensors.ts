/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, the tensors' bytes.
 * Source: huggingface.co/docs/safetensors. Read: F32, F16 (widened), I32; written: F32 or F16.
 */
import { EwaldError } from "../errors.ts";
import { float16Of, float32OfHalf } from "./half.ts";
import type { Weights } from "./layout.ts";
import { sizeOf, type Shape } from "./shape.ts";

/** Longest header believed: what a file claims is not what memory must hold. */
const MAX_HEADER_BYTES = 100e6;
const WIDTH: Readonly<Record<string, number>> = { F32: 4, F16: 2, I32: 4 };

export interface SafeTensors {
  readonly weights: Weights;
  readonly metadata: Readonly<Record<string, string>>;
}

export function writeSafeTensors(
  { weights, metadata }: SafeTensors,
  options: { readonly half?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: ArrayBufferView[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of weights) {
    const part = options.half === true ? float16Of(data) : data;
    const end = offset + part.byteLength;
    const dtype = options.half === true ? "F16" : "F32";
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    parts.push(part);
    offset = end;
  }
  // Spaces after the header align the numbers to eight bytes.
  const text = JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const padded = Math.ceil(encoded.length / 8) * 8;
  const file = new Uint8Array(8 + padded + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8, 8 + padded);
  file.set(encoded, 8);
  let at = 8 + padded;
  for (const part of parts) {
    file.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return file;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [number, number];
}

/** Throws `safetensors/truncated`, `safetensors/bad-header`, `safetensors/unknown-type` with the byte. */
export function readSafeTensors(bytes: Uint8Array): SafeTensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0 : Number(view.getBigUint64(0, true));
  if (length === 0 || length > MAX_HEADER_BYTES || 8 + length > bytes.length)
    throw new EwaldError(
      "safetensors/truncated",
      `a header of ${length} bytes in a file of ${bytes.length}`,
      { byte: 0 },
    );
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw new EwaldError("safetensors/bad-header", "the header is no JSON", { byte: 8, cause });
  }
  const weights = new Map<string, { shape: Shape; data: Float32Array }>();
  const { __metadata__: metadata = {}, ...entries } = header;
  for (const [name, entry] of Object.entries(entries))
    weights.set(name, readEntry(name, entry as HeaderEntry, bytes, 8 + length));
  return { weights, metadata: metadata as Record<string, string> };
}

function readEntry(name: string, entry: HeaderEntry, bytes: Uint8Array, start: number) {
  const { dtype, shape, data_offsets: offsets } = entry;
  const width = WIDTH[dtype];
  if (width === undefined)
    throw new EwaldError("safetensors/unknown-type", `"${name}" has the type ${dtype}`, {
      value: dtype,
    });
  const isShape = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
  const [from, to] = Array.isArray(offsets) ? offsets : [NaN, NaN];
  if (!isShape || !(from >= 0) || to - from !== sizeOf(shape) * width)
    throw new EwaldError("safetensors/bad-header", `"${name}": shape and bytes disagree`);
  if (start + to > bytes.length)
    throw new EwaldError("safetensors/truncated", `"${name}" ends behind the end of the file`, {
      byte: bytes.length,
    });
  // A copy, so that the numbers are aligned wherever the file lies in memory. (Not by slice: that of
  // Node's Buffer copies nothing.)
  const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
  if (dtype === "F16") return { shape, data: float32OfHalf(new Uint16Array(buffer)) };
  if (dtype === "I32") return { shape, data: Float32Array.from(new Int32Array(buffer)) };
  return { shape, data: new Float32Array(buffer) };
}
