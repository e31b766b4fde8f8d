/**
 * The average pattern of every library type over all its known compounds, and how it lies on a scan: what scans of the type have in
 * common, whatever the elements. Cells of one type differ by up to half, so that an average over angles alone would be a smear:
 * each compound is first brought to the size of the type's representative (volume per atom), and the average then to the size
 * found in the scan. Kept in a file of a byte a point (`models/structure-type/averages.bin`), read when it is first drawn.
 */
import type { Overlay } from "../fit/overlay.ts";
import { atMost180, atOtherWavelength } from "../radiation/angles.ts";
import { EwaldError } from "../errors.ts";
import type { ScanConditions } from "../diffraction/scan-conditions.ts";
import { AveragePatterns } from "./average-patterns.ts";
import {
  type LibraryType,
  membersOf,
  type StructureTypeLibrary,
  typeOfKey,
  type TypeVariant,
} from "./library.ts";
import type { RowLines } from "./line-feature.ts";
import {
  type CellParameters,
  type LineList,
  LISTED_RANGE_DEG,
  volumeOf,
} from "../diffraction/line-list.ts";
import { highestOf, type Observation } from "../scan/observe.ts";
import {
  type AngleGrid,
  anglesOf,
  drawLines,
  PAPER_GRID,
  placeLines,
} from "../diffraction/simulated-scan.ts";
import { CU_KA1_ANGSTROM } from "../radiation/radiation.ts";

export interface TypeAverage {
  /** Mean over the compounds, highest 1, on {@link AVERAGE_GRID}; zeros where no compound's lines are known. */
  readonly intensity: Float32Array;
  /** How many compounds. */
  readonly compounds: number;
}

/** The paper's grid, five points averaged into one: 5.04° to 109.94° (2θ, Cu Kα1) in steps of 0.1°. */
const BINNING = 5;
export const AVERAGE_GRID: AngleGrid = {
  startDeg: PAPER_GRID.startDeg + ((BINNING - 1) / 2) * PAPER_GRID.stepDeg,
  stepDeg: BINNING * PAPER_GRID.stepDeg,
  size: PAPER_GRID.size / BINNING,
};

/** An ideal powder in a good diffractometer. */
const UNDISTURBED: ScanConditions = {
  isotropicStrain: 0,
  axialStrain: [0, 0, 0],
  angleShiftDeg: [0, 0, 0],
  bIsoAngstrom2: 0.8,
  march: 1,
  textureAxis: "001",
  sizeAngstrom: 600,
  microstrain: 0,
  instrumentWidthDeg: 0.12,
  instrumentSlopeDeg: 0.05,
  instrumentLorentz: 0.5,
  zeroShiftDeg: 0,
  displacementDeg: 0,
  kAlpha2: 0,
  peakCounts: Infinity,
  background: { constant: 0, air: 0, hump: 0 },
  humpCentreDeg: 25,
  humpWidthDeg: 10,
  rangeDeg: [PAPER_GRID.startDeg, 110],
  impurity: 0,
};

const LEVELS = 255;

/** Å³ per atom of a variant's representative. */
function atomVolumeOf({ representative }: TypeVariant): number {
  return volumeOf(representative.cell) / representative.species.length;
}

/** Å³ per atom to which all compounds of a type are brought. */
function typeAtomVolume({ variants }: LibraryType): number {
  return atomVolumeOf(variants[0]!);
}

function rowAtomVolume({ cell, species }: RowLines["row"]): number {
  return volumeOf(cell as CellParameters) / species.length;
}

function enlarged(lines: LineList, factor: number): LineList {
  const [a, b, c, alpha, beta, gamma] = lines.cell;
  const cell: CellParameters = [a * factor, b * factor, c * factor, alpha, beta, gamma];
  return { ...lines, cell };
}

/** Points of the grid on which a list's lines are known when its cell is so much larger. */
function knownPoints(factor: number): readonly [number, number] {
  const [low, high] = LISTED_RANGE_DEG.map((angle) =>
    atMost180(atOtherWavelength(angle, 1 / factor)),
  ) as [number, number];
  const { startDeg, stepDeg, size } = AVERAGE_GRID;
  const first = Math.max(0, Math.ceil((low - startDeg) / stepDeg));
  const last = Math.min(size - 1, Math.floor((high - startDeg) / stepDeg));
  return [first, last];
}

/** An undisturbed pattern on the grid of averages, highest 1. */
function undisturbed(lines: LineList): Float64Array {
  const fine = drawLines(placeLines(lines, UNDISTURBED), UNDISTURBED, anglesOf(PAPER_GRID));
  const pattern = new Float64Array(AVERAGE_GRID.size);
  for (let i = 0; i < fine.length; i++) pattern[Math.floor(i / BINNING)]! += fine[i]!;
  return highestOne(pattern);
}

function highestOne<T extends Float64Array | Float32Array>(values: T): T {
  let most = 1e-12;
  for (const value of values) if (value > most) most = value;
  for (let i = 0; i < values.length; i++) values[i]! /= most;
  return values;
}

