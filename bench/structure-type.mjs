// bench: the structure type model that ships: compounds it has not seen, unknown types, measured scans, beside baselines
import { ledgerMarkdown } from "../dist/reproduce/ledger-markdown.js";
import { fileIdentity, openStructureTable, tableFile } from "../dist/data/files.node.js";
import { openFeatureCache } from "../dist/data/feature-cache.node.js";
import { packageModels } from "../dist/models/model-store.node.js";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { bootstrapInterval, mean, median, standardDeviation } from "../dist/math/statistics.js";
import { brierScore } from "../dist/math/metrics.js";
import { expectedCalibrationError, reliabilityBins } from "../dist/math/calibration.js";
import { Random } from "../dist/math/random.js";
import { loadRuntime } from "../dist/net/runtime.node.js";
import {
  accuracyOf,
  answerOf,
  judgePattern,
  judgePool,
  rejectionOf,
  storedPattern,
} from "../dist/systems/structure-type/evaluate.js";
import { compoundSet, partOfFormula, samplePool } from "../dist/systems/structure-type/dataset.js";
import { fitReliability } from "../dist/systems/structure-type/calibrate.js";
import { judgingPools } from "../dist/systems/structure-type/make-model.js";
import { measuredScans } from "../dist/reproduce/measured/measured-scans.js";
import { nearestAverage, poolAverages } from "../dist/reproduce/crystinet/average.js";
import { reliabilityOf } from "../dist/systems/structure-type/probability.js";
import { StructureTypeModel } from "../dist/systems/structure-type/predict.js";
import { structureTypeFiles } from "../dist/systems/structure-type/model-files.js";
import { tableLines } from "../dist/known/line-feature.js";
import { packPath } from "./support.mjs";

const TABLES = ["mp_labelled.parquet", "mp_unlabelled.parquet"];
const MEASURED = "experimental_dev.parquet";
const SPLIT = "by reduced formula, hashed: 70 % training, 10 % validation, 20 % test";
const FOLDS = 5;
const AVERAGED_SAMPLES = 20_000;

/** What the paper states for its network, types and data. */
const STATED_BY_PAPER = {
  simulated: [
    { key: "model-top-1", quantity: "the model, top 1", value: 80, n: null, place: "abstract" },
  ],
  rejection: [
    {
      key: "model-balanced-accuracy",
      quantity: "the model: balanced accuracy",
      value: 89.1,
      n: null,
      place: "text of figure 6: accuracy at R0 = 0.6",
    },
  ],
  measured: [
    {
      key: "rruff-top-1",
      quantity: "RRUFF scans, top 1",
      value: 81.3,
      n: 80,
      place: "experimental patterns; the data here holds 37 of them",
    },
  ],
};

const started = performance.now();
const runtime = await loadRuntime({ provider: "cpu", threads: 1 });
const files = await structureTypeFiles(packageModels());
const { weights, leastProbability } = files.calibration;

function progress(title) {
  return (done) => process.stderr.isTTY && process.stderr.write(`\r${title} ${done}   `);
}

async function knownCompounds() {
  const rows = [];
  for (const name of TABLES)
    for await (const row of await openStructureTable(packPath(name)))
      if (row.inIcsd && row.formula !== null) rows.push(row);
  const { lists } = await tableLines(rows, openFeatureCache());
  return lists;
}

/** Simulated scans of test compounds and of types kept out, judged by a model that knows the training compounds alone. */
async function judgeSimulated(lists) {
  const model = await StructureTypeModel.load(
    runtime,
    files,
    (formula) => partOfFormula(formula) === "train",
  );
  const pools = judgingPools(lists, model.library);
  const test = await judgePool(model, pools.test, progress("test"));
  const unknown = await judgePool(model, pools.unknown, progress("unknown"));
  await model.release();
  return { test, unknown, pools, library: model.library };
}

