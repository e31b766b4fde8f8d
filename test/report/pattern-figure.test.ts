import { describe, expect, test } from "vitest";
import { patternFigure } from "../../src/report/pattern-figure.ts";
import { svgToPng } from "../../src/report/png.node.ts";

const x = Float64Array.from({ length: 801 }, (_, i) => 10 + i / 10);
const peakAt = (position: number): Float64Array =>
  x.map((v) => 100 * Math.exp(-((v - position) ** 2)));
const figure = {
  title: "a < b & c",
  xLabel: "2θ (°)",
  yLabel: "Relative intensity",
  curves: [
    { name: "first", x, y: peakAt(30) },
    { name: "second", x, y: peakAt(50), style: "dashed" },
  ],
  tickRows: [{ name: "first", positions: [30, 60, 500] }],
  labels: [{ x: 30, y: 100, text: "1 0 1" }],
} as const;

describe("patternFigure", () => {
  const svg = patternFigure(figure);

  test("escapes what people write and names every curve", () => {
    expect(svg).toContain("<title>a &lt; b &amp; c</title>");
    expect(svg).toContain(">first</text>");
    expect(svg).toContain(">second</text>");
  });

  test("draws ticks inside the axis only", () => {
    const [, ticks] = /class="ticks" d="([^"]*)"/.exec(svg)!;
    expect(ticks!.match(/M/g)).toHaveLength(2);
  });

  test("ticks have the colour of the curve of their place", () => {
    const stroke = (part: string): string[] =>
      [
        ...svg.matchAll(new RegExp(`class="${part}" d="[^"]*" fill="none" stroke="([^"]*)"`, "g")),
      ].map(([, colour]) => colour!);
    expect(stroke("ticks")[0]).toBe(stroke("curve")[0]);
  });

  test("puts each level above the last and gives an offset no numbers", () => {
    const stacked = patternFigure({
      ...figure,
      curves: figure.curves.map((curve, level) => ({ ...curve, level })),
    });
    expect(stacked).not.toContain('class="number"');
    expect(stacked).toContain('class="curve-name"');
    expect(svg).toContain(">100</text>");
    const tops = [...stacked.matchAll(/class="curve" d="M([^"]*)"/g)].map((match) =>
      Math.min(...match[1]!.split("L").map((point) => Number(point.split(" ")[1]))),
    );
    expect(tops).toHaveLength(2);
    expect(tops[1]!).toBeLessThan(tops[0]! - 100);
  });

  test("a curve over a falling axis (d) is drawn", () => {
    const falling = { name: "d", x: [5, 4, 3, 2], y: [1, 9, 1, 4] };
    const drawn = patternFigure({ ...figure, curves: [falling], tickRows: [], labels: [] });
    const rising = { name: "d", x: [2, 3, 4, 5], y: [4, 1, 9, 1] };
    expect(drawn).toBe(patternFigure({ ...figure, curves: [rising], tickRows: [], labels: [] }));
  });

  test("leaves out a label that would touch a stronger one", () => {
    const crowded = patternFigure({
      ...figure,
      labels: [
        { x: 30.1, y: 50, text: "weak" },
        { x: 30, y: 100, text: "strong" },
        { x: 70, y: 10, text: "alone" },
      ],
    });
    expect(crowded).not.toContain("weak");
    expect(crowded).toContain("strong");
    expect(crowded).toContain("alone");
  });

  test("a square root lifts weak peaks", () => {
    const top = (scale: "linear" | "sqrt" | "log"): number => {
      const weak = [{ name: "w", x: [0, 1, 2, 3], y: [0, 4, 0, 100] }];
      const path = /class="curve" d="M([^"]*)"/.exec(
        patternFigure({ ...figure, curves: weak, tickRows: [], labels: [], intensityScale: scale }),
      )![1]!;
      const ys = path.split("L").map((point) => Number(point.split(" ")[1]));
      return (ys[0]! - ys[1]!) / (ys[0]! - ys[3]!);
    };
    expect(top("linear")).toBeCloseTo(0.04, 2);
    expect(top("sqrt")).toBeCloseTo(0.2, 2);
    // From a tenth below the least that is not zero.
    expect(top("log")).toBeCloseTo(Math.log(4 / 3.6) / Math.log(100 / 3.6), 2);
  });

  test("becomes a PNG of twice the size", async () => {
    const png = Buffer.from(await svgToPng(svg));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));
    expect(png.readUInt32BE(20)).toBe(2 * Number(height));
  });
});
