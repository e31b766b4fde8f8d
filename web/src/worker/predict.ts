/** What trained networks say of a structure by its reciprocal lattice, and the points that decided. */
import { loadSymmetry, type Structure } from "../../../src/crystal/index.ts";
import type { ClassPrediction } from "../../../src/data/index.ts";
import {
  loadExplainer,
  loadReciprocal,
  type ReciprocalExplainer,
  type ReciprocalPredictor,
} from "../../../src/systems/reciprocal/index.ts";
import { networkRuntime, noRuntime, pageModels, requireModels } from "./models.ts";
import type { Context } from "./tasks.ts";

export interface PredictInput {
  readonly structure: Structure;
  /** Address of the folder `models/`. */
  readonly models: string;
}

export interface StructurePrediction {
  readonly predictions: readonly ClassPrediction[];
  /** Share of the decision by "h k l" (axes of the structure as given), one of each Friedel pair; empty where nothing could be asked. */
  readonly shares: readonly (readonly [string, number])[];
}

interface Loaded {
  readonly predictor: ReciprocalPredictor;
  readonly explainer: ReciprocalExplainer;
}

let loaded: Promise<Loaded> | undefined;

async function load(models: string, context: Context): Promise<Loaded> {
  const read = pageModels(models, context);
  await requireModels(read, "reciprocal");
  context.progress({ text: "loading the network runtime" });
  const runtime = await networkRuntime();
  return {
    predictor: await loadReciprocal(runtime, read).catch(noRuntime),
    explainer: await loadExplainer(runtime, read),
  };
}

export async function predictStructure(
  { structure, models }: PredictInput,
  context: Context,
): Promise<StructurePrediction> {
  loaded ??= load(models, context).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  const { predictor, explainer } = await loaded;
  await loadSymmetry();
  context.progress({ text: "asking the networks" });
  const [predictions] = await predictor.predict([structure]);
  const isReadable = predictions!.some(({ task, label }) => task !== "system" && label !== null);
  const explanation = isReadable ? await explainer.explain(structure) : null;
  return {
    predictions: predictions!,
    shares: (explanation?.points ?? [])
      .filter(({ share }) => share > 0)
      .map(({ hkl, share }) => [hkl.join(" "), share] as const),
  };
}
