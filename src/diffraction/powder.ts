/**
 * Powder diffraction of a crystal: kinematic, ideal powder (or March-Dollase texture), no absorption or extinction. Reads top
 * to bottom as the physics: points of the reciprocal lattice in reach → |F|² → Lorentz-polarisation, texture → peaks.
 *
 * With the four-Gaussian table and the other defaults it is pymatgen's XRDCalculator and NDCalculator to rounding (W. Sun et
 * al. and S. P. Ong et al., Comput. Mater. Sci. 68 (2013) 314): same formulas, range, merging and scale.
 */
import type { Structure } from "../crystal/structure.ts";
import { EwaldError } from "../errors.ts";
import { sinThetaOf, twoThetaDegOfG } from "../radiation/angles.ts";
import { type LorentzPolarisation, lorentzPolarisationOfSin2 } from "../radiation/polarisation.ts";
import { meanWavelength, parseRadiation, type Radiation } from "../radiation/radiation.ts";
import { crystalRotations, keepRepresentatives } from "./crystal-rotations.ts";
import type { FormFactorTable } from "./form-factor.ts";
import { latticeRotations, laueRotations, type Rotation, symmetrisedMetric } from "./laue.ts";
import {
  type ComputedReflections,
  type Equivalents,
  familiesOf,
  flatRotations,
  type MergedPeaks,
  mergePeaks,
  type Peak,
  type PeakBuffers,
  peakBuffers,
  sortByLength,
} from "./peaks.ts";
import { type PhaseBuffers, phaseBuffers, squaredStructureFactors } from "./phase-sums.ts";
import {
  emptyPoints,
  halfSphere,
  reciprocalMetric,
  type ReciprocalPoints,
} from "./reciprocal-points.ts";
import {
  type AnomalousFactor,
  checkFormFactorRange,
  scatteringCell,
  type ScatteringOptions,
} from "./scattering-cell.ts";
import { applyTexture, type Texture } from "./texture.ts";

/** Radiation, range and corrections of a calculated powder pattern. */
export interface PowderOptions {
  /** Kind of radiation and its lines; default Cu Kα (mean line, 1.54184 Å). */
  readonly radiation?: Radiation;
  /** Scattering angles 2θ, degrees; default 0 to 90. */
  readonly twoThetaRangeDeg?: readonly [number, number];
  /** X-ray table; default `"international-tables"`. */
  readonly formFactors?: FormFactorTable;
  /** Take ions' form factors where a species states its oxidation; default false. */
  readonly ions?: boolean;
  /** f' and f'' to add at each line's wavelength (X-rays): `anomalousFactor` has Chantler's; default none. */
  readonly anomalous?: (element: string, wavelengthAngstrom: number) => AnomalousFactor;
  /** B = 8π²U in Å² per element, in place of the sites' own. */
  readonly bIsoAngstrom2?: Readonly<Record<string, number>>;
  /** Default: unpolarised tube for X-rays, Lorentz factor alone for neutrons and electrons. */
  readonly lorentzPolarisation?: LorentzPolarisation;
  readonly texture?: Texture;
  /**
   * Symmetry operations in the axes of the structure's cell: peaks then list the families of the Laue class, and equivalents
   * fall together exactly. Without them reflections fall together where their angles do, and a family is what the lattice's own
   * symmetry makes equivalent and what has the same |F|².
   */
  readonly operations?: readonly Rotation[];
  /** Reflections closer than this in 2θ are one peak, degrees; default 1e-5. */
  readonly mergeToleranceDeg?: number;
  /** Peaks weaker than this (of 100) are left out; default 0.001. */
  readonly minimumIntensity?: number;
}

/** Positions and intensities alone, for streams of structures: no object per peak. Sorted by 2θ. */
export interface PowderLines {
  readonly twoThetaDeg: Float64Array;
  readonly dAngstrom: Float64Array;
  /** Strongest is 100. */
  readonly intensity: Float64Array;
}

