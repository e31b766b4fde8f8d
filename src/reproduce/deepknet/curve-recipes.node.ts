/**
 * Recipes of deepKNet (Wang et al. 2022) about its properties: how much the number of points says (Fig. 4a), what intensities say beyond
 * places (Table V), and pooling by attention.
 */
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import type { PointCount } from "../../diffraction/point-cloud.ts";
import type { Intensities } from "./clouds.ts";
import {
  isLarge,
  PROPERTY_NOTES,
  type PropertyCase,
  propertyOutcomes,
} from "./faithful-properties.node.ts";
import { both, seedsOf } from "./faithful.node.ts";
import { BOTH, CLASS_NOTE, DATA_NOTE, quantityOf } from "./recipe-support.node.ts";
import { PROPERTY_TASK_NAMES, type PropertyTaskName } from "../../systems/reciprocal/task.ts";

const COUNTS: readonly PointCount[] = [3, 4, 27, 125, 343];
const MODULI = ["bulk", "shear"] as const;
const NOTES = [DATA_NOTE, CLASS_NOTE, ...PROPERTY_NOTES];

/** The paper's ROC-AUC as the text states it; the other points of Fig. 4a can only be read off. */
const paperAuc = (task: PropertyTaskName, points: PointCount): Quantity["paper"] => {
  const place = "Fig. 4a";
  if (task === "metal" && points === 3) return { value: 0.83, place };
  if (points !== 343) return null;
  return { value: { metal: 0.91, bulk: 0.95, shear: 0.86, stable: 0.8 }[task], place };
};

async function measure(context: RecipeContext, which: PropertyCase): Promise<Quantity> {
  const { task, points, pooling = "max" } = which;
  const outcomes = await propertyOutcomes(context, which);
  const isMax = pooling === "max";
  return quantityOf(
    {
      key: `auc-${task}-n${points}${isMax ? "" : `-${pooling}`}`,
      title: `ROC-AUC, ${task}, n = ${points}${isMax ? "" : ", pooling by attention"}`,
      unit: "",
      paper: isMax ? paperAuc(task, points) : null,
    },
    both(outcomes, "auc"),
    0.5,
  );
}

const pointCounts: Recipe = {
  item: 44,
  tables: BOTH,
  minutes: 300,
  async run(context) {
    const tasks = context.fast ? MODULI : PROPERTY_TASK_NAMES;
    const quantities: Quantity[] = [];
    for (const task of tasks) {
      const most = context.fast ? 27 : isLarge(task) ? 125 : 343;
      for (const points of COUNTS.filter((count) => count <= most))
        quantities.push(await measure(context, { task, points, everySplit: points <= 125 }));
    }
    return {
      quantities,
      differences: [
        ...NOTES,
        context.fast
          ? "Fast: bulk and shear, n up to 27, 8 passes, one seed."
          : "Metal and stability only up to n = 125: with 343 points one training takes hours.",
      ],
      seeds: seedsOf(context),
    };
  },
};

const PAPER_PHI: Readonly<Record<PropertyTaskName, Partial<Record<Intensities, number>>>> = {
  metal: { "phi-1": 0.91, "phi-2": 0.89 },
  bulk: { "phi-1": 0.95, "phi-2": 0.87 },
  shear: { "phi-1": 0.86, "phi-2": 0.78 },
  stable: {},
};

const PHI_TITLES: Readonly<Record<Intensities, string>> = {
  "phi-1": "intensities as they are",
  "phi-2": "intensities scaled at random",
  "phi-3": "systematic absences alone",
  "phi-4": "neutrons",
};

const fourIntensities: Recipe = {
  item: 46,
  tables: BOTH,
  minutes: 120,
  async run(context) {
    const quantities: Quantity[] = [];
    for (const task of context.fast ? MODULI : PROPERTY_TASK_NAMES) {
      const points = context.fast || isLarge(task) ? 27 : 125;
      for (const intensities of ["phi-1", "phi-2", "phi-3", "phi-4"] as const) {
        const outcomes = await propertyOutcomes(context, { task, points, intensities });
        const paper = PAPER_PHI[task][intensities];
        quantities.push(
          quantityOf(
            {
              key: `auc-${task}-${intensities}`,
              title: `ROC-AUC, ${task}, ${PHI_TITLES[intensities]}`,
              unit: "",
              paper: paper === undefined ? null : { value: paper, place: "Fig. 4" },
            },
            both(outcomes, "auc"),
            0.5,
          ),
        );
      }
    }
    return {
      quantities,
      differences: [
        ...NOTES,
        "Neutrons leave out structures with elements that have no scattering length (item 55).",
        context.fast
          ? "Fast: bulk and shear, n = 27, 8 passes, one seed."
          : "n = 125 for bulk and shear, 27 for metal and stability (the paper: 343).",
      ],
      seeds: seedsOf(context),
    };
  },
};

const attention: Recipe = {
  item: 48,
  tables: BOTH,
  minutes: 120,
  async run(context) {
    const task = context.fast ? "bulk" : "metal";
    const points = context.fast ? 27 : 125;
    const plain = await measure(context, { task, points });
    const attended = await measure(context, { task, points, pooling: "attention" });
    const paper = (value: number): Quantity["paper"] =>
      context.fast ? null : { value, place: "Section III" };
    return {
      quantities: [
        { ...plain, paper: paper(0.91) },
        { ...attended, paper: paper(0.915) },
      ],
      differences: [
        ...NOTES,
        context.fast
          ? "Fast: bulk in place of metal, n = 27, 8 passes, one seed."
          : "The paper's numbers are for n = 343.",
      ],
      seeds: seedsOf(context),
    };
  },
};

export const CURVE_RECIPES: readonly Recipe[] = [pointCounts, fourIntensities, attention];
