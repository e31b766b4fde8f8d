/**
 * Cuts the text of a CIF into tokens (CIF 1.1, and the delimiters of CIF 2.0 where asked). One pass,
 * no backtracking, no recursion. The state of the last token is left in fields, because a token
 * object for each of ten million values would cost more than all the rest.
 *
 * Departures from the specification, each one reported: any character up to U+0020 is white space;
 * a quote that does not close on its line ends with the line; a text field may be followed by a
 * value without white space between.
 */
import { DELIMITER } from "./cif-document.ts";

/** Structural tokens; a token below `tag` is a value, and its number is its DELIMITER. */
export const TOKEN = {
  tag: 16,
  data: 17,
  loop: 18,
  save: 19,
  global: 20,
  stop: 21,
  end: 22,
} as const;

type ScanProblem = (code: string, message: string, offset: number) => void;
/** For what leaves the rest of the file without meaning: throws. */
type ScanFailure = (code: string, message: string, offset: number) => never;

const LF = 10;
const CR = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const SEMICOLON = 59;
const UNDERSCORE = 95;

export class CifScanner {
  /** Content of the last token, without delimiters; of a heading, its name. */
  start = 0;
  end = 0;
  /** Where the last token begins, delimiter included. */
  tokenStart = 0;
  /** True when a line ended between the last token and the one before. */
  newLine = true;
  readonly #text: string;
  readonly #version2: boolean;
  readonly #problem: ScanProblem;
  readonly #fail: ScanFailure;
  #at = 0;
  #controlSeen = false;

  constructor(text: string, version2: boolean, problem: ScanProblem, fail: ScanFailure) {
    this.#text = text;
    this.#version2 = version2;
    this.#problem = problem;
    this.#fail = fail;
  }

  /** A TOKEN, or the DELIMITER of a value. */
  next(): number {
    this.#skipSpace();
    const text = this.#text;
    this.tokenStart = this.#at;
    this.start = this.#at;
    this.end = this.#at;
    if (this.#at >= text.length) return TOKEN.end;
    const code = text.charCodeAt(this.#at);
    if (code === SEMICOLON && this.#atLineStart()) return this.#textField();
    if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) {
      return this.#version2 ? this.#quoted2(code) : this.#quoted(code);
    }
    if (this.#version2 && (code === 91 || code === 123)) return this.#bracketed(code);
    this.#bare();
    return code === UNDERSCORE ? TOKEN.tag : this.#keyword(code);
  }

  /** Goes on from here. */
  moveTo(offset: number): void {
    this.#at = offset;
  }

  #atLineStart(): boolean {
    if (this.#at === 0) return true;
    const before = this.#text.charCodeAt(this.#at - 1);
    return before === LF || before === CR;
  }

  #skipSpace(): void {
    const text = this.#text;
    let at = this.#at;
    let newLine = at === 0;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) newLine = true;
      else if (code === HASH) at = this.#lineEnd(at) - 1;
      else if (code > SPACE) break;
      else if (code !== SPACE && code !== 9) this.#control(at, code);
    }
    this.#at = at;
    this.newLine = newLine;
  }

