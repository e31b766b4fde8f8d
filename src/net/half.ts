/**
 * IEEE 754 half precision (binary16) for stored weights: round to nearest, ties to even; beyond 65504
 * becomes infinity, below 2⁻²⁴ zero. (`Math.f16round` is not in Node 20.)
 */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to 65536 or more
  if (magnitude < 0x38800000) {
    // Subnormal half: units of 2⁻²⁴; the sum rounds the float to that unit, ties to even.
    float[0] = Math.abs(value) + 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function float16Of(values: ArrayLike<number>): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < result.length; i++) result[i] = halfBits(values[i]!);
  return result;
}

export function float32OfHalf(halves: ArrayLike<number>): Float32Array {
  const result = new Float32Array(halves.length);
  for (let i = 0; i < result.length; i++) {
    const half = halves[i]!;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 31) result[i] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) result[i] = sign * fraction * 2 ** -24;
    else result[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return result;
}