/** Measured scans, by the model as it ships; what is refused unseen has no judgement. */
async function judgeMeasured() {
  const model = await StructureTypeModel.load(runtime, files);
  const scans = [];
  const times = [];
  for await (const scan of measuredScans(await tableFile(packPath(MEASURED)), model.library)) {
    const { pattern, label, formula } = scan;
    const judged = pattern === null ? null : await judgePattern(model, pattern, label, formula);
    scans.push({ ...scan, judged });
    if (pattern === null) continue;
    const begin = performance.now();
    model.judge(await model.witness(pattern));
    times.push(performance.now() - begin);
  }
  await model.release();
  return { scans, times };
}

/** Cosine to the average pattern of each type's training samples: the simplest thing that could work. */
function averageBaseline(lists, library) {
  const { types } = compoundSet(lists, library, "train");
  const drawn = { size: AVERAGED_SAMPLES, seed: "average", others: 0, balance: "root" };
  const averages = poolAverages(samplePool(types, [], drawn).store, library.types.length);
  return (pattern) => Array.from(nearestAverage(averages, pattern));
}

const percent = (share) => Math.round(1000 * share) / 10;

/** A percentage with its counts and bootstrap interval. */
function share(key, quantity, right) {
  const flags = Float64Array.from(right, Number);
  const { lower, upper } = bootstrapInterval(
    flags.length,
    (indices) => mean(Float64Array.from(indices, (i) => flags[i])),
    Random.fromSeed(1, key),
  );
  const value = percent(mean(flags));
  const interval = { level: 0.95, lower: percent(lower), upper: percent(upper) };
  return { key, quantity, value, unit: "%", n: flags.length, interval, spread: null };
}

function topShares(key, quantity, ranks) {
  return [1, 3].map((k) =>
    share(
      `${key}-top-${k}`,
      `${quantity}, top ${k}`,
      ranks.map((rank) => rank < k),
    ),
  );
}

const plainOf = ({ plain }) => plain;
const ranksBy = (samples, own = weights) => samples.map((one) => answerOf(one, own).rank);
const rankIn = (scores, label) =>
  scores.filter((score) => score > (scores[label] ?? Infinity)).length;
/** Peak matching against known compounds, no network. */
const peakRanks = (samples) =>
  samples.map(({ plain }) => rankIn(Array.from(plain.similarity), plain.label));
const networkRanks = (samples) =>
  samples.map(({ plain }) => rankIn(Array.from(plain.network).slice(0, -1), plain.label));
const elementsOf = (all) => all.map((one) => one.withElements).filter((one) => one !== null);

/** One network at a time, with the compounds: mean and spread over the seeds. */
function perSeed(test) {
  const accuracies = [...files.networks.keys()].map((name) =>
    accuracyOf(
      test.map(({ plain, networks }) => ({ ...plain, network: networks.get(name) })),
      weights,
    ),
  );
  return [1, 3].map((k) => {
    const values = accuracies.map((one) => 100 * one[`top${k}`]);
    const sd = Math.round(100 * standardDeviation(values)) / 100;
    return {
      key: `one-network-top-${k}`,
      quantity: `one network and known compounds, mean over seeds, top ${k}`,
      value: Math.round(10 * mean(values)) / 10,
      unit: "%",
      n: test.length,
      spread: { kind: "standard-deviation", value: sd, over: values.length },
    };
  });
}

function simulatedRows({ test, pools }, average) {
  const averages = test.map(({ plain }, i) =>
    rankIn(average(storedPattern(pools.test.store, i)), plain.label),
  );
  return [
    ...topShares("model", "the model", ranksBy(test.map(plainOf))),
    ...topShares("model-with-elements", "with elements", ranksBy(elementsOf(test))),
    ...perSeed(test),
    ...topShares("networks", "networks alone", networkRanks(test)),
    ...topShares("peaks", "peak matching without network", peakRanks(test)),
    ...topShares("average", "nearest average pattern", averages),
  ];
}

