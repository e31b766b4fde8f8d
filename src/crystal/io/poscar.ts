/**
 * VASP's POSCAR and CONTCAR, versions 4 and 5 (www.vasp.at/wiki/index.php/POSCAR): comment, scale (one
 * number, a negative one is the volume; or three), three lattice rows, symbols (version 5), counts,
 * "Selective dynamics", "Direct" or "Cartesian", positions. What follows the positions (velocities) is
 * not structure and passed over. Version 4 names no elements: they are taken from the comment or from the
 * end of each position line only where every one is there, never guessed.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import { leadingNumbers } from "../../formats/signature-tests.ts";
import { decodeText } from "../../formats/text.ts";
import { plainNumber } from "../../formats/typography.ts";
import { determinant, type Mat3, scale, type Vec3 } from "../../math/matrix3.ts";
import type { ReadStructure } from "../cif/structure.ts";
import { isElement } from "../element.ts";
import type { ListedSite } from "../expand.ts";
import { checkedLattice, fractionalOf, structureOfList } from "./listed-structure.ts";
import { type StatedContents, statedFormula } from "./stated-contents.ts";

/** More atoms than this are no POSCAR that anyone has computed; bounds the work on a hostile count. */
const MOST_ATOMS = 200_000;

/**
 * @throws EwaldError `poscar/truncated`, `poscar/number`, `poscar/scale`, `poscar/counts`, `poscar/no-elements`,
 * `poscar/unknown-element`, `lattice/zero-volume`, `structure/…`, all with their line
 */
export function readPoscar(input: Uint8Array | string): ReadStructure {
  const { text, warnings: textWarnings } = decodeText(input);
  const file = new PoscarLines(text);
  const comment = file.next("the comment").trim();
  const lattice = readLattice(file);
  const { elements, counts } = readSpecies(file, comment);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > MOST_ATOMS)
    file.fail("poscar/counts", `${total} atoms are more than ${MOST_ATOMS}`, total);
  let mode = file.next('"Direct" or "Cartesian"').trim();
  if (/^s/i.test(mode)) mode = file.next('"Direct" or "Cartesian"').trim();
  const warnings: Warning[] = [...textWarnings];
  const isCartesian = /^[ck]/i.test(mode);
  if (!isCartesian && !/^[df]/i.test(mode)) {
    warnings.push({
      code: "poscar/mode",
      message: `"${mode}" is neither Direct nor Cartesian; taken as Direct, as VASP does`,
      line: file.line,
    });
  }
  const rows = readPositions(
    file,
    total,
    isCartesian ? fractionalOf(lattice.vectors) : undefined,
    lattice.factors,
  );
  const symbols = elements ?? symbolsOfRows(rows, counts, file);
  warnings.push(...symbolWarning(symbols, counts, rows), ...file.moreRows());
  const sites: ListedSite[] = [];
  let row = 0;
  for (const [kind, count] of counts.entries()) {
    for (let i = 0; i < count; i++, row++) {
      const { frac, at } = rows[row]!;
      sites.push({ species: { element: symbols[kind]!, occupancy: 1 }, frac, at });
    }
  }
  return structureOfList({
    name: comment,
    lattice: lattice.vectors,
    sites,
    stated: formulaOfComment(comment),
    warnings,
  });
}

/**
 * The formula that the comment is as a whole, of at least two elements: "SrTiO3", "Sr1 Ti1 O3". "Sr Ti O" lists the
 * symbols of version 4, and any other word is no statement.
 */
function formulaOfComment(comment: string): Pick<StatedContents, "formula"> {
  const isList = /^[A-Z][a-z]?(?:\s+[A-Z][a-z]?)*$/.test(comment);
  const stated = isList || /^[A-Z]+$/.test(comment) ? {} : statedFormula(comment);
  return (stated.formula?.amounts.size ?? 0) > 1 ? stated : {};
}

/** Symbols behind the positions, as pymatgen writes them, that are others than those before the counts. */
function symbolWarning(
  symbols: readonly string[],
  counts: readonly number[],
  rows: readonly PositionRow[],
): Warning[] {
  const expected = counts.flatMap((count, kind) =>
    Array.from({ length: count }, () => symbols[kind]!),
  );
  const odd = rows.findIndex(({ symbol }, i) => symbol !== undefined && symbol !== expected[i]);
  if (odd < 0) return [];
  return [
    {
      code: "poscar/symbols",
      message: `atom ${odd + 1} is ${expected[odd]!} by the order of the elements and ${rows[odd]!.symbol!} by its own line: read as ${expected[odd]!}`,
      ...rows[odd]!.at,
    },
  ];
}

interface PoscarLattice {
  readonly vectors: Mat3;
  /** Factors of Cartesian positions along x, y, z. */
  readonly factors: Vec3;
}

function readLattice(file: PoscarLines): PoscarLattice {
  const scales = leadingNumbers(file.next("the scale"));
  const scaleLine = file.line;
  const rows = [0, 1, 2].map(() => file.vector("a lattice vector")) as unknown as Mat3;
  const [first = 0] = scales;
  if (scales.length === 3 && scales.every((value) => value > 0)) {
    const factors = scales as unknown as Vec3;
    const scaled = rows.map((row) => row.map((value, axis) => value * factors[axis]!));
    return { vectors: checkedLattice(scaled as unknown as Mat3, { line: scaleLine }), factors };
  }
  if (scales.length !== 1 || first === 0) {
    file.fail(
      "poscar/scale",
      "the second line is one number (not 0) or three positive ones",
      scales,
    );
  }
  checkedLattice(rows, { line: scaleLine });
  const factor = first > 0 ? first : Math.cbrt(-first / Math.abs(determinant(rows)));
  const vectors = rows.map((row) => scale(row, factor)) as unknown as Mat3;
  return { vectors, factors: [factor, factor, factor] };
}

