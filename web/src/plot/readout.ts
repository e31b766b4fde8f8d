/** What the cross-hair says: position on all axes, intensity, the reflection beside it. */
import { convertAxis } from "../../../src/radiation/axis.ts";
import type { PlotData } from "../../../src/report/plot/model.ts";
import { lowerBound } from "../../../src/math/sorted.ts";

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

/** Lines of one phase that are named at one place. */
const MOST_NAMED = 4;

function height(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
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
  for (const curve of data.curves) {
    const { name, colour, base, x: at } = curve;
    const label = curve === data.curves[0] ? "I" : colour === "calculated" ? "calc" : name;
    if (base !== undefined || colour === "background" || at.length === 0) continue;
    if (data.curves[0]!.ownScale !== undefined && label !== "I") continue;
    // Beyond the ends of what was calculated nothing is known.
    if (x < at[0]! - reach || x > at[at.length - 1]! + reach) continue;
    parts.push({ label, text: height(curve.y[nearestIndex(at, x)]!) });
  }
  const lines = (data.ticks ?? []).flatMap(({ name, positions, labels }) => {
    const near = labels.filter((_, i) => Math.abs(positions[i]! - x) <= reach);
    return near.length === 0 ? [] : [{ name, text: near.slice(0, MOST_NAMED).join(", ") }];
  });
  // Whose lines they are is said where more than one phase has some here.
  for (const { name, text } of lines)
    parts.push({ label: lines.length > 1 ? `hkl ${name}` : "hkl", text });
  return { x, parts };
}
