/**
 * The errors of a diffractometer that a standard shows: zero shift, specimen displacement, resolution. Found from
 * observed and expected peak positions, kept as a small JSON, and applied to any scan.
 *
 * 2θ(observed) − 2θ(true) = zero + displacement · cos θ. For a flat specimen in Bragg-Brentano geometry the
 * displacement term is (2 s / R) · 180/π, with s > 0 for a surface above the axis (A. J. C. Wilson, 1963).
 * Resolution: FWHM² = U tan²θ + V tan θ + W (G. Caglioti, A. Paoletti, F. P. Ricci, Nucl. Instrum. 3
 * (1958) 223).
 */
import { EwaldError, type Warning } from "../errors.ts";
import { RADIANS, thetaRadOf } from "../radiation/angles.ts";
import { processed, type Scan } from "./scan.ts";
import { type WeightedFit, weightedFit } from "./weighted-fit.ts";

export interface Resolution {
  /** Degrees². */
  readonly u: number;
  readonly v: number;
  readonly w: number;
  /** Mean Lorentzian share of the peaks' areas, 0 to 1. */
  readonly eta: number;
}

/** A calibrated diffractometer: zero shift and displacement in degrees of 2θ, resolution. */
export interface Instrument {
  readonly kind: "instrument";
  readonly zeroDeg: number;
  readonly zeroEsdDeg: number;
  /** Amplitude of the cos θ term, degrees of 2θ. */
  readonly displacementDeg: number;
  readonly displacementEsdDeg: number;
  /** Where the goniometer's radius is known. */
  readonly displacementMm?: number;
  readonly goniometerRadiusMm?: number;
  readonly resolution?: Resolution;
  readonly wavelengthAngstrom: number;
  /** The standard of the calibration. */
  readonly standard: string;
  readonly peakCount: number;
  /** Root mean square of what is left, degrees. */
  readonly rmsDeg: number;
  /** Where the standard had peaks; beyond it the correction is an extrapolation. */
  readonly twoThetaRangeDeg: readonly [number, number];
}

export interface ObservedPeak {
  readonly twoThetaDeg: number;
  readonly esdDeg: number;
  readonly fwhmDeg?: number;
  readonly fwhmEsdDeg?: number;
  readonly eta?: number;
}

export interface CalibrationOptions {
  readonly standard: string;
  readonly wavelengthAngstrom: number;
  readonly goniometerRadiusMm?: number;
  /** Largest shift looked for, degrees; default 0.5. */
  readonly maxShiftDeg?: number;
}

interface Match {
  readonly peak: ObservedPeak;
  readonly expectedDeg: number;
}

const VOTE_TOLERANCE_DEG = 0.04;
const MIN_ESD_DEG = 2e-4;
/** Below this spread of cos θ, zero and displacement cannot be told apart. */
const LEAST_COSINE_SPREAD = 0.08;

function nearest(sorted: readonly number[], target: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < target) low = middle;
    else high = middle;
  }
  return Math.abs(sorted[low]! - target) < Math.abs(sorted[high]! - target) ? low : high;
}

/** Pairs by a shift of all peaks that the most of them agree on. */
function matchPeaks(
  peaks: readonly ObservedPeak[],
  expected: readonly number[],
  maxShift: number,
): Match[] {
  let best = 0;
  let bestCount = -1;
  for (let shift = -maxShift; shift <= maxShift + 1e-9; shift += 0.01) {
    let count = 0;
    for (const peak of peaks) {
      const target = peak.twoThetaDeg - shift;
      const off = Math.abs(expected[nearest(expected, target)]! - target);
      if (off < VOTE_TOLERANCE_DEG) count += 1 - off / VOTE_TOLERANCE_DEG;
    }
    if (
      count > bestCount + 1e-9 ||
      (Math.abs(count - bestCount) < 1e-9 && Math.abs(shift) < Math.abs(best))
    ) {
      bestCount = count;
      best = shift;
    }
  }
  // Displacement moves low and high angles apart: a wider gate than the vote's.
  const gate = 3 * VOTE_TOLERANCE_DEG;
  const byExpected = new Map<number, Match>();
  for (const peak of peaks) {
    const k = nearest(expected, peak.twoThetaDeg - best);
    const off = Math.abs(expected[k]! - peak.twoThetaDeg + best);
    if (off > gate) continue;
    const rival = byExpected.get(k);
    const rivalOff = rival && Math.abs(rival.peak.twoThetaDeg - best - expected[k]!);
    if (rivalOff === undefined || off < rivalOff)
      byExpected.set(k, { peak, expectedDeg: expected[k]! });
  }
  return [...byExpected.values()];
}

