/** `ewald reproduce crystinet`: the parts one by one (items 60, 61, 63, 64). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "../recipe.ts";
import type { ChartFigure } from "../../report/figure-records.ts";
import { EwaldError } from "../../errors.ts";
import { rocAuc } from "../../math/metrics.ts";
import { mean, median } from "../../math/statistics.ts";
import { readModelFile } from "../../net/export.ts";
import type { FaithfulRun } from "./faithful.node.ts";
import { BUDGET, FIRST_LAMBDA, RCNET } from "./rcnet.ts";
import {
  accuracyAt,
  honest,
  inPaper,
  modelRecipe,
  percent,
  plain,
  resultOf,
} from "./recipe-support.node.ts";
import { PAPER_ALPHA, similarityOfCosine } from "./union.ts";

const CODE = "authors' code";

const rcnet = modelRecipe(60, async (run) => {
  const [types] = (await run.groupTypes()) as [number[]];
  const { weights } = readModelFile(await run.rcnet("rcnet-1", types));
  // Kernels: (filters, channels, width).
  const convolutions = [...weights.values()].filter(({ shape }) => shape.length === 3).length;
  // What normalisation has counted is not learned.
  const learned = [...weights].filter(([name]) => !/\/(?:mean|variance)$/.test(name));
  const parameters = learned.reduce(
    (sum, [, one]) => sum + one.shape.reduce((product, size) => product * size, 1),
    0,
  );
  const { shape } = run.regime;
  const head = (key: string, title: string, paper: number) => ({
    key,
    title,
    paper: inPaper(paper, CODE),
  });
  return resultOf(
    run,
    [
      plain(head("blocks", "Residual blocks", RCNET.blocks), shape.blocks, null),
      plain(
        head("convolutions", "Convolutions: the first, and two a block", 1 + 2 * RCNET.blocks),
        convolutions,
        null,
      ),
      plain(head("filters", "Filters of the first", RCNET.filters), shape.filters, null),
      plain(head("kernel", "Width of a kernel, points", RCNET.kernel), shape.kernel, null),
      plain(
        { key: "kernel-deg", title: "The same in 2θ" },
        shape.kernel * shape.binning * 0.02,
        null,
        "°",
      ),
      plain(head("dropout", "Dropout", RCNET.dropout), shape.dropout, null),
      plain(
        { key: "parameters", title: `Parameters of RCNet 1 (${types.length} types)` },
        parameters,
        null,
      ),
    ],
    [],
    ["The paper's table of layers (Supporting Table 3) is not at hand; its code is."],
  );
});

interface Epoch {
  readonly train: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
}

/** Pass by pass, of the ten networks. @throws EwaldError `reproduce/no-history` where weights came without */
async function histories(run: FaithfulRun): Promise<Epoch[][]> {
  const found: Epoch[][] = [];
  for (const [g, types] of (await run.groupTypes()).entries()) {
    const name = `rcnet-${g + 1}`;
    await run.rcnet(name, types);
    const path = join(run.folder, name, "history.jsonl");
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      throw new EwaldError("reproduce/no-history", `${name} has no record of its training`, {
        source: path,
        cause,
        hint: "Move the folder away and run the item again: it trains anew.",
      });
    });
    found.push(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Epoch),
    );
  }
  return found;
}

