/**
 * Neutron diffractometers' DAT: D1A/D2B of the ILL and DMC/HRPT of PSI. A few title lines, one line
 * `start step end`, then all intensities and, in as many lines, all uncertainties. The wavelength stands
 * in the title. RIET7 / LHPM, DBWS and FullProf's free format are the same without uncertainties, any
 * number of intensities in a line. The old D1A / D2B files hold 10(I2,F6.0): how many counters saw a point,
 * and their mean (FullProf manual, INSTRM = 1).
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { splitLines } from "../../formats/instrument-text.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { NumberRows, pushNumbers } from "./lines.ts";
import { anodeInText, wavelengthInText } from "./radiation-text.ts";
import { statedWavelength } from "./radiation.ts";

const NUMBER = String.raw`[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?`;
const STEPS = new RegExp(String.raw`^\s*(${NUMBER})\s+(${NUMBER})\s+(${NUMBER})(?:\s|$)`);
const MAX_TITLE_LINES = 6;

interface Steps {
  readonly line: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The line `start step end` that divides evenly, within the first lines, followed by a line of numbers. */
function findSteps(lines: readonly string[]): Steps | undefined {
  for (let i = 0; i < Math.min(lines.length - 1, MAX_TITLE_LINES); i++) {
    const match = STEPS.exec(lines[i]!);
    if (match === null) continue;
    const [start, step, end] = match.slice(1, 4).map(Number) as [number, number, number];
    const steps = (end - start) / step;
    const even = Math.abs(steps - Math.round(steps)) < 0.02;
    if (!(step > 0.0005 && step <= 1 && steps >= 20 && steps < 1e6 && even)) continue;
    if (start < -180 || end > 180.5) continue;
    const count = Math.round(steps) + 1;
    if (!isFollowedByIntensities(lines, i, start, count)) continue;
    return { line: i + 1, start, step, count };
  }
  return undefined;
}

const NUMBERS_ONLY = /^[\s\d.,+\-eEdD]*$/;

/**
 * A line of numbers follows, and it is not the next row of a table (angle, intensity, esd). One or
 * two numbers are intensities only where all of them together are as many as the head says.
 */
function isFollowedByIntensities(
  lines: readonly string[],
  at: number,
  start: number,
  count: number,
): boolean {
  const next = lines[at + 1]!.trim().split(/\s+/).map(Number);
  if (next.some(Number.isNaN)) return false;
  if (next.length < 3) return lines[at + 1]!.trim() !== "" && numbersAfter(lines, at + 1) === count;
  const alike = next.length === lines[at]!.trim().split(/\s+/).length;
  const isNextRow = alike && next[0]! > start && next[0]! <= start + 1;
  return !isNextRow;
}

function numbersAfter(lines: readonly string[], from: number): number {
  let found = 0;
  for (let i = from; i < lines.length && NUMBERS_ONLY.test(lines[i]!); i++) {
    found += lines[i]!.match(/[^\s,]+/g)?.length ?? 0;
  }
  return found;
}

const CELL = /^(?: [1-9]|[1-9]\d) *\d+\.?$/;
const CELL_CHARACTERS = 8;
const CELLS = 10;

interface Points {
  readonly intensity: Float64Array;
  readonly esd: Float64Array | undefined;
  readonly rows: NumberRows;
  /** First line behind the data. */
  readonly end: number;
}

/** 10(I2,F6.0), where every cell of eight characters is one and they are as many as the points. */
function readPairs(lines: readonly string[], steps: Steps): Points | undefined {
  const rows = new NumberRows(2);
  let i = steps.line;
  for (; i < lines.length && rows.rows < steps.count; i++) {
    const line = lines[i]!.trimEnd();
    const left = Math.min(CELLS, steps.count - rows.rows);
    if (line.length !== left * CELL_CHARACTERS) return undefined;
    for (let at = 0; at < line.length; at += CELL_CHARACTERS) {
      const cell = line.slice(at, at + CELL_CHARACTERS);
      if (!CELL.test(cell)) return undefined;
      rows.push([Number(cell.slice(0, 2)), Number(cell.slice(2))], i + 1);
    }
  }
  if (rows.rows < steps.count) return undefined;
  const counters = rows.column(0);
  const intensity = rows.column(1);
  // The mean of n counters that saw N counts together: √N / n.
  const esd = intensity.map(
    (mean, k) => Math.sqrt(Math.max(1, mean * counters[k]!)) / counters[k]!,
  );
  return { intensity, esd, rows, end: i };
}

