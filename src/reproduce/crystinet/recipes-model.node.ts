/** `ewald reproduce crystinet`: patterns, groups, and the ten networks one by one (items 57 to 62, 66). */
import type { Recipe } from "../recipe.ts";
import type { ChartFigure } from "../../report/figure-records.ts";
import { rocAuc } from "../../math/metrics.ts";
import { mean } from "../../math/statistics.ts";
import { PAPER_GRID } from "../../diffraction/simulated-scan.ts";
import { cosineToAverages } from "../../known/average-patterns.ts";
import type { Judged } from "./faithful.node.ts";
import {
  DATA_NOTE,
  honest,
  inPaper,
  modelRecipe,
  percent,
  plain,
  resultOf,
} from "./recipe-support.node.ts";
import { PAPER_REGIME } from "./train.ts";

const patternGrid: Recipe = {
  item: 57,
  tables: [],
  minutes: 0.1,
  async run() {
    const { startDeg, stepDeg, size } = PAPER_GRID;
    const place = "Methods";
    return {
      quantities: [
        plain(
          { key: "points", title: "Points of a pattern", paper: inPaper(5250, place) },
          size,
          null,
        ),
        plain(
          { key: "first", title: "First point", paper: inPaper(5, place) },
          startDeg,
          null,
          "°",
        ),
        plain(
          { key: "last", title: "Last point", paper: inPaper(109.98, place) },
          startDeg + (size - 1) * stepDeg,
          null,
          "°",
        ),
      ],
      differences: ["None: the same angles."],
      seeds: [],
    };
  },
};

const augmentation = modelRecipe(
  58,
  async (run) => {
    const types = await run.samples();
    const plan = await run.plan();
    const compounds = types.flat().length;
    const place = "Methods";
    return {
      quantities: [
        plain(
          {
            key: "patterns",
            title: "Simulated patterns",
            paper: inPaper(PAPER_REGIME.patterns, place),
          },
          plan.length,
          plan.length,
        ),
        plain(
          { key: "compounds", title: "Compounds", paper: inPaper(63_963, place) },
          compounds,
          compounds,
        ),
        plain(
          {
            key: "per-compound",
            title: "Patterns per compound",
            paper: inPaper(617_041 / 63_963, place),
          },
          plan.length / compounds,
          compounds,
        ),
        plain(
          { key: "types", title: "Structure types", paper: inPaper(100, place) },
          types.length,
          null,
        ),
      ],
      differences: [
        DATA_NOTE,
        "Strain, width, texture and noise are drawn within ranges of our choice: the paper's Note 2 is not at hand.",
      ],
      seeds: [run.seed],
    };
  },
  1,
);

const groups = modelRecipe(
  59,
  async (run) => {
    const averages = await run.averages();
    const { labels, map, exemplars } = await run.groups();
    const { library } = run;
    const [within, between]: [number[], number[]] = [[], []];
    for (const [t, average] of averages.entries())
      for (const [other, cosine] of cosineToAverages(averages, average).entries())
        if (other > t) (labels[t] === labels[other] ? within : between).push(cosine);
    const merged = library.types.filter(({ variants }) => variants.length > 1).length;
    const sizes = exemplars.map((_, g) => labels.filter((label) => label === g).length);
    const figure: ChartFigure = {
      kind: "chart",
      name: "groups",
      title: "Structure types by their average patterns",
      xLabel: "UMAP 1",
      yLabel: "UMAP 2",
      series: exemplars.map((type, g) => ({
        name: `${g + 1}: ${library.types[type]!.name}`.slice(0, 26),
        style: "points",
        x: map.filter((_, t) => labels[t] === g).map(([x]) => x),
        y: map.filter((_, t) => labels[t] === g).map(([, y]) => y),
      })),
    };
    return {
      quantities: [
        plain(
          { key: "groups", title: "Groups", paper: inPaper(10, "Methods") },
          exemplars.length,
          labels.length,
        ),
        plain(
          { key: "smallest", title: "Types of the smallest group" },
          Math.min(...sizes),
          labels.length,
        ),
        plain(
          { key: "largest", title: "Types of the largest group" },
          Math.max(...sizes),
          labels.length,
        ),
        plain(
          { key: "merged", title: "Types made of similar ones", paper: inPaper(9, "Methods") },
          merged,
          labels.length,
        ),
        plain(
          { key: "cosine-within", title: "Mean cosine of averages within a group" },
          mean(within),
          within.length,
        ),
        plain(
          { key: "cosine-between", title: "Mean cosine of averages between groups" },
          mean(between),
          between.length,
        ),
      ],
      differences: [
        DATA_NOTE,
        "Averages are smeared to 0.4° before UMAP, and affinity propagation's preference is searched for ten groups: the paper names no parameters.",
      ],
      seeds: [run.seed],
      figures: [figure],
    };
  },
  3,
);

