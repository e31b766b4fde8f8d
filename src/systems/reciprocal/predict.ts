/**
 * Structures in, predictions out: metal, stiff, stable, crystal system, with calibrated probabilities, from models of a model
 * store. What a model was not made for is said (`inDomain`, `reason`), not guessed.
 */
import * as z from "zod/mini";
import { compositionOf } from "../../crystal/composition/composition.ts";
import { conventionalCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadModel, type ReadModelFile, type StoredModel } from "../../models/model-store.ts";
import { type ClassPrediction, refusal } from "../../models/prediction.ts";
import { EwaldError } from "../../errors.ts";
import { checkedShape } from "../../formats/json-shape.ts";
import type { KnownValues } from "../../known/known-values.ts";
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { answerOf } from "./answer.ts";
import { emptyInputs, putComposition, splitFeatures } from "./dataset.ts";
import { domainSchema, outsideReason } from "./domain.ts";
import { probabilityOf } from "./evaluate.ts";
import { FEATURES } from "./feature-layout.ts";
import { featureWriter } from "./features.ts";
import { knownAnswers } from "./known-answers.ts";
import { SYSTEM_CHANNELS, SYSTEM_PAIRS } from "./network.ts";
import { systemFeatureWriter } from "./system-features.ts";
import {
  PROPERTY_TASK_NAMES,
  PROPERTY_TASKS,
  type PropertyTaskName,
  SYSTEM_CLASSES,
  TASK_NAMES,
  type TaskName,
} from "./task.ts";

export const SYSTEM_FOLDER = "reciprocal";
export const PROPERTIES_MODEL = "properties";
/** Sees the elements too. */
export const COMPOSITION_MODEL = "properties-with-composition";
export const SYSTEM_MODEL = "crystal-system";

const share = z.number().check(z.minimum(0), z.maximum(1));
const scaling = z.strictObject({ slope: z.number(), intercept: z.number() });

/** On the test part of the split that the card names: for people, not used. */
const scores = z.record(z.string(), z.record(z.string(), z.number()));

/** The details that the card keeps for the network of properties. */
const propertyDetails = z.strictObject({
  /** By task; a task that was not trained is not there. */
  calibration: z.partialRecord(z.enum(PROPERTY_TASK_NAMES), scaling),
  domain: domainSchema,
  /** By task: answers with less probability are undecided. Absent in models trained before it was asked: all are decided. */
  undecidedBelow: z.optional(z.partialRecord(z.enum(PROPERTY_TASK_NAMES), share)),
  scores,
});

const systemDetails = z.strictObject({
  temperature: z.number().check(z.positive()),
  /** The tolerance of the symmetry search that finds the conventional cell, Å. */
  symprecAngstrom: z.number().check(z.positive()),
  undecidedBelow: z.optional(share),
  scores,
});

export type PropertyDetails = z.infer<typeof propertyDetails>;
export type SystemDetails = z.infer<typeof systemDetails>;

/** @throws EwaldError `model/card` */
function checkedDetails<T>(schema: z.ZodMiniType<T>, { entry, identity }: StoredModel): T {
  const refusal = { code: "model/card", path: "details", source: identity.name };
  return checkedShape(schema, entry.details, refusal);
}

/** This system's models, ready to be asked. */
export interface ReciprocalPredictor {
  /** Tasks that the models were trained for. */
  readonly tasks: readonly TaskName[];
  /**
   * Per structure, a prediction per task in the order of `tasks` (default: all that are there). `system` needs
   * `loadSymmetry` before.
   * @throws EwaldError `reciprocal/not-trained`
   */
  predict(
    structures: readonly Structure[],
    tasks?: readonly TaskName[],
  ): Promise<readonly (readonly ClassPrediction[])[]>;
  release(): Promise<void>;
}

/** Answers of one model: per structure, by task. */
type Answers = readonly ReadonlyMap<TaskName, ClassPrediction>[];

interface Part {
  readonly tasks: readonly TaskName[];
  ask(structures: readonly Structure[], tasks: readonly TaskName[]): Promise<Answers>;
  release(): Promise<void>;
}