function readPoints(lines: readonly string[], { line: from, count }: Steps): Points {
  const rows = new NumberRows(1);
  let i = from;
  for (; i < lines.length && NUMBERS_ONLY.test(lines[i]!); i++) pushNumbers(rows, lines[i]!, i + 1);
  const found = rows.rows;
  if (found < count) {
    throw new EwaldError("scan/truncated", `${count} points are announced, ${found} are there`, {
      line: lines.length,
      value: found,
    });
  }
  const values = rows.column(0);
  const hasEsds = found >= 2 * count;
  if (hasEsds) refuseLoosePairs(values.subarray(0, 2 * count), lines[from]!, from + 1);
  return {
    intensity: values.slice(0, count),
    esd: hasEsds ? values.slice(count, 2 * count) : undefined,
    rows,
    end: i,
  };
}

/** Small whole numbers in every other place are counters: then half of the values are no intensities. */
function refuseLoosePairs(values: Float64Array, firstLine: string, line: number): void {
  let mostCounters = 0;
  let mostCounts = 0;
  for (let i = 0; i < values.length; i += 2) {
    const counters = values[i]!;
    if (!Number.isInteger(counters) || counters < 1 || counters > 99) return;
    mostCounters = Math.max(mostCounters, counters);
    mostCounts = Math.max(mostCounts, values[i + 1]!);
  }
  const [first = "", second = ""] = firstLine.trim().split(/\s+/);
  const isPointed = !first.includes(".") && second.includes(".");
  if (!isPointed && mostCounts < 5 * mostCounters) return;
  throw new EwaldError(
    "scan/bad-row",
    "pairs of counters and intensities that do not stand in the columns of 10(I2,F6.0)",
    { line, hint: "Write start, step, end and the intensities alone, or angle and intensity." },
  );
}

export function recognisesIll(text: string): boolean {
  const head = splitLines(text.slice(0, 8192)).slice(0, MAX_TITLE_LINES);
  return head.some((line) => STEPS.test(line)) && findSteps(splitLines(text)) !== undefined;
}

const XRAY =
  /(?<![a-z])x-?rays?(?![a-z])|synchrotron|keV|(?<![a-z])K[\s-]?(?:alpha|α|a)[12]?(?![a-z])/i;

/**
 * "1.9114 A", "lambda= 1.8857 A", "1.494 Angstrom" in a title: of neutrons, unless it says X-rays or names
 * an anode.
 */
function titleRadiation(titles: readonly string[], warnings: Warning[]): Radiation | null {
  const anode = anodeInText(titles);
  const kind = anode !== null || titles.some((title) => XRAY.test(title)) ? "xray" : "neutron";
  const stated = wavelengthInText(titles);
  if (stated !== null) return { ...stated, kind };
  for (const title of titles) {
    const plain = /(?:^|[\s:=,])(\d\.\d{2,6})\s*(?:A|Å|Ang\w*)(?=[\s,;]|$)/.exec(title);
    const radiation = plain === null ? null : statedWavelength(Number(plain[1]), kind);
    if (radiation === null) continue;
    warnings.push({
      code: "scan/wavelength-from-title",
      message: `the wavelength ${plain![1]} Å was read in the title "${title.slice(0, 80)}", of ${kind === "neutron" ? "neutrons" : "X-rays"}`,
    });
    return radiation;
  }
  return anode;
}

export function readIll(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(text);
  const steps = findSteps(lines);
  if (steps === undefined) throw new EwaldError("scan/bad-header", "no line of start, step, end");
  const points = readPairs(lines, steps) ?? readPoints(lines, steps);
  const titles = lines.slice(0, steps.line - 1).map((line) => line.trim());
  const after = lines
    .slice(points.end)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    format: points.esd === undefined ? "riet7" : "ill-dat",
    ranges: [
      {
        kind: "twoTheta",
        axis: steppedAxis(steps.start, steps.step, steps.count),
        intensity: points.intensity,
        esd: points.esd,
        position: (point) => ({ line: points.rows.line(point) }),
      },
    ],
    radiation: titleRadiation([...titles, ...after], warnings),
    intensityUnit: "unknown",
    metadata: {
      title: titles[0],
      comment: [...titles.slice(1), ...after].filter((line) => line !== ""),
    },
  };
}
