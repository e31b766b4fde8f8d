/** An identified scan for people who read a terminal. */
import { printedFormula } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import { listedTypes, verdictOf } from "../../report/verdict.ts";
import { warningLines } from "../../report/warning-lines.ts";
import {
  printedAgreement,
  printedCell,
  printedCellChange,
  printedPercent,
} from "../../report/words.ts";
import type { TypeCandidate } from "../../systems/structure-type/result.ts";
import type { IdentifyRecord, OverlayRecord } from "./record.ts";

export function identifyText(record: IdentifyRecord): string {
  const { types, rejected, overlay, references, elements } = record;
  const { kind, headline, text } = verdictOf(record, elements !== null);
  const { listed, others } = listedTypes(types);
  return [
    `${record.input}  ${record.shown.radiation}`,
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
