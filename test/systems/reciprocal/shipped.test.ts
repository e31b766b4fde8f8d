/** The networks that come with the package: what they say of textbook crystals, and what they refuse. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { type ComputedEntry, parseLedger } from "../../../src/reproduce/ledger.ts";
import { packageModels } from "../../../src/models/model-store.node.ts";
import { loadModelCard } from "../../../src/models/model-store.ts";
import type { ClassPrediction } from "../../../src/models/prediction.ts";
import type { Runtime } from "../../../src/net/runtime.ts";
import { loadExplainer } from "../../../src/systems/reciprocal/explain.ts";
import {
  loadReciprocal,
  type PropertyDetails,
  type ReciprocalPredictor,
} from "../../../src/systems/reciprocal/predict.ts";

/** Atoms of one element, or several, on the corners of a cubic cell's fractions. */
function cubic(
  a: number,
  sites: readonly (readonly [element: string, x: number, y: number, z: number])[],
): Structure {
  return {
    lattice: [
      [a, 0, 0],
      [0, a, 0],
      [0, 0, a],
    ],
    sites: sites.map(([element, ...frac]) => ({ species: [{ element, occupancy: 1 }], frac })),
  };
}

const FACES = [
  [0, 0, 0],
  [0.5, 0.5, 0],
  [0.5, 0, 0.5],
  [0, 0.5, 0.5],
] as const;
const faceCentred = (a: number, element: string): Structure =>
  cubic(
    a,
    FACES.map((frac) => [element, ...frac] as const),
  );
const rockSalt = (a: number, cation: string, anion: string): Structure =>
  cubic(
    a,
    FACES.flatMap(
      ([x, y, z]) =>
        [
          [cation, x, y, z],
          [anion, x + 0.5, y, z],
        ] as const,
    ),
  );

let runtime: Runtime;
let predictor: ReciprocalPredictor;
beforeAll(async () => {
  await loadSymmetry();
  runtime = await loadRuntime({ threads: 1 });
  predictor = await loadReciprocal(runtime, packageModels());
});
afterAll(() => predictor.release());

const ask = async (structure: Structure): Promise<Map<string, ClassPrediction>> => {
  const [answers] = await predictor.predict([structure]);
  return new Map(answers!.map((answer) => [answer.task, answer]));
};

describe("textbook crystals", () => {
  test("copper, silver and gold are metals, rock salt and magnesia are not", async () => {
    for (const [a, element] of [
      [3.615, "Cu"],
      [4.086, "Ag"],
      [4.078, "Au"],
    ] as const) {
      const answers = await ask(faceCentred(a, element));
      expect(answers.get("metal")!.label, element).toBe("metal");
      expect(answers.get("system")!.label).toBe("cubic");
      expect(answers.get("system")!.probability).toBeGreaterThan(0.9);
    }
    for (const structure of [rockSalt(5.64, "Na", "Cl"), rockSalt(4.212, "Mg", "O")])
      expect((await ask(structure)).get("metal")!.label).toBe("insulator");
  });

  test("magnesia is stiff, rock salt soft", async () => {
    const magnesia = await ask(rockSalt(4.212, "Mg", "O"));
    expect(magnesia.get("bulk")!.label).toBe("bulk modulus above 85 GPa");
    expect(magnesia.get("shear")!.label).toBe("shear modulus above 34 GPa");
    const salt = await ask(rockSalt(5.64, "Na", "Cl"));
    expect(salt.get("bulk")!.label).toBe("bulk modulus up to 85 GPa");
    expect(salt.get("shear")!.label).toBe("shear modulus up to 34 GPa");
  });

  test("another cell of the same crystal, the same answer", async () => {
    const whole = await ask(rockSalt(5.64, "Na", "Cl"));
    const half = 5.64 / 2;
    const primitive = await ask({
      lattice: [
        [0, half, half],
        [half, 0, half],
        [half, half, 0],
      ],
      sites: [
        { species: [{ element: "Na", occupancy: 1 }], frac: [0, 0, 0] },
        { species: [{ element: "Cl", occupancy: 1 }], frac: [0.5, 0.5, 0.5] },
      ],
    });
    for (const [task, { label, probability }] of whole) {
      expect(primitive.get(task)!.label).toBe(label);
      expect(primitive.get(task)!.probability).toBeCloseTo(probability!, 2);
    }
  });
});

describe("with composition", () => {
  test("another network, named in the answer: a metal, an oxide, and an element that it does not know", async () => {
    const told = await loadReciprocal(runtime, packageModels(), { withComposition: true });
    const crystals = [faceCentred(3.615, "Cu"), rockSalt(4.212, "Mg", "O"), faceCentred(5, "Og")];
    const [copper, magnesia, unknown] = await told.predict(crystals, ["metal", "bulk"]);
    await told.release();
    expect(copper!.map(({ label }) => label)).toEqual(["metal", "bulk modulus above 85 GPa"]);
    expect(magnesia![0]).toMatchObject({
      label: "insulator",
      model: { name: "reciprocal/properties-with-composition" },
    });
    expect(unknown![0]).toMatchObject({ label: null, inDomain: false });
  });
});

