/** The table of everything that is open: one row per scan, structure or failure. */
import {
  printedFormula,
  printedSpaceGroup,
  printedTypeName,
} from "../../../src/report/notation.ts";
import type { Item } from "../state/session.svelte.ts";
import { verdictOf } from "../../../src/report/verdict.ts";
import { printedPercent, sentence } from "../../../src/report/words.ts";

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly kind: "scan" | "structure" | "file";
  /** Structure type, or formula. */
  readonly answer: string;
  /** Space group of a structure, key of a scan's type. */
  readonly detail: string;
  /** 0 to 1; null where there is none. */
  readonly reliability: number | null;
  readonly state: "waiting" | "done" | "rejected" | "failed" | "asks";
  /** Why not, or what is odd. */
  readonly note: string;
}

export const COLUMNS = [
  { key: "name", title: "File" },
  { key: "kind", title: "Kind" },
  { key: "answer", title: "Answer" },
  { key: "detail", title: "Type or space group" },
  { key: "reliability", title: "Reliability" },
  { key: "note", title: "Note" },
] as const;

export type ColumnKey = (typeof COLUMNS)[number]["key"];

function problemText(problem: { readonly message: string; readonly hint?: string }): string {
  return problem.hint === undefined
    ? problem.message
    : `${sentence(problem.message)} ${problem.hint}`;
}

function messages(warnings: readonly { readonly message: string }[]): string {
  return warnings.map(({ message }) => message).join("; ");
}

export function rowOf(item: Item): Row {
  const base: Row = {
    id: item.id,
    name: item.name,
    kind: item.kind,
    answer: "",
    detail: "",
    reliability: null,
    state: "waiting",
    note: "",
  };
  const problem =
    item.kind === "file"
      ? item.problem
      : item.kind === "structure"
        ? item.factsProblem
        : (item.problem ?? item.identificationProblem);
  if (problem !== null) return { ...base, state: "failed", note: problemText(problem) };
  if (item.kind === "file") {
    const { composition } = item;
    if (composition === null) return base;
    return {
      ...base,
      answer: composition,
      state: "done",
      note: "a composition: offered beside every scan",
    };
  }
  return { ...base, ...(item.kind === "structure" ? structureAnswer(item) : scanAnswer(item)) };
}

function structureAnswer({ facts }: Extract<Item, { kind: "structure" }>): Partial<Row> {
  if (facts === null) return {};
  const { formula, spaceGroup, structureType, warnings } = facts;
  const group =
    spaceGroup === null ? "" : `${printedSpaceGroup(spaceGroup.symbol)} (${spaceGroup.number})`;
  return {
    answer: printedFormula(formula),
    detail: [group, printedTypeName(structureType?.name ?? "")]
      .filter((part) => part !== "")
      .join(", "),
    state: "done",
    note: messages(warnings),
  };
}

function scanAnswer(item: Extract<Item, { kind: "scan" }>): Partial<Row> {
  if (item.needsWavelength)
    return {
      state: "asks",
      answer: "needs a wavelength",
      note: "the file names none: open it to say which",
    };
  const answer = item.identification?.answer;
  if (answer === undefined) return {};
  const [best] = answer.types;
  const { kind, headline, text } = verdictOf(answer, false);
  if (answer.rejected || best === undefined)
    return {
      state: "rejected",
      answer: headline,
      note: kind === "tube" ? text : (answer.reason ?? ""),
    };
  const note = kind === "sure" ? messages(answer.warnings) : text;
  return {
    answer: headline,
    detail: best.key,
    reliability: best.reliability,
    state: "done",
    note: item.isStale ? "answers the question before the last change" : note,
  };
}

/** Made when a table is first sorted: it takes 10 ms. */
let collator: Intl.Collator | undefined;
function compareText(a: string, b: string): number {
  collator ??= new Intl.Collator("en", { numeric: true });
  return collator.compare(a, b);
}

/** Rows without a value come last, whichever the direction. */
export function sortedRows(
  rows: readonly Row[],
  by: ColumnKey | null,
  isFalling: boolean,
): readonly Row[] {
  if (by === null) return rows;
  const sign = isFalling ? -1 : 1;
  const isEmpty = (row: Row): boolean => row[by] === null || row[by] === "";
  return [...rows].sort((a, b) => {
    if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b));
    const [x, y] = [a[by]!, b[by]!];
    const isNumeric = typeof x === "number" && typeof y === "number";
    return sign * (isNumeric ? x - y : compareText(String(x), String(y)));
  });
}

export function reliabilityText({ reliability }: Row): string {
  return reliability === null ? "" : printedPercent(reliability);
}
