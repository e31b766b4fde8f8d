/** The paper's input: turned, shuffled, its intensities changed. */
import { describe, expect, test } from "vitest";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { pointCloud } from "../../../src/diffraction/point-cloud.ts";
import { Random } from "../../../src/math/random.ts";
import {
  cloudBatches,
  cloudFeature,
  cloudInputs,
  type CloudOptions,
} from "../../../src/reproduce/deepknet/clouds.ts";

const CHLORIDE: Structure = {
  lattice: latticeFromParameters({ a: 4, b: 4.4, c: 5, alphaDeg: 90, betaDeg: 100, gammaDeg: 90 }),
  sites: [
    { species: [{ element: "Cs", occupancy: 1 }], frac: [0, 0, 0] },
    { species: [{ element: "Cl", occupancy: 1 }], frac: [0.5, 0.5, 0.4] },
  ],
};

function cloudOf(options: CloudOptions): Float32Array {
  const out = new Float32Array(4 * options.points);
  cloudFeature(options).writer()(CHLORIDE, out, 0);
  return out;
}

const ROW = Uint32Array.of(0);
const at = (cloud: Float32Array, p: number): number[] =>
  Array.from(cloud.subarray(4 * p, 4 * p + 4));

/** Lengths and intensities, sorted: what neither turning nor shuffling changes. */
function invariants(cloud: ArrayLike<number>): number[][] {
  return Array.from({ length: cloud.length / 4 }, (_, p) => [
    Math.hypot(cloud[4 * p]!, cloud[4 * p + 1]!, cloud[4 * p + 2]!),
    cloud[4 * p + 3]!,
  ]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
}

/** Sign of the volume of the first three points that span one. */
function handedness(cloud: ArrayLike<number>): number {
  const [a, b, c] = [0, 1, 2].map((p) => [cloud[4 * p]!, cloud[4 * p + 1]!, cloud[4 * p + 2]!]);
  return Math.sign(
    a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) -
      a![1]! * (b![0]! * c![2]! - b![2]! * c![0]!) +
      a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!),
  );
}

describe("turning and shuffling", () => {
  const clouds = cloudOf({ points: 27 });
  const options = { points: 27, channels: 4 } as const;

  test("keep lengths and intensities", () => {
    const { cloud } = cloudInputs(clouds, ROW, options, Random.fromSeed(1));
    for (const [i, [g, intensity]] of invariants(cloud!).entries()) {
      expect(g).toBeCloseTo(invariants(clouds)[i]![0]!, 5);
      expect(intensity).toBeCloseTo(invariants(clouds)[i]![1]!, 6);
    }
    expect(Array.from(cloud!)).not.toEqual(Array.from(clouds));
  });

  test("without a generator nothing changes; three channels leave the intensity out", () => {
    expect(Array.from(cloudInputs(clouds, ROW, options, null)["cloud"]!)).toEqual(
      Array.from(clouds),
    );
    const three = cloudInputs(clouds, ROW, { ...options, channels: 3 }, null)["cloud"]!;
    expect(three).toHaveLength(81);
    expect(Array.from(three.subarray(0, 3))).toEqual(Array.from(clouds.subarray(0, 3)));
  });

  test("the paper turns properly; the released code mirrors half of them", () => {
    const three = cloudOf({ points: 3 });
    const signs = (recipe: "paper" | "released-code"): number[] =>
      Array.from({ length: 200 }, (_, seed) => {
        const random = Random.fromSeed(seed);
        // An order of three that is odd changes the sign too: undo it by comparing sorted intensities.
        const { cloud } = cloudInputs(three, ROW, { points: 3, channels: 4, recipe }, random);
        const order = [0, 1, 2].map((p) =>
          [0, 1, 2].findIndex((q) => Math.abs(cloud![4 * q + 3]! - three[4 * p + 3]!) < 1e-6),
        );
        const sorted = order.flatMap((q) => Array.from(cloud!.subarray(4 * q, 4 * q + 4)));
        return handedness(sorted) * handedness(three);
      });
    expect(signs("paper").every((sign) => sign === 1)).toBe(true);
    const mirrored = signs("released-code").filter((sign) => sign === -1).length;
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });

  test("small Euler angles turn little", () => {
    const small = { ...options, eulerRangeDeg: 1 };
    const { cloud } = cloudInputs(clouds, ROW, small, Random.fromSeed(3));
    for (let p = 0; p < 27; p++) {
      const [x, y, z] = at(cloud as Float32Array, p);
      const nearest = Math.min(
        ...Array.from({ length: 27 }, (_, q) => {
          const [u, v, w] = at(clouds, q);
          return Math.hypot(x! - u!, y! - v!, z! - w!);
        }),
      );
      expect(nearest).toBeLessThan(0.06 * Math.hypot(x!, y!, z!) + 1e-6);
    }
  });
});

