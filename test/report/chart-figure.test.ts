import { expect, test } from "vitest";
import { recipeFigure } from "../../src/report/chart-figure.ts";

test("a chart draws every series, names it, and stays inside its frame", () => {
  const svg = recipeFigure({
    kind: "chart",
    name: "alpha",
    title: "Accuracy & weight",
    xLabel: "α",
    yLabel: "%",
    series: [
      { name: "ours", x: [0, 0.5, 1], y: [60, 80, 70] },
      { name: "paper", style: "points", x: [0.7], y: [80] },
    ],
  });
  expect(svg).toContain("Accuracy &amp; weight");
  expect(svg.match(/<path /g)).toHaveLength(1);
  expect(svg.match(/<circle /g)).toHaveLength(1);
  expect(svg).toContain(">ours</text>");
  const numbers = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
  expect(numbers).toHaveLength(3);
  for (const [x, y] of numbers as [number, number][]) {
    expect(x).toBeGreaterThanOrEqual(74);
    expect(x).toBeLessThanOrEqual(530);
    expect(y).toBeGreaterThanOrEqual(50);
    expect(y).toBeLessThanOrEqual(402);
  }
});

test("a matrix writes its shares as per cent where cells have room, darker where larger", () => {
  const svg = recipeFigure({
    kind: "matrix",
    name: "confusion",
    title: "Confusion",
    rowLabel: "true",
    columnLabel: "answer",
    rows: ["a", "b"],
    columns: ["a", "b"],
    values: [
      [0.75, 0.25],
      [0, 1],
    ],
  });
  expect(svg).toContain(">75</text>");
  expect(svg).toContain(">100</text>");
  expect(svg).toContain("rgb(0,114,178)");
  expect(svg).toContain("rgb(255,255,255)");
});

test("long names of a matrix stay within the figure", () => {
  const name = "ordered double perovskite with a very long name (elpasolite)";
  const svg = recipeFigure({
    kind: "matrix",
    name: "confusion",
    title: "Confusion",
    rowLabel: "true",
    columnLabel: "answer",
    rows: [name, "b"],
    columns: ["a", name],
    values: [
      [1, 0],
      [0, 1],
    ],
  });
  // Names end beside and above the first cell and run outwards; 0.6 of the size is more than a letter of theirs is wide.
  const first = /<rect x="([\d.]+)" y="([\d.]+)" width="44"/.exec(svg)!;
  const needed = name.length * 12 * 0.6;
  expect(Number(first[1]) - 6).toBeGreaterThan(needed);
  // The title and the labels of the axes stand above.
  expect(Number(first[2]) - 6 - 48).toBeGreaterThan(needed);
});