/** Which network of properties is asked, and what tables stand beside it. */
export interface ReciprocalOptions {
  /**
   * Properties by the network that is told the composition beside the reciprocal points (true), or by the paper's, which is not (false).
   * Default: the first, where the store has it.
   */
  readonly withComposition?: boolean;
  /** Known values, put beside the predictions; `predict` then needs `loadSymmetry` before. */
  readonly known?: KnownValues;
}

const isMissing = (error: unknown): boolean =>
  error instanceof EwaldError && error.code === "model/unknown";

/**
 * The network of properties that the options mean.
 * @throws EwaldError `model/…`, and what `read` throws
 */
export async function loadPropertyModel(
  read: ReadModelFile,
  { withComposition }: ReciprocalOptions,
): Promise<{ readonly stored: StoredModel; readonly withComposition: boolean }> {
  if (withComposition !== false) {
    try {
      const stored = await loadModel(read, SYSTEM_FOLDER, COMPOSITION_MODEL);
      return { stored, withComposition: true };
    } catch (error) {
      if (withComposition === true || !isMissing(error)) throw error;
    }
  }
  const stored = await loadModel(read, SYSTEM_FOLDER, PROPERTIES_MODEL);
  return { stored, withComposition: false };
}

/**
 * Loads what the store has of the system's models.
 * @throws EwaldError `model/…` (`model/unknown` where a network is asked for and not there), and what `read` throws
 */
export async function loadReciprocal(
  runtime: Runtime,
  read: ReadModelFile,
  options: ReciprocalOptions = {},
): Promise<ReciprocalPredictor> {
  const loaders = [
    async (): Promise<Part> => {
      const { stored, withComposition } = await loadPropertyModel(read, options);
      const predictor = await loadPredictor(runtime, stored.onnx);
      return propertyPart(stored, predictor, withComposition, options.known);
    },
    async (): Promise<Part> => {
      const stored = await loadModel(read, SYSTEM_FOLDER, SYSTEM_MODEL);
      return systemPart(stored, await loadPredictor(runtime, stored.onnx));
    },
  ];
  const parts: Part[] = [];
  for (const [i, load] of loaders.entries()) {
    try {
      parts.push(await load());
    } catch (error) {
      // A folder of one's own training may hold one of the two; what was asked for by name must be there.
      const isAskedFor = i === 0 && options.withComposition === true;
      if (!isMissing(error) || isAskedFor) throw error;
    }
  }
  const trained = TASK_NAMES.filter((task) => parts.some((part) => part.tasks.includes(task)));
  return {
    tasks: trained,
    async predict(structures, tasks = trained) {
      requireTrained(trained, tasks);
      const answers: Answers[] = [];
      for (const part of parts) {
        const asked = tasks.filter((task) => part.tasks.includes(task));
        if (asked.length > 0) answers.push(await part.ask(structures, asked));
      }
      return structures.map((_, i) =>
        tasks.map((task) => answers.map((all) => all[i]!.get(task)).find((x) => x !== undefined)!),
      );
    },
    async release() {
      for (const part of parts) await part.release();
    },
  };
}

/** @throws EwaldError `reciprocal/not-trained` for the first task that is not among the trained ones */
export function requireTrained(trained: readonly TaskName[], tasks: readonly TaskName[]): void {
  const unknown = tasks.find((task) => !trained.includes(task));
  if (unknown === undefined) return;
  throw new EwaldError("reciprocal/not-trained", `no model here knows "${unknown}"`, {
    value: unknown,
    hint: `Known: ${trained.join(", ")}.`,
  });
}

/** The structures that a writer could describe, packed, and why it could not describe the others. */
interface Described {
  readonly features: Float32Array;
  /** Row of each structure in `features`, or -1. */
  readonly row: readonly number[];
  readonly count: number;
  readonly refusals: ReadonlyMap<number, string>;
}

