/** Line lists of whole tables, computed once: blocks of rows go through the feature cache as plain numbers. */
import { loadSymmetry } from "../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../data/describe.ts";
import type { FeatureBlock } from "../data/feature-cache.ts";
import { rowStructure, type StructureRow } from "../data/structure-table.ts";
import { CRYSTAL_SYSTEMS } from "../data/summary.ts";
import { BLOCK_ROWS, type BlockStore, rowsHash } from "../data/table-features.ts";
import { powderBuffers } from "../diffraction/powder.ts";
import { EwaldError } from "../errors.ts";
import { type CellParameters, type LineList, lineList } from "../diffraction/line-list.ts";

/** Per row: system, number of lines, cell; then 4 numbers a line. */
const HEAD = 8;
/** Structures with more atoms are left out (a line list of 200 atoms takes a second). */
const MOST_ATOMS = 120;

export interface RowLines {
  readonly row: StructureRow;
  readonly lines: LineList;
}

function encode(lists: readonly (LineList | null)[]): FeatureBlock {
  const size = lists.reduce((sum, list) => sum + HEAD + 4 * (list?.strength.length ?? 0), 0);
  const data = new Float32Array(size);
  let at = 0;
  for (const list of lists) {
    data[at] = list === null ? -1 : CRYSTAL_SYSTEMS.indexOf(list.system);
    const count = list?.strength.length ?? 0;
    data[at + 1] = count;
    if (list !== null) {
      data.set(list.cell, at + 2);
      data.set(list.hkl, at + HEAD);
      data.set(list.strength, at + HEAD + 3 * count);
    }
    at += HEAD + 4 * count;
  }
  return { shape: [size], data };
}

function decode({ data }: FeatureBlock, rows: number): (LineList | null)[] {
  let at = 0;
  return Array.from({ length: rows }, () => {
    const [system, count] = [data[at]!, data[at + 1]!];
    const start = at + HEAD;
    const cell = [...data.subarray(at + 2, start)] as unknown as CellParameters;
    at = start + 4 * count;
    if (system < 0) return null;
    return {
      system: CRYSTAL_SYSTEMS[system]!,
      cell,
      hkl: Int16Array.from(data.subarray(start, start + 3 * count)),
      strength: data.slice(start + 3 * count, at),
    };
  });
}

/**
 * Rows with their line lists. Rows without one (more than 120 atoms, no symmetry found, no form factor) are left out and
 * counted in the result's `skipped`.
 */
export async function tableLines(
  rows: AsyncIterable<StructureRow>,
  store: BlockStore,
  onBlock?: (done: number) => void,
): Promise<{ readonly lists: readonly RowLines[]; readonly skipped: number }> {
  await loadSymmetry();
  const buffers = powderBuffers();
  const lists: RowLines[] = [];
  let skipped = 0;
  let done = 0;
  const listOf = (row: StructureRow): LineList | null => {
    if (row.species.length > MOST_ATOMS) return null;
    try {
      return lineList(rowStructure(row), TABLE_SYMPREC_ANGSTROM, buffers);
    } catch (error) {
      if (error instanceof EwaldError) return null;
      throw error;
    }
  };
  const finish = async (block: readonly StructureRow[]): Promise<void> => {
    const request = {
      feature: "structure-type-lines",
      version: 1,
      parameters: { mostAtoms: MOST_ATOMS },
      inputs: await rowsHash(block),
    };
    const found = decode(
      await store.remember(request, () => encode(block.map(listOf))),
      block.length,
    );
    for (const [i, lines] of found.entries()) {
      if (lines === null) skipped++;
      else lists.push({ row: block[i]!, lines });
    }
    onBlock?.((done += block.length));
  };
  let block: StructureRow[] = [];
  for await (const row of rows) {
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    await finish(block);
    block = [];
  }
  if (block.length > 0) await finish(block);
  return { lists, skipped };
}
