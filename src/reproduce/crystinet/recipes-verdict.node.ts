/** `ewald reproduce crystinet`: what the ten networks together say of their test patterns (items 65, 67, 68, 73, 74). */
import type { Recipe } from "../recipe.ts";
import type { ChartFigure, MatrixFigure } from "../../report/figure-records.ts";
import { confusionMatrix, rocAuc } from "../../math/metrics.ts";
import { mean } from "../../math/statistics.ts";
import type { FaithfulRun } from "./faithful.node.ts";
import {
  accuracyAt,
  honest,
  inPaper,
  modelRecipe,
  percent,
  resultOf,
} from "./recipe-support.node.ts";
import { PAPER_ALPHA, weigh } from "./union.ts";

const ALPHAS = Array.from({ length: 21 }, (_, i) => i / 20);

/** The α that is best on the validation part. */
async function bestAlpha(run: FaithfulRun): Promise<number> {
  const validation = await run.validation();
  const accuracies = ALPHAS.map((alpha) => accuracyAt(validation, alpha));
  return ALPHAS[accuracies.indexOf(Math.max(...accuracies))]!;
}

const alphaCurve = modelRecipe(65, async (run) => {
  const test = await run.test();
  const best = await bestAlpha(run);
  const n = test.length;
  const nearest = test.filter(({ truth, evidence }) => evidence.nearest.type === truth).length;
  const { types } = run.library;
  const chance = 100 / types.length;
  const place = "Fig. 3b";
  const figure: ChartFigure = {
    kind: "chart",
    name: "alpha",
    title: "Accuracy against the weight of the similarity",
    xLabel: "α in R = α S + (1 − α) C",
    yLabel: "accuracy (%)",
    series: [
      { name: "ours, test", x: ALPHAS, y: ALPHAS.map((alpha) => accuracyAt(test, alpha)) },
      { name: "paper (text)", style: "points", x: [0, PAPER_ALPHA], y: [65.7, 80] },
      { name: "nearest average", x: [0, 1], y: [percent(nearest, n), percent(nearest, n)] },
    ],
  };
  return resultOf(
    run,
    [
      honest(
        {
          key: "alpha-0",
          title: "Accuracy at α = 0 (confidence alone)",
          paper: inPaper(65.7, place),
        },
        accuracyAt(test, 0),
        n,
        chance,
      ),
      honest(
        { key: "alpha-0.7", title: "Accuracy at α = 0.7", paper: inPaper(80, place) },
        accuracyAt(test, PAPER_ALPHA),
        n,
        chance,
      ),
      honest(
        { key: "alpha-1", title: "Accuracy at α = 1 (similarity alone)" },
        accuracyAt(test, 1),
        n,
        chance,
      ),
      honest(
        { key: "alpha-best", title: "Accuracy at the α best on validation" },
        accuracyAt(test, best),
        n,
        chance,
      ),
      honest(
        { key: "best-alpha", title: "α best on validation", paper: inPaper(PAPER_ALPHA, place) },
        best,
        n,
        undefined,
        "",
      ),
      honest(
        { key: "nearest-average", title: "Nearest average pattern, no network" },
        percent(nearest, n),
        n,
        chance,
      ),
    ],
    [figure],
  );
});

const MOST_FREQUENT = 30;

const confusion = modelRecipe(67, async (run) => {
  const test = await run.test();
  const { library } = run;
  // Library types stand in order of frequency.
  const shown = library.types.slice(0, MOST_FREQUENT);
  const rows = shown.map((_, t) => test.filter(({ truth }) => truth === t));
  const answers = rows.map((own) => own.map(({ evidence }) => weigh(evidence, PAPER_ALPHA).type));
  const values = answers.map((own) =>
    shown.map((_, t) => own.filter((type) => type === t).length / Math.max(1, own.length)),
  );
  const names = shown.map(({ name }) => name);
  const diagonal = values.map((row, t) => 100 * row[t]!);
  const n = rows.flat().length;
  const figure: MatrixFigure = {
    kind: "matrix",
    name: "confusion-30",
    title: "The 30 most frequent types, α = 0.7",
    rowLabel: "true type",
    columnLabel: "answer",
    rows: names,
    columns: names,
    values,
  };
  return resultOf(
    run,
    [
      honest(
        { key: "mean-diagonal", title: "Mean accuracy of the 30 most frequent types" },
        mean(diagonal),
        n,
        100 / library.types.length,
      ),
      honest({ key: "worst", title: "Accuracy of the worst of them" }, Math.min(...diagonal), n),
      honest(
        { key: "above-80", title: "Types of the 30 with more than 80 %" },
        diagonal.filter((value) => value > 80).length,
        n,
        undefined,
        "",
      ),
    ],
    [figure],
  );
});

