/**
 * A diffractometer calibrated with a scan of a standard: peaks found in the scan against the reflections
 * that the standard's structure has at the scan's wavelength.
 */
import { latticeFromParameters } from "../crystal/lattice.ts";
import type { Structure } from "../crystal/structure.ts";
import { powderLines } from "../diffraction/powder.ts";
import { EwaldError, type Warning } from "../errors.ts";
import { thetaRadOf } from "../radiation/angles.ts";
import { monochromatic } from "../radiation/radiation.ts";
import { calibrateInstrument, type Instrument } from "../scan/instrument.ts";
import { findPeaks, type PeakOptions } from "../scan/peaks.ts";
import { type Scan, scanWavelength } from "../scan/scan.ts";
import { STANDARDS } from "./standards.table.ts";

export interface Standard {
  readonly name: string;
  readonly structure: Structure;
}

/** Keys of the standards that are built in. */
export const STANDARD_NAMES: readonly string[] = Object.keys(STANDARDS);

/**
 * A built-in standard by its formula, in any letter case.
 * @throws EwaldError `calibrate/unknown-standard`.
 */
export function namedStandard(name: string): Standard {
  const key = STANDARD_NAMES.find((one) => one.toLowerCase() === name.trim().toLowerCase());
  if (key === undefined) {
    throw new EwaldError("calibrate/unknown-standard", `"${name}" is no built-in standard`, {
      value: name,
      hint: `Give one of ${STANDARD_NAMES.join(", ")}, or a CIF of yours.`,
    });
  }
  const facts = STANDARDS[key]!;
  return {
    name: `${facts.name} (${facts.source})`,
    structure: {
      lattice: latticeFromParameters(facts.cell),
      sites: facts.atoms.map(({ element, frac }) => ({
        species: [{ element, occupancy: 1 }],
        frac,
      })),
    },
  };
}

export interface CalibrateOptions extends PeakOptions {
  /** In place of the scan's own. */
  readonly goniometerRadiusMm?: number;
  /** Largest shift looked for, degrees; default 0.5. */
  readonly maxShiftDeg?: number;
}

/** The errors of a diffractometer that {@link calibrate} found, and the peaks behind them. */
export interface Calibration {
  readonly instrument: Instrument;
  readonly warnings: readonly Warning[];
}

/** Weaker reflections (of 100) are not expected to be seen: a stray peak must not find a partner. */
const LEAST_EXPECTED = 0.4;
/** Reflections that a scan of the standard must show, of 100, and what part of them at least. */
const STRONG = 10;
const LEAST_SEEN = 0.6;
const SEEN_WITHIN_DEG = 0.08;
/** Peaks cut by the ends of the scan are not asked for. */
const EDGE_DEG = 0.5;
/** A calibration takes clear peaks only. */
const SIGNAL_TO_NOISE = 10;

/**
 * Zero shift, displacement and resolution of a diffractometer, from a scan of a standard.
 *
 * @throws EwaldError `scan/no-wavelength` where the scan states none, `scan/axis` off 2θ,
 * `calibrate/too-few-peaks`, `calibrate/wrong-standard` where the scan is not of this standard.
 */
export function calibrate(
  scan: Scan,
  standard: Standard,
  options: CalibrateOptions = {},
): Calibration {
  scanWavelength(scan);
  // Positions are those of the strongest line: the peak search models a Kα2 beside it.
  const line = scan.radiation!.lines[0]!;
  const { kind } = scan.radiation!;
  if (scan.ranges.some((range) => range.axis.kind !== "twoTheta")) {
    throw new EwaldError("scan/axis", "an instrument is calibrated with a scan over 2θ");
  }
  const low = Math.min(...scan.ranges.map((range) => range.axis.values[0]!));
  const high = Math.max(...scan.ranges.map((range) => range.axis.values.at(-1)!));
  const expected = powderLines(standard.structure, {
    radiation: monochromatic(line.wavelengthAngstrom, kind),
    twoThetaRangeDeg: [Math.max(0.5, low - 1), Math.min(179, high + 1)],
    minimumIntensity: LEAST_EXPECTED,
  });
  const peaks = findPeaks(scan, { signalToNoise: SIGNAL_TO_NOISE, ...options });
  const radius = options.goniometerRadiusMm ?? scan.metadata["goniometerRadiusMm"];
  const calibration = calibrateInstrument(
    peaks.map((peak) => ({
      twoThetaDeg: peak.position,
      esdDeg: peak.positionEsd,
      fwhmDeg: peak.fwhm,
      fwhmEsdDeg: peak.fwhmEsd,
      eta: peak.eta,
    })),
    Array.from(expected.twoThetaDeg),
    {
      standard: standard.name,
      wavelengthAngstrom: line.wavelengthAngstrom,
      ...(typeof radius === "number" && radius > 0 ? { goniometerRadiusMm: radius } : {}),
      ...(options.maxShiftDeg === undefined ? {} : { maxShiftDeg: options.maxShiftDeg }),
    },
  );
  const strong = Array.from(expected.twoThetaDeg).filter(
    (at, i) => expected.intensity[i]! >= STRONG && at > low + EDGE_DEG && at < high - EDGE_DEG,
  );
  requireStandard(strong, peaks, calibration.instrument);
  return calibration;
}

/** By chance some lines of any substance fall on some of another: most strong ones do so only of the right one. */
function requireStandard(
  strongDeg: readonly number[],
  peaks: readonly { readonly position: number }[],
  instrument: Instrument,
): void {
  const seen = strongDeg.filter((expected) => {
    const cosine = Math.cos(thetaRadOf(expected));
    const at = expected + instrument.zeroDeg + instrument.displacementDeg * cosine;
    return peaks.some((peak) => Math.abs(peak.position - at) < SEEN_WITHIN_DEG);
  });
  if (seen.length >= LEAST_SEEN * strongDeg.length) return;
  throw new EwaldError(
    "calibrate/wrong-standard",
    `only ${seen.length} of ${strongDeg.length} strong reflections of ${instrument.standard} are in the scan`,
    {
      value: seen.length,
      hint: "Check that the scan is of this standard and that its wavelength is right.",
    },
  );
}
