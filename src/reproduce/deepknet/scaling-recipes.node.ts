/** Recipe of deepKNet (Wang et al. 2022), section II: how ln I is brought to 0 … 1, and what the choice of scale is worth. */
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import { rowStructure } from "../../data/structure-table.ts";
import { pointCloudWriter } from "../../diffraction/point-cloud.ts";
import {
  both,
  collectClouds,
  type Faithful,
  overSplits,
  seedsOf,
  trainFaithful,
} from "./faithful.node.ts";
import { BOTH, CLASS_NOTE, DATA_NOTE, quantityOf, remembered } from "./recipe-support.node.ts";
import { allRows, measured, percent } from "./table-measures.node.ts";
import { taskTarget } from "../../systems/reciprocal/task.ts";

const TASK = "bulk";

/** The scaled logarithm of the intensity below which the released code counts a point as absent. */
const ABSENT = 1e-3;
const BINS = 3000;
/** Widths of bins of the scaled logarithm, which reach to 1.5. */
const BIN = 1.5 / BINS;

interface ScaleFacts {
  readonly structures: number;
  readonly points: number;
  readonly absent: number;
  readonly least: number;
  readonly most: number;
  /** Structures with a value above 1. */
  readonly above: number;
  /** Structures whose largest intensity is the origin's: brought to 0 … 1 within the cloud, it says nothing. */
  readonly originLargest: number;
  /** The values below which 5, 50 and 95 % lie of those that are not absent. */
  readonly quantiles: readonly [number, number, number];
}

/** The scaled logarithms of all clouds of 125 points, point by point. */
async function scaleFacts(context: RecipeContext): Promise<ScaleFacts> {
  const points = 125;
  const write = pointCloudWriter({ points });
  const cloud = new Float32Array(4 * points);
  const origin = 4 * ((points - 1) / 2) + 3;
  const bins = new Float64Array(BINS);
  let [structures, absent, above, originLargest] = [0, 0, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  for await (const row of allRows(context)) {
    write(rowStructure(row), cloud, 0);
    structures++;
    let largest = -Infinity;
    for (let at = 3; at < cloud.length; at += 4) {
      const value = cloud[at]!;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
      if (value <= ABSENT) absent++;
      else bins[Math.min(BINS - 1, Math.floor(value / BIN))]!++;
    }
    most = Math.max(most, largest);
    if (largest > 1) above++;
    if (cloud[origin]! >= largest) originLargest++;
  }
  const quantiles = [0.05, 0.5, 0.95].map((level) => quantileOf(bins, level));
  return {
    structures,
    points: structures * points,
    absent,
    least,
    most,
    above,
    originLargest,
    quantiles: quantiles as [number, number, number],
  };
}

/** The value below which a share of the counts lies, to the width of a bin. */
export function quantileOf(bins: Float64Array, level: number): number {
  const total = bins.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const at = bins.findIndex((count) => (sum += count) >= level * total);
  return (at + 0.5) * BIN;
}

const SCALINGS = [
  { scaling: "released-code", title: "one scale for all (the released code)" },
  { scaling: "per-cloud", title: "0 to 1 within each cloud" },
] as const;

async function scalingAucs(context: RecipeContext): Promise<Quantity[]> {
  const quantities: Quantity[] = [];
  for (const { scaling, title } of SCALINGS) {
    const options = { points: 4, cell: "stored", scaling } as const;
    const data = await collectClouds(context, BOTH, options, ({ labels }) =>
      taskTarget(labels, TASK),
    );
    const faithful: Faithful = {
      classes: 2,
      channels: 4,
      epochs: context.fast ? 4 : 10,
      eulerRangeDeg: 180,
      passes: 4,
    };
    const question = { key: `${TASK}-${scaling}`, data, points: 4, faithful } as const;
    const outcomes = await overSplits(seedsOf(context), (kind, seed) =>
      trainFaithful(context, question, kind, seed),
    );
    quantities.push(
      quantityOf(
        {
          key: `auc-${scaling}`,
          title: `ROC-AUC, ${TASK}, n = 4: ${title}`,
          unit: "",
          paper: null,
        },
        both(outcomes, "auc"),
        0.5,
      ),
    );
  }
  return quantities;
}

const logIntensities: Recipe = {
  item: 36,
  tables: BOTH,
  minutes: 10,
  async run(context) {
    const facts = await remembered(context, "scale", () => scaleFacts(context));
    const { structures, points, quantiles } = facts;
    const scaled = "(ln(I + 10⁻⁶) - ln 10⁻⁶) / 15";
    const limit = (value: number): Quantity["paper"] => ({ value, place: "Section II" });
    return {
      quantities: [
        measured(
          { key: "least", title: `Smallest ${scaled}, n = 125`, paper: limit(0) },
          facts.least,
          points,
        ),
        measured(
          { key: "most", title: "The largest of them", paper: limit(1) },
          facts.most,
          points,
        ),
        percent(
          { key: "above", title: "Structures with a value above 1" },
          facts.above,
          structures,
        ),
        percent(
          { key: "absent", title: "Points without intensity (below 0.001 of the scale)" },
          facts.absent,
          points,
        ),
        ...([5, 50, 95] as const).map((level, i) =>
          measured(
            { key: `quantile-${level}`, title: `Of the others, ${level} % lie below` },
            quantiles[i]!,
            points - facts.absent,
          ),
        ),
        percent(
          { key: "origin-largest", title: "Structures whose largest intensity is the origin's" },
          facts.originLargest,
          structures,
        ),
        ...(await scalingAucs(context)),
      ],
      differences: [
        DATA_NOTE,
        "The text brings ln(I + 10⁻⁶) to 0 … 1 and does not say over what; the released code divides by a span of 15 that is the same for all. Within each cloud the origin, always the largest, becomes 1, and the density of electrons is lost.",
        CLASS_NOTE,
        `Bulk modulus above 85 GPa, all rows that have one, cells as stored; the paper's network, ${context.fast ? 4 : 10} passes, means over four random turns.`,
        ...(context.fast ? ["Fast: intensities of the labelled table only, one seed."] : []),
      ],
      seeds: seedsOf(context),
    };
  },
};

export const SCALING_RECIPES: readonly Recipe[] = [logIntensities];
