/**
 * Neutron diffractometers' DAT: D1A/D2B of the ILL and DMC/HRPT of PSI. A few title lines, one line
 * `start step end`, then all intensities and, in as many lines, all uncertainties. The wavelength stands
 * in the title. RIET7 / LHPM and DBWS are the same without uncertainties.
 */
import { EwaldError } from "../../errors.ts";
import { splitLines } from "../../formats/index.ts";
import type { Radiation } from "../../radiation/index.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { NumberRows, pushNumbers } from "./lines.ts";
import { statedWavelength } from "./radiation.ts";
import { radiationInText } from "./radiation-text.ts";

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
    if (!isFollowedByIntensities(lines, i, start)) continue;
    return { line: i + 1, start, step, count: Math.round(steps) + 1 };
  }
  return undefined;
}

/** A line of numbers follows, and it is not the next row of three columns (angle, intensity, esd). */
function isFollowedByIntensities(lines: readonly string[], at: number, start: number): boolean {
  const next = lines[at + 1]!.trim().split(/\s+/).map(Number);
  if (next.length < 3 || next.some(Number.isNaN)) return false;
  const isNextRow = next.length === 3 && next[0]! > start && next[0]! < start + 1;
  return !isNextRow;
}

export function recognisesIll(text: string): boolean {
  return findSteps(splitLines(text.slice(0, 8192))) !== undefined;
}

/** "1.9114 A", "lambda= 1.8857 A", "1.494 Angstrom" in a title. */
function titleWavelength(titles: readonly string[]): Radiation | null {
  for (const title of titles) {
    const stated = radiationInText([title]);
    if (stated !== null) return { ...stated, kind: "neutron" };
    const plain = /(?:^|[\s:=,])(\d\.\d{2,6})\s*(?:A|Å|Ang\w*)(?=[\s,;]|$)/.exec(title);
    const radiation = plain === null ? null : statedWavelength(Number(plain[1]), "neutron");
    if (radiation !== null) return radiation;
  }
  return null;
}

export function readIll(text: string): Draft {
  const lines = splitLines(text);
  const steps = findSteps(lines);
  if (steps === undefined) throw new EwaldError("scan/bad-header", "no line of start, step, end");
  const rows = new NumberRows(1);
  let i = steps.line;
  for (; i < lines.length; i++) {
    const line = lines[i]!;
    if (!/^[\s\d.,+\-eEdD]*$/.test(line)) break;
    pushNumbers(rows, line, i + 1);
  }
  const { count } = steps;
  const found = rows.rows;
  if (found < count) {
    throw new EwaldError("scan/truncated", `${count} points are announced, ${found} are there`, {
      line: lines.length,
      value: found,
    });
  }
  const values = rows.column(0);
  const hasEsds = found >= 2 * count;
  const titles = lines.slice(0, steps.line - 1).map((line) => line.trim());
  const after = lines
    .slice(i)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    format: hasEsds ? "ill-dat" : "riet7",
    ranges: [
      {
        kind: "twoTheta",
        axis: steppedAxis(steps.start, steps.step, count),
        intensity: values.slice(0, count),
        esd: hasEsds ? values.slice(count, 2 * count) : undefined,
        position: (point) => ({ line: rows.line(point) }),
      },
    ],
    radiation: titleWavelength([...titles, ...after]),
    intensityUnit: "unknown",
    metadata: {
      title: titles[0],
      comment: [...titles.slice(1), ...after].filter((line) => line !== ""),
    },
  };
}
