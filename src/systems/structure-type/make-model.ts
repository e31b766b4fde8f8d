/**
 * From line lists of a table's compounds to the files of the model: samples drawn, networks trained one seed after another, the
 * evidence weighed on the validation part, the test part measured once, at the end.
 */
import { sha256Hex } from "../../formats/hash.ts";
import { type ExportMetadata, exportModel } from "../../net/export.ts";
import type { Progress } from "../../net/progress.ts";
import type { Runtime } from "../../net/runtime.ts";
import type { Store } from "../../net/store.ts";
import type { Calibration, WitnessWeights } from "./probability.ts";
import { encodeCompounds } from "../../known/compounds.ts";
import {
  type Accuracy,
  accuracyOf,
  answerOf,
  fitWitnesses,
  type JudgedTwice,
  judgePool,
  rejectionOf,
} from "./evaluate.ts";
import { membersOf, type StructureTypeLibrary } from "../../known/library.ts";
import type { RowLines } from "../../known/line-feature.ts";
import { StructureTypeModel } from "./predict.ts";
import { convolutionalModel } from "./network.ts";
import type { Rejection } from "./scores.ts";
import { type PeakSet, peaksOfLines } from "../../known/templates.ts";
import { trainNetwork } from "./train.ts";
import {
  compoundSet,
  filledTypes,
  partOfFormula,
  type Sample,
  samplePool,
  unknownCompounds,
} from "./dataset.ts";

/** Share of the training samples that is of no library type. */
const OTHERS = 0.12;
const POOL_SIZE = 90_000;
const VALIDATION_SIZE = 6_000;
/** Samples that weigh the evidence, that the test counts, and of types kept out. */
const JUDGED = { validation: 1_500, test: 4_000, unknown: 1_000 };

/** Where no weights are fitted yet. */
const EVEN: Calibration = {
  weights: {
    network: 1,
    compounds: 8,
    unknownSimilarity: 0.5,
    elements: 1,
    unknownElements: -10,
  },
  reliability: { slope: 1, intercept: 0 },
  leastProbability: 0.3,
};

export interface ModelRun {
  readonly runtime: Runtime;
  readonly lists: readonly RowLines[];
  readonly library: StructureTypeLibrary;
  /** Text of `library.json`, for the model reads its own file. */
  readonly libraryText: string;
  readonly seeds: readonly number[];
  readonly epochs?: number;
  /** Samples that a network learns from; default 90,000. */
  readonly poolSize?: number;
  readonly metadata: Pick<ExportMetadata, "dataHash" | "commit" | "attribution">;
  /** Where a network's checkpoints lie. */
  store(name: string): Store;
  readonly signal: AbortSignal;
  /** Called with the work under way, and how far it is (0 to 1). */
  onStage(text: string, done: number): void;
  onTraining(name: string, progress: Progress): void;
}

/** Measured on the test part: compounds and types that training has not seen. */
export interface ModelScores {
  readonly withoutElements: Accuracy;
  readonly withElements: Accuracy;
  readonly rejection: Rejection | null;
}

export interface MadeModel {
  /** ONNX files by name: "convolutional-1". */
  readonly networks: ReadonlyMap<string, Uint8Array>;
  readonly compounds: Uint8Array;
  readonly calibration: Calibration;
  /** Scores on the test part. */
  readonly scores: ModelScores;
}

const NO_PEAKS: PeakSet = { bin: new Float32Array(0), height: new Float32Array(0) };

/** Peaks of every member of every type, as the model searches them; a member without line list keeps its place, empty. */
export function compoundsOf(lists: readonly RowLines[], library: StructureTypeLibrary): Uint8Array {
  const byId = new Map(lists.map((one) => [one.row.id, one.lines]));
  return encodeCompounds(
    library.types.map((type) =>
      membersOf(type).map(([id]) => {
        const lines = byId.get(id);
        return lines === undefined ? NO_PEAKS : peaksOfLines(lines);
      }),
    ),
  );
}

type Pool = ReturnType<typeof samplePool>;

/** The pools that judge a model, known types drawn as often as they have compounds. */
export interface JudgingPools {
  readonly validation: Pool;
  readonly test: Pool;
  /** Types kept out for the threshold, and for the test of the rejection; null where the library keeps none. */
  readonly threshold: Pool | null;
  readonly unknown: Pool | null;
}

