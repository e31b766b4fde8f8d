/** Trigonal against hexagonal on lengths and intensities. */
import { describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import type { Structure } from "../../../src/crystal/structure.ts";
import { pointCloudWriter } from "../../../src/diffraction/point-cloud.ts";
import type { Mat3 } from "../../../src/math/matrix3.ts";
import { rocAuc } from "../../../src/math/metrics.ts";
import { Random } from "../../../src/math/random.ts";
import { shapeMargins, shapeNumbers } from "../../../src/reproduce/deepknet/trigonal.ts";

/** One heavy atom, and a light one at height z above a corner of the triangular net: trigonal, unless z is 0 or ½. */
function triangular(a: number, c: number, z: number): Structure {
  const at = (element: string, ...frac: [number, number, number]) => ({
    species: [{ element, occupancy: 1 }],
    frac,
  });
  return {
    lattice: [
      [a, 0, 0],
      [-a / 2, (a * Math.sqrt(3)) / 2, 0],
      [0, 0, c],
    ],
    sites: [at("Pb", 0, 0, 0), at("S", 1 / 3, 2 / 3, z), at("S", 2 / 3, 1 / 3, -z)],
  };
}

function cloudOf(structure: Structure, points: 3 | 27): Float32Array {
  const out = new Float32Array(4 * points);
  pointCloudWriter({ points, scaling: "released-code" })(structure, out, 0);
  return out;
}

function turned(cloud: Float32Array, turn: Mat3): Float32Array {
  const out = Float32Array.from(cloud);
  for (let at = 0; at < cloud.length; at += 4)
    for (const [axis, row] of turn.entries())
      out[at + axis] = row[0] * cloud[at]! + row[1] * cloud[at + 1]! + row[2] * cloud[at + 2]!;
  return out;
}

describe("numbers", () => {
  const cloud = cloudOf(triangular(4, 6, 0.2), 27);

  test("do not change when the cloud is turned", () => {
    const before = shapeNumbers(cloud, 27, 4);
    const after = shapeNumbers(turned(cloud, Random.fromSeed(3).rotation()), 27, 4);
    for (const [i, x] of before.entries()) expect(after[i]).toBeCloseTo(x, 4);
  });

  test("masked: intensities are not looked at", () => {
    const dark = Float32Array.from(cloud, (x, i) => (i % 4 === 3 ? 0 : x));
    expect(shapeNumbers(dark, 27, 3)).toEqual(shapeNumbers(cloud, 27, 3));
    expect(shapeNumbers(cloud, 27, 4).length).toBeGreaterThan(shapeNumbers(dark, 27, 3).length);
  });

  test("a sixfold axis leaves no spread among points of one length, a threefold one does", () => {
    // Of a point: ln |g|, intensity, spread, number; after the hats and the origin.
    const spreads = (z: number): number[] =>
      shapeNumbers(cloudOf(triangular(4, 6, z), 27), 27, 4)
        .slice(5 * 24 + 1)
        .filter((_, i) => i % 4 === 2);
    expect(Math.max(...spreads(0.5))).toBeLessThan(1e-4);
    expect(Math.max(...spreads(0.2))).toBeGreaterThan(0.02);
  });
});

test("learned from some cells, true of others", async () => {
  const random = Random.fromSeed(1);
  const rows = Array.from({ length: 400 }, (_, i) => i % 2);
  const clouds = new Float32Array(rows.length * 4 * 27);
  for (const [i, isHexagonal] of rows.entries()) {
    const [a, c] = [random.uniformBetween(3.5, 6), random.uniformBetween(4, 9)];
    const z = isHexagonal === 1 ? 0.5 : random.uniformBetween(0.1, 0.4);
    clouds.set(cloudOf(triangular(a, c, z), 27), i * 4 * 27);
  }
  const part = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const testRows = part(300, 400);
  const margins = await shapeMargins({
    runtime: await loadRuntime({ threads: 1 }),
    data: { clouds, label: Int32Array.from(rows) },
    points: 27,
    channels: 4,
    trainRows: part(0, 220),
    validationRows: part(220, 300),
    testRows,
    seed: 1,
    epochs: 20,
  });
  const truth = Array.from(testRows, (row) => rows[row]!);
  expect(rocAuc(truth, margins)).toBeGreaterThan(0.9);
});
