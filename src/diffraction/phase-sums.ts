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
import { centricCell } from "./inversion.ts";
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
  };
}

/** The buffer, or a new one where it is too short; a third longer than asked, so that streams settle soon. */
function roomFor(buffer: Float64Array, length: number): Float64Array {
  return buffer.length >= length ? buffer : new Float64Array(Math.ceil(length * 1.33));
}

/**
 * exp(2πi m x) for m = -most … most, atom index fastest, times a factor per atom; by repeated multiplication (error below
 * most · 2⁻⁵²).
 */
function tabulateAxis(
  buffers: PhaseBuffers,
  axis: 0 | 1 | 2,
  frac: Float64Array,
  most: number,
  factor: Float64Array | null,
): void {
  const atoms = frac.length / 3;
  const length = (2 * most + 1) * atoms;
  const real = (buffers.real[axis] = roomFor(buffers.real[axis], length));
  const imaginary = (buffers.imaginary[axis] = roomFor(buffers.imaginary[axis], length));
  for (let atom = 0; atom < atoms; atom++) {
    const angle = 2 * Math.PI * frac[3 * atom + axis]!;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    let re = factor === null ? 1 : factor[atom]!;
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
  const cell: ScatteringCell = centricCell(whole) ?? whole;
  const addRun = cell === whole ? addAcentricRun : addCentricRun;
  const { count, inner } = points;
  const indices = [points.h, points.k, points.l] as const;
  const most = indices.map((index) => largest(index, count)) as [number, number, number];
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== inner) as [0 | 1, 1 | 2];
  for (const axis of [0, 1, 2] as const) {
    tabulateAxis(buffers, axis, cell.frac, most[axis], axis === first ? cell.occupancy : null);
  }
  const isComplex = tabulateAmplitudes(buffers, cell, points);
  buffers.runReal = roomFor(buffers.runReal, cell.occupancy.length);
  buffers.runImaginary = roomFor(buffers.runImaginary, cell.occupancy.length);
  const [index1, index2, index3] = [indices[first], indices[second], indices[inner]];
  fSquared.fill(0, 0, count);
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
    phasesOfRun(cell.occupancy.length, points, middle, most, buffers);
    const run = { start, middle, end, inner, most: most[inner], count };
    addRun(cell, run, buffers, buffers.amplitude, fSquared);
    if (isComplex) addRun(cell, run, buffers, buffers.amplitudeImaginary, fSquared);
    start = end;
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
    if (formFactor === null) amplitude.fill(constant, row, row + count);
    else lookUp(formFactorGrid(formFactor, g2Max / 4), g2, 0.25, count, amplitude, row, constant);
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
  atoms: number,
  points: ReciprocalPoints,
  point: number,
  most: readonly [number, number, number],
  buffers: PhaseBuffers,
): void {
  const { runReal, runImaginary, real, imaginary } = buffers;
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
    runReal[j] = re * p - im * q;
    runImaginary[j] = re * q + im * p;
  }
}

/** One run of points, start … end - 1, of `count`, along the axis `inner`, whose table goes to `most`. */
interface Run {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  readonly inner: 0 | 1 | 2;
  readonly most: number;
  readonly count: number;
}

/**
 * Adds |Σ amplitude · phase|² of a run, two points on each side of its middle at a time: F(middle ± m) from four sums over the
 * atoms of each scatterer, Σ re·cos, Σ im·sin, Σ re·sin, Σ im·cos. The last m of an odd number is done twice rather than apart.
 */