const groupConfusion = modelRecipe(68, async (run) => {
  const test = await run.test();
  const { labels } = await run.groups();
  const count = (await run.groupTypes()).length;
  const counts = confusionMatrix(
    test.map(({ truth }) => labels[truth]!),
    test.map(({ evidence }) => weigh(evidence, PAPER_ALPHA).network),
    count,
  );
  const values = counts.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value) => value / Math.max(1, sum));
  });
  const right = counts.reduce((sum, row, g) => sum + row[g]!, 0);
  const names = values.map((_, g) => `group ${g + 1}`);
  return resultOf(
    run,
    [
      honest(
        { key: "right-group", title: "Patterns won by the network of their own group, α = 0.7" },
        percent(right, test.length),
        test.length,
        100 / count,
      ),
    ],
    [
      {
        kind: "matrix",
        name: "confusion-groups",
        title: "Groups, α = 0.7",
        rowLabel: "true group",
        columnLabel: "answer",
        rows: names,
        columns: names,
        values,
      },
    ],
  );
});

const ablation = modelRecipe(73, async (run) => {
  const test = await run.test();
  const { labels } = await run.groups();
  const count = (await run.groupTypes()).length;
  const gains: {
    readonly dropped: number;
    readonly group: number;
    readonly gain: number;
    readonly later: number;
    readonly n: number;
  }[] = [];
  for (let dropped = 0; dropped < count; dropped++)
    for (let group = 0; group < count; group++) {
      if (group === dropped) continue;
      const own = test.filter(({ truth }) => labels[truth] === group);
      const without = new Set([dropped]);
      const at = (alpha: number): number =>
        accuracyAt(own, alpha, without) - accuracyAt(own, alpha);
      gains.push({ dropped, group, gain: at(0), later: at(PAPER_ALPHA), n: own.length });
    }
  const best = gains.reduce((a, b) => (b.gain > a.gain ? b : a));
  const title = `without RCNet ${best.dropped + 1}, on group ${best.group + 1}`;
  const place = "Results, RCNet #2 on Dataset #1";
  return resultOf(run, [
    honest(
      { key: "gain-alpha-0", title: `Largest gain at α = 0: ${title}`, paper: inPaper(17, place) },
      best.gain,
      best.n,
      undefined,
      "points",
    ),
    honest(
      { key: "gain-alpha-0.7", title: "The same at α = 0.7", paper: inPaper(4, place) },
      best.later,
      best.n,
      undefined,
      "points",
    ),
  ]);
});

const rejection = modelRecipe(74, async (run) => {
  const known = (await run.test()).map(({ evidence }) => weigh(evidence, PAPER_ALPHA).reliability);
  const unknown = (await run.unknown("test")).map(
    ({ evidence }) => weigh(evidence, PAPER_ALPHA).reliability,
  );
  const validation = (await run.validation()).map(
    ({ evidence }) => weigh(evidence, PAPER_ALPHA).reliability,
  );
  const threshold = (await run.unknown("threshold")).map(
    ({ evidence }) => weigh(evidence, PAPER_ALPHA).reliability,
  );
  const balanced = (some: readonly number[], foreign: readonly number[], least: number): number =>
    (percent(some.filter((r) => r >= least).length, some.length) +
      percent(foreign.filter((r) => r < least).length, foreign.length)) /
    2;
  const steps = Array.from({ length: 66 }, (_, i) => 0.35 + i / 100);
  const chosen = steps.reduce((a, b) =>
    balanced(validation, threshold, b) > balanced(validation, threshold, a) ? b : a,
  );
  const n = known.length + unknown.length;
  const labels = [...known.map(() => 1), ...unknown.map(() => 0)];
  return resultOf(
    run,
    [
      honest(
        { key: "r0-0.6", title: "Balanced accuracy at R₀ = 0.6", paper: inPaper(89.1, "Fig. 6c") },
        balanced(known, unknown, 0.6),
        n,
        50,
      ),
      honest(
        {
          key: "r0-chosen",
          title: "Balanced accuracy at R₀ chosen on other kept-out types",
          paper: inPaper(89.1, "Fig. 6c"),
        },
        balanced(known, unknown, chosen),
        n,
        50,
      ),
      honest(
        { key: "chosen-r0", title: "R₀ so chosen", paper: inPaper(0.6, "Fig. 6c") },
        chosen,
        validation.length + threshold.length,
        undefined,
        "",
      ),
      honest(
        { key: "auroc", title: "AUROC of the highest R" },
        rocAuc(labels, [...known, ...unknown]),
        n,
        0.5,
        "",
      ),
      honest(
        { key: "mean-known", title: "Mean highest R, known types" },
        mean(known),
        known.length,
        undefined,
        "",
      ),
      honest(
        { key: "mean-unknown", title: "Mean highest R, types kept out" },
        mean(unknown),
        unknown.length,
        undefined,
        "",
      ),
    ],
    [
      {
        kind: "chart",
        name: "r0",
        title: "Known types against ten kept out",
        xLabel: "R₀",
        yLabel: "balanced accuracy (%)",
        series: [
          {
            name: "ours, α = 0.7",
            x: steps,
            y: steps.map((least) => balanced(known, unknown, least)),
          },
          { name: "paper (text)", style: "points", x: [0.6], y: [89.1] },
        ],
      },
    ],
  );
});

export const VERDICT_RECIPES: readonly Recipe[] = [
  alphaCurve,
  confusion,
  groupConfusion,
  ablation,
  rejection,
];