/**
 * Averages of all library types over those of their members that `lists` holds.
 * @param lists rows with their lines (`tableLines`); others than members may be among them
 */
export function typeAverages(
  lists: readonly RowLines[],
  library: StructureTypeLibrary,
): TypeAverage[] {
  const byId = new Map(lists.map((one) => [one.row.id, one]));
  const sums = new AveragePatterns(library.types.length, AVERAGE_GRID.size);
  const counts = library.types.map((type, t) => {
    let compounds = 0;
    for (const [id] of membersOf(type)) {
      const found = byId.get(id);
      if (found === undefined) continue;
      const factor = Math.cbrt(typeAtomVolume(type) / rowAtomVolume(found.row));
      sums.add(t, undisturbed(enlarged(found.lines, factor)), knownPoints(factor));
      compounds++;
    }
    return compounds;
  });
  return sums.averages().map((average, t) => ({
    intensity: highestOne(average),
    compounds: counts[t]!,
  }));
}

/** Number of types, number of compounds of each, then a byte a point: roots, so that weak lines stay. */
export function encodeAverages(averages: readonly TypeAverage[]): Uint8Array {
  const head = 4 + 4 * averages.length;
  const bytes = new Uint8Array(head + averages.length * AVERAGE_GRID.size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, averages.length, true);
  for (const [t, { intensity, compounds }] of averages.entries()) {
    view.setUint32(4 + 4 * t, compounds, true);
    for (const [i, value] of intensity.entries())
      bytes[head + t * AVERAGE_GRID.size + i] = Math.round(LEVELS * Math.sqrt(value));
  }
  return bytes;
}

/** @throws EwaldError `averages/damaged` */
export function decodeAverages(bytes: Uint8Array): TypeAverage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types = bytes.length < 4 ? 0 : view.getUint32(0, true);
  const head = 4 + 4 * types;
  if (bytes.length < 4 || bytes.length !== head + types * AVERAGE_GRID.size) {
    throw new EwaldError("averages/damaged", "the file of average patterns has a wrong length", {
      value: bytes.length,
      unit: "bytes",
      hint: "Install the package again.",
    });
  }
  return Array.from({ length: types }, (_, t) => ({
    compounds: view.getUint32(4 + 4 * t, true),
    intensity: Float32Array.from(
      bytes.subarray(head + t * AVERAGE_GRID.size, head + (t + 1) * AVERAGE_GRID.size),
      (level) => (level / LEVELS) ** 2,
    ),
  }));
}

/** A type's average pattern on a scan. */
export interface LaidAverage {
  /** The name of the type. */
  readonly name: string;
  readonly compounds: number;
  /** Points of the scan that the average covers, degrees. */
  readonly twoThetaDeg: Float64Array;
  /** Background left out; its highest point here is as high as the scan's highest peak. */
  readonly intensity: Float64Array;
}

/** The facts of a candidate laid over a scan that say where its type's average lies. */
export interface PlacedCandidate {
  readonly key?: string;
  readonly name: string;
  /** In the cell that was laid over. */
  readonly atoms?: number;
  readonly overlay: Pick<Overlay, "cell" | "zeroShiftDeg">;
}

/**
 * The average pattern of a candidate's type at the scan's wavelength, at the size and zero shift found for the candidate.
 * Null where the type has no average (one of an extension) or nothing of it lies in the scan.
 */
export function layAverage(
  averages: readonly TypeAverage[],
  { types }: StructureTypeLibrary,
  { key, name, atoms, overlay }: PlacedCandidate,
  observation: Observation,
): LaidAverage | null {
  const index = key === undefined ? -1 : typeOfKey(types, key);
  const average = averages[index];
  if (average === undefined || average.compounds === 0 || atoms === undefined) return null;
  const found = volumeOf(overlay.cell) / atoms;
  const larger = Math.cbrt(found / typeAtomVolume(types[index]!));
  // A cell of the type's size shows at Cu Kα1 where the scan's larger one does at its own wavelength.
  const toGrid = (larger * CU_KA1_ANGSTROM) / observation.wavelengthAngstrom;
  const { startDeg, stepDeg, size } = AVERAGE_GRID;
  const place = (angle: number): number =>
    (atOtherWavelength(angle - overlay.zeroShiftDeg, toGrid) - startDeg) / stepDeg;
  const { twoThetaDeg } = observation;
  const first = twoThetaDeg.findIndex((angle) => place(angle) >= 0);
  const beyond = twoThetaDeg.findIndex((angle) => !(place(angle) <= size - 1));
  if (first < 0) return null;
  const covered = twoThetaDeg.subarray(first, beyond < 0 ? twoThetaDeg.length : beyond);
  const values = Float64Array.from(covered, (angle) => {
    const at = place(angle);
    const left = Math.min(size - 2, Math.floor(at));
    const share = at - left;
    return average.intensity[left]! * (1 - share) + average.intensity[left + 1]! * share;
  });
  if (!values.some((value) => value > 0)) return null;
  const top = highestOf(observation.peaks);
  const intensity = highestOne(values).map((value) => value * top);
  return { name, compounds: average.compounds, twoThetaDeg: covered, intensity };
}
