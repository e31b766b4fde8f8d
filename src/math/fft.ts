/**
 * Fourier transforms of real sequences whose length is a power of two, over fft.js (radix 4).
 * Forward without factor, e^(−2πi jk/n); inverse with 1/n.
 */
import FFT from "fft.js";
import { EwaldError } from "../errors.ts";

/** Plans hold the table of sines; a fit transforms the same length again and again. */
const PLANS = new Map<number, FFT>();

function plan(size: number): FFT {
  const isPower =
    Number.isInteger(size) && size >= 2 && size <= 2 ** 24 && (size & (size - 1)) === 0;
  if (!isPower) {
    throw new EwaldError("fft/length", `length ${size} is not a power of two from 2 to 2^24`, {
      value: size,
      hint: `Pad to ${nextPowerOfTwo(Math.max(2, size))}.`,
    });
  }
  let found = PLANS.get(size);
  if (found === undefined) PLANS.set(size, (found = new FFT(size)));
  return found;
}

export function nextPowerOfTwo(size: number): number {
  return 2 ** Math.ceil(Math.log2(size));
}

/**
 * Spectrum of a real sequence, interleaved `[re₀, im₀, re₁, …]`, all n frequencies.
 * @throws EwaldError `fft/length`
 */
export function fourierTransform(values: ArrayLike<number>): Float64Array {
  const fft = plan(values.length);
  const spectrum = new Float64Array(2 * values.length);
  fft.realTransform(spectrum, values);
  fft.completeSpectrum(spectrum);
  return spectrum;
}

/** Real part of the inverse of an interleaved spectrum. @throws EwaldError `fft/length` */
export function inverseFourierTransform(spectrum: Float64Array): Float64Array {
  const size = spectrum.length / 2;
  const complex = new Float64Array(2 * size);
  plan(size).inverseTransform(complex, spectrum);
  return Float64Array.from({ length: size }, (_, i) => complex[2 * i]!);
}

/** Σⱼ aⱼ b₍ᵢ₋ⱼ₎, all a.length + b.length − 1 terms. @throws EwaldError `fft/length` for an empty side */
export function convolve(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length === 0 || b.length === 0) {
    throw new EwaldError("fft/length", "nothing to convolve", { value: [a.length, b.length] });
  }
  const length = a.length + b.length - 1;
  const size = nextPowerOfTwo(Math.max(2, length));
  const padded = new Float64Array(size);
  padded.set(a);
  const product = fourierTransform(padded);
  padded.fill(0).set(b);
  const other = fourierTransform(padded);
  for (let i = 0; i < 2 * size; i += 2) {
    const re = product[i]! * other[i]! - product[i + 1]! * other[i + 1]!;
    product[i + 1] = product[i]! * other[i + 1]! + product[i + 1]! * other[i]!;
    product[i] = re;
  }
  return inverseFourierTransform(product).slice(0, length);
}

/**
 * Σⱼ aⱼ b₍ⱼ₋ᵢ₎ for every shift i from −(b.length − 1) to a.length − 1, in this order: largest where b,
 * moved right by i, lies best on a.
 */
export function crossCorrelate(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return convolve(a, Float64Array.from(b).reverse());
}