/** A calculated powder pattern: its peaks, and what they were calculated with. */
export interface PowderPattern {
  readonly peaks: readonly Peak[];
  readonly radiation: Radiation;
  /** Mean wavelength of the radiation's lines. */
  readonly wavelengthAngstrom: number;
  readonly twoThetaRangeDeg: readonly [number, number];
  /** Table of the X-ray form factors; absent for other radiation. */
  readonly formFactors?: FormFactorTable;
  /** The intensity that 100 stands for: Σ |F|² · LP of the strongest peak over one cell, in electrons², fm² or Å². */
  readonly scale: number;
}

/** Buffers shared by calls that follow each other (a stream): saves allocation, changes nothing else. */
export interface PowderBuffers {
  readonly points: ReciprocalPoints;
  readonly phases: PhaseBuffers;
  readonly peaks: PeakBuffers;
  /** How many points of the half sphere each stands for. */
  weight: Float64Array;
  fSquared: Float64Array;
  intensity: Float64Array;
}

/** Empty buffers for {@link powderLines}: they grow as needed and are used again for the next structure. */
export function powderBuffers(): PowderBuffers {
  const none = new Float64Array(0);
  return {
    points: emptyPoints(),
    phases: phaseBuffers(),
    peaks: peakBuffers(),
    weight: none,
    fSquared: none,
    intensity: none,
  };
}

const DEFAULT_RADIATION = parseRadiation("CuKa");
const DEFAULT_RANGE_DEG = [0, 90] as const;
const DEFAULT_MERGE_DEG = 1e-5;
const DEFAULT_MINIMUM = 1e-3;

/** One spectral line's share of the pattern. */
interface LinePattern {
  readonly wavelengthAngstrom: number;
  readonly merged: MergedPeaks;
  readonly order: Int32Array;
  readonly computed: ComputedReflections;
}

/**
 * The powder pattern of a structure: its peaks with their hkl.
 * @throws EwaldError `diffraction/range`, `diffraction/no-reflections`, `diffraction/too-many-reflections`, `scattering/…`
 */
export function powderPattern(
  structure: Structure,
  options: PowderOptions = {},
  buffers: PowderBuffers = powderBuffers(),
): PowderPattern {
  const radiation = options.radiation ?? DEFAULT_RADIATION;
  const equivalents = equivalentsOf(structure, options);
  const peaks: (Omit<Peak, "intensity"> & { intensity: number })[] = [];
  forEachLine(
    structure,
    radiation,
    options,
    equivalents,
    buffers,
    ({ merged, order, wavelengthAngstrom, computed }) => {
      const least = leastShown(merged, options);
      const symmetry = flatRotations(computed.symmetry);
      for (let i = 0; i < merged.count; i++) {
        if (merged.intensity[i]! <= least) continue;
        const [from, to] = [merged.from[i]!, merged.from[i + 1]!];
        const hkls = familiesOf(computed, symmetry, order, from, to, equivalents);
        let multiplicity = 0;
        for (const family of hkls) multiplicity += family.multiplicity;
        peaks.push({
          twoThetaDeg: twoThetaDegOfG(Math.sqrt(merged.g2[i]!), wavelengthAngstrom),
          dAngstrom: 1 / Math.sqrt(merged.g2[i]!),
          intensity: merged.intensity[i]!,
          hkls,
          multiplicity,
        });
      }
    },
  );
  let scale = 0;
  for (const { intensity } of peaks) scale = Math.max(scale, intensity);
  const least = ((options.minimumIntensity ?? DEFAULT_MINIMUM) * scale) / 100;
  // In place: a copy of some hundred peaks would cost more than the division.
  let kept = 0;
  for (const peak of peaks) {
    if (peak.intensity <= least) continue;
    peak.intensity = 100 * (peak.intensity / scale);
    peaks[kept++] = peak;
  }
  peaks.length = kept;
  // One line's peaks are in order.
  if (radiation.lines.length > 1) peaks.sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
  return {
    peaks,
    radiation,
    wavelengthAngstrom: meanWavelength(radiation),
    twoThetaRangeDeg: options.twoThetaRangeDeg ?? DEFAULT_RANGE_DEG,
    ...(radiation.kind === "xray"
      ? { formFactors: options.formFactors ?? "international-tables" }
      : {}),
    scale,
  };
}

