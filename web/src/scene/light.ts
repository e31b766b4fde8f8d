/** How a sphere is lit: the same on the screen and in print. */
export const LIGHT = {
  /** Where the light falls, in radii from the top left. */
  x: 0.68,
  y: 0.62,
  /** Place from light to rim, and towards white (positive) or black. */
  stops: [
    [0, 0.62],
    [0.35, 0.12],
    [0.8, -0.18],
    [1, -0.42],
  ],
} as const;

/** A colour "#rrggbb" towards white (positive) or black (negative), by a share. */
export function shaded(colour: string, by: number): string {
  const value = Number.parseInt(colour.slice(1), 16);
  const target = by > 0 ? 255 : 0;
  const mixed = [16, 8, 0].map((shift) => {
    const channel = (value >> shift) & 255;
    const now = Math.round(channel + (target - channel) * Math.abs(by));
    return now.toString(16).padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}
