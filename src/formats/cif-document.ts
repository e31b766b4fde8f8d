/**
 * The statements of a CIF, without meaning: data blocks, save frames, loops, values with their positions.
 * Values are stored as offsets into the text (9 bytes each) and cut out when asked for, so that a
 * loop of ten million values costs 90 MB and not gigabytes. Tags are found in any letter case.
 *
 * What is broken and does not matter does not stop the reading: a column whose values cannot be
 * trusted (a loop with a value missing, two different values for one tag) throws its error when it
 * is asked for a value, and only then.
 */
import { EwaldError, type Warning } from "../errors.ts";
import { type CifNumber, parseCifNumber } from "./cif-number.ts";
import type { LineIndex } from "./text.ts";

/** A CIF as its syntax says it: data blocks in their order. */
export interface CifDocument {
  readonly blocks: readonly CifBlock[];
  readonly warnings: readonly Warning[];
  /** "2.0" where the first line is `#\#CIF_2.0`. */
  readonly version: "1.1" | "2.0";
}

/** A data block of a CIF, or a save frame within one. */
export interface CifBlock {
  /** As written after `data_` or `save_`; "" where the file has tags before any heading. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** By lower-case tag. A single item is a column of one row. Prefer {@link cifColumn}. */
  readonly columns: ReadonlyMap<string, CifColumn>;
  readonly loops: readonly CifLoop[];
  readonly frames: readonly CifBlock[];
}

/** A loop of a CIF: columns by tag, all of one length. */
export interface CifLoop {
  readonly columns: readonly CifColumn[];
  /** Whole rows. */
  readonly rowCount: number;
  readonly line: number;
  readonly column: number;
}

/**
 * `unknown` is `?`, `inapplicable` is `.`, both unquoted; `list` and `table` are CIF 2 values, kept
 * as written; `malformed` is what could not be delimited with certainty.
 */
export type CifValueKind =
  | "unquoted"
  | "quoted"
  | "text"
  | "unknown"
  | "inapplicable"
  | "list"
  | "table"
  | "malformed";

/** One value of a CIF, with the place where it stood. */
export interface CifValue {
  /** Without delimiters, lines ended by LF, folded lines joined. */
  readonly text: string;
  readonly kind: CifValueKind;
  readonly line: number;
  readonly column: number;
}

/** How a value was delimited, one byte each in the store. */
export const DELIMITER = {
  none: 0,
  quote: 1,
  textField: 2,
  tripleQuote: 3,
  list: 4,
  table: 5,
  malformed: 6,
} as const;

const KIND_NAMES: readonly CifValueKind[] = [
  "unquoted",
  "quoted",
  "text",
  "quoted",
  "list",
  "table",
  "malformed",
];
/** Characters that the opening delimiter takes: from the content back to the position of the value. */
const OPENING_LENGTH = [0, 1, 1, 3, 0, 0, 0];

/** All values of a document, in order. */
export class CifValueStore {
  readonly text: string;
  readonly lines: LineIndex;
  #starts = new Uint32Array(256);
  #ends = new Uint32Array(256);
  #delimiters = new Uint8Array(256);
  #length = 0;

  constructor(text: string, lines: LineIndex) {
    this.text = text;
    this.lines = lines;
  }

  get length(): number {
    return this.#length;
  }