describe("what they were not made for", () => {
  test("an element without a form factor: no label, and why", async () => {
    const answer = (await ask(faceCentred(5, "Og"))).get("metal")!;
    expect(answer).toMatchObject({ label: null, inDomain: false });
    expect(answer.reason).toContain("Og");
  });

  test("iron, nickel, platinum, beryllium, diamond and boron nitride as measured are inside; squeezed they are not", async () => {
    const body = (a: number, element: string): Structure =>
      cubic(a, [
        [element, 0, 0, 0],
        [element, 0.5, 0.5, 0.5],
      ]);
    const zincBlende = (a: number, one: string, other: string): Structure =>
      cubic(
        a,
        FACES.flatMap(
          ([x, y, z]) =>
            [
              [one, x, y, z],
              [other, x + 0.25, y + 0.25, z + 0.25],
            ] as const,
        ),
      );
    const beryllium: Structure = {
      lattice: [
        [2.286, 0, 0],
        [-1.143, 1.97973, 0],
        [0, 0, 3.584],
      ],
      sites: [
        { species: [{ element: "Be", occupancy: 1 }], frac: [1 / 3, 2 / 3, 1 / 4] },
        { species: [{ element: "Be", occupancy: 1 }], frac: [2 / 3, 1 / 3, 3 / 4] },
      ],
    };
    for (const [name, structure] of [
      // d of 110 is 2.027 Å, of 111 2.035 Å, of 100 1.980 Å; the range begins at 2.045 Å.
      ["Fe", body(2.8665, "Fe")],
      ["Ni", faceCentred(3.524, "Ni")],
      ["Be", beryllium],
      ["Pt", faceCentred(3.924, "Pt")],
      ["Ir", faceCentred(3.839, "Ir")],
      // 5.67 and 5.91 Å³ an atom; the range begins at 5.93 Å³.
      ["diamond", zincBlende(3.567, "C", "C")],
      ["BN", zincBlende(3.6157, "B", "N")],
    ] as const) {
      const { inDomain, reason } = (await ask(structure)).get("metal")!;
      expect([name, inDomain, reason]).toEqual([name, true, inDomain ? reason : undefined]);
    }
    expect((await ask(body(2.65, "Fe"))).get("metal")!.inDomain).toBe(false);
  });

  test("partial occupancy and a stretched cell are answered, but marked", async () => {
    const [site] = faceCentred(3.615, "Cu").sites;
    const holes = { ...faceCentred(3.615, "Cu") };
    const partly: Structure = {
      ...holes,
      sites: holes.sites.map(({ frac }) => ({
        ...site!,
        frac,
        species: [{ element: "Cu", occupancy: 0.5 }],
      })),
    };
    expect((await ask(partly)).get("metal")).toMatchObject({
      inDomain: false,
      reason: expect.stringContaining("partial occupancy"),
    });
    expect((await ask(faceCentred(30, "Cu"))).get("metal")).toMatchObject({
      inDomain: false,
      reason: expect.stringContaining("volume per atom"),
    });
  });
});

test("critical points: shares add up to 1, families are the crystal's own reflections", async () => {
  const explainer = await loadExplainer(runtime, packageModels());
  const { critical, points } = await explainer.explain(rockSalt(5.64, "Na", "Cl"));
  await explainer.release();
  expect(critical.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  expect(critical.length).toBeLessThan(points.length);
  for (const { hkl, dAngstrom } of critical) {
    expect(new Set(hkl.map((index) => Math.abs(index) % 2)).size, hkl.join(" ")).toBe(1);
    expect(dAngstrom).toBeCloseTo(5.64 / Math.hypot(...hkl), 9);
  }
});

test("the card: weights below 4 MB, a split by formula, the commit", async () => {
  const card = await loadModelCard(packageModels(), "reciprocal");
  for (const [name, entry] of Object.entries(card.models)) {
    const onnx = await packageModels()(`reciprocal/${name}.onnx`);
    expect(onnx.byteLength).toBeLessThan(4e6);
    expect(entry.split).toContain("grouped by formula");
    expect(entry.commit).toMatch(/^[0-9a-f]{12}$/);
  }
});

/** Test-part numbers of the ledger: what was measured when the networks of the package were trained. */
async function recorded(table: string): Promise<Map<string, ComputedEntry>> {
  const path = new URL(`../../../results/reciprocal/${table}.json`, import.meta.url);
  const { entries } = parseLedger(await readFile(path, "utf8"), table);
  const ours = entries.filter((entry) => entry.role === "ours-honest-split");
  return new Map(ours.map((entry) => [entry.key, entry as ComputedEntry]));
}

test.each([
  ["properties", "trained"],
  ["properties-with-composition", "trained-with-composition"],
  ["crystal-system", "trained"],
])(
  "the scores of the card are those of the ledger, network by network: %s",
  async (name, table) => {
    const entries = await recorded(table);
    const { models } = await loadModelCard(packageModels(), "reciprocal");
    const { sha256, commit, split, details } = models[name]!;
    const { scores } = details as unknown as PropertyDetails;
    const wanted = name === "crystal-system" ? ["accuracy"] : ["auc", "accuracy", "brier"];
    expect(Object.keys(scores).length).toBe(name === "crystal-system" ? 1 : 4);
    for (const [task, score] of Object.entries(scores))
      for (const key of wanted) {
        const entry = entries.get(`${key}-${task}`)!;
        expect(entry.value, `${key}-${task}`).toBe(score[key]);
        expect(entry).toMatchObject({ commit, split });
        expect(entry.model!.sha256).toBe(sha256);
      }
  },
);

test("told the elements, the network is better at every task", async () => {
  const [plain, told] = await Promise.all(["trained", "trained-with-composition"].map(recorded));
  for (const task of ["metal", "bulk", "shear", "stable"])
    expect(told!.get(`auc-${task}`)!.value, task).toBeGreaterThan(plain!.get(`auc-${task}`)!.value);
});