function addAcentricRun(
  { start: first, scatterers }: ScatteringCell,
  { start, middle, end, inner, most, count }: Run,
  { runReal, runImaginary, real, imaginary }: PhaseBuffers,
  amplitude: Float64Array,
  fSquared: Float64Array,
): void {
  const cosines = real[inner];
  const sines = imaginary[inner];
  const atoms = first[scatterers.length]!;
  for (let m = 0; middle - m >= start; m += 2) {
    const step = middle - m === start ? 0 : 1;
    const row = (most + m) * atoms;
    const nextRow = row + step * atoms;
    const minus = middle - m;
    // Within the run: what is read beyond its end would not be used.
    const plus = Math.min(middle + m, end - 1);
    const nextPlus = Math.min(middle + m + 1, end - 1);
    let reMinus = 0;
    let imMinus = 0;
    let rePlus = 0;
    let imPlus = 0;
    let nextReMinus = 0;
    let nextImMinus = 0;
    let nextRePlus = 0;
    let nextImPlus = 0;
    for (let kind = 0; kind < scatterers.length; kind++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let e = 0;
      let f = 0;
      let g = 0;
      let h = 0;
      for (let j = first[kind]!; j < first[kind + 1]!; j++) {
        const re = runReal[j]!;
        const im = runImaginary[j]!;
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
      const at = kind * count;
      const f1 = amplitude[at + minus]!;
      const f2 = amplitude[at + plus]!;
      const f3 = amplitude[at + minus - step]!;
      const f4 = amplitude[at + nextPlus]!;
      reMinus += f1 * (a + b);
      imMinus += f1 * (d - c);
      rePlus += f2 * (a - b);
      imPlus += f2 * (d + c);
      nextReMinus += f3 * (e + f);
      nextImMinus += f3 * (h - g);
      nextRePlus += f4 * (e - f);
      nextImPlus += f4 * (h + g);
    }
    fSquared[minus]! += reMinus * reMinus + imMinus * imMinus;
    if (m > 0 && plus === middle + m) fSquared[plus]! += rePlus * rePlus + imPlus * imPlus;
    if (step === 0) return;
    fSquared[minus - 1]! += nextReMinus * nextReMinus + nextImMinus * nextImMinus;
    if (nextPlus > plus) fSquared[nextPlus]! += nextRePlus * nextRePlus + nextImPlus * nextImPlus;
  }
}

/** As {@link addAcentricRun} seen from a centre of inversion, where F is real: two of the four sums vanish. */
function addCentricRun(
  { start: first, scatterers }: ScatteringCell,
  { start, middle, end, inner, most, count }: Run,
  { runReal, runImaginary, real, imaginary }: PhaseBuffers,
  amplitude: Float64Array,
  fSquared: Float64Array,
): void {
  const cosines = real[inner];
  const sines = imaginary[inner];
  const atoms = first[scatterers.length]!;
  for (let m = 0; middle - m >= start; m += 2) {
    const step = middle - m === start ? 0 : 1;
    const row = (most + m) * atoms;
    const nextRow = row + step * atoms;
    const minus = middle - m;
    const plus = Math.min(middle + m, end - 1);
    const plus2 = Math.min(middle + m + 1, end - 1);
    let fMinus = 0;
    let fPlus = 0;
    let nextMinus = 0;
    let nextPlus = 0;
    for (let kind = 0; kind < scatterers.length; kind++) {
      let a = 0;
      let b = 0;
      let e = 0;
      let f = 0;
      for (let j = first[kind]!; j < first[kind + 1]!; j++) {
        const re = runReal[j]!;
        const im = runImaginary[j]!;
        a += re * cosines[row + j]!;
        b += im * sines[row + j]!;
        e += re * cosines[nextRow + j]!;
        f += im * sines[nextRow + j]!;
      }
      const at = kind * count;
      fMinus += amplitude[at + minus]! * (a + b);
      fPlus += amplitude[at + plus]! * (a - b);
      nextMinus += amplitude[at + minus - step]! * (e + f);
      nextPlus += amplitude[at + plus2]! * (e - f);
    }
    fSquared[minus]! += fMinus * fMinus;
    if (m > 0 && plus === middle + m) fSquared[plus]! += fPlus * fPlus;
    if (step === 0) return;
    fSquared[minus - 1]! += nextMinus * nextMinus;
    if (plus2 > plus) fSquared[plus2]! += nextPlus * nextPlus;
  }
}
