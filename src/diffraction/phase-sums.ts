/**
 * The inner loop of diffraction: |F(h)|² with F(h) = Σⱼ fⱼ oⱼ exp(2πi h·xⱼ), for many reflections of one structure.
 *
 * Reflections come in runs along one index (see `reciprocal-points.ts`). Over a run, with its middle index l₀,
 *
 *   F(l₀ ± m) = Σⱼ oⱼ (cos 2πmzⱼ ± i sin 2πmzⱼ),   oⱼ = fⱼ oⱼ exp(2πi (h xⱼ + k yⱼ + l₀ zⱼ)),
 *
 * so four real sums over the atoms (o's two parts times cosine and sine) give two reflections: half the arithmetic of a
 * complex product each. Seen from a centre of inversion (`inversion.ts`) F is real, half of the atoms and two sums are enough.
 * Cosines and sines are tabulated per axis and atom, never computed in the loop.
 */
import { formFactorGrid, lookUp } from "./form-factor-grid.ts";
import { type CentricCell, centricCell } from "./inversion.ts";
import type { ReciprocalPoints } from "./reciprocal-points.ts";
import type { ScatteringCell } from "./scattering-cell.ts";

/** Buffers that a stream of structures shares. Not for two calls at the same time. */
export interface PhaseBuffers {
  /** exp(2πi m x) of the three axes, m = -most … most: real and imaginary parts, (2 most + 1, atoms) each. */
  readonly real: [Float64Array, Float64Array, Float64Array];
  readonly imaginary: [Float64Array, Float64Array, Float64Array];
  /** oⱼ of the present run, without fⱼ; (atoms). */
  runReal: Float64Array;
  runImaginary: Float64Array;
  /** Scattering amplitude, its real and imaginary part; (scatterers, points) each. */
  amplitude: Float64Array;
  amplitudeImaginary: Float64Array;
  /** The parts A and B of F = A + iB, of f₀ + f' and of f''; (points) each. */
  aReal: Float64Array;
  aImaginary: Float64Array;
  bReal: Float64Array;
  bImaginary: Float64Array;
  /** Four sums over the atoms of one scatterer for each of two m. */
  readonly sums: Float64Array;
}

const EMPTY = new Float64Array(0);

export function phaseBuffers(): PhaseBuffers {
  return {
    real: [EMPTY, EMPTY, EMPTY],
    imaginary: [EMPTY, EMPTY, EMPTY],
    runReal: EMPTY,
    runImaginary: EMPTY,
    amplitude: EMPTY,
    amplitudeImaginary: EMPTY,
    aReal: EMPTY,
    aImaginary: EMPTY,
    bReal: EMPTY,
    bImaginary: EMPTY,
    sums: new Float64Array(8),
  };
}

/** The buffer, or a new one where it is too short; a third longer than asked, so that streams settle soon. */
function roomFor(buffer: Float64Array, length: number): Float64Array {
  return buffer.length >= length ? buffer : new Float64Array(Math.ceil(length * 1.33));
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
  const real = (buffers.real[axis] = roomFor(buffers.real[axis], length));
  const imaginary = (buffers.imaginary[axis] = roomFor(buffers.imaginary[axis], length));
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
 * of h and -h: with F = A + iB, A from f₀ + f' and B from f'', |F(h)|² + |F(-h)|² = 2(|A|² + |B|²), so that a half sphere
 * still holds the whole powder intensity.
 */
export function squaredStructureFactors(
  whole: ScatteringCell,
  points: ReciprocalPoints,
  fSquared: Float64Array,
  buffers: PhaseBuffers,
): void {
  const cell: ScatteringCell | CentricCell = centricCell(whole) ?? whole;
  const isCentric = cell !== whole;
  const { count, inner } = points;
  const indices = [points.h, points.k, points.l] as const;
  const most = indices.map((index) => largest(index, count)) as [number, number, number];
  for (const axis of [0, 1, 2] as const) tabulateAxis(buffers, axis, cell.frac, most[axis]);
  const isComplex = tabulateAmplitudes(buffers, cell, points);
  buffers.runReal = roomFor(buffers.runReal, cell.occupancy.length);
  buffers.runImaginary = roomFor(buffers.runImaginary, cell.occupancy.length);
  buffers.aReal = roomFor(buffers.aReal, count).fill(0, 0, count);
  buffers.aImaginary = roomFor(buffers.aImaginary, count).fill(0, 0, count);
  if (isComplex) {
    buffers.bReal = roomFor(buffers.bReal, count).fill(0, 0, count);
    buffers.bImaginary = roomFor(buffers.bImaginary, count).fill(0, 0, count);
  }
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== inner) as [0 | 1, 1 | 2];
  const [index1, index2, index3] = [indices[first], indices[second], indices[inner]];
  let start = 0;
  while (start < count) {
    let end = start + 1;
    while (
      end < count &&
      index3[end] === index3[end - 1]! + 1 &&
      index2[end] === index2[start] &&
      index1[end] === index1[start]
    ) {
      end++;
    }
    const middle = (start + end) >> 1;
    phasesOfRun(cell, points, middle, most, buffers);
    const run = { start, middle, end };
    sumRun(cell, isCentric, count, run, inner, most[inner], isComplex, buffers);
    start = end;
  }
  const { aReal, aImaginary, bReal, bImaginary } = buffers;
  // Products, not powers: ** 2 goes through Math.pow, ten times slower.
  for (let i = 0; i < count; i++) {
    fSquared[i] = aReal[i]! * aReal[i]! + aImaginary[i]! * aImaginary[i]!;
  }
  if (!isComplex) return;
  for (let i = 0; i < count; i++) {
    fSquared[i]! += bReal[i]! * bReal[i]! + bImaginary[i]! * bImaginary[i]!;
  }
}

