/** Recipe of deepKNet (Wang et al. 2022), Fig. 5 and appendix E: which reciprocal points of six crystals decided. */
import { loadRuntime } from "#onnx";
import { conventionalCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { packageModels } from "../../models/model-store.node.ts";
import { likeliestClass, probabilityOfClass } from "../../models/prediction.ts";
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import type { CriticalPointsRecipeFigure } from "../../report/figure-records.ts";
import { rowStructure, structureTable } from "../../data/structure-table.ts";
import { pointCloudWriter } from "../../diffraction/point-cloud.ts";
import { EwaldError } from "../../errors.ts";
import { loadExplainer } from "../../systems/reciprocal/explain.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";
import { loadReciprocal } from "../../systems/reciprocal/predict.ts";
import { BOTH, sameFormula } from "./recipe-support.node.ts";

/** Fig. 5: formula, space group, whether a metal. */
const CRYSTALS = [
  ["NaCl", [225], false],
  ["SiO2", [152, 154], false],
  ["Al2O3", [167], false],
  ["Cu", [225], true],
  ["Ag", [225], true],
  ["Au", [225], true],
] as const;

/** The scaled logarithm of the intensity below which a point counts as absent. */
const PRESENT = 0.02;

/** The table's structure with the lowest energy above the hull, for each of the six crystals. */
async function sixCrystals(context: RecipeContext): Promise<ReadonlyMap<string, Structure>> {
  const best = new Map<string, { energy: number; structure: Structure }>();
  for (const name of BOTH) {
    const table = await structureTable(await context.table(name));
    for await (const row of table.rows()) {
      const crystal = CRYSTALS.find(
        ([formula, groups]) =>
          (groups as readonly (number | null)[]).includes(row.spaceGroup) &&
          sameFormula(formula) === sameFormula(row.formula ?? ""),
      );
      const energy = row.labels.energyAboveHullEvPerAtom ?? Number.POSITIVE_INFINITY;
      if (crystal === undefined || energy >= (best.get(crystal[0])?.energy ?? Infinity)) continue;
      best.set(crystal[0], { energy, structure: rowStructure(row) });
    }
  }
  return new Map([...best].map(([formula, { structure }]) => [formula, structure]));
}

const criticalPoints: Recipe = {
  item: 50,
  tables: BOTH,
  minutes: 1,
  async run(context) {
    await loadSymmetry();
    const runtime = await loadRuntime();
    // The paper's question: what the points alone say.
    const blind = { withComposition: false };
    const predictor = await loadReciprocal(runtime, packageModels(), blind);
    const explainer = await loadExplainer(runtime, packageModels(), blind);
    const crystals = await sixCrystals(context);
    const quantities: Quantity[] = [];
    const rows: CriticalPointsRecipeFigure["rows"][number][] = [];
    for (const [formula, , isMetal] of CRYSTALS) {
      const structure = crystals.get(formula);
      if (structure === undefined)
        throw new EwaldError("reproduce/missing-structure", `the tables lack ${formula}`, {
          value: formula,
        });
      const cell = conventionalCell(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
      const [answers] = await predictor.predict([cell], ["metal"]);
      const { label, probability } = likeliestClass(answers![0]!)!;
      const metal = probabilityOfClass(answers![0]!, "metal");
      const { critical, points } = await explainer.explain(cell);
      rows.push({
        title: formula,
        subtitle: `${label}\n${probability > 0.995 ? "> 99" : (100 * probability).toFixed(0)} %`,
        colour: label === "metal" ? 1 : 0,
        points,
      });
      const name = formula.toLowerCase();
      const head = { unit: "", paper: null };
      quantities.push(
        {
          ...head,
          key: `metal-${name}`,
          title: `Probability of metal, ${formula} (${isMetal ? "metal" : "insulator"})`,
          ours: { value: metal, n: 1 },
        },
        {
          ...head,
          key: `families-${name}`,
          title: `Families of points that decided, ${formula}`,
          ours: { value: critical.length, n: critical.length },
        },
        ...critical.slice(0, 3).map(({ hkl, dAngstrom, share }, rank) => ({
          key: `share-${rank + 1}-${name}`,
          title: `Share of ${hkl.join(" ")} (d = ${dAngstrom!.toFixed(3)} Å), ${formula}`,
          unit: "%",
          paper: null,
          ours: { value: 100 * share, n: 1 },
        })),
      );
    }
    await predictor.release();
    await explainer.release();
    return {
      quantities,
      differences: [
        "Our default network in place of the paper's small one; it may have seen these crystals in training, as the paper's.",
        "The paper's list has no shares and counts each point; ours merges what symmetry and Friedel's law make one. Its origin point is a number of its own here (the density of electrons), not one of the points that compete.",
      ],
      seeds: [],
      model: { name: "reciprocal/properties", sha256: null },
      figures: [
        {
          kind: "critical-points",
          name: "critical-points",
          title: "Reciprocal points that decided between metal and insulator",
          rows,
          radiusInvAngstrom: G_MAX,
        },
      ],
    };
  },
};

const gallery: Recipe = {
  item: 53,
  tables: BOTH,
  minutes: 0.5,
  async run(context) {
    await loadSymmetry();
    const write = pointCloudWriter({ points: 125, scaling: "none" });
    const crystals = await sixCrystals(context);
    const found = CRYSTALS.flatMap(([title]) => {
      const structure = crystals.get(title);
      return structure === undefined ? [] : [{ title, structure }];
    });
    const clouds = found.map(({ title, structure }) => {
      const cloud = new Float32Array(4 * 125);
      write(conventionalCell(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM }), cloud, 0);
      const points = Array.from({ length: 125 }, (_, p) => {
        const [x, y, z, intensity] = cloud.subarray(4 * p, 4 * p + 4);
        return { gInvAngstrom: [x!, y!, z!] as const, logarithm: Math.log(intensity! + 1e-6) };
      });
      return { title, points };
    });
    // One scale for all, from nothing to the strongest point of the six.
    const least = Math.log(1e-6);
    const most = Math.max(
      ...clouds.flatMap(({ points }) => points.map(({ logarithm }) => logarithm)),
    );
    const panels = clouds.map(({ title, points }) => ({
      title,
      points: points.map(({ gInvAngstrom, logarithm }) => {
        const scaled = (logarithm - least) / (most - least);
        return { gInvAngstrom, intensity: scaled < PRESENT ? 0 : scaled };
      }),
    }));
    return {
      quantities: panels.map(({ title, points }) => ({
        key: `points-${title.toLowerCase()}`,
        title: `Points with intensity among hkl within ±2, ${title}`,
        unit: "",
        paper: null,
        ours: { value: points.filter(({ intensity }) => intensity > 0).length, n: points.length },
      })),
      differences: [
        "Conventional cells as in the paper's Fig. 2; the six crystals of its Fig. 5 stand for those that it shows. ln(I + 10⁻⁶) on one scale; points outside the limiting sphere are in the bar code only.",
      ],
      seeds: [],
      figures: [
        {
          kind: "gallery",
          name: "gallery",
          title: "Reciprocal points and bar codes",
          subtitle: "hkl within ±2 of the conventional cell; size and shade by ln(I + 10⁻⁶)",
          panels,
          radiusInvAngstrom: G_MAX,
        },
      ],
    };
  },
};

export const CRITICAL_RECIPES: readonly Recipe[] = [criticalPoints, gallery];
