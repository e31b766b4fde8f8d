/**
 * GSAS powder data (raw, gsas, gda, fxye, xra): a title, then `BANK` records. Binning CONST, RALF, SLOG
 * and TIME_MAP; contents STD, ESD, ALT, FXY and FXYE. Angles are centidegrees, times of flight
 * microseconds. In STD each value may be preceded by the number of detectors it is the mean of: its
 * uncertainty is √(y / n). Ignored: the instrument file that the second line may name; EDS banks are
 * refused.
 * Source: A. C. Larson, R. B. Von Dreele, GSAS manual (LAUR 86-748), "powder data file formats".
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { splitLines } from "../../formats/instrument-text.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { readTimeMap, type TimeMap } from "./gsas-time-map.ts";
import { badNumber, numberOrGap, NumberRows } from "./lines.ts";
import { otherAxisError, otherAxisInText } from "./scan-axis.ts";

const BANK = /^BANK\s+\d+\s+\d+\s+\d+/;
const CENTIDEGREES_OF_HALF_TURN = 18_000;

interface Bank {
  readonly number: string;
  readonly points: number;
  readonly binning: string;
  readonly coefficients: readonly number[];
  readonly content: string;
  /** Line of the BANK record, from 1. */
  readonly line: number;
}

const CONTENTS: ReadonlySet<string> = new Set(["STD", "ESD", "ALT", "FXY", "FXYE"]);

function parseBank(text: string, line: number): Bank {
  const words = text.trim().split(/\s+/);
  const last = words.at(-1)!.toUpperCase();
  const content = CONTENTS.has(last) ? last : "STD";
  const points = Number(words[2]);
  const binning = (words[4] ?? "").toUpperCase();
  if (binning === "EDS") {
    throw new EwaldError(
      "scan/not-a-scan",
      "an energy-dispersive diffraction pattern (GSAS EDS bank)",
      { line },
    );
  }
  const coefficients = words.slice(5, CONTENTS.has(last) ? -1 : undefined).map(Number);
  return { number: words[1]!, points, binning, coefficients, content, line };
}

/** Fixed-width fields of a line; blank fields end it. Detector counts (first 2 of 8) only in STD. */
function fixedFields(line: string, widths: readonly number[], at: number): string[] {
  const fields: string[] = [];
  let from = at;
  for (const width of widths) {
    fields.push(line.slice(from, from + width));
    from += width;
  }
  return fields;
}

const RECORD_WIDTHS: Readonly<Record<string, readonly number[]>> = {
  STD: [2, 6],
  ESD: [8, 8],
  ALT: [8, 7, 5],
};

/** ALT is 4(F8.0,F7.4,F5.4): positions in 1/32, and four decimals implied where no point is written. */
const ALT_UNIT = 32;
const ALT_IMPLIED = 1e-4;

function fieldNumber(field: string, line: number, column: number, implied = 1): number {
  const text = field.trim();
  if (text === "") return 0;
  const value = numberOrGap(text);
  if (value === undefined) throw badNumber(text, line, column + 1);
  return text.includes(".") ? value : value * implied;
}

/** A line of numbers alone. */
const ROW = /^\s*[-+]?\d[\d\s.,eE+-]*$/;

/** Rows of (x or 0, intensity, esd, detectors) in order. */
function readBankRows(lines: readonly string[], bank: Bank, warnings: Warning[]): NumberRows {
  const rows = new NumberRows(4);
  for (let i = bank.line; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith("BANK") || line.startsWith("TIME_MAP") || line.includes("\u001a")) break;
    if (rows.rows >= bank.points) {
      if (!ROW.test(line)) continue;
      warnings.push({
        code: "scan/point-count",
        message: `bank ${bank.number} announces ${bank.points} points, and more follow: they were left out`,
        line: i + 1,
      });
      break;
    }
    if (line.startsWith("#") || line.trim() === "") continue;
    if (bank.content === "FXYE" || bank.content === "FXY")
      pushFree(rows, line, i + 1, bank.content);
    else pushFixed(rows, line, i + 1, bank);
  }
  if (rows.rows < bank.points) checkShortBank(lines, bank, rows, warnings);
  return rows;
}