function weightOf(match: Match): number {
  return Math.max(MIN_ESD_DEG, match.peak.esdDeg);
}

function fitShift(matches: readonly Match[], withDisplacement: boolean): WeightedFit {
  const fit = weightedFit(
    {
      residualCount: matches.length,
      residuals: (p, out) => {
        matches.forEach((match, i) => {
          out[i] =
            (match.peak.twoThetaDeg - match.expectedDeg - shiftAt(p, match)) / weightOf(match);
        });
      },
    },
    withDisplacement ? [0, 0] : [0],
  );
  if (fit !== undefined) return fit;
  throw new EwaldError("calibrate/too-few-peaks", "the peaks do not determine the shift", {
    value: matches.length,
  });
}

/** Zero and, where there is a second parameter, displacement. */
function shiftAt(parameters: Float64Array, match: Match): number {
  return parameters[0]! + (parameters[1] ?? 0) * Math.cos(thetaRadOf(match.expectedDeg));
}

/** Foreign peaks (a holder, an impurity) leave one after another, the worst first. */
function fitRobustly(
  all: readonly Match[],
  withDisplacement: boolean,
): { fit: WeightedFit; matches: Match[]; residuals: number[] } {
  let matches = [...all];
  for (;;) {
    const fit = fitShift(matches, withDisplacement);
    const residuals = matches.map(
      (match) => match.peak.twoThetaDeg - match.expectedDeg - shiftAt(fit.parameters, match),
    );
    const sorted = residuals.map(Math.abs).sort((a, b) => a - b);
    const typical = Math.max(5e-4, 1.4826 * sorted[sorted.length >> 1]!);
    let worst = 0;
    residuals.forEach((value, i) => {
      if (Math.abs(value) > Math.abs(residuals[worst]!)) worst = i;
    });
    if (matches.length <= 4 || Math.abs(residuals[worst]!) < 6 * typical) {
      return { fit, matches, residuals };
    }
    matches = matches.filter((_, i) => i !== worst);
  }
}

/**
 * The instrument's errors from the peaks of a standard.
 *
 * @param expectedDeg True 2θ of the standard's reflections for `wavelengthAngstrom`, rising.
 * @throws EwaldError `calibrate/too-few-peaks` where fewer than three peaks fall on reflections of the standard.
 */
export function calibrateInstrument(
  peaks: readonly ObservedPeak[],
  expectedDeg: readonly number[],
  options: CalibrationOptions,
): { readonly instrument: Instrument; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const matches =
    expectedDeg.length === 0 ? [] : matchPeaks(peaks, expectedDeg, options.maxShiftDeg ?? 0.5);
  if (matches.length < 3) {
    throw new EwaldError(
      "calibrate/too-few-peaks",
      `${matches.length} of ${peaks.length} peaks fall on reflections of ${options.standard}: too few to calibrate with`,
      {
        value: matches.length,
        hint: "Check that the scan is of this standard and that its wavelength is right.",
      },
    );
  }
  const cosines = matches.map((match) => Math.cos(thetaRadOf(match.expectedDeg)));
  const spread = Math.max(...cosines) - Math.min(...cosines);
  const withDisplacement = spread >= LEAST_COSINE_SPREAD && matches.length >= 4;
  if (!withDisplacement) {
    warnings.push({
      code: "calibrate/zero-only",
      message:
        "the peaks cover too small a range to tell displacement from zero shift: all was given to the zero",
    });
  }
  const { fit, matches: kept, residuals } = fitRobustly(matches, withDisplacement);
  if (kept.length < peaks.length) {
    warnings.push({
      code: "calibrate/foreign-peaks",
      message: `${peaks.length - kept.length} of ${peaks.length} peaks do not belong to ${options.standard} and were left out`,
    });
  }
  const displacementDeg = withDisplacement ? fit.parameters[1]! : 0;
  const radius = options.goniometerRadiusMm;
  const resolution = fitResolution(kept);
  const positions = kept.map((match) => match.peak.twoThetaDeg);
  return {
    warnings,
    instrument: {
      kind: "instrument",
      zeroDeg: fit.parameters[0]!,
      zeroEsdDeg: fit.esds[0]!,
      displacementDeg,
      displacementEsdDeg: withDisplacement ? fit.esds[1]! : 0,
      ...(radius === undefined
        ? {}
        : { displacementMm: (displacementDeg * RADIANS * radius) / 2, goniometerRadiusMm: radius }),
      ...(resolution === undefined ? {} : { resolution }),
      wavelengthAngstrom: options.wavelengthAngstrom,
      standard: options.standard,
      peakCount: kept.length,
      rmsDeg: Math.sqrt(
        residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length,
      ),
      twoThetaRangeDeg: [Math.min(...positions), Math.max(...positions)],
    },
  };
}