  push(start: number, end: number, delimiter: number): void {
    if (this.#length === this.#starts.length) this.#grow();
    this.#starts[this.#length] = start;
    this.#ends[this.#length] = end;
    this.#delimiters[this.#length] = delimiter;
    this.#length += 1;
  }

  /** Stretches the last value to `end`; it is no longer certain what it says. */
  spoilLast(end: number): void {
    const last = this.#length - 1;
    this.#starts[last]! -= OPENING_LENGTH[this.#delimiters[last]!]!;
    this.#ends[last] = end;
    this.#delimiters[last] = DELIMITER.malformed;
  }

  #grow(): void {
    const size = this.#starts.length * 2;
    const starts = new Uint32Array(size);
    starts.set(this.#starts);
    const ends = new Uint32Array(size);
    ends.set(this.#ends);
    const delimiters = new Uint8Array(size);
    delimiters.set(this.#delimiters);
    [this.#starts, this.#ends, this.#delimiters] = [starts, ends, delimiters];
  }

  kind(index: number): CifValueKind {
    const delimiter = this.#delimiters[index]!;
    const start = this.#starts[index]!;
    if (delimiter === DELIMITER.none && this.#ends[index] === start + 1) {
      const code = this.text.charCodeAt(start);
      if (code === 63) return "unknown";
      if (code === 46) return "inapplicable";
    }
    return KIND_NAMES[delimiter]!;
  }

  content(index: number): string {
    const raw = this.text.slice(this.#starts[index]!, this.#ends[index]!);
    const delimiter = this.#delimiters[index]!;
    if (delimiter === DELIMITER.textField) return textFieldContent(raw);
    return delimiter === DELIMITER.tripleQuote ? raw.replace(/\r\n?/g, "\n") : raw;
  }

  position(index: number): { readonly line: number; readonly column: number } {
    const offset = this.#starts[index]! - OPENING_LENGTH[this.#delimiters[index]!]!;
    return this.lines.position(offset);
  }
}

/** Line ends as LF; a first line of a lone backslash announces folded lines (CIF 1.1, line-folding protocol). */
function textFieldContent(raw: string): string {
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (!/^\\[ \t]*\n/.test(text)) return text;
  return text
    .slice(text.indexOf("\n") + 1)
    .replace(/\\[ \t]*\n/g, "")
    .replace(/\\[ \t]*$/, "");
}

/** The values of one tag. */
export class CifColumn {
  /** As written, with its underscore. */
  readonly tag: string;
  readonly length: number;
  readonly line: number;
  readonly column: number;
  /** False for a single item. */
  readonly looped: boolean;
  /** Why the values must not be used, where they must not. */
  readonly problem: EwaldError | null;
  readonly #store: CifValueStore;
  readonly #first: number;
  readonly #stride: number;

  constructor(
    tag: { readonly name: string; readonly line: number; readonly column: number },
    values: {
      readonly store: CifValueStore;
      readonly first: number;
      readonly stride: number;
      readonly length: number;
      readonly looped: boolean;
    },
    problem: EwaldError | null,
  ) {
    this.tag = tag.name;
    this.line = tag.line;
    this.column = tag.column;
    this.length = values.length;
    this.looped = values.looped;
    this.problem = problem;
    this.#store = values.store;
    this.#first = values.first;
    this.#stride = values.stride;
  }

  #index(row: number): number {
    if (this.problem !== null) throw this.problem;
    if (!(row >= 0 && row < this.length)) throw new RangeError(`${this.tag} has no row ${row}`);
    return this.#first + row * this.#stride;
  }

  kind(row = 0): CifValueKind {
    return this.#store.kind(this.#index(row));
  }

  /** Text as written without delimiters, also of `?` and `.`. */
  text(row = 0): string {
    return this.#store.content(this.#index(row));
  }

  position(row = 0): { readonly line: number; readonly column: number } {
    return this.#store.position(this.#index(row));
  }

  value(row = 0): CifValue {
    const index = this.#index(row);
    return {
      text: this.#store.content(index),
      kind: this.#store.kind(index),
      ...this.#store.position(index),
    };
  }

  /** Text, or undefined where the file says `?` or `.` @throws EwaldError `cif/malformed-value` */
  string(row = 0): string | undefined {
    const index = this.#index(row);
    const kind = this.#store.kind(index);
    if (kind === "unknown" || kind === "inapplicable") return undefined;
    const text = this.#store.content(index);
    if (kind !== "malformed") return text;
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new EwaldError("cif/malformed-value", `where the value of ${this.tag} ends is unclear`, {
      value: shown,
      ...this.#store.position(index),
      hint: "Put text of several words between quotes.",
    });
  }

  /** Number with its uncertainty, or undefined for `?` and `.` @throws EwaldError `cif/not-a-number` */
  number(row = 0): CifNumber | undefined {
    const text = this.string(row);
    if (text === undefined) return undefined;
    const number = parseCifNumber(text);
    if (number !== undefined) return number;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    throw new EwaldError("cif/not-a-number", `${this.tag} is not a number: "${shown}"`, {
      value: shown,
      ...this.position(row),
    });
  }
}

/** The column of a CIF block under the first of the given tags (aliases, any letter case) that has at least one row. */
export function cifColumn(block: CifBlock, ...tags: readonly string[]): CifColumn | undefined {
  for (const tag of tags) {
    const column = block.columns.get(tag.toLowerCase());
    if (column !== undefined && column.length > 0) return column;
  }
  return undefined;
}

/** The loop of a CIF block that holds a tag. */
export function cifLoop(block: CifBlock, tag: string): CifLoop | undefined {
  const column = block.columns.get(tag.toLowerCase());
  if (column === undefined || !column.looped) return undefined;
  return block.loops.find((loop) => loop.columns.includes(column));
}

/** The text of a single item of a CIF block under the first of its aliases that says anything; undefined for `?`, `.` and absent. */
export function cifString(block: CifBlock, ...tags: readonly string[]): string | undefined {
  for (const tag of tags) {
    const text = cifColumn(block, tag)?.string(0);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The number of a single item of a CIF block under the first of its aliases that says anything. */
export function cifNumber(block: CifBlock, ...tags: readonly string[]): CifNumber | undefined {
  for (const tag of tags) {
    const number = cifColumn(block, tag)?.number(0);
    if (number !== undefined) return number;
  }
  return undefined;
}
