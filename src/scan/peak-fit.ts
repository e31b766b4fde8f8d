/**
 * Peaks that overlap, fitted together: pseudo-Voigts of one Lorentzian part over a straight background,
 * each with its Kα2 partner where the radiation is a doublet. Positions are those of the strongest line.
 */
import { atOtherWavelength, isReached, slopeAtOtherWavelength } from "../radiation/angles.ts";
import {
  addLine,
  addLineChange,
  type Line,
  type LineChange,
  lineSlopeColumns,
  type LineSlopes,
  lineSlopes,
  UNIT_HEIGHT_PER_ETA,
  unitHeight,
} from "../math/pseudo-voigt.ts";
import type { Doublet } from "./strip-alpha2.ts";
import { type WeightedFit, weightedFit } from "./weighted-fit.ts";

/** A peak as the search found it. */
export interface Candidate {
  readonly position: number;
  readonly height: number;
  readonly fwhm: number;
  readonly signalToNoise: number;
}

export interface PeakFitData {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly esd: Float64Array;
}

export interface FittedPeak {
  readonly position: number;
  readonly positionEsd: number;
  readonly height: number;
  readonly heightEsd: number;
  readonly fwhm: number;
  readonly fwhmEsd: number;
  /** Lorentzian share of the area. */
  readonly eta: number;
  readonly area: number;
  readonly areaEsd: number;
  readonly background: number;
  readonly signalToNoise: number;
}

/** A peak whose area is less certain than this is noise. */
const LEAST_AREA_ESDS = 3;

/** Parameters: background at the middle, its slope, eta, then height, position, width of each peak. */
const SHARED = 3;
const PER_PEAK = 3;

/** A line of a peak, and how fast it moves with the peak. */
interface PeakLine extends Line {
  readonly slope: number;
  /** Area over the peak's: 1 of the strongest line. */
  readonly share: number;
}

class GroupModel {
  readonly #data: PeakFitData;
  readonly #doublet: Doublet | undefined;
  readonly #count: number;
  readonly #middle: number;
  readonly #slopes: LineSlopes;

  constructor(data: PeakFitData, count: number, doublet: Doublet | undefined) {
    this.#data = data;
    this.#doublet = doublet;
    this.#count = count;
    this.#middle = (data.x[0]! + data.x.at(-1)!) / 2;
    this.#slopes = lineSlopeColumns(data.x.length);
  }

  /** Of the peak whose height, position and width stand from `base` on. */
  #lines(p: Float64Array, base: number): PeakLine[] {
    const [eta, height, position, fwhm] = [p[2]!, p[base]!, p[base + 1]!, p[base + 2]!];
    const area = (height * fwhm) / unitHeight(eta);
    const first = { position, fwhm, eta, area, slope: 1, share: 1 };
    if (this.#doublet === undefined) return [first];
    const { alpha1Angstrom, alpha2Angstrom, ratio } = this.#doublet;
    const wavelengthRatio = alpha2Angstrom / alpha1Angstrom;
    const partner = atOtherWavelength(position, wavelengthRatio);
    if (!isReached(partner)) return [first];
    const slope = slopeAtOtherWavelength(position, wavelengthRatio);
    return [first, { position: partner, fwhm, eta, area: ratio * area, slope, share: ratio }];
  }