/** @param most no pool is larger */
export function judgingPools(
  lists: readonly RowLines[],
  library: StructureTypeLibrary,
  most = Infinity,
): JudgingPools {
  const known = (part: "val" | "test", wanted: number): Pool => {
    const { types } = compoundSet(lists, library, part);
    const size = Math.min(most, wanted);
    return samplePool(types, [], { size, seed: part, others: 0, balance: "compounds" });
  };
  const { types } = compoundSet(lists, library, "train");
  const unknown = (kept: StructureTypeLibrary["types"], seed: string): Pool | null => {
    const others: Sample[] = unknownCompounds(lists, kept).flat();
    const size = Math.min(most, JUDGED.unknown);
    return others.length === 0
      ? null
      : samplePool(types, others, { size, seed, others: 1, balance: "compounds" });
  };
  return {
    validation: known("val", JUDGED.validation),
    test: known("test", JUDGED.test),
    threshold: unknown(library.unknown.threshold, "threshold"),
    unknown: unknown(library.unknown.test, "unknown"),
  };
}

const networkName = (seed: number): string => `convolutional-${seed}`;

/** Trains one network; null where the run was interrupted. */
async function trained(run: ModelRun, seed: number): Promise<Uint8Array | null> {
  const { lists, library, poolSize = POOL_SIZE } = run;
  const name = networkName(seed);
  const classes = library.types.length + 1;
  const train = compoundSet(lists, library, "train");
  const pool = samplePool(filledTypes(train, lists, library, seed), train.others, {
    size: poolSize,
    seed,
    others: OTHERS,
    balance: "root",
    onProgress: (done) => run.onStage(`samples for ${name}`, done / poolSize),
  });
  const validation = samplePool(compoundSet(lists, library, "val").types, [], {
    size: Math.min(VALIDATION_SIZE, poolSize),
    seed: "val",
    others: 0,
    balance: "compounds",
  });
  const result = await trainNetwork({
    runtime: run.runtime,
    classes,
    pool: pool.store,
    validation: validation.store,
    seed,
    ...(run.epochs === undefined ? {} : { epochs: run.epochs }),
    store: run.store(name),
    signal: run.signal,
    onProgress: (progress) => run.onTraining(name, progress),
  });
  if (result.stopped === "interrupted") return null;
  return exportModel(convolutionalModel(classes), result.best, {
    half: true,
    metadata: {
      ...run.metadata,
      classes: { logits: [...library.types.map(({ key }) => key), "none of them"] },
    },
  });
}

/** The whole model, or null where the run was interrupted: the same call goes on from its checkpoints. */
export async function makeModel(run: ModelRun): Promise<MadeModel | null> {
  const networks = new Map<string, Uint8Array>();
  for (const seed of run.seeds) {
    const onnx = await trained(run, seed);
    if (onnx === null) return null;
    networks.set(networkName(seed), onnx);
  }
  const compounds = compoundsOf(run.lists, run.library);
  run.onStage("weighing the evidence", 0);
  const pools = judgingPools(run.lists, run.library, run.poolSize);
  const { judge, release } = await honestJudge(run, networks, compounds);
  const validation = await judge(pools.validation);
  const threshold = pools.threshold === null ? [] : await judge(pools.threshold);
  const fitted = fitWitnesses(validation, threshold);
  const leastProbability = threshold.length > 0 ? fitted.leastProbability : EVEN.leastProbability;
  const calibration: Calibration = { ...EVEN, weights: fitted.weights, leastProbability };
  run.onStage("measuring the test part", 0);
  const test = await judge(pools.test);
  const unknown = pools.unknown === null ? [] : await judge(pools.unknown);
  await release();
  const scores = scoresOf(test, unknown, fitted.weights, leastProbability);
  return { networks, compounds, calibration, scores };
}

/** A model that knows the training part alone. */
async function honestJudge(
  { runtime, libraryText, onStage }: ModelRun,
  networks: ReadonlyMap<string, Uint8Array>,
  compounds: Uint8Array,
): Promise<{
  readonly judge: (pool: Pool) => Promise<JudgedTwice[]>;
  readonly release: () => Promise<void>;
}> {
  const identity = { name: "structure-type", version: "0", hash: await sha256Hex(libraryText) };
  const files = { library: libraryText, compounds, networks, calibration: EVEN, identity };
  const model = await StructureTypeModel.load(
    runtime,
    files,
    (formula) => partOfFormula(formula) === "train",
  );
  return {
    judge: (pool) =>
      judgePool(model, pool, (done) => onStage("judging samples", done / pool.drawn.length)),
    release: () => model.release(),
  };
}

/** The figures of the test part. */
function scoresOf(
  test: readonly JudgedTwice[],
  unknown: readonly JudgedTwice[],
  weights: WitnessWeights,
  leastProbability: number,
): ModelScores {
  const best = ({ plain }: JudgedTwice): number => answerOf(plain, weights).probability;
  return {
    withoutElements: accuracyOf(
      test.map(({ plain }) => plain),
      weights,
    ),
    withElements: accuracyOf(
      test.flatMap(({ withElements }) => (withElements === null ? [] : [withElements])),
      weights,
    ),
    rejection:
      unknown.length === 0
        ? null
        : rejectionOf(test.map(best), unknown.map(best), leastProbability),
  };
}
