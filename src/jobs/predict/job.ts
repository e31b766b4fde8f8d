/** `predict`: what do tables know and networks say of a structure? */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { EwaldError } from "../../errors.ts";
import { loadKnownValues } from "../../known/load.ts";
import { loadExplainer } from "../../systems/reciprocal/explain.ts";
import {
  loadReciprocal,
  type ReciprocalOptions,
  requireTrained,
  SYSTEM_FOLDER,
} from "../../systems/reciprocal/predict.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { explanationFigure } from "./figure.ts";
import { predictedRecords, type PredictRecord, type PredictSession } from "./record.ts";
import { PREDICT, type PREDICT_OPTIONS } from "./spec.ts";
import { predictionText } from "./text.ts";

type Options = OptionsOf<typeof PREDICT_OPTIONS>;

interface Session extends PredictSession {
  readonly options: Options;
}

/** Asked together: the network's fixed cost is then nothing beside the features. */
const CHUNK = 256;

export const predictJob: Job<
  typeof PREDICT_OPTIONS,
  Session,
  PredictRecord,
  Omit<PredictRecord, "shown">
> = {
  spec: PREDICT,
  chunk: CHUNK,
  async open(options, environment, outputs) {
    const { threads, models } = options;
    const read = environment.models(SYSTEM_FOLDER, models);
    const runtime = await environment.runtime(threads === undefined ? {} : { threads });
    await loadSymmetry();
    // Those that come with Ewald, whoever trained the networks.
    const known = options.noKnown ? undefined : await loadKnownValues(environment.models("known"));
    const choice = { ...networkChoice(options), ...(known === undefined ? {} : { known }) };
    const predictor = await loadReciprocal(runtime, read, choice);
    const tasks = options.task === undefined ? predictor.tasks : [...new Set(options.task)];
    requireTrained(predictor.tasks, tasks);
    const explains = options.criticalPoints || outputs.has("explain");
    const explainer = explains ? await loadExplainer(runtime, read, choice) : undefined;
    return { options, predictor, explainer, known, tasks };
  },
  reading: ({ options: { symmetry } }) => (symmetry === undefined ? {} : { symmetry }),
  async run(content, session) {
    const [record] = await predictedRecords([content], session);
    if (record instanceof EwaldError) throw record;
    return record!;
  },
  runMany: predictedRecords,
  text: predictionText,
  json: ({ shown: _points, ...answer }) => answer,
  concerns: (_name, { shown }) => shown !== undefined,
  output(_name, records) {
    if (records.length > 0) return explanationFigure(records);
    throw new EwaldError(
      "usage/contradiction",
      "--explain draws why a property was answered, and none was",
      { hint: "The reasons stand beside the predictions: ask without --explain." },
    );
  },
  async close({ predictor, explainer }) {
    await predictor.release();
    await explainer?.release();
  },
};

function networkChoice({ withComposition, withoutComposition }: Options): ReciprocalOptions {
  return withComposition || withoutComposition ? { withComposition } : {};
}
