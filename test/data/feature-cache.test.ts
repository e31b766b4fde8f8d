import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  decodeBlock,
  encodeBlock,
  type FeatureBlock,
  featureKey,
} from "../../src/data/feature-cache.ts";
import { defaultCacheFolder, openFeatureCache } from "../../src/data/feature-cache.node.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-cache-"));
afterAll(() => rm(scratch, { recursive: true }));

const request = {
  feature: "test",
  version: 1,
  parameters: { n: 3, radiation: "xray" },
  inputs: ["abc", [1, 2]],
};
const block = (first = 1): FeatureBlock => ({
  shape: [2, 3],
  data: Float32Array.from([first, 2, 3, 4, 5, 6.5]),
});

test("a block is computed once and comes back the same", async () => {
  const cache = openFeatureCache(join(scratch, "once"));
  let runs = 0;
  const compute = (): FeatureBlock => {
    runs++;
    return block();
  };
  for (let i = 0; i < 3; i++) expect(await cache.remember(request, compute)).toEqual(block());
  expect(runs).toBe(1);
  expect(await cache.recall({ ...request, version: 2 })).toBeNull();
});

test("the name follows from everything that matters and from nothing else", async () => {
  const key = await featureKey(request);
  expect(await featureKey({ ...request, parameters: { radiation: "xray", n: 3 } })).toBe(key);
  const others = [
    { ...request, version: 2 },
    { ...request, feature: "other" },
    { ...request, parameters: { n: 4, radiation: "xray" } },
    { ...request, inputs: ["abc", [2, 1]] },
  ];
  const keys = await Promise.all(others.map(featureKey));
  expect(new Set([key, ...keys]).size).toBe(5);
});

test("ten writers of one entry: each gets its block, one file remains, whole", async () => {
  const folder = join(scratch, "race");
  const got = await Promise.all(
    Array.from({ length: 10 }, () =>
      openFeatureCache(folder).remember(request, async () => block()),
    ),
  );
  for (const one of got) expect(one).toEqual(block());
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.includes("."));
  expect(files).toHaveLength(1);
  expect(await decodeBlock(await readFile(join(folder, files[0]!)))).toEqual(block());
});

test("a truncated, damaged or foreign entry is computed anew", async () => {
  const folder = join(scratch, "damaged");
  const cache = openFeatureCache(folder);
  await cache.remember(request, () => block());
  const file = (await readdir(folder, { recursive: true })).find((name) => name.endsWith(".f32"));
  const path = join(folder, file!);
  const whole = await readFile(path);
  const flipped = Uint8Array.from(whole);
  flipped[whole.length - 2]! ^= 1;
  for (const [i, bytes] of [
    whole.subarray(0, 40),
    whole.subarray(0, whole.length - 4),
    flipped,
    Buffer.from("hello"),
  ].entries()) {
    await writeFile(path, bytes);
    expect(await cache.remember(request, () => block(10 + i))).toEqual(block(10 + i));
    expect(await cache.recall(request)).toEqual(block(10 + i));
  }
});

test("a shape that its numbers do not fill is refused", async () => {
  await expect(encodeBlock({ shape: [7], data: new Float32Array(6) })).rejects.toMatchObject({
    code: "cache/shape",
  });
});

test("the folder is the user's choice, else the system's", () => {
  expect(defaultCacheFolder({ EWALD_CACHE: "/x" })).toBe("/x");
  expect(defaultCacheFolder({ XDG_CACHE_HOME: "/c" })).toBe(join("/c", "ewald"));
  expect(defaultCacheFolder({})).toContain(join(".cache", "ewald"));
});
