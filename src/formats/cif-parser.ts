/**
 * CIF 1.1 (International Tables G, chapter 2.2; www.iucr.org/resources/cif/spec/version1.1) and the
 * syntax of CIF 2.0 (Bernstein et al. 2016, J. Appl. Cryst. 49, 277) into a {@link CifDocument}.
 *
 * Time and memory grow with the length of the input and nothing else. In the tolerant mode (default)
 * a mistake whose meaning is certain becomes a warning, one that spoils only some values makes those
 * values throw when asked for, and one that leaves the rest of the file without meaning throws at
 * once. The strict mode throws at the first departure from the specification.
 */
import { EwaldError, type Warning } from "../errors.ts";
import {
  type CifBlock,
  CifColumn,
  type CifDocument,
  type CifLoop,
  CifValueStore,
  DELIMITER,
} from "./cif-document.ts";
import { CifScanner, TOKEN } from "./cif-scanner.ts";
import { type DecodeOptions, LineIndex, decodeText } from "./text.ts";

export interface CifOptions extends DecodeOptions {
  readonly mode?: "tolerant" | "strict";
}

/** Warnings kept of one document; a file with more is told so once. */
const MOST_WARNINGS = 100;
/** Blocks and tags are objects of some 200 bytes: a file of nothing but headings must not fill the memory. */
const MOST_TAGS = 2_000_000;

interface OpenBlock {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly columns: Map<string, CifColumn>;
  readonly loops: CifLoop[];
  readonly frames: CifBlock[];
}

interface TagToken {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The syntax of a CIF 1.1 or 2.0 file, from its bytes or text.
 * @throws EwaldError `cif/no-data` where nothing looks like CIF, `cif/unterminated-text-field`,
 * `cif/stray-value`, `cif/unterminated-list`, `cif/too-many-tags`, `text/binary`, `text/too-large`;
 * in the strict mode every code that is a warning otherwise. All with line and column.
 */
export function parseCif(input: Uint8Array | string, options: CifOptions = {}): CifDocument {
  const { text, warnings } = decodeText(input, options);
  return new CifParser(text, warnings, options.mode === "strict").parse();
}

class CifParser {
  readonly #text: string;
  readonly #strict: boolean;
  readonly #lines: LineIndex;
  readonly #store: CifValueStore;
  readonly #scanner: CifScanner;
  readonly #version: "1.1" | "2.0";
  readonly #warnings: Warning[];
  readonly #blocks: OpenBlock[] = [];
  readonly #names = new Set<string>();
  readonly #silent = new Map<CifColumn, boolean>();
  #block: OpenBlock | null = null;
  #frame: OpenBlock | null = null;
  #tagCount = 0;

  constructor(text: string, warnings: readonly Warning[], strict: boolean) {
    this.#text = text;
    this.#strict = strict;
    this.#warnings = [...warnings];
    this.#lines = new LineIndex(text);
    this.#store = new CifValueStore(text, this.#lines);
    this.#version = /^#\\#CIF_2\.0[ \t]*(?:[\r\n]|$)/.test(text.slice(0, 80)) ? "2.0" : "1.1";
    this.#scanner = new CifScanner(
      text,
      this.#version === "2.0",
      (code, message, offset) => this.#problem(code, message, offset),
      (code, message, offset) => this.#fail(code, message, offset),
    );
  }

