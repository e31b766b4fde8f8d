/**
 * The inner loop of diffraction: F(h) = Σⱼ fⱼ oⱼ exp(2πi h·xⱼ) over many reflections of one structure.
 *
 * exp(2πi h x) is tabulated per axis and atom, so that a reflection costs one complex product per atom (and another only when
 * the outer two indices change): 2 ns per atom and reflection, against 30 for a sine and a cosine. Works on any list of
 * indices; fastest where one index runs while the other two stay.
 */
import { formFactorGrid, lookUp } from "./form-factor-grid.ts";
import type { ReciprocalPoints } from "./reciprocal-points.ts";
import type { ScatteringCell } from "./scattering-cell.ts";

/** Buffers that a stream of structures shares. Not for two calls at the same time. */
export interface PhaseBuffers {
  /** exp(2πi m x) of the three axes: real and imaginary parts, (2 × most + 1, atoms) each. */
  readonly real: [Float64Array, Float64Array, Float64Array];
  readonly imaginary: [Float64Array, Float64Array, Float64Array];
  outerReal: Float64Array;
  outerImaginary: Float64Array;
  /** Scattering amplitude, its real and imaginary part; (points, scatterers) each. */
  amplitude: Float64Array;
  amplitudeImaginary: Float64Array;
}

const EMPTY = new Float64Array(0);

export function phaseBuffers(): PhaseBuffers {
  return {
    real: [EMPTY, EMPTY, EMPTY],
    imaginary: [EMPTY, EMPTY, EMPTY],
    outerReal: EMPTY,
    outerImaginary: EMPTY,
    amplitude: EMPTY,
    amplitudeImaginary: EMPTY,
  };
}

/** exp(2πi m x) for m = -most … most, atom index fastest; by repeated multiplication (error below most · 2⁻⁵²). */
function tabulateAxis(
  buffers: PhaseBuffers,
  axis: 0 | 1 | 2,
  frac: Float64Array,
  most: number,
): void {
  const atoms = frac.length / 3;
  const length = (2 * most + 1) * atoms;
  if (buffers.real[axis].length < length) {
    buffers.real[axis] = new Float64Array(length);
    buffers.imaginary[axis] = new Float64Array(length);
  }
  const real = buffers.real[axis];
  const imaginary = buffers.imaginary[axis];
  for (let atom = 0; atom < atoms; atom++) {
    const angle = 2 * Math.PI * frac[3 * atom + axis]!;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    let re = 1;
    let im = 0;
    for (let m = 0; m <= most; m++) {
      const plus = (most + m) * atoms + atom;
      const minus = (most - m) * atoms + atom;
      real[plus] = re;
      real[minus] = re;
      imaginary[plus] = im;
      imaginary[minus] = -im;
      const next = re * cos - im * sin;
      im = re * sin + im * cos;
      re = next;
    }
  }
}

function largest(values: Int32Array, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value > most) most = value;
    else if (-value > most) most = -value;
  }
  return most;
}

/**
 * |F|² of every point, written into `fSquared` (electrons², fm² or Å² by radiation). With anomalous scattering it is the mean
 * of h and -h: with F = A + iB (A from f₀ + f', B from f''), |F(h)|² + |F(-h)|² = 2(|A|² + |B|²), so that a half sphere
 * still holds the whole powder intensity.
 */
