/**
 * The report of identified scans: one self-contained HTML page to send to a colleague. No script, no request; light and dark,
 * print. Data in, text out: the same function serves the command line and the page.
 */
import { type IdentifiedScan } from "./identified-scan.ts";
import type { ScanIdentification } from "../identify/identify-scan.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { scanSection } from "./identification-sections.ts";
import { printedFormula } from "./notation.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { verdictOf } from "./verdict.ts";
import { printedPercent, reliabilityWord } from "./words.ts";

/** Facts in a report beside the answers: version, date, size of the library. */
export interface IdentificationReportOptions {
  /** Version of Ewald. */
  readonly version: string;
  /** Types that the library holds. */
  readonly typeCount: number;
  /** "2026-11-21" */
  readonly date?: string;
}

/**
 * Answers to scans as one HTML file without scripts and requests, for screens and paper.
 * @param scans at least one
 */
export function identificationReport(
  scans: readonly IdentifiedScan[],
  options: IdentificationReportOptions,
): string {
  const isSingle = scans.length === 1;
  const title = isSingle
    ? `${headline(scans[0]!.answer)}: ${scans[0]!.input}`
    : `Structure types of ${scans.length} powder scans`;
  const body = [
    isSingle
      ? `<p class="eyebrow">Structure type of a powder scan</p>`
      : `<h1>${escapeHtml(title)}</h1>${overview(scans)}`,
    ...scans.map((scan, index) => scanSection(scan, index, isSingle ? 1 : 2)),
    method(scans[0]!.answer, options),
  ];
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="generator" content="Ewald ${escapeHtml(options.version)}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${REPORT_STYLE}</style></head>`,
    `<body><main>${body.join("\n")}</main></body></html>`,
    "",
  ].join("\n");
}

function headline(answer: ScanIdentification): string {
  return verdictOf(answer, false).headline;
}

function overview(scans: readonly IdentifiedScan[]): string {
  return htmlTable(
    [
      { title: "scan" },
      { title: "structure type" },
      { title: "reliability", isNumber: true },
      { title: "nearest known compound" },
      { title: "warnings", isNumber: true },
    ],
    scans.map(({ input, answer }, i) => {
      const best = answer.rejected ? undefined : answer.types[0];
      return [
        `<a href="#scan-${i + 1}">${escapeHtml(input)}</a>`,
        best === undefined
          ? `<span class="refused">${escapeHtml(headline(answer))}</span>`
          : escapeHtml(headline(answer)),
        best === undefined
          ? ""
          : `${reliabilityWord(best.reliability)}, ${printedPercent(best.reliability)}`,
        best === undefined || best.nearest === null
          ? ""
          : escapeHtml(printedFormula(best.nearest.formula)),
        String(answer.warnings.length),
      ];
    }),
    "overview",
  );
}

function method(
  { model }: ScanIdentification,
  { version, typeCount, date }: IdentificationReportOptions,
): string {
  return `<h2>How this was found</h2>
<p>The scan was brought to intensity over ln sin θ, where a larger cell only shifts a pattern; background and noise were
taken off. Two kinds of witness then judged it against ${typeCount} structure types: neural networks trained on simulated
scans of known compounds, and the peaks of each known compound, its cell scaled to fit. Where elements were given, they
weighed the types by what is known to crystallise in them. <em>None of these types</em> is always among the answers.</p>
<p><strong>Probability</strong> is the share among these types and none of them; <strong>reliability</strong> is the chance that an answer of this
probability is right, calibrated on scans whose type is known; <strong>network</strong> is what the networks say without
elements and without known compounds; <strong>agreement</strong> is the cosine of √I, measured and calculated from the
lines of the nearest known compound with its cell fitted, or of your own structure with its cell as given or fitted, as is
said beside it (1 is the same). Curves stand as high as they are in the scan: what is absent is flat. They are overlays, not a
refinement. The average pattern of a
type is the mean over its known compounds, each brought to the size found in this scan: what lies over it is common to the
type, what does not is this compound's own.</p>
<footer>Ewald ${escapeHtml(version)}, model ${escapeHtml(model.name)} version ${escapeHtml(model.version)},
<code>${escapeHtml(model.hash.slice(0, 16))}</code>${date === undefined ? "" : `, ${escapeHtml(date)}`}.
Known compounds: Materials Project (CC BY 4.0).</footer>`;
}
