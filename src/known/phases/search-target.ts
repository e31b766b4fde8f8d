/** A scan as the search of phases sees it: peaks over ln(sin θ/λ), heights as a tube of Cu Kα1 would give them. */
import { POLARISATION } from "../../diffraction/line-list.ts";
import { gOfTwoThetaDeg } from "../../radiation/angles.ts";
import { lorentzPolarisationOfSin2 } from "../../radiation/polarisation.ts";
import { CU_KA1_ANGSTROM } from "../../radiation/radiation.ts";
import { highestOf, type Observation } from "../../scan/observe.ts";
import { type Lines, overlapOf, SIGMA } from "./line-overlap.ts";
import { BINS, binOfS } from "./phase-lines.ts";

/** What a search needs of a scan. */
export interface SearchScan {
  readonly wavelengthAngstrom: number;
  /** First and last angle, degrees. */
  readonly rangeDeg: readonly [number, number];
  readonly peaks: readonly { readonly twoThetaDeg: number; readonly height: number }[];
}

export function searchScanOf({ wavelengthAngstrom, twoThetaDeg, peaks }: Observation): SearchScan {
  return { wavelengthAngstrom, rangeDeg: [twoThetaDeg[0]!, twoThetaDeg.at(-1)!], peaks };
}

/** Peaks of a scan made ready to be compared with every phase. */
export interface SearchTarget {
  /** Bins that the scan shows, first and last. */
  readonly first: number;
  readonly last: number;
  /** For the quick stage, 0 to 255: the highest of the peaks' Gaussians at each bin. */
  readonly rough: Uint8Array;
  /** For the fine stage, one a zero shift. */
  readonly fields: readonly Float32Array[];
  readonly zeroShiftsDeg: readonly number[];
  /** √ of the overlap of the peaks with themselves. */
  readonly norm: number;
}

/** Standard deviation of the Gaussians of the quick stage, bins. */
const ROUGH_SIGMA = 6;
/** Zero shifts that are tried, degrees. */
const ZERO_SHIFTS_DEG = [-0.1, 0, 0.1];
/** sin²θ beyond which the Lorentz factor says nothing. */
const LARGEST_SIN2 = 0.97;

export function searchTarget(scan: SearchScan): SearchTarget {
  const { wavelengthAngstrom, rangeDeg, peaks } = scan;
  const sOf = (twoThetaDeg: number): number => gOfTwoThetaDeg(twoThetaDeg, wavelengthAngstrom) / 2;
  const seen = peaks.map(({ twoThetaDeg, height }) => ({
    twoThetaDeg,
    height: height * toCopper(sOf(twoThetaDeg), wavelengthAngstrom),
  }));
  const highest = highestOf(seen);
  const at = (zeroShiftDeg: number): Placed[] =>
    seen.map(({ twoThetaDeg, height }) => ({
      bin: binOfS(Math.max(1e-4, sOf(twoThetaDeg - zeroShiftDeg))),
      height: Math.sqrt(height / highest),
    }));
  const observed = linesOf(at(0));
  const rough = new Uint8Array(BINS);
  const roughField = fieldOf(at(0), ROUGH_SIGMA);
  for (let k = 0; k < BINS; k++) rough[k] = Math.round(255 * roughField[k]!);
  return {
    first: Math.max(0, Math.ceil(binOfS(Math.max(1e-4, sOf(rangeDeg[0]))))),
    last: Math.min(BINS - 2, Math.floor(binOfS(sOf(rangeDeg[1])))),
    rough,
    fields: ZERO_SHIFTS_DEG.map((shift) => fieldOf(at(shift), SIGMA)),
    zeroShiftsDeg: ZERO_SHIFTS_DEG,
    norm: Math.sqrt(overlapOf(observed, observed)),
  };
}

interface Placed {
  readonly bin: number;
  readonly height: number;
}

function linesOf(peaks: readonly Placed[]): Lines {
  const sorted = peaks.toSorted((a, b) => a.bin - b.bin);
  return {
    bin: sorted.map(({ bin }) => bin),
    height: sorted.map(({ height }) => height),
    count: sorted.length,
  };
}

/** What a height at this wavelength would be with Cu Kα1: Lorentz-polarisation of an unpolarised tube. */
function toCopper(s: number, wavelengthAngstrom: number): number {
  const factor = (wavelength: number): number =>
    lorentzPolarisationOfSin2(Math.min(LARGEST_SIN2, (s * wavelength) ** 2), POLARISATION);
  return factor(CU_KA1_ANGSTROM) / factor(wavelengthAngstrom);
}

/** Entries of the table of a Gaussian, a bin. */
const TABLE_STEPS = 16;

/** The highest of the peaks' Gaussians at each bin. */
function fieldOf(peaks: readonly Placed[], sigma: number): Float32Array {
  const field = new Float32Array(BINS);
  const steps = 4 * sigma * TABLE_STEPS;
  // A table: the exponentials of 200 peaks would take as long as the search itself where elements are known.
  const gauss = Float32Array.from({ length: steps + 1 }, (_, i) =>
    Math.exp(-((i / TABLE_STEPS / sigma) ** 2) / 2),
  );
  for (const { bin, height } of peaks) {
    const from = Math.max(0, Math.ceil(bin - 4 * sigma));
    const to = Math.min(BINS - 1, Math.floor(bin + 4 * sigma));
    for (let k = from; k <= to; k++) {
      const value = height * gauss[Math.round(Math.abs(k - bin) * TABLE_STEPS)]!;
      if (value > field[k]!) field[k] = value;
    }
  }
  return field;
}
