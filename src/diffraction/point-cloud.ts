/**
 * The reciprocal point cloud of deepKNet: Y. Wang et al., "Learning the crystal structure genome for property
 * classification" (2022), section II and appendix A. For hkl with every index within ±m:
 *
 *   f(s) = Z - 41.78214 s² Σ aᵢ exp(-bᵢ s²)    (A1)       F = Σ fⱼ exp(2πi h·xⱼ)    (A2)       I = |F|² / V²    (A3)
 *
 * and at the origin I = (electrons in the cell / V)². No Lorentz-polarisation, no Debye-Waller. Neutrons: lengths (fm) for f,
 * and (Σ b / V)² at the origin. A point is x, y, z (Cartesian, of the lattice as given) and I, scaled by a named recipe.
 *
 * The paper draws a limiting sphere of radius 4π/λ in the physicists' convention, 2/λ here (no 2π); the released code makes no
 * such cut, and neither does this unless asked. Which cell is meant (paper: primitive standard, or conventional) is the
 * caller's choice: the structure is taken as it stands.
 */
import { atomicNumber, ELEMENT_SYMBOLS } from "../crystal/element.ts";
import type { Structure } from "../crystal/structure.ts";
import { EwaldError } from "../errors.ts";
import type { Mat3, Vec3 } from "../math/matrix3.ts";
import type { RadiationKind } from "../radiation/radiation.ts";
import type { FormFactorTable } from "./form-factor.ts";
import { compareHkl, hklKey, positiveHkl } from "./laue.ts";
import { phaseBuffers, squaredStructureFactors } from "./phase-sums.ts";
import {
  type ReciprocalMetric,
  reciprocalMetric,
  type ReciprocalPoints,
} from "./reciprocal-points.ts";
import {
  checkFormFactorRange,
  type ScatteringCell,
  scatteringCell,
  type ScatteringOptions,
} from "./scattering-cell.ts";

/** 3: (100) (010) (001); 4: these and the origin; 27, 125, 343: all indices within ±1, ±2, ±3. */
export type PointCount = 3 | 4 | 27 | 125 | 343;

/** How positions (1/Å, no 2π) and intensities become features. */
export type CloudScaling =
  /** As the released code: xyz / 5, and (ln(I + 10⁻⁶) - ln 10⁻⁶) / 15. The default. */
  | "released-code"
  /** As the paper's text: xyz in 1/Å, and ln(I + 10⁻⁶) brought to 0 … 1 within the cloud (smallest 0, largest 1). */
  | "per-cloud"
  /** Nothing done: xyz in 1/Å, I in (electrons/Å³)² or (fm/Å³)². */
  | "none";

/** Which reciprocal lattice points a cloud holds, and how they are scaled. */
export interface PointCloudOptions {
  /** Default 125. */
  readonly points?: PointCount;
  /** `"xray"` (default) or `"neutron"`. */
  readonly radiation?: Exclude<RadiationKind, "electron">;
  /** Default `"four-gaussian"`, the paper's. */
  readonly formFactors?: FormFactorTable;
  /** Default `"released-code"`. */
  readonly scaling?: CloudScaling;
  /**
   * Wavelength whose limiting sphere |g| ≤ 2/λ the points must lie in; those outside get the intensity of nothing (I = 0), so
   * that the cloud keeps its n rows. Default: no sphere.
   */
  readonly limitingSphereAngstrom?: number;
}

/** A displacement of 0 for every element that asks. */
export const NO_DISPLACEMENT: Readonly<Record<string, number>> = Object.fromEntries(
  [...ELEMENT_SYMBOLS, "D"].map((symbol) => [symbol, 0]),
);
const SMALLEST = 1e-6;
const RELEASED_CODE = { position: 5, logSpan: 15 } as const;

/** hkl of the points, in the order of the rows: h slowest, l fastest (for 3 and 4: the origin first, where it is there). */
export function cloudIndices(points: PointCount): Int32Array {
  if (points === 3) return Int32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  if (points === 4) return Int32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
  const most = { 27: 1, 125: 2, 343: 3 }[points];
  if (most === undefined) {
    throw new EwaldError("point-cloud/points", `no point cloud of ${String(points)} points`, {
      value: points,
      hint: "Use 3, 4, 27, 125 or 343.",
    });
  }
  const indices: number[] = [];
  for (let h = -most; h <= most; h++) {
    for (let k = -most; k <= most; k++) for (let l = -most; l <= most; l++) indices.push(h, k, l);
  }
  return Int32Array.from(indices);
}

/**
 * The point cloud of a structure.
 * @returns (n × 4): x, y, z, I of each point in the order of `cloudIndices`.
 * @throws EwaldError `point-cloud/points`, `scattering/…`
 */
export function pointCloud(structure: Structure, options: PointCloudOptions = {}): Float32Array {
  const out = new Float32Array(4 * (options.points ?? 125));
  pointCloudWriter(options)(structure, out, 0);
  return out;
}

/** Writes the cloud of a structure into `out` from `offset` on; 4n numbers. */
export type PointCloudWriter = (structure: Structure, out: Float32Array, offset: number) => void;