const branch = modelRecipe(61, async (run) => {
  const all = await histories(run);
  const passes = Math.min(...all.map(({ length }) => length));
  const at = (pass: number, of: (epoch: Epoch) => number): number =>
    mean(all.map((one) => of(one[pass]!)));
  const lambda = (epoch: Epoch): number => epoch.scalars["lambda"]!;
  const logLambda = (epoch: Epoch): number => Math.log10(lambda(epoch));
  const price = (epoch: Epoch): number => epoch.train["asked"]!;
  const highest = (pass: number, of: (epoch: Epoch) => number): number =>
    Math.max(...all.map((one) => of(one[pass]!)));
  const x = Array.from({ length: passes }, (_, i) => i + 1);
  const figure: ChartFigure = {
    kind: "chart",
    name: "confidence-branch",
    title: "Price of hints and its weight over the training",
    xLabel: "pass",
    yLabel: "−ln c; log₁₀ λ",
    series: [
      { name: "−ln c, mean of ten", x, y: x.map((_, i) => at(i, price)) },
      { name: "budget of −ln c", x: [1, passes], y: [BUDGET, BUDGET] },
      { name: "log₁₀ λ, mean of ten", x, y: x.map((_, i) => at(i, logLambda)) },
      { name: "log₁₀ λ, highest", x, y: x.map((_, i) => highest(i, logLambda)) },
    ],
  };
  const floor = run.regime.leastLambda;
  const atFloor = all.flat().filter((epoch) => lambda(epoch) <= floor + 1e-9).length;
  return resultOf(
    run,
    [
      plain({ key: "budget", title: "Budget of −ln c", paper: inPaper(0.6, CODE) }, BUDGET, null),
      plain(
        { key: "first-lambda", title: "λ at first", paper: inPaper(0.1, CODE) },
        FIRST_LAMBDA,
        null,
      ),
      plain(
        { key: "price-first", title: "−ln c in the first pass, mean of ten" },
        at(0, price),
        10,
      ),
      plain(
        { key: "price-last", title: "−ln c in the last pass, mean of ten" },
        at(passes - 1, price),
        10,
      ),
      plain(
        { key: "lambda-first-pass", title: "λ after the first pass, median of ten" },
        median(all.map((one) => lambda(one[0]!))),
        10,
      ),
      plain(
        { key: "lambda-highest", title: "λ after the first pass, highest of ten" },
        highest(0, lambda),
        10,
      ),
      plain({ key: "lambda-last", title: "λ at the end, mean of ten" }, at(passes - 1, lambda), 10),
      plain(
        { key: "at-floor", title: `Passes that ended with λ at its floor of ${floor}` },
        percent(atFloor, all.flat().length),
        all.flat().length,
        "%",
      ),
    ],
    [figure],
    [
      "The paper's λ has no floor: after 400 passes hints are seldom needed. With few passes λ would sink until the budget is spent, and confidence mean nothing.",
    ],
  );
});

const similarity = modelRecipe(63, async (run) => {
  const test = await run.test();
  const n = test.length;
  const chance = 100 / run.library.types.length;
  const nearest = test.map(({ evidence }) => similarityOfCosine(evidence.nearest.cosine));
  const isRight = test.map(({ truth, evidence }) => Number(evidence.nearest.type === truth));
  return resultOf(run, [
    honest(
      { key: "nearest", title: "The nearest average pattern is the type's" },
      percent(isRight.filter(Boolean).length, n),
      n,
      chance,
    ),
    honest(
      { key: "mean-s", title: "Mean S of the nearest average" },
      mean(nearest),
      n,
      undefined,
      "",
    ),
    honest(
      { key: "least-s", title: "Least S of the nearest average" },
      Math.min(...nearest),
      n,
      undefined,
      "",
    ),
    honest(
      { key: "auroc", title: "AUROC of that S: does it tell right answers from wrong" },
      rocAuc(isRight, nearest),
      n,
      0.5,
      "",
    ),
  ]);
});

const weighing = modelRecipe(64, async (run) => {
  const test = await run.test();
  const n = test.length;
  const chance = 100 / run.library.types.length;
  const named = test.filter(({ truth, evidence }) => evidence.answer.includes(truth)).length;
  const row = (key: string, title: string, alpha: number, paper?: number) =>
    honest(
      { key, title, ...(paper === undefined ? {} : { paper: inPaper(paper, "Fig. 3b") }) },
      accuracyAt(test, alpha),
      n,
      chance,
    );
  return resultOf(run, [
    row("confidence", "Highest C wins (α = 0)", 0, 65.7),
    row("similarity", "Highest S wins (α = 1)", 1),
    row("both", `Highest R wins (α = ${PAPER_ALPHA})`, PAPER_ALPHA, 80),
    honest(
      { key: "any", title: "One of the ten networks names the type: what weighing can reach" },
      percent(named, n),
      n,
    ),
  ]);
});

export const PART_RECIPES: readonly Recipe[] = [rcnet, branch, similarity, weighing];
