/** One drawing for canvas and SVG: the same colours, range, scale and marks, whatever draws them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Dots,
  drawing,
  type Mark,
  type Stroke,
  type Words,
} from "../../../src/report/plot/drawing.ts";
import { FIRST_LOOK, type PlotData, type PlotLook } from "../../../src/report/plot/model.ts";
import { colourIn, phaseStyle, PLOT_THEMES } from "../../../src/report/plot/palette.ts";
import { plotElement, plotFigure } from "../../../src/report/plot/svg-plot.ts";
import { drawPlot, type Pen } from "../../../web/src/plot/canvas.ts";

const SIZE = { width: 960, height: 470 };
const LIGHT = PLOT_THEMES.light;
const x = Float64Array.from({ length: 2001 }, (_, i) => 10 + i * 0.04);
const peaks = (heights: Readonly<Record<number, number>>, under = 0): Float64Array =>
  x.map((at) =>
    Object.entries(heights).reduce(
      (sum, [place, height]) => sum + height * Math.exp(-(((at - Number(place)) / 0.2) ** 2)),
      under,
    ),
  );
const observed = peaks({ 25: 12_000, 30: 3000, 60: 800 }, 200);
const calculated = peaks({ 25: 11_000, 60: 800 }, 200);
const references = [
  { ...phaseStyle(0), name: "first.cif", at: [30, 44] },
  { ...phaseStyle(1), name: "second.cif", at: [52] },
];
const data: PlotData = {
  axis: "twoTheta",
  wavelengthAngstrom: 1.5406,
  xLabel: "2θ (°)",
  yLabel: "counts",
  curves: [
    { name: "scan", x, y: observed, colour: "observed", isMeasured: true },
    { name: "anatase, calculated", x, y: calculated, colour: "calculated" },
    ...references.map(({ name, colour, dash, at }) => ({
      name,
      colour,
      dash,
      x,
      y: peaks(Object.fromEntries(at.map((one) => [one, 100])), 200),
    })),
  ],
  ticks: [
    {
      name: "anatase",
      colour: "calculated",
      positions: [25, 25.3, 60],
      labels: ["1 0 1", "1 0 2", "2 0 0"],
      heights: [11_000, 700, 800],
    },
    ...references.map(({ name, colour, at }) => ({ name, colour, positions: at, labels: [] })),
  ],
  unexplained: [30],
  marks: { name: "a point that cannot be right", x: [70], y: [200] },
  strip: { name: "where the network looked", x, weight: x.map((at) => (at < 26 ? 1 : 0)) },
  residual: {
    name: "difference",
    colour: "difference",
    x,
    y: observed.map((value, i) => value - calculated[i]!),
  },
};
const look = (change: Partial<PlotLook> = {}): PlotLook => ({ ...FIRST_LOOK, ...change });

const strokes = (marks: readonly Mark[], part: string): Stroke[] =>
  marks.filter((mark): mark is Stroke => mark.kind === "stroke" && mark.part === part);
const words = (marks: readonly Mark[], part: string): Words[] =>
  marks.filter((mark): mark is Words => mark.kind === "words" && mark.part === part);

/** A canvas that writes down what it is asked. */
function recorded(shown: PlotLook, theme = LIGHT): { calls: string[]; strokes: string[] } {
  const calls: string[] = [];
  const drawn: string[] = [];
  const state: Record<string, unknown> = {};
  let dash = "";
  let begun = "";
  const pen = new Proxy(state, {
    get: (target, key) => {
      if (typeof key !== "string" || key in target) return target[key as string];
      return (...given: unknown[]) => {
        if (key === "fillText") calls.push(String(given[0]));
        if (key === "setLineDash") dash = (given[0] as number[]).join(" ");
        if (key === "beginPath") begun = "";
        if (key === "moveTo" && begun === "") begun = given.join(" ");
        if (key === "stroke") drawn.push(`${String(target["strokeStyle"])} [${dash}] ${begun}`);
      };
    },
  }) as unknown as Pen;
  drawPlot(pen, data, shown, SIZE, { theme, font: "sans-serif", ratio: 2 });
  return { calls, strokes: drawn };
}

