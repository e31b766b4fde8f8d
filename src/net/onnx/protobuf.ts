/**
 * The wire format of Protocol Buffers, as far as ONNX files use it: varints, 32- and 64-bit fields,
 * length-delimited fields. Source: protobuf.dev/programming-guides/encoding.
 */
import { EwaldError } from "../../errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of a message under construction, as a list of pieces so that large tensors are copied once. */
export class MessageWriter {
  private readonly pieces: Uint8Array[] = [];
  private length = 0;

  private push(bytes: Uint8Array): this {
    this.pieces.push(bytes);
    this.length += bytes.length;
    return this;
  }

  private varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    return this.push(Uint8Array.from(bytes));
  }

  private tag(field: number, wire: number): this {
    return this.varint(BigInt(field * 8 + wire));
  }

  int(field: number, value: number | bigint): this {
    return this.tag(field, 0).varint(BigInt(value));
  }

  float(field: number, value: number): this {
    return this.tag(field, 5).push(new Uint8Array(new Float32Array([value]).buffer));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, 2).varint(BigInt(value.length)).push(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: MessageWriter): this {
    this.tag(field, 2).varint(BigInt(value.length));
    for (const piece of value.pieces) this.push(piece);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(this.length);
    let offset = 0;
    for (const piece of this.pieces) {
      result.set(piece, offset);
      offset += piece.length;
    }
    return result;
  }
}

/** One field as read: a number for varints, bytes for everything else. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** The fields of a message in order. Throws `onnx/truncated` or `onnx/not-protobuf` with the byte. */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset++];
      if (byte === undefined)
        throw new EwaldError("onnx/truncated", "the file ends inside a number", { byte: offset });
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new EwaldError("onnx/not-protobuf", "a number longer than ten bytes", { byte: offset });
  };
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length)
      throw new EwaldError(
        "onnx/truncated",
        `a field of ${length} bytes, but only ${bytes.length - offset} are left`,
        { byte: offset },
      );
    const part = bytes.subarray(offset, offset + length);
    offset += length;
    return part;
  };
  while (offset < bytes.length) {
    const start = offset;
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) yield { number, value: take(8) };
    else if (wire === 2) yield { number, value: take(Number(varint())) };
    else if (wire === 5) yield { number, value: take(4) };
    else
      throw new EwaldError("onnx/not-protobuf", `wire type ${wire} is none of ONNX's`, {
        byte: start,
      });
  }
}

export function readText(value: bigint | Uint8Array): string {
  return typeof value === "bigint" ? String(value) : decoder.decode(value);
}
