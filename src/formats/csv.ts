/**
 * Comma-separated tables (RFC 4180): quoted fields may hold commas, quotes ("") and line breaks, so that a
 * whole CIF fits one field. Text arrives in pieces and rows leave as they close; memory holds one row.
 * Departures: lone carriage returns end a line, a byte order mark is skipped, empty lines are skipped.
 */
import { EwaldError } from "../errors.ts";

/** A field longer than this is a quote that was never closed. */
const LONGEST_FIELD = 16 * 1024 * 1024;

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** @throws EwaldError `csv/unterminated-quote`, `csv/quote` (text after a closing quote) */
export async function* parseCsv(
  pieces: AsyncIterable<string> | Iterable<string>,
  separator = ",",
): AsyncGenerator<CsvRow> {
  const machine = new CsvMachine(separator);
  for await (const piece of pieces) yield* machine.feed(piece);
  yield* machine.end();
}

class CsvMachine {
  readonly #separator: string;
  #field = "";
  #fields: string[] = [];
  #line = 1;
  #rowLine = 1;
  #quoteLine = 0;
  /** plain: outside quotes; quoted: inside; closed: just behind a quote, which may be doubled. */
  #state: "start" | "plain" | "quoted" | "closed" = "start";
  #afterReturn = false;
  #first = true;

  constructor(separator: string) {
    this.#separator = separator;
  }

  *feed(piece: string): Generator<CsvRow> {
    let begin = this.#first && piece.startsWith("\uFEFF") ? 1 : 0;
    if (piece.length > 0) this.#first = false;
    for (let i = begin; i < piece.length; i++) {
      const c = piece[i]!;
      if (this.#state === "quoted") {
        if (c !== '"') {
          if (c === "\n") this.#line++;
          continue;
        }
        this.#take(piece.slice(begin, i));
        this.#state = "closed";
        begin = i + 1;
        continue;
      }
      const isReturn = c === "\r";
      if (c === "\n" && this.#afterReturn) {
        this.#afterReturn = false;
        begin = i + 1;
        continue;
      }
      this.#afterReturn = isReturn;
      if (c === '"') {
        if (this.#state === "plain") continue;
        // A doubled quote inside a quoted field is one quote.
        if (this.#state === "closed") this.#field += '"';
        else this.#quoteLine = this.#line;
        this.#state = "quoted";
        begin = i + 1;
      } else if (c === this.#separator || c === "\n" || isReturn) {
        this.#take(piece.slice(begin, i));
        this.#closeField();
        begin = i + 1;
        if (c === this.#separator) continue;
        this.#line++;
        const row = this.#closeRow();
        if (row !== null) yield row;
      } else if (this.#state === "closed") {
        throw new EwaldError("csv/quote", `text after a closing quote`, {
          line: this.#line,
          value: c,
          hint: 'Double the quotes inside a quoted field: "".',
        });
      } else this.#state = "plain";
    }
    this.#take(piece.slice(begin));
  }

  *end(): Generator<CsvRow> {
    if (this.#state === "quoted") {
      throw new EwaldError("csv/unterminated-quote", "a quoted field is never closed", {
        line: this.#quoteLine,
      });
    }
    if (this.#fields.length === 0 && this.#state === "start") return;
    this.#closeField();
    const row = this.#closeRow();
    if (row !== null) yield row;
  }

  #take(text: string): void {
    this.#field += text;
    if (this.#field.length > LONGEST_FIELD) {
      throw new EwaldError(
        "csv/unterminated-quote",
        `a field is longer than ${LONGEST_FIELD} characters`,
        { line: this.#quoteLine || this.#line },
      );
    }
  }

  #closeField(): void {
    this.#fields.push(this.#field);
    this.#field = "";
    this.#state = "start";
  }

  #closeRow(): CsvRow | null {
    const row = { line: this.#rowLine, fields: this.#fields };
    this.#fields = [];
    this.#rowLine = this.#line;
    return row.fields.length === 1 && row.fields[0] === "" ? null : row;
  }
}
