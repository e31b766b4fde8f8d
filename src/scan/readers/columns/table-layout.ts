/** The layout of a table: its separator and the columns that hold numbers, by the reading that fits most of its lines. */
import { numberForm } from "./number-form.ts";
import {
  isComment,
  keepsEmptyCells,
  NEEDS,
  RowSplitter,
  type Separator,
  SEPARATORS,
  withoutRemark,
} from "./row-splitter.ts";

export type ColumnType = "number" | "text" | "empty";

export interface Layout {
  readonly separator: Separator;
  readonly types: readonly ColumnType[];
}

/** Words that a file writes where a number is missing. */
const NO_NUMBER =
  /^(?:[+-]?(?:nan|inf(?:inity)?|-?1\.#\w+)|#n\/a|n\/?a|#value!|#num!|#div\/0!|null|none|nil|[-\u2013\u2014]+|\?+|\*+)$/i;

/** Whether a cell holds no number: empty, or (unless `emptyOnly`) a word that says so. */
export function isMissing(cell: string, emptyOnly = false): boolean {
  return cell === "" || (!emptyOnly && NO_NUMBER.test(cell));
}

/** So many lines from the beginning and from all over the file are looked at. */
const SAMPLE_HEAD = 150;
const SAMPLE_SPREAD = 250;

function sampleOf(lines: readonly string[]): string[] {
  const able = (line: string): boolean => /\d/.test(line) && !isComment(line);
  const head = lines.slice(0, SAMPLE_HEAD);
  const rest = Math.max(0, lines.length - head.length);
  const step = Math.max(1, rest / SAMPLE_SPREAD);
  const spread = Array.from(
    { length: Math.min(rest, SAMPLE_SPREAD) },
    (_, i) => lines[head.length + Math.floor(i * step)]!,
  );
  return [...head, ...spread].filter(able);
}

/** One letter a cell: number, text, missing. Undefined where a cell is half of a number. */
function signatureOf(line: string, splitter: RowSplitter): string | undefined {
  const count = splitter.split(line);
  const mayHalve =
    /comma|blanks|any/.test(splitter.separator) && !splitter.separator.endsWith("grouped");
  let signature = "";
  for (let c = 0; c < count; c++) {
    const cell = splitter.cell(line, c);
    if (mayHalve && c > 0 && /^0\d\d$/.test(cell)) return undefined;
    const isNumber = numberForm(cell) !== undefined;
    // Digits and marks that are no number: the line was split at the wrong place.
    if (!isNumber && /^\d[\d\s.,]*$/.test(cell)) return undefined;
    signature += isNumber ? "n" : isMissing(cell) ? "m" : "t";
  }
  return signature;
}

const fits = (signature: string, other: string): boolean =>
  signature.length === other.length &&
  [...signature].every((kind, i) => kind === other[i] || kind === "m" || other[i] === "m");

const TYPES = { n: "number", t: "text", m: "empty" } as const;

function merged(signatures: Iterable<string>): ColumnType[] {
  const types: ColumnType[] = [];
  for (const signature of signatures) {
    [...signature].forEach((kind, i) => {
      const type = TYPES[kind as keyof typeof TYPES];
      if (types[i] === undefined || types[i] === "empty") types[i] = type;
    });
  }
  while (types.at(-1) === "empty") types.pop();
  return types;
}

function layoutWith(
  separator: Separator,
  sample: readonly string[],
): { readonly score: number; readonly types: ColumnType[] } | undefined {
  if (!sample.some((line) => NEEDS[separator].test(line))) return undefined;
  const splitter = new RowSplitter(separator);
  const tally = new Map<string, number>();
  for (const line of sample) {
    const signature = signatureOf(withoutRemark(line), splitter);
    if (signature !== undefined) tally.set(signature, (tally.get(signature) ?? 0) + 1);
  }
  let best: { score: number; types: ColumnType[] } | undefined;
  for (const [signature, own] of tally) {
    if ((signature.match(/n/g) ?? []).length < 2 && !signature.includes("m")) continue;
    const alike = [...tally].filter(([other]) => fits(signature, other));
    const types = merged([signature, ...alike.map(([other]) => other)]);
    // A row of blanks in between says nothing; the commonest form leads.
    const score = alike.reduce((sum, [, count]) => sum + count, 0) + own / (sample.length + 1);
    if (types.filter((type) => type === "number").length < 2) continue;
    if (best === undefined || score > best.score) best = { score, types };
  }
  return best === undefined ? undefined : { score: Math.floor(best.score), types: best.types };
}

/** The layout of the table in these lines, or undefined where there is none. */
export function findLayout(lines: readonly string[]): Layout | undefined {
  const sample = sampleOf(lines);
  let found: { layout: Layout; score: number } | undefined;
  for (const separator of SEPARATORS) {
    const best = layoutWith(separator, sample);
    // A few damaged rows do not make separators that keep empty cells collapse.
    const isWeaker = !keepsEmptyCells(separator) && !separator.startsWith("comma");
    const hasHard = found !== undefined && keepsEmptyCells(found.layout.separator);
    const needed = (found?.score ?? 0) * (isWeaker && hasHard ? 1.1 : 1);
    if (best === undefined || best.score <= needed) continue;
    found = { layout: { separator, types: best.types }, score: best.score };
    if (best.score === sample.length && keepsEmptyCells(separator)) break;
  }
  return found?.layout;
}