/** The lines of a powder as {@link powderPattern} gives them, without families and objects: the fast path of streams. */
export function powderLines(
  structure: Structure,
  options: PowderOptions = {},
  buffers: PowderBuffers = powderBuffers(),
): PowderLines {
  const radiation = options.radiation ?? DEFAULT_RADIATION;
  const equivalents = equivalentsOf(structure, options);
  const lines: LinePattern[] = [];
  forEachLine(structure, radiation, options, equivalents, buffers, (line) => lines.push(line));
  const scale = strongest(lines.map(({ merged }) => strongest(merged.intensity, merged.count)));
  const least = ((options.minimumIntensity ?? DEFAULT_MINIMUM) * scale) / 100;
  let kept = 0;
  for (const { merged } of lines) {
    for (let i = 0; i < merged.count; i++) if (merged.intensity[i]! > least) kept++;
  }
  const twoThetaDeg = new Float64Array(kept);
  const dAngstrom = new Float64Array(kept);
  const intensity = new Float64Array(kept);
  let at = 0;
  for (const { merged, wavelengthAngstrom } of lines) {
    for (let i = 0; i < merged.count; i++) {
      if (merged.intensity[i]! <= least) continue;
      twoThetaDeg[at] = twoThetaDegOfG(Math.sqrt(merged.g2[i]!), wavelengthAngstrom);
      dAngstrom[at] = 1 / Math.sqrt(merged.g2[i]!);
      intensity[at++] = 100 * (merged.intensity[i]! / scale);
    }
  }
  if (lines.length === 1) return { twoThetaDeg, dAngstrom, intensity };
  const rows = Array.from(twoThetaDeg, (_, row) => row);
  rows.sort((a, b) => twoThetaDeg[a]! - twoThetaDeg[b]!);
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => values[row]!);
  return {
    twoThetaDeg: pick(twoThetaDeg),
    dAngstrom: pick(dAngstrom),
    intensity: pick(intensity),
  };
}

function equivalentsOf({ lattice }: Structure, { operations }: PowderOptions): Equivalents {
  return operations === undefined
    ? { rotations: latticeRotations(lattice), sameIntensity: true }
    : { rotations: laueRotations(operations), sameIntensity: false };
}

