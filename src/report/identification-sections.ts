/** One scan of an identification report, part by part. */
import type { LaidOver, ScanIdentification } from "../identify/identify-scan.ts";
import type { TypeCandidate } from "../systems/structure-type/result.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { identificationFigure } from "./identification-figure.ts";
import type { IdentifiedScan } from "./identified-scan.ts";
import { printedFormula, printedHkl } from "./notation.ts";
import type { Observation } from "../scan/observe.ts";
import type { PlotView } from "./plot/model.ts";
import { type StrongBand, strongBands } from "./strong-bands.ts";
import { listedTypes, verdictOf } from "./verdict.ts";
import {
  printedAgreement,
  printedCell,
  printedCellChange,
  printedPercent,
  reliabilityWord,
} from "./words.ts";

/** Lines and unexplained peaks named one by one. */
const LINES_LISTED = 60;
const PEAKS_LISTED = 8;
/** Rows of ticks of further candidates. */
const MOST_RIVALS = 2;

/** @param level of the scan's own heading */
export function scanSection(scan: IdentifiedScan, index: number, level: 1 | 2): string {
  const { answer, explanation } = scan;
  const laid = drawnCandidate(scan);
  const bands =
    explanation === null || laid === undefined ? [] : strongBands(explanation, laid.overlay.lines);
  const part = (title: string, content: string): string =>
    content === "" ? "" : `<h${level + 1}>${escapeHtml(title)}</h${level + 1}>\n${content}`;
  return `<section class="scan" id="scan-${index + 1}">
${level === 1 ? "" : `<p class="eyebrow">${escapeHtml(scan.input)}</p>`}
${verdict(scan, level)}
${facts(scan)}
${warnings(scan)}
${figure(scan, laid, bands)}
${part(answer.rejected ? "What comes nearest, not an answer" : "Candidates", candidates(answer.types))}
${laid === undefined ? "" : part(laid.formula === undefined ? `Lines of ${laid.name}` : `Nearest known compound: ${printedFormula(laid.formula)}`, laidOver(laid))}
${part("Where the network looked", bandTable(bands))}
${part("Your references", references(answer.references))}
${laid === undefined ? "" : lines(laid)}
</section>`;
}

/** The candidate whose curve is drawn: the one chosen, else the first that is listed. */
function drawnCandidate({ answer, drawn }: IdentifiedScan): LaidOver | undefined {
  return answer.candidates.find(({ key }) => key === drawn) ?? listedCandidates(answer)[0];
}

function verdict({ answer, elements }: IdentifiedScan, level: number): string {
  const { kind, headline, text } = verdictOf(answer, elements !== null);
  const [best] = answer.types;
  const key = kind === "sure" && best !== undefined ? ` <code>${escapeHtml(best.key)}</code>` : "";
  const refused = kind === "none" || kind === "cannot" ? ` class="refused"` : "";
  return `<h${level}${refused}>${escapeHtml(headline)}</h${level}>
<p class="verdict">${escapeHtml(text)}${key}</p>`;
}

function facts({ input, radiation, elements, answer }: IdentifiedScan): string {
  const entries: [string, string][] = [
    ["scan", input],
    ["radiation", radiation],
  ];
  const { observation } = answer;
  if (observation !== null) {
    const { twoThetaDeg, peaks } = observation;
    const [first, last] = [twoThetaDeg[0]!, twoThetaDeg.at(-1)!];
    const step = (last - first) / (twoThetaDeg.length - 1);
    entries.push([
      "range",
      `2θ ${degrees(first)} to ${degrees(last)}, ${twoThetaDeg.length} points, step ${Number(step.toFixed(4))}°, ${peaks.length} peaks`,
    ]);
  }
  entries.push(["elements", elements ?? "not given: any (naming them is the strongest help)"]);
  const items = entries.map(([term, words]) => `<dt>${term}</dt><dd>${escapeHtml(words)}</dd>`);
  return `<dl class="facts">${items.join("")}</dl>`;
}

function degrees(value: number): string {
  return `${Number(value.toFixed(3))}°`;
}

function warnings({ answer }: IdentifiedScan): string {
  if (answer.warnings.length === 0) return "";
  const items = answer.warnings.map(({ message }) => `<li>${escapeHtml(message)}</li>`);
  return `<div class="warnings"><p>Mind</p><ul>${items.join("")}</ul></div>`;
}

function figure(
  scan: IdentifiedScan,
  laid: LaidOver | undefined,
  bands: readonly StrongBand[],
): string {
  const { answer, explanation, average = null, radiation, input, look } = scan;
  const { observation, references: own } = answer;
  if (observation === null) return "";
  const rivals = listedCandidates(answer).filter(({ key }) => key !== laid?.key);
  const svg = identificationFigure({
    title: `${input}: measured intensity over 2θ${laid === undefined ? "" : `, with the calculated curve and lines of ${laid.name}`}`,
    name: input,
    observation,
    candidate: laid ?? null,
    rivals: rivals.slice(0, MOST_RIVALS),
    references: own,
    explanation,
    average,
    bands,
    xLabel: `2θ (°), ${radiation}`,
    ...(look === undefined ? {} : { look }),
  });
  const words = [
    ...(average === null
      ? []
      : [
          `The pale area is what ${average.compounds} known compounds of ${average.name} have in common, brought to this cell's size.`,
        ]),
    ...(bands.length === 0
      ? []
      : ["Indices in bold stand over lines where the network looked most."]),
    ...(laid === undefined || look?.scale === "linear"
      ? []
      : ["The difference has the scale of the counts, linear."]),
    ...(look === undefined || look.view === null ? [] : [partWords(look.view, observation)]),
  ];
  return `<figure><div class="scroll" tabindex="0">${svg}</div><figcaption>${escapeHtml(words.join(" "))}</figcaption></figure>`;
}