/** A writer for many structures: tables and buffers are made once. Not for two calls at the same time. */
export function pointCloudWriter(options: PointCloudOptions = {}): PointCloudWriter {
  const points = options.points ?? 125;
  const indices = cloudIndices(points);
  const half = halfOf(indices);
  const buffers = phaseBuffers();
  const intensity = new Float64Array(half.points.count);
  const scattering: ScatteringOptions = {
    radiation: options.radiation ?? "xray",
    formFactors: options.formFactors ?? "four-gaussian",
    // None at all, whatever the sites say: the cloud knows no displacement.
    bIsoAngstrom2: NO_DISPLACEMENT,
  };
  const gMax = 2 / (options.limitingSphereAngstrom ?? 0);
  const scaling = options.scaling ?? "released-code";
  return (structure, out, offset) => {
    const cell = scatteringCell(structure, scattering);
    const { g2 } = half.points;
    const largest2 = setLengths(half.points, reciprocalMetric(cell.reciprocal));
    checkFormFactorRange(cell, Math.sqrt(largest2));
    squaredStructureFactors(cell, half.points, intensity, buffers);
    const perVolume = 1 / cell.volumeAngstrom3 ** 2;
    for (let i = 0; i < intensity.length; i++) {
      const value = g2[i]! <= gMax * gMax ? intensity[i]! * perVolume : 0;
      out[offset + 4 * half.row[i]! + 3] = value;
      if (half.mirrored[i]! >= 0) out[offset + 4 * half.mirrored[i]! + 3] = value;
    }
    if (half.origin >= 0) {
      out[offset + 4 * half.origin + 3] = forwardAmplitude(cell) ** 2 * perVolume;
    }
    writePositions(cell.reciprocal, indices, out, offset);
    rescale(out, offset, points, scaling);
  };
}

/** The points of which the others are Friedel mates (|F| is the same), and the rows they fill. */
interface HalfCloud {
  readonly points: ReciprocalPoints;
  readonly row: Int32Array;
  /** Row of -hkl, or -1 where the cloud has none. */
  readonly mirrored: Int32Array;
  /** Row of the origin, or -1. */
  readonly origin: number;
}

function halfOf(indices: Int32Array): HalfCloud {
  const rows = Array.from({ length: indices.length / 3 }, (_, row) => row);
  const hkl = (row: number): Vec3 => [
    indices[3 * row]!,
    indices[3 * row + 1]!,
    indices[3 * row + 2]!,
  ];
  const rowOf = new Map(rows.map((row) => [hklKey(hkl(row)), row]));
  const origin = rowOf.get(hklKey([0, 0, 0])) ?? -1;
  const kept = rows.filter(
    (row) => row !== origin && compareHkl(hkl(row), positiveHkl(...hkl(row))) === 0,
  );
  const column = (axis: 0 | 1 | 2): Int32Array => Int32Array.from(kept, (row) => hkl(row)[axis]);
  return {
    points: {
      count: kept.length,
      inner: 2,
      h: column(0),
      k: column(1),
      l: column(2),
      g2: new Float64Array(kept.length),
    },
    row: Int32Array.from(kept),
    mirrored: Int32Array.from(kept, (row) => {
      const [h, k, l] = hkl(row);
      return rowOf.get(hklKey([-h, -k, -l])) ?? -1;
    }),
    origin,
  };
}

/** Sets |g|² of every point; returns the largest. */
function setLengths(points: ReciprocalPoints, metric: ReciprocalMetric): number {
  const [m11, m22, m33, m23, m13, m12] = metric;
  let most = 0;
  for (let i = 0; i < points.count; i++) {
    const h = points.h[i]!;
    const k = points.k[i]!;
    const l = points.l[i]!;
    const g2 =
      h * h * m11 + k * k * m22 + l * l * m33 + 2 * (k * l * m23 + h * l * m13 + h * k * m12);
    points.g2[i] = g2;
    if (g2 > most) most = g2;
  }
  return most;
}

/** Scattering straight ahead: all electrons of the cell (Z, not f(0): the paper's), or all lengths. */
export function forwardAmplitude(cell: ScatteringCell): number {
  let sum = 0;
  cell.scatterers.forEach(({ formFactor, element, constant }, kind) => {
    const amplitude = formFactor === null ? constant : atomicNumber(element);
    for (let j = cell.start[kind]!; j < cell.start[kind + 1]!; j++)
      sum += amplitude * cell.occupancy[j]!;
  });
  return sum;
}

function writePositions(
  [a, b, c]: Mat3,
  indices: Int32Array,
  out: Float32Array,
  offset: number,
): void {
  for (let i = 0; i < indices.length / 3; i++) {
    const h = indices[3 * i]!;
    const k = indices[3 * i + 1]!;
    const l = indices[3 * i + 2]!;
    const at = offset + 4 * i;
    out[at] = h * a[0] + k * b[0] + l * c[0];
    out[at + 1] = h * a[1] + k * b[1] + l * c[1];
    out[at + 2] = h * a[2] + k * b[2] + l * c[2];
  }
}

function rescale(out: Float32Array, offset: number, points: number, scaling: CloudScaling): void {
  if (scaling === "none") return;
  const end = offset + 4 * points;
  let least = Infinity;
  let most = -Infinity;
  for (let at = offset + 3; at < end; at += 4) {
    out[at] = Math.log(out[at]! + SMALLEST);
    const log = out[at]!; // as single precision keeps it
    if (log < least) least = log;
    if (log > most) most = log;
  }
  if (scaling === "per-cloud") {
    const span = most > least ? most - least : 1;
    for (let at = offset + 3; at < end; at += 4) out[at] = (out[at]! - least) / span;
    return;
  }
  const { position, logSpan } = RELEASED_CODE;
  for (let at = offset; at < end; at += 4) {
    out[at]! /= position;
    out[at + 1]! /= position;
    out[at + 2]! /= position;
    out[at + 3] = (out[at + 3]! - Math.log(SMALLEST)) / logSpan;
  }
}
