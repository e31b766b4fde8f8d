/** Colours and dashes stay apart on paper, in grey, and for colour-blind eyes. */
import { describe, expect, test } from "vitest";
import {
  BACKGROUND_DASH,
  type NamedColour,
  phaseStyle,
  PLOT_THEMES,
  type PlotTheme,
  plotVariables,
} from "../../../src/report/plot/palette.ts";

const CURVES: readonly NamedColour[] = [
  "observed",
  "calculated",
  "second",
  "third",
  "fourth",
  "fifth",
];

function linear(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
}
function luminance(hex: string): number {
  const [r, g, b] = linear(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)].sort((m, n) => n - m) as [number, number];
  return (a + 0.05) / (b + 0.05);
}
/** Viénot, Brettel and Mollon 1999: what a deuteranope and a protanope see of a colour, as linear RGB. */
const BLIND: Readonly<Record<"deuteranopia" | "protanopia", readonly (readonly number[])[]>> = {
  deuteranopia: [
    [0.29275, 0.70725, -0.02234],
    [0.29275, 0.70725, 0.02234],
    [-0.02234, 0.02234, 1],
  ],
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
};
function seen(hex: string, kind: keyof typeof BLIND): number[] {
  const rgb = linear(hex);
  return BLIND[kind].map((row) => {
    const value = row.reduce((sum, part, i) => sum + part * rgb[i]!, 0);
    return Math.cbrt(Math.max(0, value));
  });
}

describe.each(["light", "dark"] as const)("%s", (name) => {
  const theme: PlotTheme = PLOT_THEMES[name];

  test.each(["deuteranopia", "protanopia"] as const)("curves stay apart with %s", (kind) => {
    for (const [i, one] of CURVES.entries())
      for (const other of CURVES.slice(i + 1)) {
        const [a, b] = [seen(theme[one], kind), seen(theme[other], kind)];
        expect(Math.hypot(...a.map((v, k) => v - b[k]!)), `${one} and ${other}`).toBeGreaterThan(
          0.09,
        );
      }
  });

  test("lines without gaps are told apart in grey, and everything from the paper", () => {
    expect(contrast(theme.observed, theme.calculated)).toBeGreaterThan(2);
    for (const colour of ["observed", "calculated", "second", "third"] as const)
      expect(contrast(theme[colour], theme.paper), colour).toBeGreaterThan(3);
    for (const colour of ["ink", "muted"] as const)
      expect(contrast(theme[colour], theme.paper), colour).toBeGreaterThan(4.5);
  });
});

test("in grey, phases are told apart by their dashes", () => {
  const dashes = [0, 1, 2, 3, 4].map((i) => phaseStyle(i).dash.join(" "));
  expect(dashes).toMatchInlineSnapshot(`
    [
      "8 3",
      "8 3 2 3",
      "4 2",
      "10 3 2 3 2 3",
      "1.5 2.5",
    ]
  `);
  expect(new Set([...dashes, BACKGROUND_DASH.join(" "), ""]).size).toBe(7);
});

test("twenty phases differ in colour or dash", () => {
  const styles = Array.from({ length: 20 }, (_, i) => JSON.stringify(phaseStyle(i)));
  expect(new Set(styles).size).toBe(20);
});

test("the same names in light and dark, as variables", () => {
  expect(Object.keys(PLOT_THEMES.dark)).toEqual(Object.keys(PLOT_THEMES.light));
  expect(plotVariables(PLOT_THEMES.light)).toContain("--plot-calculated: #d55e00;");
});