function partWords({ from, to }: PlotView, { twoThetaDeg }: Observation): string {
  const [first, last] = [Math.max(from, twoThetaDeg[0]!), Math.min(to, twoThetaDeg.at(-1)!)];
  return `A part of the scan is shown: 2θ ${degrees(first)} to ${degrees(last)}.`;
}

/** Laid over the scan, of the types that are listed. */
function listedCandidates({ candidates: laid, types }: ScanIdentification): readonly LaidOver[] {
  const { listed } = listedTypes(types);
  return laid.filter(({ key }) => listed.some((type) => type.key === key));
}

function candidates(types: readonly TypeCandidate[]): string {
  if (types.length === 0) return "";
  const { listed, others } = listedTypes(types);
  const table = htmlTable(
    [
      { title: "rank", isNumber: true },
      { title: "structure type" },
      { title: "probability", isNumber: true },
      { title: "reliability" },
      { title: "network", isNumber: true },
      { title: "agreement, cell fitted", isNumber: true },
      { title: "nearest known compound" },
    ],
    listed.map(
      ({ name, key: typeKey, probability, reliability, confidence, agreement, nearest }, i) => [
        String(i + 1),
        `${escapeHtml(name)}<br><code>${escapeHtml(typeKey)}</code>`,
        printedPercent(probability),
        `${reliabilityWord(reliability)}, ${printedPercent(reliability)}`,
        printedPercent(confidence),
        agreement === null ? "–" : agreement.toFixed(2),
        nearest === null
          ? ""
          : `${escapeHtml(printedFormula(nearest.formula))} <span class="muted">${escapeHtml(nearest.id)}, cell × ${nearest.cellFactor.toFixed(3)}</span>`,
      ],
    ),
  );
  return others === null ? table : `${table}\n<p class="muted">${others}</p>`;
}

function laidOver({ name, overlay }: LaidOver): string {
  const { cell, zeroShiftDeg, explained, unexplained, missing } = overlay;
  const peaks = unexplained
    .slice(0, PEAKS_LISTED)
    .map(({ twoThetaDeg, height }) => `${twoThetaDeg.toFixed(2)}° (${printedPercent(height)})`);
  const absent = missing
    .slice(0, PEAKS_LISTED)
    .map(({ hkl, twoThetaDeg }) => `${printedHkl(hkl)} at ${twoThetaDeg.toFixed(2)}°`);
  const entries = [
    ["cell, fitted", printedCell(cell)],
    ["zero shift, fitted", `${zeroShiftDeg.toFixed(3)}°`],
    ["agreement", `${printedAgreement(overlay)} (cosine of root intensities)`],
    ["peaks' area at its lines", printedPercent(explained)],
    ["peaks without a line", peaks.length === 0 ? "none" : `${peaks.join(", ")} of the highest`],
    ["lines without a peak", absent.length === 0 ? "none" : absent.join(", ")],
  ] as const;
  const items = entries.map(([term, words]) => `<dt>${term}</dt><dd>${escapeHtml(words)}</dd>`);
  return `<p class="muted">Its elements in the arrangement of ${escapeHtml(name)}; your compound may hold others.</p><dl class="facts">${items.join("")}</dl>`;
}

function bandTable(bands: readonly StrongBand[]): string {
  if (bands.length === 0) return "";
  return htmlTable(
    [
      { title: "2θ" },
      { title: "weight", isNumber: true },
      { title: "lines under and beside it (h k l)" },
    ],
    bands
      .slice(0, PEAKS_LISTED)
      .map(({ fromDeg, toDeg, weight, lines: under }) => [
        `${fromDeg.toFixed(1)} to ${toDeg.toFixed(1)}°`,
        printedPercent(weight),
        under.length === 0
          ? `<span class="muted">none: the absence of lines spoke</span>`
          : under
              .map(
                ({ hkl, twoThetaDeg }) =>
                  `${printedHkl(hkl)} <span class="muted">${twoThetaDeg.toFixed(2)}°</span>`,
              )
              .join(", "),
      ]),
  );
}

function references(own: readonly LaidOver[]): string {
  if (own.length === 0) return "";
  return htmlTable(
    [
      { title: "structure" },
      { title: "agreement" },
      { title: "peaks' area at its lines", isNumber: true },
      { title: "cell" },
      { title: "zero shift", isNumber: true },
    ],
    own.map(({ name, overlay, asGiven }) => [
      escapeHtml(name),
      `${printedAgreement(overlay)}${asGiven === undefined ? "" : `<br><span class="muted">${printedAgreement({ ...asGiven, cellIs: "as given" })}</span>`}`,
      printedPercent(overlay.explained),
      `${escapeHtml(printedCell(overlay.cell))}${asGiven === undefined ? "" : `<br><span class="muted">${printedCellChange(overlay.cellChangePercent)}</span>`}`,
      `${overlay.zeroShiftDeg.toFixed(3)}°`,
    ]),
  );
}

function lines({ name, overlay }: LaidOver): string {
  const most = overlay.lines.reduce((top, { height }) => Math.max(top, height), 0);
  const listed = overlay.lines
    .toSorted((a, b) => b.height - a.height)
    .slice(0, LINES_LISTED)
    .sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
  const table = htmlTable(
    [
      { title: "h k l" },
      { title: "2θ (°)", isNumber: true },
      { title: "calculated height (%)", isNumber: true },
    ],
    listed.map(({ hkl, twoThetaDeg, height }) => [
      printedHkl(hkl),
      twoThetaDeg.toFixed(3),
      ((100 * height) / most).toFixed(1),
    ]),
  );
  return `<details><summary>${listed.length} strongest lines of ${escapeHtml(name)} in this scan</summary>${table}</details>`;
}
