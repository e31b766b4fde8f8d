/** Axes of scans as text and figure name them. */
import type { AxisKind } from "../../radiation/axis.ts";

export const AXES: Readonly<Record<AxisKind, readonly [name: string, unit: string]>> = {
  twoTheta: ["2θ", "°"],
  d: ["d", "Å"],
  q: ["Q", "1/Å"],
  tof: ["time of flight", "µs"],
};

/** Numbers as files write them: no more places than they mean. */
export function short(value: number): string {
  return String(Number(value.toFixed(4)));
}