describe("colours", () => {
  test("ticks have the colour of their curve: in the drawing, the SVG, the calls of the canvas", () => {
    const { marks } = drawing(data, look(), SIZE, 2);
    const rows = strokes(marks, "ticks");
    expect(rows.map(({ colour }) => colour)).toEqual(
      data.curves.slice(1).map(({ colour }) => colour),
    );
    const svg = plotFigure("scan", data, { look: look() });
    const canvas = recorded(look()).strokes;
    for (const [i, { colour }] of rows.entries()) {
      const hex = colourIn(LIGHT, colour);
      const [ticks, curve] = [
        `class="ticks" d="[^"]*" fill="none" stroke="${hex}"`,
        `class="${colour}" d="[^"]*" fill="none" stroke="${hex}"`,
      ];
      expect(svg).toMatch(new RegExp(ticks));
      expect(svg).toMatch(new RegExp(curve));
      const start = rows[i]!.runs[0]!;
      expect(canvas).toContain(`${hex} [] ${start[0]} ${start[1]}`);
    }
    // The defect: ticks of the candidate were black, the scan's colour; those of the first reference had the candidate's.
    expect(rows[0]!.colour).not.toBe("observed");
    expect(new Set(rows.map(({ colour }) => colour)).size).toBe(rows.length);
  });

  test("rows of ticks are named, long names cut", () => {
    const { marks } = drawing(data, look(), SIZE);
    expect(words(marks, "row-name").map(({ text }) => text)).toEqual([
      "network",
      "anatase",
      "first.cif",
      "second.cif",
    ]);
    const long = { ...data, ticks: [{ ...data.ticks![0]!, name: "a".repeat(80) }] };
    const [, cut] = words(drawing(long, look(), SIZE).marks, "row-name");
    expect(cut!.text).toMatch(/^a{10,30}…$/);
    const narrow = drawing(data, look(), { width: 360, height: 470 });
    expect(words(narrow.marks, "row-name").map(({ anchor }) => anchor)).toEqual(
      Array(3).fill("start"),
    );
  });

  test("a page gets variables, a figure colours of the light set", () => {
    expect(plotElement("scan", data, { look: look() }, PLOT_THEMES.dark)).toContain(
      'stroke="#f4792b"',
    );
    expect(plotFigure("scan", data, { look: look() })).not.toContain("var(");
    expect(recorded(look(), PLOT_THEMES.dark).strokes.join("\n")).toContain("#f4792b");
  });
});

