/**
 * The search of known phases: peaks of a scan, and what is known of the elements, to phases in order of how well they explain it. Both
 * sides are sets of peaks over ln(sin θ/λ), heights the root of the intensity; the score is the cosine of the two, each peak a
 * Gaussian, with one factor on the cell and one zero shift an entry. Three stages: the first lines of all entries in rough steps, all
 * lines of the better ones without a zero shift, all lines of the best in fine steps.
 *
 * Weights were set on the scans `rruff_raw` of the development data, coarsely; `bench/phases.mjs` measures what they give
 * there and on sets that took no part.
 */
import {
  elementAmounts,
  type ElementAmounts,
  elementFactor,
  type SampleElements,
} from "./phase-elements.ts";
import { BIN_WIDTH, BINS, checkSameCount, type LineTable } from "./phase-lines.ts";
import { type Lines, overlapOf } from "./line-overlap.ts";
import type { PhaseTable } from "./phase-table.ts";
import type { SearchTarget } from "./search-target.ts";

/** Largest change of a cell, and the steps of both stages, bins (0.05 % each). */
const MOST_SHIFT = 40;
const ROUGH_STEP = 6;
const FINE_STEP = 2;
/** Entries that pass the first and the second stage: at most so many, and none below this part of the best. */
const AFTER_FIRST = { most: 1500, share: 0.5 };
const AFTER_SECOND = { most: 200, share: 0.6 };
/** Step of the second stage, bins. */
const MIDDLE_STEP = 4;
/** A line of which the scan shows less than this part of its height is absent; the most that absent lines cost. */
const ABSENT_BELOW = 0.15;
const MOST_FOR_ABSENT = 0.3;
/** The most that a change of the cell costs: a measured cell has no reason to change by 2 %, a calculated one some. */
const MOST_FOR_CELL = { measured: 0.3, calculated: 0.15 };
/** Of two entries of one phase the measured one has the better cell. */
const CALCULATED = 0.93;

export interface Scored {
  /** Place of the entry in the library. */
  readonly entry: number;
  /** 0 to 1. */
  readonly score: number;
  /** Above 1 where the crystal is larger than the entry's. */
  readonly cellFactor: number;
  readonly zeroShiftDeg: number;
}

type Ranked = readonly [entry: number, score: number];

/** The best of a stage, in no order. */
function bestOf(ranked: readonly Ranked[], { most, share }: typeof AFTER_FIRST): readonly Ranked[] {
  const scores = Float64Array.from(ranked, ([, score]) => score).sort();
  const limit = Math.max(share * (scores.at(-1) ?? 0), scores.at(-most) ?? 0);
  return ranked.filter(([, score]) => score >= limit);
}

/** A library ready to be searched; buffers are shared by all searches of one. */
export class PhaseSearch {
  private readonly phases: PhaseTable;
  private readonly first: LineTable;
  private readonly further: LineTable;
  private readonly amounts: ElementAmounts;
  private readonly bin = new Float32Array(64);
  private readonly height = new Float32Array(64);

  /** @throws EwaldError `known/damaged` where the files are not of one library */
  constructor(phases: PhaseTable, first: LineTable, further: LineTable) {
    checkSameCount(first, phases.count);
    checkSameCount(further, phases.count);
    this.phases = phases;
    this.first = first;
    this.further = further;
    this.amounts = elementAmounts(phases);
  }

  /** The best entries, best first. */
  search(target: SearchTarget, elements: SampleElements = {}, most = 200): Scored[] {
    const factor = elementFactor(this.amounts, elements);
    const middle = bestOf(this.roughScores(target, factor), AFTER_FIRST)
      .map(([entry]) => [entry, this.middleScore(entry, target) * factor(entry)] as const)
      .filter(([, score]) => score > 0);
    const scored: Scored[] = [];
    for (const [entry] of bestOf(middle, AFTER_SECOND)) {
      const found = this.fine(entry, target);
      if (found !== null) scored.push({ ...found, score: found.score * factor(entry) });
    }
    return scored.toSorted((a, b) => b.score - a.score || a.entry - b.entry).slice(0, most);
  }

  /** All lines of an entry with its cell as it was found. */
  placedLines({ entry, cellFactor }: Scored): Lines {
    const count = this.gather(entry, { first: 0, last: BINS });
    const shift = -Math.log(cellFactor) / BIN_WIDTH;
    return {
      bin: this.bin.slice(0, count).map((bin) => bin + shift),
      height: this.height.slice(0, count),
      count,
    };
  }