function rejectionRows({ test, unknown }) {
  const best = ({ plain }) => answerOf(plain, weights).probability;
  const nearest = ({ plain }) => Math.max(...plain.similarity);
  const figures = (key, title, score, threshold) => {
    const found = rejectionOf(test.map(score), unknown.map(score), threshold);
    const row = (name, quantity, value, unit) => ({
      key: `${key}-${name}`,
      quantity: `${title}: ${quantity}`,
      value,
      unit,
      n: found.known + found.unknown,
      spread: null,
    });
    return [
      row("balanced-accuracy", "balanced accuracy", percent(found.balancedAccuracy), "%"),
      row("auroc", "AUROC", Math.round(1000 * found.auroc) / 1000, ""),
      row(
        "fpr95",
        "false positives at 95 % true positives",
        percent(found.falsePositivesAt95),
        "%",
      ),
    ];
  };
  return [
    ...figures("model", "the model", best, leastProbability),
    ...figures("peaks", "similarity of the nearest compound", nearest, 0.7).slice(1),
  ];
}

function measuredRows({ scans }, average) {
  const inLibrary = (collection) =>
    scans.filter(
      (one) => one.collection === collection && one.label < one.judged?.plain.similarity.length,
    );
  const [rruff, rockjock] = [inLibrary("rruff"), inLibrary("rockjock")];
  const of = (key, title, chosen) => {
    const judged = chosen.map((one) => one.judged);
    const averages = chosen.map(({ pattern, label }) => rankIn(average(pattern), label));
    return [
      ...topShares(key, title, ranksBy(judged.map(plainOf))),
      share(
        `${key}-networks`,
        `${title}: networks alone, top 1`,
        networkRanks(judged).map((r) => r < 1),
      ),
      share(
        `${key}-peaks`,
        `${title}: peak matching without network, top 1`,
        peakRanks(judged).map((r) => r < 1),
      ),
      share(
        `${key}-average`,
        `${title}: nearest average pattern, top 1`,
        averages.map((r) => r < 1),
      ),
    ];
  };
  const withElements = elementsOf(rockjock.map((one) => one.judged));
  const strangers = scans.filter(
    ({ label, judged }) => judged === null || label >= judged.plain.similarity.length,
  );
  const rejected = strangers.map(
    ({ judged }) =>
      judged === null || answerOf(judged.plain, weights).probability < leastProbability,
  );
  return [
    ...of("rruff", "RRUFF scans", rruff),
    ...of("rockjock", "raw scans of RockJock minerals", rockjock),
    ...topShares("rockjock-with-elements", "raw scans with elements", ranksBy(withElements)),
    share("strangers-rejected", "raw scans of no library type: rejected", rejected),
  ];
}

/** Reliability fitted on four fifths of the measured scans, judged on the last fifth. */
function crossFitted({ scans }) {
  const judged = scans.flatMap((one) => (one.judged === null ? [] : [one.judged.plain]));
  const out = { right: [], reliability: [], probability: [] };
  const order = Random.fromSeed(1, "folds").shuffle(judged.map((_, i) => i));
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = order.filter((_, at) => at % FOLDS !== fold).map((i) => judged[i]);
    const outcome = (one) => {
      const { probability, rank } = answerOf(one, weights);
      return { probability, right: rank === 0 && one.label < one.similarity.length };
    };
    const reliability = fitReliability(others.map(outcome));
    for (const i of order.filter((_, at) => at % FOLDS === fold)) {
      const { probability, right } = outcome(judged[i]);
      out.right.push(Number(right));
      out.probability.push(answerOf(judged[i], weights).probability);
      out.reliability.push(reliabilityOf(probability, { reliability }));
    }
  }
  return out;
}