  #control(at: number, code: number): void {
    if (this.#controlSeen) return;
    this.#controlSeen = true;
    this.#problem(
      "cif/control-character",
      `control character U+00${code.toString(16).padStart(2, "0").toUpperCase()} read as white space`,
      at,
    );
  }

  #lineEnd(from: number): number {
    const text = this.#text;
    let at = from;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) break;
      at += 1;
    }
    return at;
  }

  #textField(): number {
    const text = this.#text;
    this.start = this.#at + 1;
    let at = this.start;
    for (;;) {
      at = text.indexOf(";", at);
      if (at < 0) {
        return this.#fail(
          "cif/unterminated-text-field",
          "the text field that begins here is never closed by a line that begins with a semicolon",
          this.tokenStart,
        );
      }
      const before = text.charCodeAt(at - 1);
      if (at > this.start && (before === LF || before === CR)) break;
      at += 1;
    }
    const crlf = text.charCodeAt(at - 1) === LF && text.charCodeAt(at - 2) === CR;
    this.end = Math.max(this.start, at - (crlf ? 2 : 1));
    this.#at = at + 1;
    this.#expectSpace("text field");
    return DELIMITER.textField;
  }

  /** CIF 1.1: a quote closes where white space follows, so 'a dog's life' is one value. */
  #quoted(quote: number): number {
    const text = this.#text;
    let at = this.#at + 1;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) break;
      if (code !== quote) continue;
      if (at + 1 >= text.length || text.charCodeAt(at + 1) <= SPACE) {
        this.start = this.#at + 1;
        this.end = at;
        this.#at = at + 1;
        return DELIMITER.quote;
      }
    }
    return this.#unterminated(at);
  }

  #unterminated(lineEnd: number): number {
    this.#problem(
      "cif/unterminated-quote",
      "the quote that opens here is not closed on its line",
      this.tokenStart,
    );
    this.end = lineEnd;
    this.#at = lineEnd;
    return DELIMITER.malformed;
  }

  #quoted2(quote: number): number {
    const text = this.#text;
    const character = String.fromCharCode(quote);
    const triple = character.repeat(3);
    if (text.startsWith(triple, this.#at)) {
      const close = text.indexOf(triple, this.#at + 3);
      if (close < 0) {
        this.#fail(
          "cif/unterminated-quote",
          "the triple quote that opens here is never closed",
          this.#at,
        );
      }
      this.start = this.#at + 3;
      this.end = close;
      this.#at = close + 3;
      return DELIMITER.tripleQuote;
    }
    for (let at = this.#at + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        this.start = this.#at + 1;
        this.end = at;
        this.#at = at + 1;
        return DELIMITER.quote;
      }
      if (code === LF || code === CR) return this.#unterminated(at);
    }
    return this.#unterminated(text.length);
  }

  /** A CIF 2 list or table, nested to any depth, kept as written. */
  #bracketed(open: number): number {
    const text = this.#text;
    const opened = this.#at;
    let depth = 0;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) {
        this.#quoted2(code);
        continue;
      }
      if (code === SEMICOLON && this.#atLineStart()) {
        this.tokenStart = this.#at;
        this.#textField();
        continue;
      }
      if (code === HASH && text.charCodeAt(this.#at - 1) <= SPACE) {
        this.#at = this.#lineEnd(this.#at);
        continue;
      }
      if (code === 91 || code === 123) depth += 1;
      this.#at += 1;
      if ((code === 93 || code === 125) && (depth -= 1) === 0) {
        this.tokenStart = opened;
        this.start = opened;
        this.end = this.#at;
        return open === 91 ? DELIMITER.list : DELIMITER.table;
      }
    }
    return this.#fail(
      "cif/unterminated-list",
      "the bracket that opens here is never closed",
      opened,
    );
  }

  #expectSpace(what: string): void {
    if (this.#at >= this.#text.length || this.#text.charCodeAt(this.#at) <= SPACE) return;
    this.#problem("cif/no-space", `white space is missing after a ${what}`, this.#at);
  }

  #bare(): void {
    const text = this.#text;
    let at = this.#at;
    while (at < text.length && text.charCodeAt(at) > SPACE) at += 1;
    this.end = at;
    this.#at = at;
  }

  /** Reserved words, in any letter case; anything else is an unquoted value. */
  #keyword(first: number): number {
    // d, g, l, s in either case: spares the other values the comparison below.
    const lower = first | 32;
    if (lower !== 100 && lower !== 103 && lower !== 108 && lower !== 115) return DELIMITER.none;
    const head = this.#text.slice(this.start, Math.min(this.end, this.start + 8)).toLowerCase();
    if (head.startsWith("data_")) {
      this.start += 5;
      return TOKEN.data;
    }
    if (head.startsWith("save_")) {
      this.start += 5;
      return TOKEN.save;
    }
    if (head === "loop_") return TOKEN.loop;
    if (head === "global_") return TOKEN.global;
    return head === "stop_" ? TOKEN.stop : DELIMITER.none;
  }
}