describe("what is seen", () => {
  test("canvas and SVG write the same words, whatever the look", () => {
    for (const scale of ["linear", "sqrt", "log"] as const)
      for (const view of [null, { from: 24, to: 31 }]) {
        const shown = look({ scale, view });
        const { marks } = drawing(data, shown, SIZE, 2);
        const expected = marks.flatMap((mark) => (mark.kind === "words" ? [mark.text] : []));
        expect(recorded(shown).calls).toEqual(expected);
        const svg = plotFigure("scan", data, { look: shown });
        for (const text of expected) expect(svg).toContain(`>${text}</text>`);
      }
  });

  test("range and scale are those of the look", () => {
    const shown = look({ view: { from: 24, to: 31 }, scale: "log" });
    const svg = plotFigure("scan", data, { look: shown });
    const numbers = [...svg.matchAll(/class="x-number"[^>]*>([^<]*)</g)].map(([, text]) =>
      Number(text),
    );
    expect(numbers).toEqual([24, 25, 26, 27, 28, 29, 30, 31]);
    expect(svg).toContain("counts (log scale)");
    expect(svg).toContain("<desc>24.00 to 31.00, log scale</desc>");
    expect(plotFigure("scan", data, { look: look() })).toContain(">90</text>");
  });

  test("a log scale begins at the data, not at 1", () => {
    const { frame } = drawing(data, look({ scale: "log" }), SIZE);
    expect(frame.heights![0]).toBeCloseTo(180, 0);
    const [low] = drawing({ ...data, curves: [data.curves[0]!] }, look({ scale: "log" }), SIZE)
      .frame.heights!;
    expect(low).toBeCloseTo(180, 0);
    // What was calculated has tails without end: four decades are drawn. Zero and less stand at the bottom.
    const tails = {
      ...data,
      curves: [{ ...data.curves[1]!, y: peaks({ 25: 100 }) }],
      residual: null,
    };
    const drawn = drawing(tails, look({ scale: "log" }), SIZE).frame;
    expect(drawn.heights![0]).toBeCloseTo(0.009, 4);
    expect(drawn.y(0)).toBeCloseTo(drawn.base, 6);
    expect(drawn.y(-5)).toBeCloseTo(drawn.base, 6);
    // Small counts: decimals below 1 are not lost.
    const small = {
      ...data,
      curves: [{ ...data.curves[0]!, y: observed.map((y) => y / 1e5) }],
      residual: null,
    };
    expect(drawing(small, look({ scale: "log" }), SIZE).frame.heights![0]).toBeCloseTo(0.0018, 5);
  });

  test("the difference has the scale of the main panel: a count is as high in both, whatever is left", () => {
    for (const factor of [0, 0.01, 0.3, 1, 2])
      for (const view of [null, { from: 24, to: 31 }, { from: 40, to: 50 }]) {
        const residual = { ...data.residual!, y: data.residual!.y as Float64Array };
        const scaledBy = { ...residual, y: (residual.y as Float64Array).map((y) => -y * factor) };
        const { frame, marks } = drawing({ ...data, residual: scaledBy }, look({ view }), SIZE);
        const inMain = frame.y(0) - frame.y(100);
        expect(frame.yOfDifference(0) - frame.yOfDifference(100)).toBeCloseTo(inMain, 3);
        for (const run of strokes(marks, "difference").flatMap(({ runs }) => runs))
          for (let i = 1; i < run.length; i += 2) {
            expect(run[i]!).toBeGreaterThan(frame.residualTop - 0.6);
            expect(run[i]!).toBeLessThan(frame.axis + 0.6);
          }
        expect(words(marks, "name").map(({ text }) => text)).toEqual(["difference"]);
      }
  });

  test("peaks without a line have their angle, the strongest lines their indices; none on another", () => {
    const { marks } = drawing(data, look(), SIZE);
    expect(words(marks, "unexplained").map(({ text }) => text)).toEqual(["30.00°"]);
    const hkl = words(marks, "hkl");
    expect(hkl.map(({ text }) => text)).toContain("1 0 1");
    const all = [...hkl, ...words(marks, "unexplained")].map((one) => one.x).sort((a, b) => a - b);
    for (let i = 1; i < all.length; i++) expect(all[i]! - all[i - 1]!).toBeGreaterThanOrEqual(13);
    for (const word of hkl) expect(word.y - word.text.length * 6).toBeGreaterThan(12);
    expect(words(drawing(data, look({ hkl: false }), SIZE).marks, "hkl")).toEqual([]);
    const svg = plotFigure("scan", data, { look: look() });
    for (const part of ["evidence", "unexplained", "marks", "difference"])
      expect(svg).toContain(`class="${part}" d="M`);
  });

  test("measured points where there is room, a line beyond 3,000 on 1,000 pixels", () => {
    const kinds = (points: number): string[] => {
      const many = Float64Array.from({ length: points }, (_, i) => 10 + (80 * i) / points);
      const curve = { ...data.curves[0]!, x: many, y: many };
      const { marks } = drawing({ ...data, curves: [curve, data.curves[1]!] }, look(), SIZE);
      return marks.filter(({ part }) => part === "observed").map(({ kind }) => kind);
    };
    expect(kinds(1000)).toEqual(["dots"]);
    expect(kinds(5000)).toEqual(["stroke"]);
    const alone = drawing({ ...data, curves: [data.curves[0]!] }, look(), SIZE);
    expect(alone.marks.filter(({ part }) => part === "observed").map(({ kind }) => kind)).toEqual([
      "stroke",
      "dots",
    ]);
    const zoomed = drawing(data, look({ view: { from: 24, to: 26 } }), SIZE).marks;
    const dots = zoomed.find((mark): mark is Dots => mark.kind === "dots")!;
    expect(dots.points.length / 2).toBe(51);
  });
});

