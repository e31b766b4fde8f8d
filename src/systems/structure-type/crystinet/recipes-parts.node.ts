/** `ewald reproduce crystinet`: the parts one by one (items 60, 61, 63, 64) and where the networks look (item 70). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChartFigure, MatrixFigure, Recipe } from "../../../data/index.ts";
import { EwaldError } from "../../../errors.ts";
import { mean, median, rocAuc } from "../../../math/index.ts";
import { readModelFile } from "../../../net/index.ts";
import { crystinetRuntime, type FaithfulRun } from "./faithful.node.ts";
import { drawPlanned, type PlannedPattern } from "./pattern-plan.ts";
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
import { peaksByPlace, placeDeg, RcnetSaliency } from "./saliency.ts";
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

/** Patterns of a type whose maps are averaged, at most. */
const PER_TYPE = 8;
/** A place of the average pattern with a point this high, of its highest, has a peak. */
const PEAK = 0.1;
/** What the paper looks at, degrees. */
const BANDS = [
  [5, 35],
  [35, 65],
  [65, 110],
] as const;

interface TypeHeat {
  readonly type: number;
  readonly patterns: number;
  readonly last: Float32Array;
  readonly middle: Float32Array;
}

function meanOf(maps: readonly Float32Array[]): Float32Array {
  return maps[0]!.map((_, i) => mean(maps.map((map) => map[i]!)));
}

/** Average heat of each type of a network over some of its test patterns. */
async function heatsOf(
  run: FaithfulRun,
  network: number,
  types: readonly number[],
): Promise<TypeHeat[]> {
  const onnx = await run.rcnet(`rcnet-${network + 1}`, types);
  const { shape } = run.regime;
  const saliency = await RcnetSaliency.load(await crystinetRuntime(), onnx, types.length, shape);
  const heats: TypeHeat[] = [];
  for (const [place, type] of types.entries()) {
    const planned = await run.planOf("test", "compounds", [type]);
    const stride = Math.max(1, Math.floor(planned.length / PER_TYPE));
    const chosen = planned.filter((_, i) => i % stride === 0).slice(0, PER_TYPE);
    const maps = [];
    for (const one of chosen as readonly PlannedPattern[])
      maps.push(await saliency.of(drawPlanned(one, run.seed), place));
    if (maps.length === 0) continue;
    heats.push({
      type,
      patterns: maps.length,
      last: meanOf(maps.map(({ last }) => last)),
      middle: meanOf(maps.map(({ middle }) => middle)),
    });
  }
  await saliency.release();
  return heats;
}

/** How well heat tells the places with peaks of a pattern from those without; null where all have or none has. */
function overlap(heat: Float32Array, pattern: Float32Array): number | null {
  const peaks = peaksByPlace(pattern, heat.length);
  const most = Math.max(...peaks);
  const isPeak = Array.from(peaks, (value) => Number(value >= PEAK * most));
  const count = isPeak.filter(Boolean).length;
  return count === 0 || count === isPeak.length ? null : rocAuc(isPeak, [...heat]);
}

function bandShares(heat: Float32Array): number[] {
  const total = heat.reduce((a, b) => a + b, 0);
  return BANDS.map(([from, to]) => {
    let sum = 0;
    for (const [i, value] of heat.entries()) {
      const at = placeDeg(i, heat.length);
      if (at >= from && at < to) sum += value;
    }
    return percent(sum, total);
  });
}

function heatFigure(run: FaithfulRun, network: number, heats: readonly TypeHeat[]): MatrixFigure {
  const places = heats[0]!.middle.length;
  return {
    kind: "matrix",
    name: `grad-cam-${network + 1}`,
    title: `Where RCNet ${network + 1} looks (Grad-CAM, middle of the network)`,
    rowLabel: "structure types",
    columnLabel: "2θ (°)",
    rows: heats.map(({ type }) => run.library.types[type]!.name),
    columns: Array.from({ length: places }, (_, i) => placeDeg(i, places).toFixed(0)),
    values: heats.map(({ middle }) => [...middle]),
  };
}

const gradCam = modelRecipe(70, async (run, context) => {
  const averages = await run.averages();
  const networks: TypeHeat[][] = [];
  for (const [g, types] of (await run.groupTypes()).entries()) {
    context.progress(`Grad-CAM of RCNet ${g + 1}`);
    networks.push(await heatsOf(run, g, types));
  }
  const own = networks.flat().flatMap(({ type, middle }) => overlap(middle, averages[type]!) ?? []);
  const others = networks.flatMap((heats) =>
    heats.flatMap(({ type, middle }) =>
      heats.flatMap((other) =>
        other.type === type ? [] : (overlap(middle, averages[other.type]!) ?? []),
      ),
    ),
  );
  const patterns = networks.flat().reduce((sum, one) => sum + one.patterns, 0);
  const bands = [0, 1].flatMap((g) =>
    bandShares(meanOf(networks[g]!.map(({ middle }) => middle))).map((share, b) =>
      honest(
        {
          key: `rcnet-${g + 1}-${BANDS[b]![0]}-to-${BANDS[b]![1]}`,
          title: `RCNet ${g + 1}: heat from ${BANDS[b]![0]}° to ${BANDS[b]![1]}°`,
        },
        share,
        networks[g]!.reduce((sum, one) => sum + one.patterns, 0),
        percent(BANDS[b]![1] - BANDS[b]![0], 105),
      ),
    ),
  );
  const places = networks[0]![0]!.last.length;
  return resultOf(
    run,
    [
      honest(
        {
          key: "own-peaks",
          title: "Heat against the peaks of the type's average pattern, mean AUROC over types",
        },
        mean(own),
        own.length,
        0.5,
        "",
      ),
      honest(
        {
          key: "other-peaks",
          title: "The same heat against the peaks of other types of the network",
        },
        mean(others),
        others.length,
        0.5,
        "",
      ),
      ...bands,
      plain({ key: "places", title: "Places of the last convolution" }, places, patterns),
      plain(
        {
          key: "places-middle",
          title: "Places in the middle of the network, of which the numbers above are",
        },
        networks[0]![0]!.middle.length,
        patterns,
      ),
    ],
    [heatFigure(run, 0, networks[0]!), heatFigure(run, 1, networks[1]!)],
    [
      `The last convolution has ${places} places over 105° here (20 in the paper, which sees every point): heat is taken in the middle of the network. At most ${PER_TYPE} test patterns a type are averaged; the paper averages all compounds.`,
      "The paper says of its networks 1 and 2 that they look at 30° to 35° and at 55° to 85°; their types are others.",
    ],
  );
});

export const PART_RECIPES: readonly Recipe[] = [rcnet, branch, similarity, weighing, gradCam];
