/**
 * Lattices: three row vectors in Å. The orientation that `latticeFromParameters` chooses is a along x,
 * b in the xy plane, c* along z, the choice of most crystallographic programs. Reciprocal
 * vectors carry no 2π: `g · a` is an integer.
 */
import { EwaldError } from "../errors.ts";
import {
  type Mat3,
  type Vec3,
  cross,
  determinant,
  dot,
  invert,
  multiply,
  norm,
  transpose,
} from "../math/matrix3.ts";

export interface LatticeParameters {
  /** Å */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly alphaDeg: number;
  readonly betaDeg: number;
  readonly gammaDeg: number;
}

const RADIANS = Math.PI / 180;
/** A cell flatter than this fraction of a·b·c holds no atoms anyone has measured. */
const SMALLEST_RELATIVE_VOLUME = 1e-4;

/** cos of an angle in degrees, exactly 0 at 90° and ±½ at 60° and 120°. */
function cosDeg(angleDeg: number): number {
  if (angleDeg === 90) return 0;
  if (angleDeg === 60) return 0.5;
  if (angleDeg === 120) return -0.5;
  return Math.cos(angleDeg * RADIANS);
}

/**
 * Lattice vectors (rows, Å) of a cell given by edges in Å and angles in degrees: a along x, b in the xy plane.
 * @throws EwaldError `lattice/length`, `lattice/angle` for values that are not positive and finite (or not
 * below 180°), `lattice/zero-volume` where the angles do not close to a cell.
 */
export function latticeFromParameters(parameters: LatticeParameters): Mat3 {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = parameters;
  for (const [name, value] of Object.entries({ a, b, c })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new EwaldError("lattice/length", `cell length ${name} = ${value} Å is not positive`, {
        value,
        unit: "Å",
      });
    }
  }
  for (const [name, value] of Object.entries({ alphaDeg, betaDeg, gammaDeg })) {
    if (!(value > 0 && value < 180)) {
      throw new EwaldError(
        "lattice/angle",
        `cell angle ${name} = ${value}° is not between 0 and 180°`,
        {
          value,
          unit: "°",
        },
      );
    }
  }
  const cosAlpha = cosDeg(alphaDeg);
  const cosBeta = cosDeg(betaDeg);
  const cosGamma = cosDeg(gammaDeg);
  const sinGamma = Math.sqrt(1 - cosGamma * cosGamma);
  const cy = (cosAlpha - cosBeta * cosGamma) / sinGamma;
  const czSquared = 1 - cosBeta * cosBeta - cy * cy;
  if (!(czSquared > 0) || sinGamma * Math.sqrt(czSquared) < SMALLEST_RELATIVE_VOLUME) {
    throw new EwaldError(
      "lattice/zero-volume",
      `cell angles ${alphaDeg}°, ${betaDeg}°, ${gammaDeg}° enclose no volume`,
      { value: [alphaDeg, betaDeg, gammaDeg], unit: "°", hint: "Check the three angles." },
    );
  }
  return [
    [a, 0, 0],
    [b * cosGamma, b * sinGamma, 0],
    [c * cosBeta, c * cy, c * Math.sqrt(czSquared)],
  ];
}

/** atan2 keeps full precision near 0° and 180°, where acos loses half the digits. */
function angleDeg(u: Vec3, v: Vec3): number {
  return Math.atan2(norm(cross(u, v)), dot(u, v)) / RADIANS;
}

/** Cell parameters of any lattice, whatever its orientation. */
export function latticeParameters(lattice: Mat3): LatticeParameters {
  const [a, b, c] = lattice;
  return {
    a: norm(a),
    b: norm(b),
    c: norm(c),
    alphaDeg: angleDeg(b, c),
    betaDeg: angleDeg(a, c),
    gammaDeg: angleDeg(a, b),
  };
}

/** The volume of a cell, Å³. */
export function cellVolume(lattice: Mat3): number {
  return Math.abs(determinant(lattice));
}

/** Cell volume, Å³. @throws EwaldError `lattice/zero-volume` where it is not positive and finite */
export function checkedVolume(lattice: Mat3): number {
  const volume = cellVolume(lattice);
  if (!(volume > 0 && Number.isFinite(volume))) {
    throw new EwaldError("lattice/zero-volume", `cell volume ${volume} Å³ is not positive`, {
      value: volume,
      unit: "Å³",
    });
  }
  return volume;
}

/** Rows a*, b*, c*, 1/Å, without 2π. */
export function reciprocalLattice(lattice: Mat3): Mat3 {
  return transpose(invert(lattice));
}

/** Coordinates within rounding of a face belong to the near face. */
export const ON_FACE = 1e-9;

/** Fractional coordinates brought into [0, 1); what is within 1e-9 below 1 becomes 0. */
export function inCell([x, y, z]: Vec3): Vec3 {
  return [wrapped(x), wrapped(y), wrapped(z)];
}

function wrapped(x: number): number {
  const inside = x - Math.floor(x);
  return inside > 1 - ON_FACE ? 0 : inside;
}

/** The metric tensor as an operation's rotation R leaves it, Rᵀ G R: G itself where the lattice has the symmetry. */
export function turnedMetric(metric: Mat3, rotation: Mat3): Mat3 {
  return multiply(multiply(transpose(rotation), metric), rotation);
}

/** Metric tensor G with `G[i][j] = aᵢ · aⱼ`, Å². */
export function metricTensor(lattice: Mat3): Mat3 {
  const [a, b, c] = lattice;
  return [
    [dot(a, a), dot(a, b), dot(a, c)],
    [dot(b, a), dot(b, b), dot(b, c)],
    [dot(c, a), dot(c, b), dot(c, c)],
  ];
}
