import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openFeatureCache } from "../../src/data/feature-cache.node.ts";
import { rowStructure, structureRow, type StructureRow } from "../../src/data/structure-table.ts";
import {
  BLOCK_ROWS,
  pointCloudFeature,
  type StructureFeature,
  tableFeatures,
} from "../../src/data/table-features.ts";
import { pointCloud } from "../../src/diffraction/point-cloud.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-features-"));
afterAll(() => rm(scratch, { recursive: true }));

function row(i: number, a = 4 + i / 1000): StructureRow {
  const sites = [
    { species: [{ element: i % 2 === 0 ? "Na" : "K", occupancy: 1 }], frac: [0, 0, 0] as const },
  ];
  return structureRow(
    {
      lattice: [
        [a, 0, 0],
        [0, a, 0],
        [0, 0, a],
      ],
      sites,
    },
    { id: `r-${i}` },
  );
}
const ROWS = Array.from({ length: BLOCK_ROWS + 10 }, (_, i) => row(i));

/** Edge of the cell, and how often it was asked for. */
function edgeFeature(): StructureFeature & { runs: number } {
  const feature = {
    feature: "edge",
    version: 1,
    parameters: {},
    shape: [1],
    runs: 0,
    writer:
      () =>
      (
        structure: Parameters<ReturnType<StructureFeature["writer"]>>[0],
        out: Float32Array,
        offset: number,
      ) => {
        feature.runs++;
        out[offset] = structure.lattice[0][0];
      },
  };
  return feature;
}

async function values(rows: readonly StructureRow[], feature: StructureFeature): Promise<number[]> {
  const all: number[] = [];
  for await (const { rows: part, block } of tableFeatures(
    rows,
    feature,
    openFeatureCache(scratch),
  )) {
    expect(block.shape).toEqual([part.length, ...feature.shape]);
    all.push(...block.data);
  }
  return all;
}

test("computed once; rows added at the end cost the last block only; a changed atom its block only", async () => {
  const feature = edgeFeature();
  const first = await values(ROWS, feature);
  expect(first).toEqual(ROWS.map((one) => Math.fround(one.cell[0]!)));
  expect(feature.runs).toBe(BLOCK_ROWS + 10);
  await values(ROWS, feature);
  expect(feature.runs).toBe(BLOCK_ROWS + 10);
  await values([...ROWS, row(9999)], feature);
  expect(feature.runs).toBe(BLOCK_ROWS + 10 + 11);
  const changed = ROWS.with(BLOCK_ROWS + 9, row(BLOCK_ROWS + 9, 7));
  expect((await values(changed, feature)).at(-1)).toBe(7);
  expect(feature.runs).toBe(BLOCK_ROWS + 10 + 11 + 10);
  const renamed = ROWS.map((one) =>
    Object.assign({}, one, { id: `x${one.id}`, labels: { bandGapEv: 1 } }),
  );
  await values(renamed, feature);
  expect(feature.runs).toBe(BLOCK_ROWS + 10 + 11 + 10);
});

test("point clouds of a table are those of its structures", async () => {
  const rows = ROWS.slice(0, 3);
  const feature = pointCloudFeature({ points: 27 });
  expect(await values(rows, feature)).toEqual(
    rows.flatMap((one) => [...pointCloud(rowStructure(one), { points: 27 })]),
  );
});
