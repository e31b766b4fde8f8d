/** What recipes keep of the paper's network between runs. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RecipeContext } from "../../../src/reproduce/recipe.ts";
import { Random } from "../../../src/math/random.ts";
import {
  type CloudRows,
  type Faithful,
  trainFaithful,
} from "../../../src/reproduce/deepknet/faithful.node.ts";

let checkpoints: string;
beforeEach(async () => {
  checkpoints = await mkdtemp(join(tmpdir(), "ewald-faithful-"));
});
afterEach(() => rm(checkpoints, { recursive: true }));

const ROWS = 120;

/** Three points each; class 1 where they are farther out. */
function separable(): CloudRows {
  const random = Random.fromSeed(1, "separable");
  const clouds = new Float32Array(ROWS * 12);
  const label = new Int32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    label[row] = row % 2;
    for (let i = 0; i < 12; i++)
      clouds[12 * row + i] = (1 + 2 * label[row]!) * random.uniformBetween(0.5, 1);
  }
  const rows = Array.from(label, (_, i) => ({ id: `row-${i}`, formula: `X${i}` }));
  return { rows, clouds, label };
}

const settings: Faithful = {
  classes: 2,
  channels: 3,
  epochs: 6,
  eulerRangeDeg: 45,
  passes: 1,
  network: { pointWidths: [8, 16], widths: [8] },
  training: { batch: 12, learningRate: 0.02 },
};

test("a training that is done is not done again, and one with other settings is another", async () => {
  const told: string[] = [];
  const context: RecipeContext = {
    table: () => Promise.reject(new Error("no table is needed")),
    fast: true,
    checkpoints,
    progress: (text) => told.push(text),
  };
  const data = separable();
  const run = (faithful: Faithful) =>
    trainFaithful(context, { key: "far", data, points: 3, faithful }, "random", 1);
  const first = await run(settings);
  expect(first.accuracy).toBeGreaterThan(0.9);
  expect(first.n).toBe(18);

  const steps = told.length;
  expect(steps).toBeGreaterThan(0);
  expect(await run(settings)).toEqual(first);
  expect(told).toHaveLength(steps);

  await run({ ...settings, epochs: 2 });
  expect(told.length).toBeGreaterThan(steps);
  const kept = (await readdir(checkpoints)).filter((name) => name.endsWith(".json"));
  expect(kept).toHaveLength(2);
});