function describe(
  structures: readonly Structure[],
  size: number,
  write: (structure: Structure, out: Float32Array, offset: number) => void,
): Described {
  const features = new Float32Array(structures.length * size);
  const row: number[] = [];
  const refusals = new Map<number, string>();
  let count = 0;
  for (const [i, structure] of structures.entries()) {
    try {
      write(structure, features, count * size);
      row.push(count++);
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      row.push(-1);
      refusals.set(i, error.message);
    }
  }
  return { features, row, count, refusals };
}

function propertyPart(
  stored: StoredModel,
  predictor: Predictor,
  withComposition: boolean,
  known: KnownValues | undefined,
): Part {
  const { calibration, domain, undecidedBelow = {} } = checkedDetails(propertyDetails, stored);
  const { identity: model } = stored;
  const write = featureWriter();
  return {
    tasks: PROPERTY_TASK_NAMES.filter((task) => calibration[task] !== undefined),
    async ask(structures, tasks) {
      const { features, row, count, refusals } = describe(structures, FEATURES, write);
      const inputs = emptyInputs(count, withComposition);
      for (let i = 0; i < count; i++) splitFeatures(features, i * FEATURES, i, inputs);
      if (withComposition)
        for (const [i, structure] of structures.entries())
          if (row[i]! >= 0) putComposition(compositionOf(structure), row[i]!, inputs);
      const logits = count === 0 ? [] : (await predictor.run(inputs))["logits"]!.data;
      return structures.map((structure, i) => {
        const reason =
          refusals.get(i) ?? outsideReason(structure, features, row[i]! * FEATURES, domain);
        const tabulated = known === undefined ? null : knownAnswers(known, structure);
        return new Map(
          tasks.map((task) => {
            const name = task as PropertyTaskName;
            const values = tabulated?.[name] ?? [];
            if (row[i]! < 0) return [task, refusal(task, reason!, model, values)];
            const column = PROPERTY_TASK_NAMES.indexOf(name);
            const logit = logits[row[i]! * PROPERTY_TASK_NAMES.length + column]!;
            const p = probabilityOf(logit, calibration[name]!);
            const [no, yes] = PROPERTY_TASKS[name].labels;
            const classes = [
              { label: yes, probability: p },
              { label: no, probability: 1 - p },
            ];
            return [
              task,
              answerOf(task, classes, model, {
                reason,
                limit: undecidedBelow[name],
                known: values,
              }),
            ];
          }),
        );
      });
    },
    release: () => predictor.release(),
  };
}

const PAIR_SIZE = SYSTEM_PAIRS * SYSTEM_CHANNELS;

function systemPart(stored: StoredModel, predictor: Predictor): Part {
  const { temperature, symprecAngstrom, undecidedBelow } = checkedDetails(systemDetails, stored);
  const { identity: model } = stored;
  const write = systemFeatureWriter();
  return {
    tasks: ["system"],
    async ask(structures) {
      const { features, row, count, refusals } = describe(structures, PAIR_SIZE, (s, out, at) =>
        write(conventionalCell(s, { symprecAngstrom }), out, at),
      );
      const pairs = features.subarray(0, count * PAIR_SIZE);
      const logits = count === 0 ? [] : (await predictor.run({ pairs }))["logits"]!.data;
      const classes = SYSTEM_CLASSES.length;
      return structures.map((_, i) => {
        const at = row[i]!;
        if (at < 0) return new Map([["system", refusal("system", refusals.get(i)!, model)]]);
        const own = Array.from({ length: classes }, (_c, c) => logits[at * classes + c]!);
        const most = Math.max(...own);
        const total = own.reduce((sum, logit) => sum + Math.exp((logit - most) / temperature), 0);
        const named = own.map((logit, c) => ({
          label: SYSTEM_CLASSES[c]!,
          probability: Math.exp((logit - most) / temperature) / total,
        }));
        const prediction = answerOf("system", named, model, {
          reason: null,
          limit: undecidedBelow,
        });
        return new Map([["system", prediction]]);
      });
    },
    release: () => predictor.release(),
  };
}
