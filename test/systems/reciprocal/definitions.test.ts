/** What the clouds of deepKNet are, measured: recipes of items 34 to 39 and 55, on structures whose numbers are known. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { tableFile } from "../../../src/data/files.node.ts";
import { checkLedger } from "../../../src/reproduce/ledger.ts";
import type { TableFile } from "../../../src/data/parquet.ts";
import {
  ledgerEntries,
  type Recipe,
  type RecipeContext,
  type RunFacts,
} from "../../../src/reproduce/recipe.ts";
import { REPRODUCTION_ITEMS } from "../../../src/reproduce/items.table.ts";
import { structureRow, type StructureRow } from "../../../src/data/structure-table.ts";
import { structureTableBytes, tableFileOf } from "../../../src/data/table-writer.ts";
import { pointCloud } from "../../../src/diffraction/point-cloud.ts";
import { reciprocalSphere } from "../../../src/diffraction/reciprocal-sphere.ts";
import {
  basisCoverage,
  boxCoverage,
  cloudLengths,
  countDistinct,
  countInside,
  formFactorDifference,
  halfRows,
  relativeDifference,
  weightedIntensity,
} from "../../../src/reproduce/deepknet/cloud-measures.ts";
import { cloudFeature } from "../../../src/reproduce/deepknet/clouds.ts";
import { trainedPredictor } from "../../../src/systems/reciprocal/evaluate.ts";
import { G_MAX } from "../../../src/systems/reciprocal/feature-layout.ts";
import {
  countParameters,
  drawnWeights,
  multiplications,
  writtenOut,
} from "../../../src/reproduce/deepknet/network-recipes.node.ts";
import { pointNet } from "../../../src/systems/reciprocal/network.ts";
import { RECIPROCAL_RECIPES } from "../../../src/reproduce/deepknet/index.node.ts";
import { quantileOf } from "../../../src/reproduce/deepknet/scaling-recipes.node.ts";
import {
  turnedOutcome,
  turnStatistics,
} from "../../../src/reproduce/deepknet/turning-recipes.node.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../../support/shared.ts";

beforeAll(() => loadSymmetry());

function box(a: number, sites: readonly (readonly [string, number, number, number])[]): Structure {
  return {
    lattice: latticeFromParameters({ a, b: a, c: a, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 }),
    sites: sites.map(([element, ...frac]) => ({ species: [{ element, occupancy: 1 }], frac })),
  };
}
const FACES = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
] as const;
const gold = box(
  4.08,
  FACES.map((frac) => ["Au", ...frac] as const),
);
const iron = box(2.5, [["Fe", 0, 0, 0]]);

test("every item of the paper can be recomputed", () => {
  const wanted = REPRODUCTION_ITEMS.filter(({ paper }) => paper === "wang-2022-deepknet");
  const known = new Set(RECIPROCAL_RECIPES.map(({ item }) => item));
  // Item 43 counts data sets and stands with the others that do.
  expect(wanted.map(({ number }) => number).filter((number) => !known.has(number))).toEqual([43]);
});

describe("measures of a cloud", () => {
  test("lengths of a cube of 2.5 Å: √(h² + k² + l²) / a, and which of them 2/λ holds", () => {
    const lengths = cloudLengths(iron, 343);
    expect(Math.max(...lengths)).toBeCloseTo(Math.sqrt(27) / 2.5, 12);
    // 2/1.5418 Å · 2.5 Å = 3.243: N = h² + k² + l² up to 10; distinct 0 1 2 3 4 5 6 8 9 10 …
    const within = Array.from(lengths, (length) => Math.round((2.5 * length) ** 2) <= 10);
    expect(countInside(lengths)).toBe(within.filter(Boolean).length);
    expect(countInside(cloudLengths(iron, 27))).toBe(27);
    expect(countDistinct(cloudLengths(iron, 27))).toBe(4);
    expect(countDistinct(cloudLengths(iron, 4))).toBe(2);
    expect(countDistinct(lengths)).toBe(
      new Set(Array.from(lengths, (length) => Math.round((2.5 * length) ** 2))).size,
    );
  });

  test("rows of which the others are Friedel mates", () => {
    for (const points of [27, 125, 343] as const) {
      const rows = halfRows(points);
      expect(rows).toHaveLength((points + 1) / 2);
      expect(rows[0]).toBe((points - 1) / 2);
      // The mate of row i is row n - 1 - i.
      expect(new Set([...rows, ...rows.map((row) => points - 1 - row)]).size).toBe(points);
    }
  });

  test("a box that holds the sphere has all of its intensity; a smaller one says what it leaves out", () => {
    const sphere = reciprocalSphere({ gMaxInvAngstrom: G_MAX })(iron);
    expect(boxCoverage(sphere, 3)).toEqual({ share: 1, firstLeftOutAngstrom: null });
    const small = boxCoverage(sphere, 1);
    expect(small.firstLeftOutAngstrom).toBeCloseTo(2.5 / 2, 12);
    expect(small.share).toBeGreaterThan(basisCoverage(sphere));
    expect(small.share).toBeLessThan(1);
    // By hand: of one atom |F| = f, so intensities are those of f² by length alone.
    const cloud = pointCloud(iron, {
      points: 343,
      scaling: "none",
      formFactors: "international-tables",
    });
    const lengths = cloudLengths(iron, 343);
    let [inside, all] = [0, 0];
    for (const [row, length] of lengths.entries()) {
      if (length > G_MAX || length === 0) continue;
      all += cloud[4 * row + 3]!;
      const [h, k, l] = [Math.floor(row / 49) - 3, (Math.floor(row / 7) % 7) - 3, (row % 7) - 3];
      if (Math.max(Math.abs(h), Math.abs(k), Math.abs(l)) <= 1) inside += cloud[4 * row + 3]!;
    }
    expect(small.share).toBeCloseTo(inside / all, 5);
  });

  test("|F|²/V² does not depend on the cell; |F|² and |F|²/V would", () => {
    const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX });
    const primitive: Structure = {
      lattice: [
        [0, 2.04, 2.04],
        [2.04, 0, 2.04],
        [2.04, 2.04, 0],
      ],
      sites: [{ species: [{ element: "Au", occupancy: 1 }], frac: [0, 0, 0] }],
    };
    const [one, four] = [weightedIntensity(read, primitive), weightedIntensity(read, gold)];
    expect(four / one).toBeCloseTo(1, 10);
    expect(one).toBeGreaterThan(0);
  });

  test("a difference is seen, rounding is not", () => {
    expect(relativeDifference([1, 0.5, 1e-9], [1, 0.5, 0])).toBeLessThan(1e-4);
    expect(relativeDifference([1, 0.51], [1, 0.5])).toBeCloseTo(0.01 / 0.51, 12);
    expect(relativeDifference([2, 0.5], [1, 0.5])).toBe(0.5);
    expect(formFactorDifference("C", ["four-gaussian", "four-gaussian"])).toBe(0);
    expect(formFactorDifference("C", ["four-gaussian", "international-tables"])).toBeGreaterThan(
      0.01,
    );
  });

  test("a quantile of bins", () => {
    const bins = new Float64Array(3000);
    bins[10] = 1;
    bins[2000] = 1;
    expect(quantileOf(bins, 0.5)).toBeCloseTo(10.5 * 0.0005, 10);
    expect(quantileOf(bins, 0.95)).toBeCloseTo(2000.5 * 0.0005, 10);
  });
});

test("ln I per cloud: the origin becomes 1 whatever the crystal; on one scale it tells gold from iron", () => {
  const origin = (structure: Structure, scaling: "per-cloud" | "released-code"): number => {
    const out = new Float32Array(16);
    cloudFeature({ points: 4, scaling }).writer()(structure, out, 0);
    return out[3]!;
  };
  expect([origin(gold, "per-cloud"), origin(iron, "per-cloud")]).toEqual([1, 1]);
  expect(origin(gold, "released-code") - origin(iron, "released-code")).toBeGreaterThan(0.05);
  expect(cloudFeature({ points: 4, scaling: "per-cloud" }).parameters).not.toEqual(
    cloudFeature({ points: 4 }).parameters,
  );
});

describe("turns", () => {
  test("of the text are proper and not even; of the released code even, and mirror half", () => {
    const text = turnStatistics("paper", 4000);
    expect(text.mirrored).toBe(0);
    // z' = cos b cos a with both angles even within ±π: mean of the square ¼.
    expect(text.z2).toBeGreaterThan(0.235);
    expect(text.z2).toBeLessThan(0.265);
    const code = turnStatistics("released-code", 4000);
    expect(code.z2).toBeGreaterThan(0.315);
    expect(code.z2).toBeLessThan(0.35);
    expect(code.mirrored / 4000).toBeGreaterThan(0.46);
    expect(code.mirrored / 4000).toBeLessThan(0.54);
  });

  test("a network that reads x turns with its input, and not with the order", async () => {
    const points = 4;
    const model = pointNet({ points, channels: 4, classes: 2, pointWidths: [8], widths: [4] });
    const predictor = await trainedPredictor(await loadRuntime(), model, drawnWeights(model, 3));
    const clouds = new Float32Array(2 * 16);
    clouds.set(pointCloud(gold, { points }), 0);
    clouds.set(pointCloud(iron, { points }), 16);
    const rows = ["a", "b"].map((id) => ({ id, formula: id }));
    const data = { rows, clouds, label: Int32Array.of(0, 1) };
    const outcome = await turnedOutcome(predictor, data, Uint32Array.of(0, 1), {
      points,
      channels: 4,
    });
    await predictor.release();
    expect(outcome.shuffled).toBeLessThan(1e-6);
    expect(outcome.spread).toBeGreaterThan(1e-4);
    expect(outcome.n).toBe(2);
  });
});

describe("the network", () => {
  const model = pointNet({ points: 3, channels: 4, classes: 2 });

  test("parameters by hand", () => {
    const widths = [4, 64, 128, 512, 1024, 512, 256, 128];
    const layers = widths
      .slice(1)
      .reduce((sum, width, i) => sum + width * widths[i]! + 2 * width, 0);
    expect(countParameters(model)).toBe(layers + 2 * 128 + 2);
    const pointwise = 4 * 64 + 64 * 128 + 128 * 512 + 512 * 1024;
    expect(multiplications(model, 3)).toBe(
      3 * pointwise + 1024 * 512 + 512 * 256 + 256 * 128 + 128 * 2,
    );
  });

  test("layers written out give what ONNX gives; one weight changed, another answer", async () => {
    const weights = drawnWeights(model, 1);
    const cloud = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const predictor = await trainedPredictor(await loadRuntime(), model, weights);
    const { logits } = await predictor.run({ cloud });
    await predictor.release();
    const own = writtenOut(weights, cloud, 3);
    for (const [k, value] of own.entries()) expect(logits!.data[k]).toBeCloseTo(value, 4);
    weights.get("heads/bias")!.data[1]! += 0.01;
    expect(writtenOut(weights, cloud, 3)[1]! - own[1]!).toBeCloseTo(0.01, 6);
  });
});

const facts: RunFacts = {
  commit: "unknown",
  command: "ewald reproduce S3",
  machine: "m",
  recorded: "2026-11-30",
  wallSeconds: 1,
  fast: true,
  data: [],
};

function rowOf(id: string, structure: Structure, rest: Partial<StructureRow> = {}): StructureRow {
  return structureRow(structure, { id, formula: id, ...rest });
}

const swapped = (structure: Structure, element: string): Structure => ({
  ...structure,
  sites: structure.sites.map((site) => ({ ...site, species: [{ element, occupancy: 1 }] })),
});

const ROWS: StructureRow[] = [
  rowOf("Au", gold, { labels: { bandGapEv: 0, bulkModulusGpa: 180 } }),
  rowOf("Fe", iron, { labels: { bandGapEv: 0 } }),
  rowOf("Pu", swapped(iron, "Pu"), { labels: { bandGapEv: 0 } }),
  rowOf("Ac", swapped(gold, "Ac"), { labels: { energyAboveHullEvPerAtom: 0 } }),
];

const handMade = async (): Promise<TableFile> =>
  tableFileOf(await structureTableBytes(ROWS, { provenance: [] }), "hand-made");

async function ours(item: number, table: RecipeContext["table"] = handMade) {
  const recipe = RECIPROCAL_RECIPES.find((one) => one.item === item) as Recipe;
  const context: RecipeContext = { table, fast: true, checkpoints: "", progress: () => undefined };
  const result = await recipe.run(context);
  const entries = ledgerEntries(item, result, facts);
  checkLedger(
    { paper: "x", table: "y", title: "z", differences: [...result.differences], entries },
    "test",
  );
  return Object.fromEntries(result.quantities.map(({ key, ours }) => [key, ours!.value]));
}

describe("recipes on a table whose numbers are known", () => {
  test("34: of four crystals two are stored in their primitive cell; small cells lie partly outside", async () => {
    const found = await ours(34);
    expect(found).toMatchObject({
      "at-least-27": 100,
      "all-inside-27": 100,
      "rows-whole": 100,
      "stored-primitive": 50,
      "within-5": 100,
      "no-cell": 0,
    });
    expect(found["all-inside-343"]).toBe(0);
    expect(found["radius"]).toBeCloseTo(1.2972, 4);
    const iron343 = 343 - countInside(cloudLengths(iron, 343));
    // Two cubes of 2.5 Å, two rhombohedra of gold's size: at least the cubes' share is outside.
    expect(found["outside-343"]).toBeGreaterThan((50 * iron343) / 343);
  });

  test("37: distinct lengths of cubes and what they hold", async () => {
    const found = await ours(37);
    expect(found).toMatchObject({ "lengths-3": 1, "lengths-4": 2, "lengths-27": 4 });
    expect(found["intensity-27"]).toBeGreaterThan(found["intensity-3"]!);
    expect(found["intensity-343"]).toBeGreaterThan(found["intensity-125"]!);
    expect(found["left-out-27"]).toBeGreaterThan(found["left-out-125"]!);
  });

  test("55: what has no neutron length is counted by element and by task", async () => {
    expect(await ours(55)).toEqual({
      elements: 2,
      "with-ac": 1,
      "with-pu": 1,
      refused: 50,
      "refused-metal": 100 / 3,
      "refused-bulk": 0,
      "refused-shear": 0,
      "refused-stable": 100,
    });
  });

  test("35: a table without the crystals that pymatgen was asked about is refused", async () => {
    await expect(ours(35)).rejects.toThrow("0 of 28 crystals");
  });

  test("39: needs no table", async () => {
    const found = await ours(39, () => Promise.reject(new Error("no table is needed")));
    expect(found).toMatchObject({ "pointwise-4": 1024, "connected-4": 2, "parameters-points": 0 });
    expect(found["written-out"]).toBeLessThan(1e-4);
  });
});

test.skipIf(!hasShared)(
  `35: intensities of X-rays and neutrons are pymatgen's${SHARED_ABSENT}`,
  async () => {
    const found = await ours(35, (name) => tableFile(sharedPath(name)));
    // Six digits are kept.
    expect(found["pymatgen-xray"]).toBeLessThan(1e-5);
    expect(found["pymatgen-neutron"]).toBeLessThan(1e-5);
    expect(found["origin"]).toBeLessThan(1e-6);
    expect(found["cell-change"]).toBeLessThan(1e-9);
  },
  300_000,
);
