/** The legend: each thing drawn in words with its key; under the plot on the page and in figures. */
import type { Mark } from "./drawing.ts";
import type { PlotData } from "./model.ts";
import type { Dash, PlotColour } from "./palette.ts";

export interface LegendEntry {
  readonly kind: "points" | "line" | "area" | "ticks" | "cross" | "triangle" | "strip";
  readonly name: string;
  readonly colour: PlotColour;
  readonly dash: Dash;
}

/** One entry for each curve; of rows of ticks those whose curve is not drawn. */
export function legendOf(data: PlotData): LegendEntry[] {
  const curves = data.curves
    .filter(({ name }) => name !== "")
    .map(({ name, colour, dash = [], isMeasured, base }): LegendEntry => {
      const kind = base !== undefined ? "area" : isMeasured === true ? "points" : "line";
      return { kind, name, colour, dash };
    });
  const drawn = new Set(data.curves.map(({ colour }) => colour));
  const entry = (kind: LegendEntry["kind"], name: string, colour: PlotColour): LegendEntry => ({
    kind,
    name,
    colour,
    dash: [],
  });
  const count = data.unexplained?.length ?? 0;
  return [
    ...curves,
    ...(data.ticks ?? [])
      .filter(({ colour }) => !drawn.has(colour))
      .map(({ name, colour }) => entry("ticks", name, colour)),
    ...(data.marks ? [entry("cross", data.marks.name, "ink")] : []),
    ...(count > 0
      ? [entry("triangle", count === 1 ? "a peak without a line" : "peaks without a line", "ink")]
      : []),
    ...(data.residual ? [entry("line", data.residual.name, data.residual.colour)] : []),
    ...(data.strip ? [entry("strip", data.strip.name, "evidence")] : []),
  ];
}

const KEY = 26;
export const KEY_SIZE = { width: KEY, height: 14 } as const;
const ROW = 18;
const LETTER = 6.3;
const GAP = 18;

/** Entries in rows from left to right. */
export function legendMarks(
  entries: readonly LegendEntry[],
  left: number,
  right: number,
  top: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const marks: Mark[] = [];
  let [x, row] = [left, 0];
  for (const entry of entries) {
    const wide = KEY + 6 + entry.name.length * LETTER;
    if (x > left && x + wide > right) [x, row] = [left, row + 1];
    const y = top + row * ROW + ROW / 2;
    marks.push(...keyMarks(entry, x, y), {
      kind: "words",
      part: "legend",
      colour: "ink",
      size: 11.5,
      anchor: "start",
      x: x + KEY + 6,
      y: y + 4,
      text: entry.name,
    });
    x += wide + GAP;
  }
  return { marks, height: entries.length === 0 ? 0 : (row + 1) * ROW };
}

/** The key alone, `KEY` wide. */
export function keyMarks({ kind, colour, dash }: LegendEntry, x: number, y: number): Mark[] {
  const common = { part: "key", colour } as const;
  const middle = x + KEY / 2;
  const across = [[x, y, x + KEY, y]];
  switch (kind) {
    case "points":
      return [
        { ...common, kind: "dots", radius: 1.6, points: [x + 5, y, middle, y, x + KEY - 5, y] },
      ];
    case "line":
      return [{ ...common, kind: "stroke", width: 1.6, dash, runs: across }];
    case "ticks":
      return [
        { ...common, kind: "stroke", width: 1.6, dash, runs: [[middle, y - 6, middle, y + 6]] },
      ];
    case "cross": {
      const runs = [
        [middle - 4, y - 4, middle + 4, y + 4],
        [middle - 4, y + 4, middle + 4, y - 4],
      ];
      return [{ ...common, kind: "stroke", width: 1.6, dash, runs }];
    }
    case "triangle":
      return [
        { ...common, kind: "fill", runs: [[middle - 5, y - 4, middle + 5, y - 4, middle, y + 5]] },
      ];
    case "area":
    case "strip": {
      const run = [x, y - 5, x + KEY, y - 5, x + KEY, y + 5, x, y + 5];
      return [{ ...common, kind: "fill", alpha: kind === "area" ? 0.2 : 0.8, runs: [run] }];
    }
  }
}
