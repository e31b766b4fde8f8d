import { PLOT_THEMES, plotVariables } from "./plot/palette.ts";

/** Style of reports: light or dark as the reader's system has it, black on white in print; no font or file from elsewhere. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f5f6f8; --ink: #1b1f24; --muted: #59636e; --rule: #d5dae0;
  --link: #0064b0; --warn: #8a5a00; --warn-ground: #fff6dc; --refused: #9d2235; --bar: #0064b0;
  ${plotVariables(PLOT_THEMES.light)}
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --panel: #1d2228; --ink: #e8ebee; --muted: #9ba6b1; --rule: #39414a;
    --link: #5fb2ff; --warn: #f0c05a; --warn-ground: #2e2714; --refused: #ff8f9c; --bar: #3f8fd6;
    ${plotVariables(PLOT_THEMES.dark)}
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 28px 20px 48px; }
.eyebrow { margin: 0; color: var(--muted); font-size: 14px; }
h1 { margin: 2px 0 0; font-size: 30px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 36px 0 8px; font-size: 20px; }
.verdict { margin: 4px 0 0; font-size: 18px; }
.refused { color: var(--refused); }
.muted { color: var(--muted); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 16px 0 0; font-size: 15px; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.warnings { margin: 20px 0 0; padding: 10px 16px; background: var(--warn-ground); border-left: 4px solid var(--warn); border-radius: 4px; }
.warnings p { margin: 0; font-weight: 600; }
.warnings ul { margin: 4px 0 0; padding-left: 20px; }
figure { margin: 24px 0 0; }
figcaption { color: var(--muted); font-size: 14px; }
.scroll { overflow-x: auto; }
svg.figure { display: block; width: 100%; min-width: 640px; height: auto; font-family: inherit; }
table { border-collapse: collapse; width: 100%; font-size: 15px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 600; font-size: 13px; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.85em; overflow-wrap: anywhere; }
details { margin-top: 12px; } summary { cursor: pointer; color: var(--muted); }
.overview { margin-top: 16px; } .overview td:first-child { min-width: 11em; overflow-wrap: anywhere; }
section.scan { margin-top: 8px; }
section.scan .eyebrow + h2 { margin-top: 4px; } section.scan h3 { margin: 28px 0 6px; font-size: 17px; } .scroll + section.scan { margin-top: 44px; }
section.scan + section.scan { margin-top: 56px; padding-top: 28px; border-top: 3px solid var(--rule); }
a { color: var(--link); }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 14px; }
@media (max-width: 600px) {
  main { padding: 18px 14px 32px; } h1 { font-size: 24px; }
  dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: 6px; }
}
@media print {
  :root { color-scheme: light; --paper: #ffffff; --panel: #ffffff; --ink: #000000; --muted: #444444; --rule: #bbbbbb;
    --link: #0064b0; ${plotVariables(PLOT_THEMES.light)}
    --warn: #8a5a00; --warn-ground: #ffffff; --refused: #9d2235; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } svg.figure { min-width: 0; }
  figure, table, .warnings { break-inside: avoid; } h2 { break-after: avoid; }
section.scan + section.scan { break-before: page; border-top: 0; }
}
`;