describe("intensities", () => {
  const raw = pointCloud(CHLORIDE, { points: 27, scaling: "none" });
  const input = (
    intensities: "phi-2" | "phi-3",
    recipe: "paper" | "released-code",
    seed: number,
  ) => {
    const clouds = cloudOf({ points: 27, intensities });
    const options = { points: 27, channels: 4, intensities, recipe, eulerRangeDeg: 0 } as const;
    return invariants(cloudInputs(clouds, ROW, options, Random.fromSeed(seed))["cloud"]!);
  };
  const logOf = (scaled: number): number => scaled * 15 + Math.log(1e-6);

  test("φ₂ of the text multiplies intensities, that of the released code their logarithms", () => {
    const before = invariants(raw);
    const paper = input("phi-2", "paper", 5).map(([, scaled]) => Math.exp(logOf(scaled!)) - 1e-6);
    const factor = paper[0]! / before[0]![1]!;
    expect(factor).toBeGreaterThan(0);
    expect(factor).toBeLessThanOrEqual(1);
    // Sorted by length, Friedel mates are equal: place by place.
    for (const [i, value] of paper.entries())
      if (before[i]![1]! > 1e-4) expect(value / before[i]![1]!).toBeCloseTo(factor, 2);
    const full = invariants(pointCloud(CHLORIDE, { points: 27 }));
    const code = input("phi-2", "released-code", 5);
    const logFactor = code[0]![1]! / full[0]![1]!;
    for (const [i, [, value]] of code.entries())
      if (full[i]![1]! > 0.1) expect(value! / full[i]![1]!).toBeCloseTo(logFactor, 3);
  });

  test("φ₃ knows present and absent alone", () => {
    const body: Structure = {
      ...CHLORIDE,
      sites: [CHLORIDE.sites[0]!, { ...CHLORIDE.sites[0]!, frac: [0.5, 0.5, 0.5] }],
    };
    const out = new Float32Array(4 * 27);
    cloudFeature({ points: 27, intensities: "phi-3" }).writer()(body, out, 0);
    const { cloud } = cloudInputs(
      out,
      ROW,
      { points: 27, channels: 4, intensities: "phi-3" },
      null,
    );
    const shown = Array.from({ length: 27 }, (_, p) => cloud![4 * p + 3]);
    const even = Array.from({ length: 27 }, (_, p) => {
      const [h, k, l] = [Math.floor(p / 9) - 1, (Math.floor(p / 3) % 3) - 1, (p % 3) - 1];
      return (h + k + l) % 2 === 0 ? 1 : 0;
    });
    expect(shown).toEqual(even);
  });

  test("φ₄ is of neutrons", () => {
    const neutron = pointCloud(CHLORIDE, { points: 27, radiation: "neutron" });
    expect(Array.from(cloudOf({ points: 27, intensities: "phi-4" }))).toEqual(Array.from(neutron));
  });
});

test("standard cells on demand: primitive and conventional differ where a lattice is centred", async () => {
  await loadSymmetry();
  const gold: Structure = {
    lattice: latticeFromParameters({
      a: 4.08,
      b: 4.08,
      c: 4.08,
      alphaDeg: 90,
      betaDeg: 90,
      gammaDeg: 90,
    }),
    sites: [
      [0, 0, 0],
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
    ].map((frac) => ({
      species: [{ element: "Au", occupancy: 1 }],
      frac: frac as [number, number, number],
    })),
  };
  const longest = (cell: "primitive" | "conventional"): number => {
    const out = new Float32Array(12);
    cloudFeature({ points: 3, cell }).writer()(gold, out, 0);
    return 1 / (5 * Math.hypot(out[0]!, out[1]!, out[2]!));
  };
  expect(longest("conventional")).toBeCloseTo(4.08, 5);
  expect(longest("primitive")).toBeCloseTo(4.08 / Math.sqrt(3), 5);
});

test("batches are the same for the same seed, epoch and number, and hold the rows' labels", async () => {
  const cloud = cloudOf({ points: 4 });
  const clouds = new Float32Array(6 * 16);
  for (let i = 0; i < 6; i++) clouds.set(cloud, i * 16);
  const data = { clouds, label: Int32Array.of(0, 1, 2, 3, 4, 5) };
  const rows = Uint32Array.of(1, 2, 3, 4, 5);
  const make = () => cloudBatches(data, rows, { points: 4, channels: 4, batch: 2, seed: 7 });
  expect(await make().get(1, 1)).toEqual(await make().get(1, 1));
  const seen = [...(await make().get(0, 0))["label"]!, ...(await make().get(0, 1))["label"]!];
  expect(new Set(seen).size).toBe(4);
  expect(seen).not.toContain(0);
  expect(() => cloudBatches(data, rows, { points: 4, channels: 4, batch: 8 })).toThrow(/no batch/);
});
