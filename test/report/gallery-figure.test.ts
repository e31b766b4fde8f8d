/** The gallery of reciprocal points and bar codes. */
import { expect, test } from "vitest";
import { recipeFigure } from "../../src/report/chart-figure.ts";

test("a circle a point within the sphere that has intensity, a bar a point", () => {
  const point = (x: number, intensity: number) => ({
    gInvAngstrom: [x, 0, 0] as const,
    intensity,
  });
  const svg = recipeFigure({
    kind: "gallery",
    name: "gallery",
    title: "Points",
    subtitle: "two crystals",
    radiusInvAngstrom: 1,
    panels: [
      { title: "SiO2", points: [point(0.1, 1), point(0.5, 0), point(2, 0.5)] },
      { title: "Cu", points: [point(0.2, 0.5)] },
    ],
  });
  // A sphere each, one point in the first (one is dark, one outside), one in the second.
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg.match(/rgb\(/g)).toHaveLength(4);
  expect(svg).toContain("rgb(0,0,0)");
  expect(svg).toContain("SiO₂");
});
