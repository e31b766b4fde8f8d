/** An identified scan for people, and its JSON record. */
import type { Warning } from "../../errors.ts";
import { printedFormula } from "../../report/notation.ts";
import { listedTypes, verdictOf } from "../../report/verdict.ts";
import {
  printedAgreement,
  printedCell,
  printedCellChange,
  printedPercent,
} from "../../report/words.ts";
import type { LaidOver, ScanIdentification } from "../../identify/identify-scan.ts";
import type { Overlay } from "../../fit/overlay.ts";
import type { TypeCandidate } from "../../systems/structure-type/result.ts";
import { textTable } from "../../report/text-table.ts";
import { warningLines } from "../../report/warning-lines.ts";

/** One line of `--json`. */
export interface IdentifyRecord {
  readonly kind: "identification";
  readonly input: string;
  readonly name?: string;
  /** Best first. */
  readonly types: readonly TypeCandidate[];
  readonly rejected: boolean;
  readonly reason: string | null;
  /** Types that the scan alone cannot tell apart, the first with them; empty where there are none. */
  readonly ties: ScanIdentification["ties"];
  /** Another tube with which the scan fits what is known; null for none. */
  readonly tube: ScanIdentification["tube"];
  readonly warnings: readonly Warning[];
  /** The nearest known compound of the best type on the scan; null where none was laid over it. */
  readonly overlay: OverlayRecord | null;
  /** The user's own, in the order given. */
  readonly references: readonly OverlayRecord[];
  /** What was known of the elements, in words. */
  readonly elements: string | null;
  readonly model: ScanIdentification["model"];
}

/** A compound laid over the scan, without its curve. */
export interface OverlayRecord {
  readonly name: string;
  readonly formula?: string;
  /** a, b, c (Å), alpha, beta, gamma (°); the user's own in the setting of the file. */
  readonly cell: readonly number[];
  /** "as given" or "fitted" */
  readonly cellIs: Overlay["cellIs"];
  readonly cellFactor: number;
  /** Of a, b, c against the file, %; of the user's own. */
  readonly cellChangePercent?: readonly number[];
  readonly zeroShiftDeg: number;
  /** Cosine of √I, observed and calculated, 0 to 1. */
  readonly agreement: number;
  /** Share of the peaks' area at calculated lines, 0 to 1. */
  readonly explained: number;
  readonly unexplained: Overlay["unexplained"];
  /** Of the user's own with a fitted cell: the same with the cell as given. */
  readonly asGiven?: LaidOver["asGiven"];
}

export function overlayRecord({ name, formula, key, overlay, asGiven }: LaidOver): OverlayRecord {
  const { cell, cellIs, cellFactor, cellChangePercent, zeroShiftDeg } = overlay;
  const { agreement, explained, unexplained } = overlay;
  return {
    name,
    ...(formula === undefined ? {} : { formula }),
    cell,
    cellIs,
    cellFactor,
    ...(key === undefined ? { cellChangePercent } : {}),
    zeroShiftDeg,
    agreement,
    explained,
    unexplained,
    ...(asGiven === undefined ? {} : { asGiven }),
  };
}

export function identifyText(record: IdentifyRecord, radiation: string): string {
  const { types, rejected, overlay, references, elements } = record;
  const { kind, headline, text } = verdictOf(record, elements !== null);
  const { listed, others } = listedTypes(types);
  return [
    `${record.input}  ${radiation}`,
    `${headline}${kind === "sure" ? ", " : ": "}${kind === "sure" ? lowered(text) : text}`,
    ...(kind === "tie" && elements === null
      ? ["  name them: --composition, or --must and --may"]
      : []),
    ...(elements === null ? [] : [`elements: ${elements}`]),
    ...(types.length === 0
      ? []
      : ["", ...(rejected ? ["what comes nearest, not an answer:"] : []), candidateTable(listed)]),
    ...(others === null ? [] : [others]),
    ...(overlay === null ? [] : ["", ...overlayLines(overlay)]),
    ...references.flatMap((one) => ["", ...referenceLines(one)]),
    ...warningLines(record.warnings),
  ].join("\n");
}

function lowered(text: string): string {
  return `${text[0]!.toLowerCase()}${text.slice(1).replace(/\.$/, "")}`;
}

function candidateTable(types: readonly TypeCandidate[]): string {
  return textTable(
    [
      { title: "type", align: "left" },
      { title: "key", align: "left" },
      { title: "probability", align: "right" },
      { title: "reliability", align: "right" },
      { title: "agreement", align: "right" },
      { title: "nearest known compound", align: "left" },
    ],
    types.map(({ name, key, probability, reliability, agreement, nearest }) => [
      name,
      key,
      printedPercent(probability),
      printedPercent(reliability),
      agreement === null ? "-" : agreement.toFixed(2),
      nearest === null
        ? "-"
        : `${printedFormula(nearest.formula)} (${nearest.id}), cell × ${nearest.cellFactor.toFixed(3)}`,
    ]),
  );
}

type Cell = Parameters<typeof printedCell>[0];

function overlayLines(one: OverlayRecord): string[] {
  const { formula, cell, zeroShiftDeg, explained } = one;
  const what =
    formula === undefined
      ? "no known compound without excluded elements is near; lines of the type"
      : `nearest known compound: ${printedFormula(formula)}`;
  return [
    `${what}, fitted ${printedCell(cell as Cell)}, zero shift ${zeroShiftDeg.toFixed(3)}°`,
    `its lines hold ${printedPercent(explained)} of the peaks' area, agreement ${printedAgreement(one)}`,
  ];
}

function referenceLines(one: OverlayRecord): string[] {
  const { name, cell, zeroShiftDeg, explained, asGiven, cellChangePercent = [] } = one;
  const lies = `reference ${name}: agreement ${printedAgreement(one)}, lines hold ${printedPercent(explained)} of the peaks' area`;
  if (asGiven === undefined)
    return [lies, `  ${printedCell(cell as Cell)}; --fit-reference lets its cell change`];
  return [
    lies,
    `  fitted ${printedCell(cell as Cell)} (${printedCellChange(cellChangePercent)}), zero shift ${zeroShiftDeg.toFixed(3)}°`,
    `  as given: agreement ${asGiven.agreement.toFixed(2)}, lines hold ${printedPercent(asGiven.explained)}`,
  ];
}
