import { expect, test } from "vitest";
import { barsFigure } from "../../src/report/bars-figure.ts";

test("bars are as long as their values, names are escaped, panels share two columns", () => {
  const svg = barsFigure({
    title: "a < b",
    panels: [
      {
        title: "One",
        bars: [
          { name: "A&B", value: 100 },
          { name: "half", value: 50 },
          { name: "none", value: 0 },
        ],
      },
      { title: "Two", bars: [{ name: "x", value: 1234, note: "1.2k" }] },
      { title: "Three", bars: [] },
    ],
  });
  const widths = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, x, width]) => [Number(x), Number(width)],
  );
  expect(widths[1]![1]).toBeCloseTo(widths[0]![1]! / 2, 1);
  expect(widths[2]![1]).toBe(0);
  expect(widths[3]![0]).toBeGreaterThan(widths[0]![0]!);
  expect(svg).toContain("A&amp;B");
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain("1.2k");
});