/** The physics, once per spectral line. `use` sees the buffers as that line left them. */
function forEachLine(
  structure: Structure,
  radiation: Radiation,
  options: PowderOptions,
  { rotations, sameIntensity }: Equivalents,
  buffers: PowderBuffers,
  use: (line: LinePattern) => void,
): void {
  const range = checkedRange(options.twoThetaRangeDeg ?? DEFAULT_RANGE_DEG);
  const polarisation = options.lorentzPolarisation ?? {
    kind: radiation.kind === "xray" ? "unpolarised" : "lorentz",
  };
  let found = 0;
  for (const { wavelengthAngstrom, weight } of radiation.lines) {
    const { anomalous, ...others } = options;
    const scattering: ScatteringOptions = {
      ...others,
      radiation: radiation.kind,
      ...(anomalous === undefined
        ? {}
        : { anomalous: (element) => anomalous(element, wavelengthAngstrom) }),
    };
    const cell = scatteringCell(structure, scattering);
    // Bragg's law: 2θ in range ⇔ |g| = 2 sinθ / λ in range. At 180° itself the Lorentz factor has no value.
    const [gMin, gMax] = range.map(
      (twoThetaDeg) => (2 * Math.min(sinThetaOf(twoThetaDeg), 1 - 1e-8)) / wavelengthAngstrom,
    ) as [number, number];
    checkFormFactorRange(cell, gMax);
    // A texture tells equivalents apart.
    const symmetry =
      options.texture === undefined ? crystalRotations(structure.lattice, cell, rotations) : [];
    const metric = [sameIntensity ? [] : rotations, symmetry].reduce(
      symmetrisedMetric,
      reciprocalMetric(cell.reciprocal),
    );
    const { points } = buffers;
    halfSphere(cell.reciprocal, gMin, gMax, points, metric);
    reserve(buffers, points.count);
    found += points.count;
    if (symmetry.length > 1) keepRepresentatives(points, symmetry, buffers.weight);
    else buffers.weight.fill(1, 0, points.count);

    squaredStructureFactors(cell, points, buffers.fSquared, buffers.phases);

    // Both halves of the sphere, hence 2; multiplicity comes by itself, for every equivalent is a point.
    const { intensity } = buffers;
    intensities(buffers, 2 * weight, wavelengthAngstrom, polarisation);
    if (options.texture !== undefined) applyTexture(intensity, points, metric, options.texture);

    // Several lines are looked at together, each needs its own.
    const shared = radiation.lines.length === 1 ? buffers.peaks : peakBuffers();
    const order = sortByLength(points, shared);
    const tolerance = options.mergeToleranceDeg ?? DEFAULT_MERGE_DEG;
    const merged = mergePeaks(points, order, intensity, wavelengthAngstrom, tolerance, shared);
    const { fSquared, weight: standsFor } = buffers;
    const computed = { points, fSquared, weight: standsFor, symmetry };
    use({ wavelengthAngstrom, merged, order, computed });
  }
  if (found === 0) {
    throw new EwaldError(
      "diffraction/no-reflections",
      `no reflection between 2θ = ${range[0]}° and ${range[1]}°`,
      { value: range, unit: "°", hint: "Widen the range or use a shorter wavelength." },
    );
  }
}

/** factor · weight · |F|² · LP of every point. */
function intensities(
  { points, weight, fSquared, intensity }: PowderBuffers,
  factor: number,
  wavelengthAngstrom: number,
  polarisation: LorentzPolarisation,
): void {
  const { count, g2 } = points;
  const toSin2Theta = (wavelengthAngstrom * wavelengthAngstrom) / 4;
  for (let i = 0; i < count; i++) {
    const lp = lorentzPolarisationOfSin2(toSin2Theta * g2[i]!, polarisation);
    intensity[i] = factor * weight[i]! * fSquared[i]! * lp;
  }
}

function reserve(buffers: PowderBuffers, count: number): void {
  if (buffers.fSquared.length >= count) return;
  buffers.fSquared = new Float64Array(Math.ceil(count * 1.5));
  buffers.intensity = new Float64Array(buffers.fSquared.length);
  buffers.weight = new Float64Array(buffers.fSquared.length);
}

function checkedRange(range: readonly [number, number]): readonly [number, number] {
  const [from, to] = range;
  if (from >= 0 && from < to && to <= 180) return range;
  throw new EwaldError("diffraction/range", `2θ from ${from}° to ${to}° is no range`, {
    value: range,
    unit: "°",
    hint: "Give two angles, 0 ≤ first < second ≤ 180.",
  });
}

/** Peaks of one line that cannot reach the threshold of the whole pattern need no families. */
function leastShown(merged: MergedPeaks, options: PowderOptions): number {
  const share = (options.minimumIntensity ?? DEFAULT_MINIMUM) / 100;
  return share * strongest(merged.intensity, merged.count);
}

function strongest(values: ArrayLike<number>, count = values.length): number {
  let most = 0;
  for (let i = 0; i < count; i++) if (values[i]! > most) most = values[i]!;
  return most;
}