  parse(): CifDocument {
    let token = this.#scanner.next();
    while (token !== TOKEN.end) token = this.#statement(token);
    this.#closeFrame();
    if (this.#blocks.length === 0) {
      throw new EwaldError("cif/no-data", "no data block: the input is empty or no CIF", {
        line: 1,
        column: 1,
      });
    }
    return { blocks: this.#blocks, warnings: this.#warnings, version: this.#version };
  }

  /** Reads what this token begins; returns the token that follows it. */
  #statement(token: number): number {
    switch (token) {
      case TOKEN.data:
        return this.#heading();
      case TOKEN.save:
        return this.#saveFrame();
      case TOKEN.loop:
        return this.#loop();
      case TOKEN.tag:
        return this.#item();
      case TOKEN.global:
        this.#problem(
          "cif/global",
          "global_ is no part of CIF; read as a data block",
          this.#scanner.tokenStart,
        );
        this.#open("global_", this.#scanner.tokenStart);
        return this.#scanner.next();
      case TOKEN.stop:
        this.#problem("cif/stop", "stop_ is no part of CIF", this.#scanner.tokenStart);
        return this.#scanner.next();
      default:
        return this.#stray();
    }
  }

  #fail(code: string, message: string, offset: number, hint?: string): never {
    throw this.#error(code, message, offset, hint);
  }

  #error(code: string, message: string, offset: number, hint?: string): EwaldError {
    return new EwaldError(code, message, {
      ...this.#lines.position(offset),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** A warning, or in the strict mode an error. */
  #problem(code: string, message: string, offset: number): void {
    if (this.#strict) this.#fail(code, message, offset);
    if (this.#warnings.length > MOST_WARNINGS) return;
    this.#warnings.push(
      this.#warnings.length === MOST_WARNINGS
        ? { code: "cif/more-warnings", message: `more than ${MOST_WARNINGS} warnings` }
        : { code, message, ...this.#lines.position(offset) },
    );
  }

  #open(name: string, offset: number): void {
    this.#closeFrame();
    this.#count(offset);
    const lower = name.toLowerCase();
    if (this.#names.has(lower)) {
      this.#problem("cif/duplicate-block", `a second data block is named "${name}"`, offset);
    }
    this.#names.add(lower);
    this.#block = this.#newBlock(name, offset);
    this.#blocks.push(this.#block);
  }

  #newBlock(name: string, offset: number): OpenBlock {
    return {
      name,
      ...this.#lines.position(offset),
      columns: new Map(),
      loops: [],
      frames: [],
    };
  }

  #count(offset: number): void {
    this.#tagCount += 1;
    if (this.#tagCount > MOST_TAGS) {
      this.#fail("cif/too-many-tags", `more than ${MOST_TAGS} tags and headings`, offset);
    }
  }

  #heading(): number {
    const { start, tokenStart } = this.#scanner;
    let { end } = this.#scanner;
    let token = this.#scanner.next();
    // "data_my crystal": what follows on the line can only be more of the name.
    if (token < TOKEN.tag && !this.#scanner.newLine) {
      while (token < TOKEN.tag && !this.#scanner.newLine) {
        end = this.#scanner.end;
        token = this.#scanner.next();
      }
      this.#problem("cif/block-name", "the name of a data block holds a space", tokenStart);
    }
    if (end === start)
      this.#problem("cif/block-name", "a data block without a name", this.#scanner.tokenStart);
    this.#open(this.#text.slice(start, end), tokenStart);
    return token;
  }

  #saveFrame(): number {
    const { start, end, tokenStart } = this.#scanner;
    if (end === start) {
      if (this.#frame === null) this.#problem("cif/save", "no save frame is open here", tokenStart);
      this.#frame = null;
    } else {
      if (this.#frame !== null)
        this.#problem("cif/save", "the save frame before is not closed", tokenStart);
      if (this.#block === null) this.#implied(tokenStart);
      this.#count(tokenStart);
      this.#frame = this.#newBlock(this.#text.slice(start, end), tokenStart);
      this.#block!.frames.push(this.#frame);
    }
    return this.#scanner.next();
  }

  #closeFrame(): void {
    if (this.#frame === null) return;
    this.#problem(
      "cif/save",
      `the save frame "${this.#frame.name}" is not closed`,
      this.#scanner.tokenStart,
    );
    this.#frame = null;
  }

  #implied(offset: number): void {
    this.#problem("cif/no-block-heading", "tags before the first data_ heading", offset);
    this.#open("", offset);
  }

  #target(offset: number): OpenBlock {
    if (this.#frame !== null) return this.#frame;
    if (this.#block === null) this.#implied(offset);
    return this.#block!;
  }

  #tag(): TagToken {
    const { start, end } = this.#scanner;
    this.#count(start);
    return { name: this.#text.slice(start, end), ...this.#lines.position(start) };
  }

  #item(): number {
    const scanner = this.#scanner;
    const target = this.#target(scanner.tokenStart);
    const tag = this.#tag();
    const tagStart = scanner.tokenStart;
    let token = scanner.next();
    const first = this.#store.length;
    if (token >= TOKEN.tag) {
      this.#problem("cif/no-value", `${tag.name} has no value`, tagStart);
      this.#add(target, new CifColumn(tag, this.#values(first, 1, 0, false), null));
      return token;
    }
    this.#store.push(scanner.start, scanner.end, token);
    token = scanner.next();
    if (token < TOKEN.tag) token = this.#overrun(tag.name);
    this.#add(target, new CifColumn(tag, this.#values(first, 1, 1, false), null));
    return token;
  }

  /** More values than the one that an item has: where the value ends is unknown, so it says nothing. */
  #overrun(tag: string): number {
    const scanner = this.#scanner;
    this.#problem("cif/stray-value", `${tag} has more than one value`, scanner.tokenStart);
    let token: number;
    do {
      this.#store.spoilLast(scanner.end);
      token = scanner.next();
    } while (token < TOKEN.tag);
    return token;
  }

  #values(first: number, stride: number, length: number, looped: boolean) {
    return { store: this.#store, first, stride, length, looped };
  }

  #loop(): number {
    const scanner = this.#scanner;
    const { tokenStart } = scanner;
    const target = this.#target(tokenStart);
    const tags: TagToken[] = [];
    let token = scanner.next();
    for (; token === TOKEN.tag; token = scanner.next()) tags.push(this.#tag());
    const first = this.#store.length;
    let malformed = false;
    for (; token < TOKEN.tag; token = scanner.next()) {
      if (token === DELIMITER.malformed) malformed = true;
      if (tags.length > 0) this.#store.push(scanner.start, scanner.end, token);
    }
    if (token === TOKEN.stop) token = scanner.next();
    if (tags.length === 0) {
      this.#problem("cif/empty-loop", "a loop without tags", tokenStart);
      return token;
    }
    this.#addLoop(target, tags, first, malformed, tokenStart);
    return token;
  }

  #addLoop(
    target: OpenBlock,
    tags: readonly TagToken[],
    first: number,
    malformed: boolean,
    offset: number,
  ): void {
    const count = this.#store.length - first;
    const rowCount = Math.floor(count / tags.length);
    let problem: EwaldError | null = null;
    if (rowCount * tags.length !== count || malformed) {
      const message = malformed
        ? `a value of the loop of ${tags[0]!.name} has no clear end`
        : `the loop of ${tags[0]!.name} has ${tags.length} tags and ${count} values: some are missing or too many`;
      problem = this.#error("cif/loop-values", message, offset);
      this.#problem("cif/loop-values", message, offset);
    } else if (count === 0) {
      this.#problem("cif/empty-loop", `the loop of ${tags[0]!.name} has no values`, offset);
    }
    const columns = tags.map((tag, index) => {
      const values = this.#values(first + index, tags.length, rowCount, true);
      return this.#add(target, new CifColumn(tag, values, problem));
    });
    target.loops.push({ columns, rowCount, ...this.#lines.position(offset) });
  }

  /** Enters a column under its tag; a tag given twice keeps the one that says something, if only one does. */
  #add(target: OpenBlock, added: CifColumn): CifColumn {
    const key = added.tag.toLowerCase();
    const present = target.columns.get(key);
    if (present === undefined) {
      target.columns.set(key, added);
      return added;
    }
    const at = `line ${present.line}`;
    const message = `${added.tag} is given twice, first on ${at}`;
    this.#warnAt("cif/duplicate-tag", message, added);
    if (this.#saysNothing(added) || sameValues(present, added)) return present;
    if (this.#saysNothing(present)) {
      target.columns.set(key, added);
      return added;
    }
    const error = new EwaldError("cif/duplicate-tag", `${message}, with another value`, {
      line: added.line,
      column: added.column,
    });
    const values = this.#values(0, 1, Math.max(1, added.length), added.looped);
    const spoilt = new CifColumn(
      { name: added.tag, line: added.line, column: added.column },
      values,
      error,
    );
    target.columns.set(key, spoilt);
    return spoilt;
  }

  /** Remembered, because a long column may be met by a duplicate a million times. */
  #saysNothing(column: CifColumn): boolean {
    const known = this.#silent.get(column);
    if (known !== undefined) return known;
    const silent = allMissing(column);
    this.#silent.set(column, silent);
    return silent;
  }

  #warnAt(code: string, message: string, at: { line: number; column: number }): void {
    if (this.#strict) {
      throw new EwaldError(code, message, { line: at.line, column: at.column });
    }
    if (this.#warnings.length < MOST_WARNINGS) {
      this.#warnings.push({ code, message, line: at.line, column: at.column });
    }
  }

  /** A value without a tag. Before the first heading it is a publisher's banner, and is passed over. */
  #stray(): number {
    const { tokenStart } = this.#scanner;
    if (this.#block !== null) {
      this.#fail("cif/stray-value", "a value that belongs to no tag", tokenStart);
    }
    const heading = /[\r\n]data_[^\s=]/i.exec(this.#text.slice(tokenStart));
    if (heading === null) {
      this.#fail(
        "cif/no-data",
        "the input does not begin as a CIF: a value before any tag",
        tokenStart,
        "A CIF begins with data_ and a name.",
      );
    }
    this.#problem(
      "cif/text-before-data",
      "text before the first data_ heading is passed over",
      tokenStart,
    );
    this.#scanner.moveTo(tokenStart + heading.index + 1);
    return this.#scanner.next();
  }
}

function allMissing(column: CifColumn): boolean {
  if (column.problem !== null) return false;
  for (let row = 0; row < column.length; row += 1) {
    const kind = column.kind(row);
    if (kind !== "unknown" && kind !== "inapplicable") return false;
  }
  return true;
}

function sameValues(a: CifColumn, b: CifColumn): boolean {
  if (a.problem !== null || b.problem !== null || a.length !== b.length) return false;
  for (let row = 0; row < a.length; row += 1) if (a.text(row) !== b.text(row)) return false;
  return true;
}