  /** Entries that the elements allow, by their strongest lines. */
  private roughScores(target: SearchTarget, factor: (entry: number) => number): Ranked[] {
    const kept: Ranked[] = [];
    let best = 0;
    for (let entry = 0; entry < this.phases.count; entry++) {
      const allowed = factor(entry);
      if (allowed === 0) continue;
      const score = allowed * this.roughScore(entry, target);
      if (score <= AFTER_FIRST.share * best) continue;
      if (score > best) best = score;
      kept.push([entry, score]);
    }
    return kept;
  }

  /** All lines, no zero shift, few sizes of the cell. */
  private middleScore(entry: number, target: SearchTarget): number {
    const count = this.gather(entry, target);
    const field = target.fields[target.zeroShiftsDeg.indexOf(0)]!;
    const overlap = this.overlapRatio(count);
    let best = 0;
    for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += MIDDLE_STEP)
      best = Math.max(best, this.cosine(count, field, shift, target, overlap));
    return best;
  }

  private roughScore(entry: number, { rough, first, last }: SearchTarget): number {
    const { start, bin, height } = this.first;
    const [from, to] = [start[entry]!, start[entry + 1]!];
    let norm = 0;
    let [low, high] = [from, to];
    while (low < to && bin[low]! < first - MOST_SHIFT) low++;
    while (high > low && bin[high - 1]! > last + MOST_SHIFT) high--;
    for (let i = low; i < high; i++) norm += height[i]! * height[i]!;
    if (norm === 0) return 0;
    let best = 0;
    for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += ROUGH_STEP) {
      let sum = 0;
      for (let i = low; i < high; i++) sum += height[i]! * rough[(bin[i]! + shift) & (BINS - 1)]!;
      if (sum > best) best = sum;
    }
    return best / Math.sqrt(norm);
  }

  /** All lines of an entry in order of their bins, into the buffers; their number. */
  private gather(entry: number, { first, last }: Pick<SearchTarget, "first" | "last">): number {
    const { bin, height } = this;
    const [a, b] = [this.first, this.further];
    let [i, k] = [a.start[entry]!, b.start[entry]!];
    const [endA, endB] = [a.start[entry + 1]!, b.start[entry + 1]!];
    let count = 0;
    while (i < endA || k < endB) {
      const isFirst = k >= endB || (i < endA && a.bin[i]! <= b.bin[k]!);
      const at = isFirst ? a.bin[i]! : b.bin[k]!;
      const value = isFirst ? a.height[i++]! : b.height[k++]!;
      if (at < first - MOST_SHIFT || at > last + MOST_SHIFT) continue;
      bin[count] = at;
      height[count++] = value / 255;
    }
    return count;
  }

  private fine(entry: number, target: SearchTarget): Scored | null {
    const count = this.gather(entry, target);
    if (count === 0) return null;
    const isMeasured = this.phases.source(entry).isMeasured;
    const cost = isMeasured ? MOST_FOR_CELL.measured : MOST_FOR_CELL.calculated;
    const overlap = this.overlapRatio(count);
    let best = { score: 0, shift: 0, zero: 0 };
    for (const [zero, field] of target.fields.entries()) {
      for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += FINE_STEP) {
        const cosine = this.cosine(count, field, shift, target, overlap);
        const score = cosine * (1 - cost * (shift / MOST_SHIFT) ** 2);
        if (score > best.score) best = { score, shift, zero };
      }
    }
    return {
      entry,
      score: Math.min(1, best.score) * (isMeasured ? 1 : CALCULATED),
      cellFactor: Math.exp(-best.shift * BIN_WIDTH),
      zeroShiftDeg: target.zeroShiftsDeg[best.zero]!,
    };
  }

  /** Overlap of the lines with themselves over the sum of their squares: lines that are seen as one count as one. */
  private overlapRatio(count: number): number {
    const { bin, height } = this;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += height[i]! * height[i]!;
    const lines = { bin, height, count };
    return overlapOf(lines, lines) / squares;
  }

  private cosine(
    count: number,
    field: Float32Array,
    shift: number,
    { first, last, norm }: SearchTarget,
    overlap: number,
  ): number {
    const { bin, height } = this;
    let [product, squares, absent] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const at = bin[i]! + shift;
      if (at < first || at > last) continue;
      const h = height[i]!;
      const seen = field[at]!;
      product += h * seen;
      squares += h * h;
      if (seen < ABSENT_BELOW * h) absent += h * h;
    }
    if (squares === 0) return 0;
    const cosine = product / (Math.sqrt(squares * overlap) * norm);
    return cosine * (1 - (MOST_FOR_ABSENT * absent) / squares);
  }
}