  residuals(p: Float64Array, out: Float64Array): void {
    const { x, y, esd } = this.#data;
    out.fill(0);
    for (let k = 0; k < this.#count; k++) {
      for (const line of this.#lines(p, SHARED + PER_PEAK * k)) addLine(out, x, line, Infinity);
    }
    for (let i = 0; i < x.length; i++)
      out[i] = (y[i]! - this.background(p, x[i]!) - out[i]!) / esd[i]!;
  }

  jacobian(p: Float64Array, out: Float64Array): void {
    const { x, esd } = this.#data;
    const n = p.length;
    out.fill(0);
    const height = unitHeight(p[2]!);
    for (let k = 0; k < this.#count; k++) {
      const base = SHARED + PER_PEAK * k;
      for (const line of this.#lines(p, base)) {
        lineSlopes(this.#slopes, x, line, Infinity);
        const add = (j: number, by: LineChange): void => addLineChange(out, this.#slopes, by, j, n);
        // The fit's parameter is the height: width and η change the area with it.
        add(base, { area: (line.share * line.fwhm) / height });
        add(base + 1, { position: line.slope });
        add(base + 2, { fwhm: 1, area: line.area / line.fwhm });
        add(2, { eta: 1, area: (-line.area * UNIT_HEIGHT_PER_ETA) / height });
      }
    }
    for (let i = 0; i < x.length; i++) {
      const row = i * n;
      out[row] = 1;
      out[row + 1] = x[i]! - this.#middle;
      for (let j = 0; j < n; j++) out[row + j]! /= -esd[i]!;
    }
  }

  background(p: Float64Array, x: number): number {
    return p[0]! + p[1]! * (x - this.#middle);
  }
}

/**
 * Fits the candidates together. Those that turn out to be noise (ripples beside a sharp peak, two candidates in one place)
 * leave, the least certain first, and the rest are fitted again: a ripple must not take its peak with it.
 */
export function fitGroup(
  data: PeakFitData,
  candidates: readonly Candidate[],
  doublet: Doublet | undefined,
): FittedPeak[] {
  let rest = [...candidates];
  while (rest.length > 0) {
    const peaks = fitOnce(data, rest, doublet);
    if (peaks !== undefined && peaks.every((peak) => peak !== undefined)) return peaks;
    const doubtful = rest.filter((_, k) => peaks?.[k] === undefined);
    const worst = doubtful.reduce((least, one) => (one.height < least.height ? one : least));
    rest = rest.filter((one) => one !== worst);
  }
  return [];
}

/** Undefined where there is no fit; undefined in the place of a peak that is none. */
function fitOnce(
  data: PeakFitData,
  candidates: readonly Candidate[],
  doublet: Doublet | undefined,
): (FittedPeak | undefined)[] | undefined {
  const n = SHARED + PER_PEAK * candidates.length;
  if (data.x.length < n + 2) return undefined;
  const model = new GroupModel(data, candidates.length, doublet);
  const ends = (data.y[0]! + data.y.at(-1)!) / 2;
  const start = [Math.min(ends, ...data.y), 0, 0.5];
  const lower = [-Infinity, -Infinity, 0];
  const upper = [Infinity, Infinity, 1];
  for (const { height, position, fwhm } of candidates) {
    start.push(height, position, fwhm);
    lower.push(0, position - 1.5 * fwhm, fwhm / 5);
    upper.push(Infinity, position + 1.5 * fwhm, fwhm * 5);
  }
  const fit = weightedFit(
    {
      residualCount: data.x.length,
      residuals: (p, out) => model.residuals(p, out),
      jacobian: (p, out) => model.jacobian(p, out),
    },
    start,
    { lower, upper, maxIterations: 60, tolerance: 1e-8 },
  );
  if (fit === undefined) return undefined;
  return candidates.map((candidate, k) => {
    const peak = peakOf(fit, k, candidate, model, doublet);
    const atBound =
      peak.position === lower[SHARED + 3 * k + 1] || peak.position === upper[SHARED + 3 * k + 1];
    const certain = peak.area > LEAST_AREA_ESDS * peak.areaEsd && peak.positionEsd < peak.fwhm;
    const usable = !atBound && certain;
    return usable ? peak : undefined;
  });
}

function peakOf(
  fit: WeightedFit,
  k: number,
  candidate: Candidate,
  model: GroupModel,
  doublet: Doublet | undefined,
): FittedPeak {
  const base = SHARED + PER_PEAK * k;
  const [height, position, fwhm] = Array.from(fit.parameters.subarray(base, base + PER_PEAK)) as [
    number,
    number,
    number,
  ];
  const eta = fit.parameters[2]!;
  const factor = (1 + (doublet?.ratio ?? 0)) / unitHeight(eta);
  const n = fit.parameters.length;
  const covariance = (i: number, j: number): number => fit.covariance[i * n + j]!;
  const areaVariance =
    fwhm ** 2 * covariance(base, base) +
    height ** 2 * covariance(base + 2, base + 2) +
    2 * height * fwhm * covariance(base, base + 2);
  return {
    position,
    positionEsd: fit.esds[base + 1]!,
    height,
    heightEsd: fit.esds[base]!,
    fwhm,
    fwhmEsd: fit.esds[base + 2]!,
    eta,
    area: height * fwhm * factor,
    areaEsd: factor * Math.sqrt(Math.max(0, areaVariance)),
    background: model.background(fit.parameters, position),
    signalToNoise: candidate.signalToNoise,
  };
}
