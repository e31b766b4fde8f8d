/**
 * Features of whole tables, block by block: rows are taken in blocks of {@link BLOCK_ROWS}, each block is looked up in
 * the cache by a hash of its rows and computed where it is missing. A table that grows keeps its old blocks.
 */
import { type PointCloudOptions, pointCloudWriter } from "../diffraction/point-cloud.ts";
import type { Structure } from "../crystal/structure.ts";
import type { FeatureBlock, FeatureRequest } from "./feature-cache.ts";
import { rowStructure, type StructureRow } from "./structure-table.ts";

/** 1,024 clouds of 125 points are 2 MB. */
export const BLOCK_ROWS = 1024;

/** Something computed per structure: `shape` numbers, written by a function that may keep buffers. */
export interface StructureFeature {
  readonly feature: string;
  /** Raised by hand whenever the code would give other numbers. */
  readonly version: number;
  readonly parameters: unknown;
  readonly shape: readonly number[];
  writer(): (structure: Structure, out: Float32Array, offset: number) => void;
}

/** A store of computed blocks, as a cache offers it (see `feature-cache.node.ts`). */
export interface BlockStore {
  remember(
    request: FeatureRequest,
    compute: () => FeatureBlock | Promise<FeatureBlock>,
  ): Promise<FeatureBlock>;
}

export interface FeatureRows {
  readonly rows: readonly StructureRow[];
  /** Shape (rows, …shape of the feature). */
  readonly block: FeatureBlock;
}

/** The reciprocal point cloud of each structure as it stands in the table; shape (points, 4). */
export function pointCloudFeature(options: PointCloudOptions = {}): StructureFeature {
  return {
    feature: "point-cloud",
    version: 1,
    parameters: options,
    shape: [options.points ?? 125, 4],
    writer: () => pointCloudWriter(options),
  };
}

/** Hash of everything a feature may depend on: cells, atoms, occupancies; not ids, not labels. */
export async function rowsHash(rows: readonly StructureRow[]): Promise<string> {
  const numbers = rows.reduce(
    (sum, { frac, occupancies }) => sum + 6 + frac.length + (occupancies?.length ?? 0),
    0,
  );
  const values = new Float64Array(numbers);
  const names: string[] = [];
  let at = 0;
  for (const { cell, species, frac, occupancies } of rows) {
    for (const list of [cell, frac, occupancies ?? []]) {
      values.set(list, at);
      at += list.length;
    }
    names.push(species.join(" "));
  }
  const text = new TextEncoder().encode(names.join("\n"));
  const bytes = new Uint8Array(values.byteLength + text.length);
  bytes.set(new Uint8Array(values.buffer));
  bytes.set(text, values.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function computeBlock(
  rows: readonly StructureRow[],
  feature: StructureFeature,
  write: ReturnType<StructureFeature["writer"]>,
): FeatureBlock {
  const size = feature.shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) write(rowStructure(row), data, i * size);
  return { shape: [rows.length, ...feature.shape], data };
}

/**
 * Rows with their features, in order. One block is held at a time.
 * @throws EwaldError of the feature, for the first row that has none
 */
export async function* tableFeatures(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  feature: StructureFeature,
  store: BlockStore,
): AsyncGenerator<FeatureRows> {
  const write = feature.writer();
  const { feature: name, version, parameters } = feature;
  const finish = async (block: readonly StructureRow[]): Promise<FeatureRows> => {
    const request = { feature: name, version, parameters, inputs: await rowsHash(block) };
    return {
      rows: block,
      block: await store.remember(request, () => computeBlock(block, feature, write)),
    };
  };
  let block: StructureRow[] = [];
  for await (const row of rows) {
    block.push(row);
    if (block.length < BLOCK_ROWS) continue;
    yield await finish(block);
    block = [];
  }
  if (block.length > 0) yield await finish(block);
}
