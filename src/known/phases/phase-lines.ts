/**
 * The strongest powder lines of every phase, on an axis that knows no anode: ln(sin θ/λ), where another size of the cell is a shift.
 * Heights are the root of the intensity that an unpolarised tube of Cu Kα1 gives, strongest 1. Two files: the first lines of all phases are
 * what a search begins with, the others what it ends with.
 */
import { EwaldError } from "../../errors.ts";
import { type PowderBuffers, powderBuffers, powderLines } from "../../diffraction/powder.ts";
import { operationsOfSetting } from "../../crystal/symmetry/space-group-settings.ts";
import { parseRadiation } from "../../radiation/radiation.ts";
import {
  type ColumnFile,
  ColumnWriter,
  damaged,
  packColumns,
  unpackColumns,
  wholes,
} from "../column-file.ts";
import { type PhaseRecord, structureOf } from "./phase.ts";

/** sin θ/λ of bin 0, 1/Å: d = 50 Å. */
const FIRST_S = 0.01;
/** Width of a bin, ln(sin θ/λ): 0.05 % of a cell. */
export const BIN_WIDTH = 5e-4;
/** A power of two, so that bins wrap with a mask; the last is sin θ/λ = 0.6 (133° of Cu Kα1). */
export const BINS = 8192;
/** Lines kept of a phase, and how many of them a search begins with. */
const MOST_LINES = 40;
const FIRST_LINES = 14;
const HEIGHT_STEPS = 255;

const RADIATION = parseRadiation("CuKa1");
const RANGE_DEG = [2, 110] as const;
/** Lines nearer than this, ln d, are seen as one. */
const SEEN_AS_ONE = 7e-4;
/** B where the source states none, Å²: what crystals at room temperature have, about. */
const USUAL_B_ANGSTROM2 = 0.8;

/** Bin, with its fraction, of sin θ/λ in 1/Å. */
export function binOfS(sInvAngstrom: number): number {
  return Math.log(sInvAngstrom / FIRST_S) / BIN_WIDTH;
}

/** Lines of one phase, strongest first. */
export interface PhaseLines {
  readonly bin: Uint16Array;
  /** 1 to 255: root of the intensity, strongest 255; kept to steps of 2. */
  readonly height: Uint8Array;
}

/** @throws EwaldError of `powderLines` */
export function linesOfPhase(
  phase: PhaseRecord,
  buffers: PowderBuffers = powderBuffers(),
): PhaseLines {
  const options = {
    radiation: RADIATION,
    twoThetaRangeDeg: RANGE_DEG,
    operations: operationsOfSetting(phase.setting),
    minimumIntensity: 0.01,
  };
  const { dAngstrom, intensity } = powderLines(structureOf(phase), options, buffers);
  const b = phase.sites.some(({ bIsoAngstrom2 }) => bIsoAngstrom2 !== undefined)
    ? 0
    : USUAL_B_ANGSTROM2;
  const lines: { d: number; intensity: number }[] = [];
  for (const [i, d] of dAngstrom.entries()) {
    const height = intensity[i]! * Math.exp(-b / (2 * d * d));
    const last = lines.at(-1);
    if (last === undefined || Math.log(last.d / d) > SEEN_AS_ONE) {
      lines.push({ d, intensity: height });
      continue;
    }
    last.d = (last.d * last.intensity + d * height) / (last.intensity + height);
    last.intensity += height;
  }
  const strongest = lines.toSorted((x, y) => y.intensity - x.intensity).slice(0, MOST_LINES);
  const most = strongest[0]?.intensity ?? 1;
  return {
    bin: Uint16Array.from(strongest, ({ d }) =>
      Math.max(0, Math.min(BINS - 1, Math.round(binOfS(1 / (2 * d))))),
    ),
    height: Uint8Array.from(strongest, (one) =>
      Math.max(1, Math.round(HEIGHT_STEPS * Math.sqrt(one.intensity / most))),
    ),
  };
}

const FIRST_FILE: ColumnFile = {
  magic: "EWL1",
  version: 1,
  fileName: "lines-first.bin",
  title: "the library's file of first lines",
  columns: 3,
};
const FURTHER_FILE: ColumnFile = {
  ...FIRST_FILE,
  magic: "EWL2",
  fileName: "lines-further.bin",
  title: "the library's file of further lines",
};

/** The two files of the lines of all phases, in the order of the phases. */
export function encodeLines(lines: readonly PhaseLines[]): {
  first: Uint8Array;
  further: Uint8Array;
} {
  const part = (file: ColumnFile, from: number, to: number): Uint8Array => {
    const [counts, bins] = [new ColumnWriter(), new ColumnWriter()];
    const heights: number[] = [];
    for (const { bin, height } of lines) {
      const kept = [...bin.keys()].slice(from, to).toSorted((a, b) => bin[a]! - bin[b]!);
      counts.whole(kept.length);
      let before = 0;
      for (const i of kept) {
        bins.whole(bin[i]! - before);
        before = bin[i]!;
        heights.push(height[i]! | 1);
      }
    }
    return packColumns(file, lines.length, [
      counts.content,
      bins.content,
      Uint8Array.from(heights),
    ]);
  };
  return {
    first: part(FIRST_FILE, 0, FIRST_LINES),
    further: part(FURTHER_FILE, FIRST_LINES, MOST_LINES),
  };
}

/** Lines of all phases side by side: those of phase i from `start[i]` to `start[i + 1]`, in order of their bins. */
export interface LineTable {
  readonly start: Uint32Array;
  readonly bin: Uint16Array;
  readonly height: Uint8Array;
}

export const decodeFirstLines = (bytes: Uint8Array): LineTable => decode(FIRST_FILE, bytes);
export const decodeFurtherLines = (bytes: Uint8Array): LineTable => decode(FURTHER_FILE, bytes);

/** @throws EwaldError `known/damaged`, `known/version` */
function decode(file: ColumnFile, bytes: Uint8Array): LineTable {
  const { columns, count } = unpackColumns(file, bytes);
  const counts = wholes(file, columns[0]!, count);
  const start = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) start[i + 1] = start[i]! + counts[i]!;
  const total = start[count]!;
  const bin = wholes(file, columns[1]!, total, new Uint16Array(total));
  // A copy: as a part of what was unpacked it would keep all of that.
  const height = columns[2]!.slice();
  if (height.length !== total) damaged(file, `has ${height.length} heights for ${total} lines`);
  for (let i = 0; i < count; i++) {
    let at = 0;
    for (let k = start[i]!; k < start[i + 1]!; k++) {
      at += bin[k]!;
      if (at >= BINS) damaged(file, `has a line beyond its axis in entry ${i + 1}`);
      bin[k] = at;
    }
  }
  return { start, bin, height };
}

/** @throws EwaldError `known/damaged` where files of different libraries stand together */
export function checkSameCount(lines: LineTable, phases: number): void {
  if (lines.start.length - 1 === phases) return;
  throw new EwaldError(
    "known/damaged",
    `lines of ${lines.start.length - 1} phases stand beside structures of ${phases}`,
    { hint: "All files of a library belong together: install or build it again." },
  );
}