function reliabilityRows(measured) {
  const { right, reliability, probability } = crossFitted(measured);
  const n = right.length;
  const rounded = (value) => Math.round(1000 * value) / 1000;
  const roundedInterval = ({ lower, upper }) => ({
    level: 0.95,
    lower: rounded(lower),
    upper: rounded(upper),
  });
  const row = (key, quantity, value, interval) => ({
    key,
    quantity,
    value: rounded(value),
    unit: "",
    n,
    spread: null,
    ...(interval === undefined ? {} : { interval: roundedInterval(interval) }),
  });
  const bins = reliabilityBins(right, reliability, 5);
  const interval = bootstrapInterval(
    n,
    (indices) =>
      brierScore(
        Array.from(indices, (i) => right[i]),
        Array.from(indices, (i) => reliability[i]),
      ),
    Random.fromSeed(1, "brier"),
  );
  return [
    row("brier", "Brier score of the reliability, cross-fitted", interval.estimate, interval),
    row(
      "brier-uncalibrated",
      "Brier score of the probability before calibration",
      brierScore(right, probability),
    ),
    row(
      "brier-constant",
      "Brier score of always stating the mean",
      brierScore(
        right,
        right.map(() => mean(right)),
      ),
    ),
    row(
      "calibration-error",
      "expected calibration error, five bins",
      expectedCalibrationError(bins),
    ),
    ...bins
      .filter(({ count }) => count > 0)
      .map(({ lower, upper, count, meanConfidence, fractionCorrect }, i) => {
        const flags = right.filter((_, at) => reliability[at] > lower && reliability[at] <= upper);
        const between = bootstrapInterval(
          flags.length,
          (indices) => mean(Float64Array.from(indices, (at) => flags[at])),
          Random.fromSeed(1, "bin", i),
        );
        return {
          ...row(
            `right-at-${Math.round(100 * lower)}-to-${Math.round(100 * upper)}`,
            `share that is right where the reliability is stated as ${lower} to ${upper} (${rounded(meanConfidence)} on average)`,
            fractionCorrect,
            between,
          ),
          n: count,
        };
      }),
  ];
}

const lists = await knownCompounds();
const simulated = await judgeSimulated(lists);
const average = averageBaseline(lists, simulated.library);
const measured = await judgeMeasured();

const stamp = await runStamp("npm run bench -- structure-type");
const tables = await Promise.all(TABLES.map((name) => fileIdentity(packPath(name))));
const scansFile = await fileIdentity(packPath(MEASURED));
const withRows = (file) => ({ ...file, rows: null });

const sizeMb = [...files.networks.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;

const TABLE_ROWS = [
  [
    "simulated",
    "Simulated scans of compounds not trained on, 110 types",
    tables,
    () => simulatedRows(simulated, average),
  ],
  [
    "rejection",
    "Types that the library does not hold, simulated",
    tables,
    () => rejectionRows(simulated),
  ],
  ["measured", "Measured scans", [scansFile], () => measuredRows(measured, average)],
  [
    "reliability",
    "Is the stated reliability true? Measured scans, cross-fitted",
    [scansFile],
    () => reliabilityRows(measured),
  ],
  [
    "cost",
    "Time and size",
    [scansFile],
    () => [
      {
        key: "scan-ms",
        quantity: "a scan's pattern to an answer, one thread, median",
        value: Math.round(median(measured.times)),
        unit: "ms",
        n: measured.times.length,
        spread: null,
      },
      {
        key: "networks-mb",
        quantity: "networks, half precision",
        value: Math.round(100 * sizeMb) / 100,
        unit: "MB",
        n: null,
        spread: null,
      },
    ],
  ],
];

for (const [table, title, used, rows] of TABLE_ROWS) {
  const wallSeconds = Math.round((performance.now() - started) / 100) / 10;
  const entries = rows().map((row) => ({
    role: table === "cost" ? "ours" : "ours-honest-split",
    split: table === "cost" ? null : SPLIT,
    data: used.map(withRows),
    model: { name: files.identity.name, sha256: files.identity.hash },
    seeds: [...files.networks.keys()],
    wallSeconds,
    fast: false,
    embedded: false,
    ...stamp,
    ...row,
  }));
  const stated = (STATED_BY_PAPER[table] ?? []).map((entry) => ({
    ...entry,
    role: "paper",
    unit: "%",
  }));
  const head = { paper: "structure-type", table, title };
  console.log(ledgerMarkdown(await recordResults("results", head, [...stated, ...entries])));
}