/** Fills the amplitudes of every scatterer at every point; true where any has an imaginary part. */
function tabulateAmplitudes(
  buffers: PhaseBuffers,
  cell: ScatteringCell,
  points: ReciprocalPoints,
): boolean {
  const { count, g2 } = points;
  const { scatterers } = cell;
  const isComplex = scatterers.some((scatterer) => scatterer.imaginary !== 0);
  const amplitude = (buffers.amplitude = roomFor(buffers.amplitude, count * scatterers.length));
  const imaginaryRoom = isComplex ? amplitude.length : 0;
  const imaginaryPart = roomFor(buffers.amplitudeImaginary, imaginaryRoom);
  buffers.amplitudeImaginary = imaginaryPart;
  let g2Max = 0;
  for (let i = 0; i < count; i++) if (g2[i]! > g2Max) g2Max = g2[i]!;
  scatterers.forEach(({ formFactor, constant, imaginary, bIsoAngstrom2 }, kind) => {
    const row = kind * count;
    amplitude.fill(constant, row, row + count);
    if (formFactor !== null) {
      lookUp(formFactorGrid(formFactor, g2Max / 4), g2, 0.25, count, amplitude, row);
    }
    if (isComplex) imaginaryPart.fill(imaginary, row, row + count);
    if (bIsoAngstrom2 === 0) return;
    for (let i = 0; i < count; i++) {
      const damping = Math.exp((-bIsoAngstrom2 * g2[i]!) / 4);
      amplitude[row + i]! *= damping;
      if (isComplex) imaginaryPart[row + i]! *= damping;
    }
  });
  return isComplex;
}

/** Occupancy times exp(2πi h·x) of every atom at one point. */
function phasesOfRun(
  cell: ScatteringCell,
  points: ReciprocalPoints,
  point: number,
  most: readonly [number, number, number],
  buffers: PhaseBuffers,
): void {
  const { runReal, runImaginary, real, imaginary } = buffers;
  const { occupancy } = cell;
  const atoms = occupancy.length;
  // By index: destructuring goes through an iterator, and this runs once per dozen of points.
  const re1 = real[0];
  const re2 = real[1];
  const re3 = real[2];
  const im1 = imaginary[0];
  const im2 = imaginary[1];
  const im3 = imaginary[2];
  const row1 = (most[0] + points.h[point]!) * atoms;
  const row2 = (most[1] + points.k[point]!) * atoms;
  const row3 = (most[2] + points.l[point]!) * atoms;
  for (let j = 0; j < atoms; j++) {
    const a = re1[row1 + j]!;
    const b = im1[row1 + j]!;
    const c = re2[row2 + j]!;
    const d = im2[row2 + j]!;
    const re = a * c - b * d;
    const im = a * d + b * c;
    const p = re3[row3 + j]!;
    const q = im3[row3 + j]!;
    runReal[j] = occupancy[j]! * (re * p - im * q);
    runImaginary[j] = occupancy[j]! * (re * q + im * p);
  }
}

