/** The points of a scan that a fit compares with: one rising row over 2θ, with the uncertainty of each. */
import { EwaldError } from "../../errors.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import { snip } from "../../scan/background.ts";
import type { Instrument } from "../../scan/instrument.ts";
import { type Observation, observe, singleRange } from "../../scan/observe.ts";
import { knownEsd, type Scan, scanWavelength } from "../../scan/scan.ts";
import { savitzkyGolay } from "../../scan/smooth.ts";

export interface MeasuredPoints {
  readonly radiation: Radiation;
  /** As measured, degrees. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly sigma: Float64Array;
  /** Whether `sigma` is known: counts, or what the file states. Else it was estimated from neighbouring points. */
  readonly isSigmaKnown: boolean;
  /** A background that follows nothing narrower than 16°: where the fitted one starts. */
  readonly wide: Float64Array;
  /** Shift of a line at θ that an instrument states, degrees. */
  readonly shiftDeg: (thetaRad: number) => number;
  /** The whole scan as searches see it: typical width, peaks. */
  readonly observation: Observation;
}

/** Half width of the SNIP window, degrees: tails of peaks lie over it, humps of glass do not. */
const WIDE_DEG = 8;
/** Noise is smoothed over so much before: clipping follows the lowest points. */
const SMOOTHED_DEG = 0.3;
/** So many points side by side at the maximum are a counter at its end. */
const SATURATED_POINTS = 5;
const LEAST_POINTS = 100;

/**
 * @throws EwaldError `scan/no-wavelength`, `axis/tof`; `fit/constant-scan`, `fit/saturated-scan`, `fit/too-few-points`
 */
export function measuredPoints(
  scan: Scan,
  excludeDeg: readonly (readonly [number, number])[] = [],
  instrument?: Instrument,
): MeasuredPoints {
  scanWavelength(scan);
  const range = singleRange(scan);
  refuseFlat(range.intensity);
  const observation = observe(scan);
  const known = knownEsd(range, scan.intensityUnit);
  const sigma = known ?? observation.noise;
  const stepDeg =
    (range.axis.values.at(-1)! - range.axis.values[0]!) / (range.intensity.length - 1);
  const wide = wideBackground(range.intensity, stepDeg);
  const isIn = (at: number): boolean => !excludeDeg.some(([from, to]) => at >= from && at <= to);
  const rows = Array.from(range.axis.values.keys()).filter(
    (i) => isIn(range.axis.values[i]!) && sigma[i]! > 0,
  );
  if (rows.length < LEAST_POINTS) {
    throw new EwaldError("fit/too-few-points", `${rows.length} points are left to fit to`, {
      value: rows.length,
      hint: `At least ${LEAST_POINTS} are needed: exclude less.`,
    });
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  const { zeroDeg = 0, displacementDeg = 0 } = instrument ?? {};
  return {
    radiation: scan.radiation!,
    x: pick(range.axis.values),
    y: pick(range.intensity),
    sigma: pick(sigma),
    isSigmaKnown: known !== undefined,
    wide: pick(wide),
    shiftDeg: (thetaRad) => zeroDeg + displacementDeg * Math.cos(thetaRad),
    observation,
  };
}

/** SNIP of the smoothed scan, mirrored at its ends: half a peak that stands there is a whole one then, and is clipped. */
function wideBackground(intensity: Float64Array, stepDeg: number): Float64Array {
  const reach = Math.max(1, Math.round(WIDE_DEG / stepDeg));
  const window = Math.min(51, 2 * Math.max(2, Math.round(SMOOTHED_DEG / stepDeg / 2)) + 1);
  const smooth = savitzkyGolay(intensity, { window, degree: 2 });
  const size = intensity.length;
  const pad = Math.min(reach, size - 1);
  const mirrored = Float64Array.from({ length: size + 2 * pad }, (_, i) => {
    const at = Math.abs(i - pad);
    return smooth[at < size ? at : 2 * (size - 1) - at]!;
  });
  return snip(mirrored, reach).slice(pad, pad + size);
}

function refuseFlat(intensity: Float64Array): void {
  let [least, most] = [Infinity, -Infinity];
  for (const value of intensity) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(most > least)) {
    throw new EwaldError("fit/constant-scan", `every point of the scan is ${most}`, {
      value: most,
      hint: "Give a scan with peaks.",
    });
  }
  let [run, longest] = [0, 0];
  for (const value of intensity) longest = Math.max(longest, (run = value === most ? run + 1 : 0));
  if (longest < SATURATED_POINTS) return;
  throw new EwaldError(
    "fit/saturated-scan",
    `${longest} points side by side stand at the maximum, ${most}: the counter was at its end`,
    {
      value: most,
      hint: "Measure with an attenuator, or exclude the range of that peak.",
    },
  );
}
