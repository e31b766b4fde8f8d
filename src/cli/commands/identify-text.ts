/** An identified scan for people, and its JSON record. */
import type { Warning } from "../../errors.ts";
import {
  printedCell,
  printedFormula,
  printedPercent,
  reliabilityWord,
} from "../../report/index.ts";
import type {
  LaidOver,
  ScanIdentification,
  TypeCandidate,
} from "../../systems/structure-type/index.ts";
import { textTable } from "../text-table.ts";
import { warningLines } from "../warning-lines.ts";

/** One line of `--json`. */
export interface IdentifyRecord {
  readonly kind: "identification";
  readonly input: string;
  readonly name?: string;
  /** Best first. */
  readonly types: readonly TypeCandidate[];
  readonly rejected: boolean;
  readonly reason: string | null;
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
  /** a, b, c (Å), alpha, beta, gamma (°), fitted. */
  readonly cell: readonly number[];
  readonly cellFactor: number;
  readonly zeroShiftDeg: number;
  /** Cosine of root intensities, 0 to 1. */
  readonly similarity: number;
  /** Share of the peaks' area at calculated lines, 0 to 1. */
  readonly explained: number;
  readonly unexplained: LaidOver["overlay"]["unexplained"];
}

export function overlayRecord({ name, formula, overlay }: LaidOver): OverlayRecord {
  const { cell, cellFactor, zeroShiftDeg, similarity, explained, unexplained } = overlay;
  const known = formula === undefined ? {} : { formula };
  return { name, ...known, cell, cellFactor, zeroShiftDeg, similarity, explained, unexplained };
}

export function identifyText(record: IdentifyRecord, radiation: string): string {
  const { types, rejected, reason, overlay, references, elements } = record;
  const [best] = types;
  const answer =
    rejected || best === undefined
      ? `not recognised: ${reason}`
      : `${best.name}, ${reliabilityWord(best.reliability)} (reliability ${printedPercent(best.reliability)})`;
  return [
    `${record.input}  ${radiation}`,
    answer,
    ...(elements === null ? [] : [`elements: ${elements}`]),
    ...(types.length === 0
      ? []
      : ["", ...(rejected ? ["what comes nearest, not an answer:"] : []), candidateTable(types)]),
    ...(overlay === null ? [] : ["", ...overlayLines(overlay)]),
    ...references.flatMap((one) => ["", ...referenceLines(one)]),
    ...warningLines(record.warnings),
  ].join("\n");
}

function candidateTable(types: readonly TypeCandidate[]): string {
  return textTable(
    [
      { title: "type", align: "left" },
      { title: "key", align: "left" },
      { title: "probability", align: "right" },
      { title: "reliability", align: "right" },
      { title: "fit", align: "right" },
      { title: "nearest known compound", align: "left" },
    ],
    types.map(({ name, key, probability, reliability, similarity, nearest }) => [
      name,
      key,
      printedPercent(probability),
      printedPercent(reliability),
      similarity.toFixed(2),
      nearest === null
        ? "-"
        : `${printedFormula(nearest.formula)} (${nearest.id}), cell × ${nearest.cellFactor.toFixed(3)}`,
    ]),
  );
}

function overlayLines({ formula, cell, zeroShiftDeg, explained }: OverlayRecord): string[] {
  const what =
    formula === undefined
      ? "no known compound without excluded elements is near; lines of the type"
      : `nearest known compound: ${printedFormula(formula)}`;
  return [
    `${what}, fitted ${printedCell(cell as Parameters<typeof printedCell>[0])}, zero shift ${zeroShiftDeg.toFixed(3)}°`,
    `its lines hold ${printedPercent(explained)} of the peaks' area`,
  ];
}

function referenceLines({ name, cell, similarity, explained }: OverlayRecord): string[] {
  return [
    `reference ${name}: agreement ${similarity.toFixed(2)}, lines hold ${printedPercent(explained)} of the peaks' area`,
    `  fitted ${printedCell(cell as Parameters<typeof printedCell>[0])}`,
  ];
}
