/** Where an RCNet looks: places and angles, and heat that follows what a type is told by. */
import { describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { Random } from "../../../src/math/random.ts";
import { exportModel } from "../../../src/net/export.ts";
import { RCNET, rcnetModel, type RcnetShape } from "../../../src/reproduce/crystinet/rcnet.ts";
import {
  peaksByPlace,
  placeDeg,
  RcnetSaliency,
} from "../../../src/reproduce/crystinet/saliency.ts";
import { EVENING_REGIME, trainRcnet } from "../../../src/reproduce/crystinet/train.ts";
import { PAPER_GRID } from "../../../src/diffraction/simulated-scan.ts";

const METADATA = { dataHash: "none", commit: "none", attribution: "none" };
const SHAPE: RcnetShape = { ...RCNET, binning: 6, blocks: 4, filters: 6, kernel: 5, dropout: 0 };

/** A pattern of one peak at a place of the grid, 0 to 1. */
function peakAt(centre: number): Float32Array {
  return Float32Array.from({ length: PAPER_GRID.size }, (_, i) =>
    Math.exp(-(((i - centre) / 12) ** 2)),
  );
}

describe("places", () => {
  test("divide 5° to 110° evenly", () => {
    expect(placeDeg(0, 21)).toBeCloseTo(7.5, 9);
    expect(placeDeg(20, 21)).toBeCloseTo(107.5, 9);
  });

  test("hold the greatest of their points", () => {
    const pattern = new Float32Array(5250);
    pattern[0] = 0.3;
    pattern[2700] = 0.9;
    pattern[5249] = 0.5;
    expect([...peaksByPlace(pattern, 4)].map((x) => Number(x.toFixed(3)))).toEqual([
      0.3, 0, 0.9, 0.5,
    ]);
  });
});

test("a network that tells two types by one peak each looks at that peak", async () => {
  const runtime = await loadRuntime({ provider: "cpu", threads: 1 });
  const random = Random.fromSeed(1, "saliency");
  const centres = [1300, 3900] as const;
  const rows = Array.from({ length: 128 }, (_, i) => i % 2);
  const patterns = rows.map((type) => peakAt(centres[type]! + random.uniformBetween(-60, 60)));
  const intensity = Uint8Array.from(
    patterns.flatMap((one) => [...one].map((x) => Math.round(255 * x))),
  );
  const data = { intensity, label: Int32Array.from(rows) };
  const { best } = await trainRcnet({
    runtime,
    regime: { ...EVENING_REGIME, passes: 6, shape: SHAPE },
    types: 2,
    train: data,
    validation: data,
    seed: 1,
  });
  const onnx = exportModel(rcnetModel(2, SHAPE), best, { metadata: METADATA });
  const saliency = await RcnetSaliency.load(runtime, onnx, 2, SHAPE);
  for (const [type, centre] of centres.entries()) {
    const { last, middle } = await saliency.of(peakAt(centre), type);
    // 875 points halved twice, and once in the middle.
    expect([last.length, middle.length]).toEqual([219, 438]);
    expect(Math.max(...last)).toBe(1);
    const hottest = placeDeg(last.indexOf(1), last.length);
    const peak = PAPER_GRID.startDeg + centre * PAPER_GRID.stepDeg;
    expect(Math.abs(hottest - peak)).toBeLessThan(6);
  }
  await saliency.release();
});