/**
 * Fewer points than announced. Some programs announce more than they write: where the file goes on or
 * ends with a line end after the last record, what is there is read with a warning; a file that stops
 * within a record was cut off.
 */
function checkShortBank(
  lines: readonly string[],
  bank: Bank,
  rows: NumberRows,
  warnings: Warning[],
): void {
  const message = `bank ${bank.number} announces ${bank.points} points, ${rows.rows} are there`;
  const line = rows.rows === 0 ? bank.line : rows.line(rows.rows - 1);
  if (rows.rows === 0 || line === lines.length) {
    throw new EwaldError("scan/truncated", message, { line, value: rows.rows });
  }
  warnings.push({ code: "scan/point-count", message, line });
}

function pushFree(rows: NumberRows, text: string, line: number, content: string): void {
  const words = text.trim().split(/[\s,]+/);
  const needed = content === "FXYE" ? 3 : 2;
  const values = words.slice(0, needed).map(numberOrGap);
  const bad = values.indexOf(undefined);
  if (bad >= 0 || values.length < needed) throw badNumber(words[Math.max(bad, 0)] ?? "", line);
  rows.push([values[0]!, values[1]!, values[2] ?? 0, 1], line);
}

function pushFixed(rows: NumberRows, text: string, line: number, bank: Bank): void {
  const widths = RECORD_WIDTHS[bank.content]!;
  const width = widths.reduce((sum, one) => sum + one, 0);
  for (let at = 0; at + 1 < text.length && rows.rows < bank.points; at += width) {
    const fields = fixedFields(text, widths, at);
    if (fields.join("").trim() === "") break;
    if (bank.content === "STD") {
      const detectors = Math.max(1, fieldNumber(fields[0]!, line, at));
      rows.push([0, fieldNumber(fields[1]!, line, at + 2), 0, detectors], line);
    } else if (bank.content === "ESD") {
      const intensity = fieldNumber(fields[0]!, line, at);
      rows.push([0, intensity, fieldNumber(fields[1]!, line, at + 8), 1], line);
    } else {
      const position = fieldNumber(fields[0]!, line, at) / ALT_UNIT;
      const intensity = fieldNumber(fields[1]!, line, at + 8, ALT_IMPLIED);
      rows.push(
        [position, intensity, fieldNumber(fields[2]!, line, at + 15, ALT_IMPLIED), 1],
        line,
      );
    }
  }
}

/** Bin positions of a bank whose records hold none. */
function binned(bank: Bank, points: number, maps: ReadonlyMap<string, TimeMap>): Float64Array {
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN, d = Number.NaN] = bank.coefficients;
  const fail = (): EwaldError =>
    new EwaldError(
      "scan/bad-header",
      `bank ${bank.number}: binning ${bank.binning} without its numbers`,
      {
        line: bank.line,
        value: bank.binning,
      },
    );
  if (bank.binning === "CONST" || bank.binning === "CONS" || bank.binning === "COND") {
    if (!(b > 0) || Number.isNaN(a)) throw fail();
    return steppedAxis(a, b, points);
  }
  const axis = new Float64Array(points);
  if (bank.binning === "SLOG") {
    if (!(a > 0) || !(c > 0)) throw fail();
    for (let i = 0, t = a; i < axis.length; i++, t *= 1 + c) axis[i] = t;
    return axis;
  }
  if (bank.binning === "RALF") {
    // 1/32 µs; bins grow with the time of flight from `c` on.
    if (!(b > 0) || Number.isNaN(a)) throw fail();
    for (let i = 0, t = a / 32; i < axis.length; i++) {
      axis[i] = t;
      t += Number.isNaN(c) || t < c / 32 ? b / 32 : t * d;
    }
    return axis;
  }
  const map = bank.binning === "TIME_MAP" ? maps.get(String(a)) : undefined;
  if (map === undefined) throw fail();
  return map.positions(points, bank.line);
}

