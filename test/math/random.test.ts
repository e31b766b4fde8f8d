import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { determinant, multiply, transpose } from "../../src/math/matrix3.ts";
import { Random } from "../../src/math/random.ts";

const draw = (random: Random, count = 200) => Array.from({ length: count }, () => random.uniform());
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const mixture = (one: Random) => [one.normal(), one.uniform(), one.integer(0, 99), one.normal()];

describe("streams", () => {
  test("are pinned: a checkpoint of today must go on tomorrow", () => {
    const random = Random.fromSeed(7, "dropout", 3);
    expect(random.state().words).toMatchInlineSnapshot(`
      [
        8545364,
        -1057238491,
        -411202852,
        2039002022,
      ]
    `);
    expect(draw(random, 3)).toMatchInlineSnapshot(`
      [
        0.22858463966789555,
        0.32452487929726603,
        0.8446852827436684,
      ]
    `);
    expect(random.normal()).toMatchInlineSnapshot(`-0.6238825904590142`);
  });

  test("of one seed are the same, of neighbouring seeds unrelated", () => {
    expect(draw(Random.fromSeed(1))).toEqual(draw(Random.fromSeed(1)));
    // Worst of 100 pairs of seeds: the correlation of 2,000 unrelated numbers has σ = 0.022.
    for (let seed = 0; seed < 100; seed++) {
      const a = draw(Random.fromSeed(seed), 2000);
      const b = draw(Random.fromSeed(seed + 1), 2000);
      expect(12 * (mean(a.map((x, i) => x * b[i]!)) - mean(a) * mean(b))).toBeLessThan(0.12);
    }
  });

  test("first numbers of 20,000 seeds are uniform", () => {
    const bins = new Float64Array(20);
    for (let seed = 0; seed < 20_000; seed++) {
      bins[Math.floor(20 * Random.fromSeed(seed, "x").uniform())]!++;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(45); // 19 degrees of freedom: one in a thousand lies above 43.8
  });

  test("a number and its text are different seeds, and parts do not run together", () => {
    const firsts = [
      Random.fromSeed(12),
      Random.fromSeed("12"),
      Random.fromSeed(1, 2),
      Random.fromSeed("1,2"),
      Random.fromSeed(1, "2"),
    ].map((random) => random.uniform());
    expect(new Set(firsts).size).toBe(5);
  });

  test("state survives JSON anywhere, also between the two normals of a pair", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(20), fc.nat(5), (seed, uniforms, normals) => {
        const random = Random.fromSeed(seed);
        for (let i = 0; i < uniforms; i++) random.uniform();
        for (let i = 0; i < normals; i++) random.normal();
        const again = Random.fromState(JSON.parse(JSON.stringify(random.state())));
        expect(mixture(again)).toEqual(mixture(random));
      }),
    );
  });

  test("jumped streams differ from each other and from their parent", () => {
    const random = Random.fromSeed(3);
    const first = [...random.streams(4), random].map((stream) => stream.uniform());
    expect(new Set(first).size).toBe(5);
    expect(first[0]).toBe(Random.fromSeed(3).uniform());
  });

  test.each([
    { algorithm: "mersenne", words: [1, 2, 3, 4], spareNormal: null },
    { algorithm: "xoroshiro128plus", words: [0, 0, 0, 0], spareNormal: null },
    { algorithm: "xoroshiro128plus", words: [1, 2, 3], spareNormal: null },
    { algorithm: "xoroshiro128plus", words: [1, 2, 3, 4.5], spareNormal: null },
    { algorithm: "xoroshiro128plus", words: [1, 2, 3, 4], spareNormal: "x" },
  ])("refuses the state %j", (state) => {
    expect(() => Random.fromState(state as never)).toThrow(
      expect.objectContaining({ code: "random/state" }),
    );
  });
});

describe("distributions", () => {
  test("uniform and normal have their moments", () => {
    const random = Random.fromSeed("moments");
    const uniform = draw(random, 100_000);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(mean(uniform.map((x) => x * x))).toBeCloseTo(1 / 3, 2);
    const normal = Array.from(random.fillNormal(new Float64Array(100_000), 2, 3));
    const z = normal.map((x) => (x - 2) / 3);
    expect(Math.abs(mean(z))).toBeLessThan(0.015);
    expect(Math.abs(mean(z.map((x) => x ** 2)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(z.map((x) => x ** 3)))).toBeLessThan(0.06);
    expect(Math.abs(mean(z.map((x) => x ** 4)) - 3)).toBeLessThan(0.2);
  });

  test("whole numbers stay in range and reach both ends", () => {
    fc.assert(
      fc.property(fc.integer(), fc.maxSafeInteger(), fc.nat(1e6), (seed, low, span) => {
        const high = Math.min(low + span, Number.MAX_SAFE_INTEGER);
        const value = Random.fromSeed(seed).integer(low, high);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }),
    );
    const random = Random.fromSeed(5);
    const seen = new Set(Array.from({ length: 300 }, () => random.integer(-2, 3)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(random.integer(0, 2 ** 52)).toBeLessThanOrEqual(2 ** 52);
  });

  test("weights are kept, zero weight is never drawn", () => {
    const random = Random.fromSeed(11);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[random.weightedIndex([0, 1, 3, 0])]!++;
    expect(counts[0]! + counts[3]!).toBe(0);
    expect(counts[2]! / 20_000).toBeCloseTo(0.75, 1);
  });

  test("every order of three is as likely as the other five", () => {
    const random = Random.fromSeed(13);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const key = random.permutation(3).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(180);
  });

  test("rotations are proper and uniform", () => {
    const random = Random.fromSeed(17);
    let trace = 0;
    let corner = 0;
    for (let n = 0; n < 10_000; n++) {
      const rotation = random.rotation();
      trace += (rotation[0][0] + rotation[1][1] + rotation[2][2]) / 10_000;
      corner += rotation[2][2] ** 2 / 10_000;
      if (n > 100) continue;
      expect(determinant(rotation)).toBeCloseTo(1, 12);
      const product = multiply(rotation, transpose(rotation));
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) expect(product[i]![j]).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
    // Haar measure: ⟨tr R⟩ = 0, ⟨R₃₃²⟩ = 1/3.
    expect(Math.abs(trace)).toBeLessThan(0.05);
    expect(Math.abs(corner - 1 / 3)).toBeLessThan(0.015);
  });

  test.each([
    [() => Random.fromSeed(1.5), "random/seed"],
    [() => Random.fromSeed(Number.NaN), "random/seed"],
    [() => Random.fromSeed(1).integer(3, 2), "random/range"],
    [() => Random.fromSeed(1).integer(0.5, 2), "random/range"],
    [() => Random.fromSeed(1).choice([]), "random/empty"],
    [() => Random.fromSeed(1).weightedIndex([0, 0]), "random/weights"],
    [() => Random.fromSeed(1).weightedIndex([1, -1]), "random/weights"],
    [() => Random.fromSeed(1).permutation(-1), "random/range"],
  ])("refuses case %#", (call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
