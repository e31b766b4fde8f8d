/**
 * Little-endian binary reading with bounds: every read past the end is a typed error that names the
 * byte, and no length found in a file is believed before it is checked against what is there.
 */
import { EwaldError } from "../errors.ts";

/** Random access to the bytes of a file. All offsets are absolute, from 0. */
export class BinaryReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #format: string;

  /** @param format Name of the file format, for messages: "Bruker RAW v3". */
  constructor(bytes: Uint8Array, format: string) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** @throws EwaldError `binary/truncated` unless `size` bytes stand at `offset`. */
  need(offset: number, size: number, what: string): void {
    if (offset >= 0 && size >= 0 && offset + size <= this.length) return;
    throw new EwaldError(
      "binary/truncated",
      `${this.#format}: ${what} needs ${size} bytes from byte ${offset}, the file has ${this.length}`,
      { byte: Math.min(Math.max(0, offset), this.length), value: size, unit: "bytes" },
    );
  }

  uint8(offset: number): number {
    this.need(offset, 1, "a byte");
    return this.#view.getUint8(offset);
  }

  uint16(offset: number): number {
    this.need(offset, 2, "a 16-bit number");
    return this.#view.getUint16(offset, true);
  }

  int16(offset: number): number {
    this.need(offset, 2, "a 16-bit number");
    return this.#view.getInt16(offset, true);
  }

  uint32(offset: number): number {
    this.need(offset, 4, "a 32-bit number");
    return this.#view.getUint32(offset, true);
  }

  float32(offset: number): number {
    this.need(offset, 4, "a 32-bit float");
    return this.#view.getFloat32(offset, true);
  }

  float64(offset: number): number {
    this.need(offset, 8, "a 64-bit float");
    return this.#view.getFloat64(offset, true);
  }

  /** Text of at most `size` bytes, Latin-1, up to the first NUL, without surrounding blanks. */
  text(offset: number, size: number): string {
    this.need(offset, size, "a text field");
    let text = "";
    for (let i = offset; i < offset + size; i++) {
      const code = this.bytes[i]!;
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text.trim();
  }

  /** `count` 32-bit floats, one every `stride` bytes. Checked before anything is allocated. */
  float32Array(offset: number, count: number, stride = 4): Float64Array {
    this.need(offset, count * stride, `${count} data points`);
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#view.getFloat32(offset + i * stride, true);
    return out;
  }

  uint16Array(offset: number, count: number): Float64Array {
    this.need(offset, count * 2, `${count} data points`);
    const out = new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#view.getUint16(offset + i * 2, true);
    return out;
  }
}
