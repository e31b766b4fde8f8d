/**
 * Suspicions from the lines of a candidate, laid over the scan: a mixture, texture, a shifted zero, lines of
 * another wavelength of the tube.
 */
import type { Warning } from "../errors.ts";
import { atOtherWavelength } from "../radiation/angles.ts";
import { ANODE_WAVELENGTHS_ANGSTROM } from "../radiation/wavelengths.table.ts";
import { highestOf, type Observation, type ObservedPeak, widthAt } from "../scan/observe.ts";
import type { Overlay } from "../fit/overlay.ts";

/** Zero shifts beyond this are said. */
const LARGE_SHIFT_DEG = 0.1;
/** Unexplained peaks named one by one. */
const NAMED_PEAKS = 5;
/** A peak of which the candidate's lines account for more is the candidate's. */
const EXPLAINED = 0.5;
/** Below this the candidate's lines are not on the scan at all: what they leave says nothing of a mixture. */
const LEAST_EXPLAINED = 0.4;
/** A scan's wavelength belongs to an anode within this. */
const SAME_WAVELENGTH = 0.003;

/** A second wavelength in the beam, with the peaks that it makes. */
interface Contamination {
  /** "Cu Kβ", "W Lα1" */
  readonly line: string;
  readonly wavelengthAngstrom: number;
  /** Angles of the peaks, degrees. */
  readonly twoThetaDeg: readonly number[];
  /** Median height over that of the parent peak. */
  readonly ratio: number;
}

/** W Lα1, Å (J. A. Bearden, Rev. Mod. Phys. 39, 78 (1967)): in time a tube's filament coats its anode. */
const TUNGSTEN_ANGSTROM = 1.4764;
/** Parents: peaks at least this high. */
const PARENT_HEIGHT = 0.25;
/** Foreign lines are this share of their parent, least and most, and agree within a factor. */
const FOREIGN_RATIO = [0.003, 0.3] as const;
const RATIO_SPREAD = 2.5;

/** "Cu" for a wavelength near its Kα1, Kα2 or mean; undefined for others. */
function anodeOf(wavelengthAngstrom: number): string | undefined {
  return Object.keys(ANODE_WAVELENGTHS_ANGSTROM)
    .filter((name) => /Ka1?$/.test(name))
    .find(
      (name) =>
        Math.abs(wavelengthAngstrom / ANODE_WAVELENGTHS_ANGSTROM[name]! - 1) < SAME_WAVELENGTH,
    )
    ?.slice(0, 2);
}

/**
 * Weak peaks at the angles at which the strong ones come again with another wavelength, all in one ratio.
 * @param isExplained whether the candidate's own lines account for a peak
 */
function suspectedContamination(
  observation: Observation,
  isExplained: (peak: ObservedPeak) => boolean,
): Contamination[] {
  const anode = anodeOf(observation.wavelengthAngstrom);
  if (anode === undefined) return [];
  const foreign = [
    [`${anode} Kβ`, ANODE_WAVELENGTHS_ANGSTROM[`${anode}Kb1`]!],
    ["W Lα1", TUNGSTEN_ANGSTROM],
  ] as const;
  return foreign.flatMap(([line, wavelengthAngstrom]) => {
    const found = foreignPeaks(observation, wavelengthAngstrom, isExplained);
    return found === null ? [] : [{ line, wavelengthAngstrom, ...found }];
  });
}

function foreignPeaks(
  { peaks, width, twoThetaDeg, wavelengthAngstrom }: Observation,
  foreignAngstrom: number,
  isExplained: (peak: ObservedPeak) => boolean,
): Pick<Contamination, "twoThetaDeg" | "ratio"> | null {
  const top = highestOf(peaks);
  const parents = peaks.filter(({ height }) => height >= PARENT_HEIGHT * top);
  const found: { at: number; ratio: number }[] = [];
  let asked = 0;
  for (const parent of parents) {
    const at = atOtherWavelength(parent.twoThetaDeg, foreignAngstrom / wavelengthAngstrom);
    if (!(at > twoThetaDeg[0]! && at < twoThetaDeg.at(-1)!)) continue;
    asked++;
    const reach = 0.5 * widthAt(width, at);
    const peak = peaks.find((one) => Math.abs(one.twoThetaDeg - at) < reach && !isExplained(one));
    if (peak === undefined) continue;
    const ratio = peak.height / parent.height;
    if (ratio >= FOREIGN_RATIO[0] && ratio <= FOREIGN_RATIO[1])
      found.push({ at: peak.twoThetaDeg, ratio });
  }
  const ratios = found.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const middle = ratios[ratios.length >> 1]!;
  const agreeing = found.filter(
    ({ ratio }) => ratio < RATIO_SPREAD * middle && ratio > middle / RATIO_SPREAD,
  );
  if (agreeing.length < 2 || agreeing.length * 2 < asked) return null;
  return { twoThetaDeg: agreeing.map(({ at }) => at), ratio: middle };
}

function degrees(value: number): string {
  return `${value.toFixed(2)}°`;
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`;
}

/** Warnings from the best candidate laid over the scan. */
export function candidateWarnings(
  observation: Observation,
  name: string,
  over: Overlay,
): Warning[] {
  const shares = new Map(observation.peaks.map((peak, i) => [peak, over.peakShares[i]!]));
  const foreign = suspectedContamination(observation, (peak) => shares.get(peak)! > EXPLAINED);
  const warnings: Warning[] = foreign.map(({ line, twoThetaDeg, ratio }) => ({
    code: "identify/second-wavelength",
    message: `${line} suspected: peaks at ${twoThetaDeg.map(degrees).join(", ")} stand where strong ones come again at its wavelength, ${percent(ratio)} as high`,
  }));
  const explainedByBeam = new Set(foreign.flatMap(({ twoThetaDeg }) => twoThetaDeg));
  const left = over.unexplained.filter(({ twoThetaDeg }) => !explainedByBeam.has(twoThetaDeg));
  if (left.length > 0 && over.explained >= LEAST_EXPLAINED) warnings.push(unexplained(name, left));
  if (over.texture !== null) {
    const { axis, march } = over.texture;
    warnings.push({
      code: "identify/texture",
      message: `preferred orientation suspected: lines of ${name} stand where they should, and their heights agree with ${march < 1 ? "plates" : "needles"} lying along (${[...axis].join(" ")}), March coefficient ${march.toFixed(2)}`,
    });
  }
  if (Math.abs(over.zeroShiftDeg) > LARGE_SHIFT_DEG && over.explained >= LEAST_EXPLAINED) {
    warnings.push({
      code: "identify/zero-shift",
      message: `lines of ${name} fit best with the angles shifted by ${degrees(over.zeroShiftDeg)}: calibrate the diffractometer (ewald calibrate) or mind the height of the sample`,
    });
  }
  return warnings;
}

function unexplained(name: string, left: Overlay["unexplained"]): Warning {
  const shown = left
    .slice(0, NAMED_PEAKS)
    .map(({ twoThetaDeg, height }) => `${degrees(twoThetaDeg)} (${percent(height)})`);
  const more = left.length > NAMED_PEAKS ? ` and ${left.length - NAMED_PEAKS} more` : "";
  const share = left.reduce((sum, peak) => sum + peak.share, 0);
  return {
    code: "identify/unexplained-peaks",
    message: `${left.length === 1 ? "a peak that is no line" : `${left.length} peaks that are no lines`} of ${name}, ${percent(share)} of the intensity: ${shown.join(", ")}${more}; a mixture?`,
  };
}
