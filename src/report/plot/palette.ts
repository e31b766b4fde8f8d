/**
 * Colours and dashes of plots, one set for page, saved figure, report and print. Hues of Okabe and Ito (2008), which stay apart for
 * colour-blind readers; lighter ones on dark paper. What lies over one curve has a dash of its own, so that grey print tells them apart, too.
 */

/** On white paper. */
const LIGHT = {
  ink: "#1a1a1a",
  muted: "#555a61",
  rule: "#8a8780",
  paper: "#ffffff",
  observed: "#1a1a1a",
  calculated: "#d55e00",
  background: "#767b83",
  difference: "#555a61",
  evidence: "#e69f00",
  second: "#0072b2",
  third: "#009e73",
  fourth: "#cc79a7",
  fifth: "#56b4e9",
} as const;

export type NamedColour = keyof typeof LIGHT;
/** A name of the set, or a colour as CSS writes it. */
export type PlotColour = NamedColour | `#${string}`;
export type PlotTheme = Readonly<Record<NamedColour, string>>;

const DARK: PlotTheme = {
  ink: "#e9e6df",
  muted: "#a3a6ab",
  rule: "#7d828a",
  paper: "#14171b",
  observed: "#e9e6df",
  calculated: "#f4792b",
  background: "#8a8f97",
  difference: "#a3a6ab",
  evidence: "#f5b93d",
  second: "#56b4e9",
  third: "#2fc79b",
  fourth: "#e6a3c8",
  fifth: "#b5dcf5",
};

export const PLOT_THEMES: Readonly<Record<"light" | "dark", PlotTheme>> = {
  light: LIGHT,
  dark: DARK,
};

/** Lengths of strokes and gaps, CSS pixels; none for a line without gaps. */
export type Dash = readonly number[];

export const BACKGROUND_DASH: Dash = [2, 3];

const PHASE_COLOURS = ["second", "third", "fourth", "fifth"] as const;
const PHASE_DASHES: readonly Dash[] = [
  [8, 3],
  [8, 3, 2, 3],
  [4, 2],
  [10, 3, 2, 3, 2, 3],
  [1.5, 2.5],
];

/** How the phases beside the first are drawn, in their order: curve and ticks of one have one colour. Twenty are told apart. */
export function phaseStyle(index: number): { readonly colour: NamedColour; readonly dash: Dash } {
  return {
    colour: PHASE_COLOURS[index % PHASE_COLOURS.length]!,
    dash: PHASE_DASHES[index % PHASE_DASHES.length]!,
  };
}

/** As a theme writes it. */
export function colourIn(theme: PlotTheme, colour: PlotColour): string {
  return colour in theme ? theme[colour as NamedColour] : colour;
}

/** The set as CSS variables, `--plot-calculated` and so on. */
export function plotVariables(theme: PlotTheme): string {
  return Object.entries(theme)
    .map(([name, colour]) => `--plot-${name}: ${colour};`)
    .join(" ");
}

/** Every colour as the variable that holds it: for pages that are light or dark as the reader's system has it. */
export const PLOT_VARIABLES = Object.fromEntries(
  Object.keys(LIGHT).map((name) => [name, `var(--plot-${name})`]),
) as PlotTheme;