/** One run of points, start … end - 1, and where its sums are gathered. */
interface Run {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** Adds every scatterer's share to A (and B) of a run, two points on each side of its middle at a time. */
function sumRun(
  cell: ScatteringCell,
  isCentric: boolean,
  count: number,
  run: Run,
  inner: 0 | 1 | 2,
  most: number,
  isComplex: boolean,
  buffers: PhaseBuffers,
): void {
  const { runReal, runImaginary, sums } = buffers;
  const cosines = buffers.real[inner];
  const sines = buffers.imaginary[inner];
  const atoms = cell.occupancy.length;
  const kinds = cell.scatterers.length;
  for (let kind = 0; kind < kinds; kind++) {
    const from = cell.start[kind]!;
    const to = cell.start[kind + 1]!;
    for (let m = 0; run.middle - m >= run.start; m += 2) {
      // The last m of an odd number is done twice rather than apart.
      const isLast = run.middle - m === run.start;
      const row = (most + m) * atoms;
      const nextRow = isLast ? row : row + atoms;
      if (isCentric)
        centricSums(runReal, runImaginary, cosines, sines, from, to, row, nextRow, sums);
      else acentricSums(runReal, runImaginary, cosines, sines, from, to, row, nextRow, sums);
      addPair(run, m, kind * count, 0, isComplex, buffers);
      if (!isLast) addPair(run, m + 1, kind * count, 4, isComplex, buffers);
    }
  }
}

/** Σ re·cos, Σ im·sin, Σ re·sin, Σ im·cos over the atoms from … to - 1, for two rows of phases: sums[0 … 3] and [4 … 7]. */
function acentricSums(
  real: Float64Array,
  imaginary: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
  from: number,
  to: number,
  row: number,
  nextRow: number,
  sums: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let j = from; j < to; j++) {
    const re = real[j]!;
    const im = imaginary[j]!;
    const cos = cosines[row + j]!;
    const sin = sines[row + j]!;
    const nextCos = cosines[nextRow + j]!;
    const nextSin = sines[nextRow + j]!;
    a += re * cos;
    b += im * sin;
    c += re * sin;
    d += im * cos;
    e += re * nextCos;
    f += im * nextSin;
    g += re * nextSin;
    h += im * nextCos;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
  sums[4] = e;
  sums[5] = f;
  sums[6] = g;
  sums[7] = h;
}

/** The first two of the four sums of {@link acentricSums}: from a centre of inversion the others vanish. */
function centricSums(
  real: Float64Array,
  imaginary: Float64Array,
  cosines: Float64Array,
  sines: Float64Array,
  from: number,
  to: number,
  row: number,
  nextRow: number,
  sums: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let e = 0;
  let f = 0;
  for (let j = from; j < to; j++) {
    const re = real[j]!;
    const im = imaginary[j]!;
    a += re * cosines[row + j]!;
    b += im * sines[row + j]!;
    e += re * cosines[nextRow + j]!;
    f += im * sines[nextRow + j]!;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = 0;
  sums[3] = 0;
  sums[6] = 0;
  sums[7] = 0;
  sums[4] = e;
  sums[5] = f;
}

/** Adds one scatterer's F(middle ± m), made of four sums, to the points of the run. */
function addPair(
  { start, middle, end }: Run,
  m: number,
  amplitudes: number,
  at: 0 | 4,
  isComplex: boolean,
  buffers: PhaseBuffers,
): void {
  const { sums, amplitude, amplitudeImaginary, aReal, aImaginary, bReal, bImaginary } = buffers;
  const reCos = sums[at]!;
  const imSin = sums[at + 1]!;
  const reSin = sums[at + 2]!;
  const imCos = sums[at + 3]!;
  const minus = middle - m;
  const plus = middle + m;
  if (minus >= start) {
    const f = amplitude[amplitudes + minus]!;
    aReal[minus]! += f * (reCos + imSin);
    aImaginary[minus]! += f * (imCos - reSin);
    if (isComplex) {
      const fImaginary = amplitudeImaginary[amplitudes + minus]!;
      bReal[minus]! += fImaginary * (reCos + imSin);
      bImaginary[minus]! += fImaginary * (imCos - reSin);
    }
  }
  if (m === 0 || plus >= end) return;
  const f = amplitude[amplitudes + plus]!;
  aReal[plus]! += f * (reCos - imSin);
  aImaginary[plus]! += f * (imCos + reSin);
  if (isComplex) {
    const fImaginary = amplitudeImaginary[amplitudes + plus]!;
    bReal[plus]! += fImaginary * (reCos - imSin);
    bImaginary[plus]! += fImaginary * (imCos + reSin);
  }
}