/** Patterns whose own network (which alone knows their type) names the right type. */
function rightInOwn(judged: readonly Judged[], labels: readonly number[]): boolean[] {
  return judged.map(({ truth, evidence }) => evidence.answer[labels[truth]!] === truth);
}

const training = modelRecipe(62, async (run) => {
  const test = await run.test();
  const { labels } = await run.groups();
  const types = await run.groupTypes();
  const right = rightInOwn(test, labels);
  const rows = types.map((own, g) => {
    const own_ = test.flatMap(({ truth }, i) => (labels[truth] === g ? [right[i]!] : []));
    return {
      types: own.length,
      n: own_.length,
      value: percent(own_.filter(Boolean).length, own_.length),
    };
  });
  return resultOf(run, [
    honest(
      {
        key: "own-types",
        title: "Accuracy of a network among its own types, all ten",
        paper: inPaper(99.89, "Results, RCNet #1"),
      },
      percent(right.filter(Boolean).length, right.length),
      right.length,
      mean(rows.map((row) => 100 / row.types)),
    ),
    ...rows.map((row, g) =>
      honest(
        { key: `rcnet-${g + 1}`, title: `RCNet ${g + 1} (${row.types} types)` },
        row.value,
        row.n,
        100 / row.types,
      ),
    ),
  ]);
});

const BINS = 20;

function histogram(values: readonly number[]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
  return counts.map((count) => percent(count, values.length));
}

const confidence = modelRecipe(66, async (run) => {
  const test = await run.test();
  const { labels } = await run.groups();
  const of = (network: number, isOwn: boolean): number[] =>
    test.flatMap(({ truth, evidence }) =>
      (labels[truth] === network) === isOwn ? [evidence.confidence[network]!] : [],
    );
  const networks = (await run.groupTypes()).map((_, g) => g);
  const inside = networks.flatMap((g) => of(g, true));
  const outside = networks.flatMap((g) => of(g, false));
  const share = (values: readonly number[], is: (c: number) => boolean): number =>
    percent(values.filter(is).length, values.length);
  const scores = [...inside, ...outside];
  const isInside = [...inside.map(() => 1), ...outside.map(() => 0)];
  const centres = Array.from({ length: BINS }, (_, i) => (i + 0.5) / BINS);
  return resultOf(
    run,
    [
      honest(
        { key: "inside-above-0.9", title: "Own types' patterns with C > 0.9, all networks" },
        share(inside, (c) => c > 0.9),
        inside.length,
      ),
      honest(
        { key: "outside-below-0.1", title: "Other types' patterns with C < 0.1" },
        share(outside, (c) => c < 0.1),
        outside.length,
      ),
      honest(
        { key: "outside-above-0.9", title: "Other types' patterns with C > 0.9" },
        share(outside, (c) => c > 0.9),
        outside.length,
      ),
      honest(
        { key: "auroc", title: "AUROC of C, own against other types" },
        rocAuc(isInside, scores),
        scores.length,
        0.5,
        "",
      ),
    ],
    [
      {
        kind: "chart",
        name: "confidence",
        title: "Confidence of RCNet 1",
        xLabel: "confidence C",
        yLabel: "share of patterns (%)",
        series: [
          { name: "its own types", x: centres, y: histogram(of(0, true)) },
          { name: "other types", x: centres, y: histogram(of(0, false)) },
        ],
      },
    ],
  );
});

export const MODEL_RECIPES: readonly Recipe[] = [
  patternGrid,
  augmentation,
  groups,
  training,
  confidence,
];