/** U, V, W of the widths; a constant where there are fewer than five, nothing without widths. */
function fitResolution(matches: readonly Match[]): Resolution | undefined {
  const rows = matches.flatMap(({ peak }) =>
    peak.fwhmDeg === undefined || !(peak.fwhmDeg > 0)
      ? []
      : [
          {
            tan: Math.tan(thetaRadOf(peak.twoThetaDeg)),
            fwhm: peak.fwhmDeg,
            esd: peak.fwhmEsdDeg ?? 0,
          },
        ],
  );
  if (rows.length === 0) return undefined;
  const etas = matches.flatMap(({ peak }) => (peak.eta === undefined ? [] : [peak.eta]));
  const eta = etas.length === 0 ? 0.5 : etas.reduce((sum, value) => sum + value, 0) / etas.length;
  const mean = rows.reduce((sum, row) => sum + row.fwhm ** 2, 0) / rows.length;
  if (rows.length < 5) return { u: 0, v: 0, w: mean, eta };
  const fit = weightedFit(
    {
      residualCount: rows.length,
      residuals: (p, out) => {
        rows.forEach(({ tan, fwhm, esd }, i) => {
          const square = p[0]! * tan * tan + p[1]! * tan + p[2]!;
          // Of one part in a hundred at best: the model is not better than that.
          out[i] = (fwhm * fwhm - square) / (2 * fwhm * Math.max(esd, 0.01 * fwhm));
        });
      },
    },
    [0, 0, mean],
  );
  if (fit === undefined) return { u: 0, v: 0, w: mean, eta };
  const [u, v, w] = Array.from(fit.parameters) as [number, number, number];
  const positive = rows.every(({ tan }) => u * tan * tan + v * tan + w > 0);
  return positive ? { u, v, w, eta } : { u: 0, v: 0, w: mean, eta };
}

/**
 * The scan with the instrument's zero shift and displacement taken out of its 2θ.
 * @throws EwaldError `scan/axis` for a scan that is not over 2θ.
 */
export function applyInstrument(scan: Scan, instrument: Instrument): Scan {
  const ranges = scan.ranges.map((range) => {
    if (range.axis.kind !== "twoTheta") {
      throw new EwaldError("scan/axis", "an instrument is corrected for on a 2θ axis", {
        value: range.axis.kind,
      });
    }
    const corrected = (value: number): number =>
      value - instrument.zeroDeg - instrument.displacementDeg * Math.cos(thetaRadOf(value));
    const values = range.axis.values.map(corrected);
    const leftOut = range.leftOut?.map((point) => ({ ...point, at: corrected(point.at) }));
    return Object.assign({}, range, {
      axis: { kind: "twoTheta" as const, values },
      ...(leftOut === undefined ? {} : { leftOut }),
    });
  });
  return processed(scan, ranges, {
    step: "instrument",
    parameters: {
      standard: instrument.standard,
      zeroDeg: instrument.zeroDeg,
      displacementDeg: instrument.displacementDeg,
    },
  });
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * An instrument from its JSON text.
 * @throws EwaldError `calibrate/bad-instrument`.
 */
export function parseInstrument(text: string): Instrument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EwaldError("calibrate/bad-instrument", "the instrument file is no JSON", { cause });
  }
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (
    record["kind"] !== "instrument" ||
    !isNumber(record["zeroDeg"]) ||
    !isNumber(record["displacementDeg"])
  ) {
    throw new EwaldError(
      "calibrate/bad-instrument",
      "the file is no instrument: it lacks kind, zeroDeg or displacementDeg",
      { hint: "Make it with ewald calibrate STANDARD_SCAN --as LaB6 -o instrument.json." },
    );
  }
  return record as unknown as Instrument;
}
