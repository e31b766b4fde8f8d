/** What the cross-hair says: position on all axes, intensity, the reflection beside it. */
import { convertAxis } from "../../../src/radiation/axis.ts";
import type { PlotData } from "./model.ts";
import { lowerBound } from "./scale.ts";

export interface Readout {
  readonly x: number;
  readonly parts: readonly { readonly label: string; readonly text: string }[];
}

/** Index of the value nearest to `at` in rising values; −1 of none. */
export function nearestIndex(values: ArrayLike<number>, at: number): number {
  if (values.length === 0) return -1;
  const above = Math.min(values.length - 1, lowerBound(values, at));
  const below = Math.max(0, above - 1);
  return Math.abs(values[below]! - at) <= Math.abs(values[above]! - at) ? below : above;
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

/** @param reach reflections within this distance of the cross-hair are named, units of the axis */
export function readoutAt(data: PlotData, x: number, reach: number): Readout {
  const { axis, wavelengthAngstrom } = data;
  const parts: { label: string; text: string }[] = [];
  const wavelength = wavelengthAngstrom ?? undefined;
  const at = (to: "twoTheta" | "d" | "q"): number => {
    if (
      axis === "tof" ||
      ((axis === "twoTheta" || to === "twoTheta") && axis !== to && wavelength === undefined)
    )
      return Number.NaN;
    return convertAxis([x], axis, to, wavelength)[0]!;
  };
  if (axis === "tof") parts.push({ label: "TOF", text: `${number(x, 1)} µs` });
  else {
    parts.push(
      { label: "2θ", text: `${number(at("twoTheta"), 3)}°` },
      { label: "d", text: `${number(at("d"), 4)} Å` },
      { label: "Q", text: `${number(at("q"), 4)} Å⁻¹` },
    );
  }
  const [curve] = data.curves;
  const index = curve === undefined ? -1 : nearestIndex(curve.x, x);
  if (curve !== undefined && index >= 0) {
    const value = curve.y[index]!;
    parts.push({ label: "I", text: Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2) });
  }
  for (const { positions, labels } of data.ticks ?? []) {
    const tick = nearestIndex(positions, x);
    if (tick < 0 || Math.abs(positions[tick]! - x) > reach) continue;
    parts.push({ label: "hkl", text: labels[tick] ?? "" });
    break;
  }
  return { x, parts };
}
