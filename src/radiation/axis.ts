/**
 * The axes of a powder pattern and the conversions between them. All go through the reciprocal length
 * g = 1/d (1/Å, no 2π): 2θ = 2 asin(λ g / 2), Q = 2π g.
 */
import { EwaldError } from "../errors.ts";
import { dOfTwoThetaDeg, RADIANS, thetaRadOf, twoThetaDegOfD } from "./angles.ts";

/** The axis of a scan: 2θ (degrees), d (Å), Q = 2π/d (1/Å) or time of flight (µs). */
export type AxisKind = "twoTheta" | "d" | "q" | "tof";

/** Q = 2π/d, 1/Å; also d of Q, the map is its own inverse. */
function qOfD(dAngstrom: number): number {
  return (2 * Math.PI) / dAngstrom;
}

/**
 * The points of an axis on another axis. Order is kept: 2θ and Q rise where d falls.
 * @throws EwaldError `axis/no-wavelength` for 2θ without a wavelength, `axis/tof` (time of flight needs the
 * instrument's own constants).
 */
export function convertAxis(
  values: ArrayLike<number>,
  from: AxisKind,
  to: AxisKind,
  wavelengthAngstrom?: number,
): Float64Array {
  if (from === to) return Float64Array.from(values);
  if (from === "tof" || to === "tof") {
    throw new EwaldError("axis/tof", "time of flight converts only with the instrument's DIFC", {
      hint: "Convert it to d with the instrument's constants first.",
    });
  }
  if ((from === "twoTheta" || to === "twoTheta") && wavelengthAngstrom === undefined) {
    throw new EwaldError("axis/no-wavelength", `${from} to ${to} needs a wavelength`, {
      hint: "Give the wavelength in Å or as an anode line such as CuKa.",
    });
  }
  const wavelength = wavelengthAngstrom ?? Number.NaN;
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const value = values[i]!;
    const d =
      from === "twoTheta" ? dOfTwoThetaDeg(value, wavelength) : from === "q" ? qOfD(value) : value;
    out[i] = to === "twoTheta" ? twoThetaDegOfD(d, wavelength) : to === "q" ? qOfD(d) : d;
  }
  return out;
}

/** |d(axis)/d(2θ)| at an angle 2θ in degrees: units of the axis per degree; NaN for time of flight, which knows no wavelength. */
export function axisPerDegree(
  axis: AxisKind,
  twoThetaDeg: number,
  wavelengthAngstrom: number,
): number {
  if (axis === "twoTheta") return 1;
  if (axis === "tof") return Number.NaN;
  const thetaRad = thetaRadOf(twoThetaDeg);
  const perDegree = RADIANS / 2;
  if (axis === "q") return ((4 * Math.PI * Math.cos(thetaRad)) / wavelengthAngstrom) * perDegree;
  return (dOfTwoThetaDeg(twoThetaDeg, wavelengthAngstrom) / Math.tan(thetaRad)) * perDegree;
}