export function squaredStructureFactors(
  cell: ScatteringCell,
  points: ReciprocalPoints,
  fSquared: Float64Array,
  buffers: PhaseBuffers,
): void {
  const { count, inner } = points;
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== inner) as [0 | 1, 1 | 2];
  const indices = [points.h, points.k, points.l] as const;
  const atoms = cell.occupancy.length;
  const most = indices.map((index) => largest(index, count));
  for (const axis of [0, 1, 2] as const) tabulateAxis(buffers, axis, cell.frac, most[axis]!);
  if (buffers.outerReal.length < atoms) {
    buffers.outerReal = new Float64Array(atoms);
    buffers.outerImaginary = new Float64Array(atoms);
  }
  const { outerReal, outerImaginary } = buffers;
  const [index1, index2, index3] = [indices[first], indices[second], indices[inner]];
  const innerReal = buffers.real[inner];
  const innerImaginary = buffers.imaginary[inner];
  const isComplex = tabulateAmplitudes(buffers, cell, points);
  const { amplitude, amplitudeImaginary } = buffers;
  const { start, occupancy } = cell;
  const kinds = cell.scatterers.length;
  let previous1 = Number.NaN;
  let previous2 = Number.NaN;
  for (let i = 0; i < count; i++) {
    if (index1[i] !== previous1 || index2[i] !== previous2) {
      previous1 = index1[i]!;
      previous2 = index2[i]!;
      multiplyOuter(
        buffers,
        first,
        (most[first]! + previous1) * atoms,
        second,
        (most[second]! + previous2) * atoms,
        occupancy,
      );
    }
    const row = (most[inner]! + index3[i]!) * atoms;
    let aRe = 0;
    let aIm = 0;
    let bRe = 0;
    let bIm = 0;
    for (let kind = 0; kind < kinds; kind++) {
      let re = 0;
      let im = 0;
      const end = start[kind + 1]!;
      for (let j = start[kind]!; j < end; j++) {
        const c = innerReal[row + j]!;
        const s = innerImaginary[row + j]!;
        re += outerReal[j]! * c - outerImaginary[j]! * s;
        im += outerReal[j]! * s + outerImaginary[j]! * c;
      }
      const f = amplitude[i * kinds + kind]!;
      aRe += f * re;
      aIm += f * im;
      if (isComplex) {
        const fImaginary = amplitudeImaginary[i * kinds + kind]!;
        bRe += fImaginary * re;
        bIm += fImaginary * im;
      }
    }
    fSquared[i] = aRe * aRe + aIm * aIm + bRe * bRe + bIm * bIm;
  }
}

/** Fills the amplitudes of every scatterer at every point; true where any has an imaginary part. */
function tabulateAmplitudes(
  buffers: PhaseBuffers,
  cell: ScatteringCell,
  points: ReciprocalPoints,
): boolean {
  const { count, g2 } = points;
  const kinds = cell.scatterers.length;
  if (buffers.amplitude.length < count * kinds) {
    buffers.amplitude = new Float64Array(Math.ceil(count * kinds * 1.5));
    buffers.amplitudeImaginary = new Float64Array(buffers.amplitude.length);
  }
  const { amplitude, amplitudeImaginary } = buffers;
  let g2Max = 0;
  for (let i = 0; i < count; i++) if (g2[i]! > g2Max) g2Max = g2[i]!;
  const isComplex = cell.scatterers.some((scatterer) => scatterer.imaginary !== 0);
  cell.scatterers.forEach((scatterer, kind) => {
    const { formFactor, constant, imaginary, bIsoAngstrom2 } = scatterer;
    const grid = formFactor === null ? null : formFactorGrid(formFactor, g2Max / 4);
    for (let i = 0; i < count; i++) {
      const s2 = g2[i]! / 4;
      const damping = bIsoAngstrom2 === 0 ? 1 : Math.exp(-bIsoAngstrom2 * s2);
      const f = (grid === null ? 0 : lookUp(grid, s2)) + constant;
      amplitude[i * kinds + kind] = damping * f;
      if (isComplex) amplitudeImaginary[i * kinds + kind] = damping * imaginary;
    }
  });
  return isComplex;
}

/** Occupancy times the product of the two outer phases, per atom. */
function multiplyOuter(
  buffers: PhaseBuffers,
  first: 0 | 1,
  row1: number,
  second: 1 | 2,
  row2: number,
  occupancy: Float64Array,
): void {
  const [re1, im1] = [buffers.real[first], buffers.imaginary[first]];
  const [re2, im2] = [buffers.real[second], buffers.imaginary[second]];
  const { outerReal, outerImaginary } = buffers;
  for (let j = 0; j < occupancy.length; j++) {
    const [a, b, c, d] = [re1[row1 + j]!, im1[row1 + j]!, re2[row2 + j]!, im2[row2 + j]!];
    outerReal[j] = occupancy[j]! * (a * c - b * d);
    outerImaginary[j] = occupancy[j]! * (a * d + b * c);
  }
}