describe("thinning", () => {
  test("no peak of a long curve is lost, and it is thinned to device pixels", () => {
    const long = Float64Array.from({ length: 100_000 }, (_, i) => i);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.constantFrom(1, 2), (peak, ratio) => {
        const y = new Float64Array(100_000);
        y[peak] = 5;
        const curve = { name: "", x: long, y, colour: "calculated" } as const;
        const plot = {
          ...data,
          curves: [curve],
          ticks: [],
          residual: null,
          strip: null,
          unexplained: [],
        };
        const { frame, marks } = drawing(plot, look(), SIZE, ratio);
        const [run] = strokes(marks, "calculated")[0]!.runs;
        const heights = run!.filter((_, i) => i % 2 === 1);
        expect(Math.min(...heights)).toBeCloseTo(frame.y(5), 6);
        expect(run!.length / 2).toBeLessThan(4 * ratio * (frame.right - frame.left) + 8);
        expect(run!.length / 2).toBeGreaterThan(ratio * (frame.right - frame.left) - 8);
      }),
      { numRuns: 20 },
    );
  });

  test("a line ends at the edges of the view, on itself", () => {
    const two = {
      ...data,
      curves: [{ ...data.curves[1]!, x: [10, 90], y: [0, 80] }],
      residual: null,
    };
    const { frame, marks } = drawing(two, look({ view: { from: 30, to: 50 } }), SIZE);
    const [run] = strokes(marks, "calculated")[0]!.runs;
    expect(run![0]).toBeCloseTo(frame.left, 9);
    expect(run![1]).toBeCloseTo(frame.y(20), 9);
    expect(run!.at(-2)).toBeCloseTo(frame.right, 9);
    expect(run!.at(-1)).toBeCloseTo(frame.y(40), 9);
  });
});

describe("what lies over another", () => {
  test("calculated lines are thinner than the points, and than the line of a dense scan", () => {
    const strokes = (given: PlotData): Stroke[] =>
      drawing(given, FIRST_LOOK, SIZE).marks.filter(
        (mark): mark is Stroke => mark.kind === "stroke",
      );
    const widthOf = (given: PlotData, part: string): number | undefined =>
      strokes(given).find((mark) => mark.part === part)?.width;
    const dots = drawing(data, FIRST_LOOK, SIZE).marks.find((mark) => mark.kind === "dots") as Dots;
    expect(widthOf(data, "calculated")!).toBeLessThan(2 * dots.radius);
    const dense = Float64Array.from({ length: 20_001 }, (_, i) => 10 + i * 0.004);
    const scan = { ...data.curves[0]!, x: dense, y: dense.map(() => 200) };
    const line = { ...data, curves: [scan, ...data.curves.slice(1)] };
    expect(widthOf(line, "calculated")!).toBeLessThan(widthOf(line, "observed")!);
  });

  test("the name of a stacked curve stands on no peak of it", () => {
    const stacked: PlotData = {
      axis: "twoTheta",
      wavelengthAngstrom: null,
      xLabel: "2θ (°)",
      yLabel: "relative intensity",
      curves: [{ 88: 100 }, { 20: 100, 60: 90, 86: 95 }, { 85: 10, 70: 8 }].map((of, level) => ({
        name: `structure ${level}, a group (its-file.cif)`,
        x,
        y: peaks(of),
        colour: "observed",
        lift: level,
        ownScale: level,
      })),
    };
    const { frame, marks } = drawing(stacked, FIRST_LOOK, SIZE);
    const names = marks.filter((mark): mark is Words => mark.part === "curve-name");
    expect(names).toHaveLength(3);
    for (const [i, { x: end, y, text }] of names.entries()) {
      const from = frame.xAt(end - text.length * 6);
      const to = frame.xAt(end);
      const curve = stacked.curves[i]!;
      for (const [k, at] of x.entries())
        if (at >= from && at <= to) expect(frame.y(curve.y[k]!, curve)).toBeGreaterThan(y);
    }
    // Beside the peak at the right end, not far over it.
    expect(names[0]!.x).toBeLessThan(frame.x(88));
  });
});
