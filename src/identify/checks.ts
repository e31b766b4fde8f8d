/**
 * Checks of a scan before its structure type is asked for: whether there is a powder pattern at all, and
 * whether it shows enough. A refusal stands in place of an answer; a warning goes with it.
 */
import { EwaldError, type Warning } from "../errors.ts";
import type { Scan } from "../scan/scan.ts";
import { copperAngleDeg, highestOf, HUMP_DEG, type Observation, observe } from "../scan/observe.ts";

export type ScanChecks = {
  readonly warnings: readonly Warning[];
} & (
  | {
      /** Null where the scan is refused before it is looked at. */
      readonly observation: null;
      /** Why nothing can be said, with a stable code. */
      readonly refusal: Warning;
    }
  | {
      readonly observation: Observation;
      /** Why nothing can be said, with a stable code; null where something can. */
      readonly refusal: Warning | null;
    }
);

/** In 2θ of Cu Kα1: shorter ranges, or ends below the second number, are refused; below the next two a warning is given. */
const LEAST_RANGE_DEG = 20;
const LEAST_END_DEG = 35;
const USUAL_RANGE_DEG = 35;
const USUAL_END_DEG = 55;
/** Most types have their strongest lines below. */
const USUAL_START_DEG = 25;
/** Peaks on a hump that hold less than this share of the area do not make a crystalline sample. */
const LEAST_PEAK_SHARE = 0.3;
/** A hump's height over the noise of a point. */
const LEAST_HUMP_SIGNAL = 3;
/** Peaks broader than this (2θ of Cu Kα1) overlap and hide lines. */
const BROAD_DEG = 0.9;
const VERY_BROAD_DEG = 1.8;
/** Peaks are counted from this share of the highest. */
const COUNTED_HEIGHT = 0.02;
const LEAST_PEAKS = 3;
const USUAL_PEAKS = 5;

const KINDS = { neutron: "neutrons", electron: "electrons" } as const;

/**
 * Checks whether a scan, as it is, shows a powder pattern that can be judged.
 * @throws EwaldError `scan/no-wavelength`, `axis/tof`
 */
export function checkScan(scan: Scan): ScanChecks {
  const kind = scan.radiation?.kind ?? "xray";
  if (kind !== "xray") {
    return refused(
      "identify/radiation",
      `measured with ${KINDS[kind]}: the structure types are known by their X-ray intensities`,
    );
  }
  let observation: Observation;
  try {
    observation = observe(scan);
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code !== "identify/too-few-points") throw error;
    return refused(error.code, error.message);
  }
  const refusal = rangeRefusal(observation) ?? patternRefusal(observation);
  return { observation, refusal, warnings: refusal === null ? scanWarnings(observation) : [] };
}

function refused(code: string, message: string): ScanChecks {
  return { observation: null, refusal: { code, message }, warnings: [] };
}

interface CopperRange {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The range as Cu Kα1 would have it, and in words. */
function rangeOf({ twoThetaDeg, wavelengthAngstrom }: Observation): CopperRange {
  const [first, last] = [twoThetaDeg[0]!, twoThetaDeg.at(-1)!];
  const from = copperAngleDeg(first, wavelengthAngstrom);
  const to = copperAngleDeg(last, wavelengthAngstrom);
  const own = `2θ from ${degrees(first)} to ${degrees(last)}`;
  const isCopper = Math.abs(to - last) < 0.5;
  const text = isCopper ? own : `${own} (${degrees(from)} to ${degrees(to)} for Cu Kα)`;
  return { from, to, text };
}

function degrees(value: number): string {
  return `${Number(value.toFixed(1))}°`;
}

function rangeRefusal(observation: Observation): Warning | null {
  const { from, to, text } = rangeOf(observation);
  if (to - from >= LEAST_RANGE_DEG && to >= LEAST_END_DEG) return null;
  return {
    code: "identify/short-range",
    message: `the scan is too short: ${text}; at least ${LEAST_RANGE_DEG}° and an end beyond ${LEAST_END_DEG}° (Cu Kα) are needed`,
  };
}

/** Peaks that count: clear of noise and of ripples. */
function countedPeaks({ peaks }: Observation): number {
  const top = highestOf(peaks);
  return peaks.filter(({ height }) => height >= COUNTED_HEIGHT * top).length;
}

function patternRefusal(observation: Observation): Warning | null {
  const { overWide } = observation;
  const peaks = countedPeaks(observation);
  if (overWide.widthDeg > HUMP_DEG && overWide.signalToNoise > LEAST_HUMP_SIGNAL) {
    if (overWide.peakShare < LEAST_PEAK_SHARE) {
      const some = peaks === 0 ? "no reflections" : "only weak reflections";
      return {
        code: "identify/amorphous",
        message: `amorphous: a hump ${degrees(overWide.widthDeg)} wide and ${some} on it`,
      };
    }
  } else if (peaks === 0) {
    return { code: "identify/flat", message: "flat: nothing stands above background and noise" };
  }
  if (peaks < USUAL_PEAKS && overWide.widthDeg > VERY_BROAD_DEG) {
    return {
      code: "identify/few-peaks",
      message: `only ${peaks} very broad reflections (${degrees(overWide.widthDeg)}): too many structure types would fit`,
    };
  }
  if (peaks < LEAST_PEAKS) {
    return {
      code: "identify/few-peaks",
      message: `only ${peaks} reflection${peaks === 1 ? "" : "s"}: too many structure types would fit`,
    };
  }
  return null;
}

function scanWarnings(observation: Observation): Warning[] {
  const warnings: Warning[] = [];
  const { from, to, text } = rangeOf(observation);
  if (to - from < USUAL_RANGE_DEG || to < USUAL_END_DEG)
    warnings.push({
      code: "identify/narrow-range",
      message: `a short scan, ${text}: types that differ beyond cannot be told apart`,
    });
  if (from > USUAL_START_DEG)
    warnings.push({
      code: "identify/late-start",
      message: `the scan starts late, ${text}: most types have strong lines below ${USUAL_START_DEG}°`,
    });
  const peaks = countedPeaks(observation);
  if (peaks < USUAL_PEAKS)
    warnings.push({
      code: "identify/few-peaks",
      message: `only ${peaks} reflections: similar types can hardly be told apart`,
    });
  const { widthDeg, signalToNoise } = observation.overWide;
  if (widthDeg > HUMP_DEG && signalToNoise > LEAST_HUMP_SIGNAL)
    warnings.push({
      code: "identify/amorphous-part",
      message: `a hump ${degrees(widthDeg)} wide stands higher than the reflections: part of the sample is amorphous`,
    });
  else if (widthDeg > BROAD_DEG)
    warnings.push({
      code: "identify/broad-peaks",
      message: `the reflections are broad (${degrees(widthDeg)}): very small crystallites, neighbouring lines overlap`,
    });
  return warnings;
}