function readBank(
  lines: readonly string[],
  bank: Bank,
  maps: ReadonlyMap<string, TimeMap>,
  warnings: Warning[],
): DraftRange {
  const rows = readBankRows(lines, bank, warnings);
  const hasPositions = bank.content.startsWith("FXY") || bank.content === "ALT";
  const raw = hasPositions ? rows.column(0) : binned(bank, rows.rows, maps);
  const isAngle = bank.binning.startsWith("CON") && raw.at(-1)! <= CENTIDEGREES_OF_HALF_TURN;
  const intensity = rows.column(1);
  let esd: Float64Array | undefined = rows.column(2);
  if (bank.content === "STD") {
    const detectors = rows.column(3);
    esd = detectors.some((count) => count > 1)
      ? intensity.map((value, i) => Math.sqrt(Math.max(value, 0) / detectors[i]!))
      : undefined;
  } else if (bank.content === "FXY") esd = undefined;
  return {
    kind: isAngle ? "twoTheta" : "tof",
    // The manual writes centidegrees with decimals: dividing keeps 0.05 exact, multiplying does not.
    axis: isAngle ? raw.map((value) => value / 100) : raw,
    intensity,
    esd,
    name: `bank ${bank.number}`,
    position: (i) => ({ line: rows.line(i) }),
  };
}

export function readGsas(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(text);
  const banks: Bank[] = [];
  const maps = new Map<string, TimeMap>();
  const comments: string[] = [];
  lines.forEach((line, i) => {
    if (BANK.test(line)) banks.push(parseBank(line, i + 1));
    else if (line.startsWith("TIME_MAP")) {
      const map = readTimeMap(lines, i);
      maps.set(map.number, map);
    } else if (line.startsWith("#")) comments.push(line.slice(1).trim());
  });
  const other = otherAxisInText(comments);
  if (other !== undefined) throw otherAxisError(other, { line: banks[0]?.line ?? 1 });
  const ranges = banks.map((bank) => trimPadding(readBank(lines, bank, maps, warnings), warnings));
  const title = (lines[0] ?? "")
    .replaceAll(/[^\u0020-\u00ff\u0370-\u03ff\u2080-\u2089]/g, "")
    .trim();
  const fractional = ranges.some((range) => range.intensity.some((value) => value % 1 !== 0));
  const weighted = banks.some((bank) => bank.content !== "STD" && bank.content !== "FXY");
  return {
    format: "gsas",
    ranges,
    // Where title or comments name one, `finishScan` finds it and says where.
    radiation: null,
    intensityUnit: fractional || weighted ? "unknown" : "counts",
    metadata: {
      title,
      comment: comments.length === 0 ? undefined : comments,
      instrumentFile: /^\s*inst[^:]*:(.*)$/i.exec(lines[1] ?? "")?.[1]?.trim(),
    },
  };
}

/** ESD banks fill the last line with zeros of intensity and of uncertainty: no measurement, left out. */
function trimPadding(range: DraftRange, warnings: Warning[]): DraftRange {
  const { esd } = range;
  if (esd === undefined) return range;
  let end = esd.length;
  while (end > 0 && esd[end - 1] === 0 && range.intensity[end - 1] === 0) end--;
  if (end === esd.length || end === 0) return range;
  warnings.push({
    code: "scan/padding",
    message: `${esd.length - end} trailing points without intensity and uncertainty were left out`,
    ...range.position?.(end),
  });
  return {
    ...range,
    axis: range.axis.slice(0, end),
    intensity: range.intensity.slice(0, end),
    esd: esd.slice(0, end),
  };
}