interface PoscarSpecies {
  /** One element per count; undefined where only the position lines can tell. */
  readonly elements: readonly string[] | undefined;
  readonly counts: readonly number[];
}

function readSpecies(file: PoscarLines, comment: string): PoscarSpecies {
  const words = file.next("element symbols or counts").trim().split(/\s+/);
  if (words.every((word) => /^\d+$/.test(plainNumber(word)))) {
    const named = comment.split(/\s+/).map(elementOfSymbol);
    const certain = named.length === words.length && named.every((symbol) => symbol !== undefined);
    return { elements: certain ? (named as string[]) : undefined, counts: readCounts(file, words) };
  }
  const symbolLine = file.line;
  const elements = words.map((word) => {
    const element = elementOfSymbol(word);
    if (element !== undefined) return element;
    throw new EwaldError("poscar/unknown-element", `"${word}" is not a chemical element`, {
      value: word,
      line: symbolLine,
      hint: "Line 6 of a POSCAR holds element symbols, such as Sr Ti O.",
    });
  });
  const counts = readCounts(file, file.next("counts").trim().split(/\s+/));
  if (counts.length !== elements.length) {
    file.fail("poscar/counts", `${elements.length} elements but ${counts.length} counts`, counts);
  }
  return { elements, counts };
}

function readCounts(file: PoscarLines, words: readonly string[]): readonly number[] {
  // A comment may follow the counts ("1 1 3 ! formula unit").
  const end = words.findIndex((word) => /^[!#]/.test(word));
  return (end < 0 ? words : words.slice(0, end)).map((word) => {
    const plain = plainNumber(word);
    const count = /^\d+$/.test(plain) ? Number(plain) : Number.NaN;
    return count >= 0
      ? count
      : file.fail("poscar/counts", `"${word}" is not a number of atoms`, word);
  });
}

/** "Ti", "Ti_pv", "Ti/1a2b" (a potential's name and hash) → "Ti". */
function elementOfSymbol(word: string): string | undefined {
  const symbol = word.split(/[_/]/, 1)[0]!;
  return isElement(symbol) ? symbol : undefined;
}

interface PositionRow {
  readonly frac: Vec3;
  readonly symbol: string | undefined;
  readonly at: Position;
}

function readPositions(
  file: PoscarLines,
  total: number,
  toFractional: ((cart: Vec3) => Vec3) | undefined,
  factors: Vec3,
): readonly PositionRow[] {
  return Array.from({ length: total }, () => {
    const [x, y, z] = file.vector("the position of an atom");
    const at = { line: file.line };
    const words = file.current.trim().split(/\s+/).slice(3);
    const symbol = words
      .map(elementOfSymbol)
      .find((found) => found !== undefined && !/^[TF]$/i.test(found));
    const frac =
      toFractional === undefined
        ? ([x, y, z] as const)
        : toFractional([x * factors[0], y * factors[1], z * factors[2]]);
    return { frac, symbol, at };
  });
}

/** Version 4: the symbol behind each position, where every atom of a kind has the same one. */
function symbolsOfRows(
  rows: readonly PositionRow[],
  counts: readonly number[],
  file: PoscarLines,
): readonly string[] {
  let start = 0;
  return counts.map((count) => {
    const kinds = new Set(rows.slice(start, start + count).map((row) => row.symbol));
    start += count;
    const [symbol] = kinds;
    if (kinds.size === 1 && symbol !== undefined) return symbol;
    return file.fail(
      "poscar/no-elements",
      "a POSCAR of version 4 names no elements: neither its comment nor its position lines do",
      counts,
      "Write the element symbols on a line of their own before the counts.",
    );
  });
}

class PoscarLines {
  readonly #lines: readonly string[];
  line = 0;

  constructor(text: string) {
    this.#lines = text.split(/\r\n|\r|\n/);
  }

  get current(): string {
    return this.#lines[this.line - 1]!;
  }

  next(wanted: string): string {
    if (
      this.line >= this.#lines.length ||
      (this.line === this.#lines.length - 1 && this.#lines[this.line] === "")
    ) {
      return this.fail("poscar/truncated", `the file ends where ${wanted} should stand`, null);
    }
    this.line += 1;
    return this.current;
  }

  vector(wanted: string): Vec3 {
    const numbers = leadingNumbers(this.next(wanted));
    if (numbers.length >= 3 && numbers.every(Number.isFinite))
      return numbers.slice(0, 3) as unknown as Vec3;
    return this.fail(
      "poscar/number",
      `three numbers were expected: ${wanted}`,
      this.current.trim(),
    );
  }

  /** Lines that go on like positions: velocities stand behind an empty line. */
  moreRows(): Warning[] {
    let count = 0;
    while (leadingNumbers(this.#lines[this.line + count] ?? "").length >= 3) count += 1;
    if (count === 0) return [];
    return [
      {
        code: "poscar/more-positions",
        message: `${count} more ${count === 1 ? "line" : "lines"} of three numbers follow the atoms that are counted: passed over`,
        line: this.line + 1,
      },
    ];
  }

  fail(code: string, message: string, value: unknown, hint?: string): never {
    const more = hint === undefined ? {} : { hint };
    throw new EwaldError(code, message, { value, line: Math.max(1, this.line), ...more });
  }
}
