/** What tables know of a structure, what trained networks predict, and the reciprocal points that decided. */
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import type { ClassPrediction, KnownValue } from "../../../src/models/prediction.ts";
import { type KnownValues, sourceText } from "../../../src/known/known-values.ts";
import { loadKnownValues } from "../../../src/known/load.ts";
import {
  loadExplainer,
  type ReciprocalExplainer,
} from "../../../src/systems/reciprocal/explain.ts";
import { knownMatches } from "../../../src/systems/reciprocal/known-answers.ts";
import {
  loadReciprocal,
  type ReciprocalPredictor,
} from "../../../src/systems/reciprocal/predict.ts";
import { networkRuntime, noRuntime, pageModels, requireModels } from "./models.ts";
import type { Context } from "./tasks.ts";

export interface PredictInput {
  readonly structure: Structure;
  /** Address of the folder `models/`. */
  readonly models: string;
  /** Ask the network that is told the elements, or the paper's, which is not. */
  readonly withComposition: boolean;
}

export interface StructurePrediction {
  readonly predictions: readonly ClassPrediction[];
  readonly formationEnergies: readonly KnownValue[];
  /** Entries of the formula in the tables, with whatever structure. */
  readonly knownOfFormula: number;
  /** Share of the decision by "h k l" (axes of the structure as given), one of each Friedel pair; empty where nothing could be asked. */
  readonly shares: readonly (readonly [string, number])[];
}

interface Loaded {
  readonly predictor: ReciprocalPredictor;
  readonly explainer: ReciprocalExplainer;
}

const loaded = new Map<boolean, Promise<Loaded>>();
let knownValues: Promise<KnownValues> | undefined;

function loadKnown(models: string, context: Context): Promise<KnownValues> {
  knownValues ??= loadKnownValues(pageModels(models, context)).catch((error: unknown) => {
    knownValues = undefined;
    throw error;
  });
  return knownValues;
}

async function load(input: PredictInput, context: Context): Promise<Loaded> {
  const { models, withComposition } = input;
  const read = pageModels(models, context);
  await requireModels(read, "reciprocal");
  const known = await loadKnown(models, context);
  context.progress({ text: "loading the network runtime" });
  const runtime = await networkRuntime();
  return {
    predictor: await loadReciprocal(runtime, read, { withComposition, known }).catch(noRuntime),
    explainer: await loadExplainer(runtime, read, { withComposition }),
  };
}

function formationEnergies(
  known: KnownValues,
  structure: Structure,
): {
  readonly formationEnergies: KnownValue[];
  readonly knownOfFormula: number;
} {
  const { matches, ofFormula } = knownMatches(known, structure);
  const values = matches.flatMap(({ entry }) => {
    const value = entry.values.formationEnergyEvPerAtom;
    const source = sourceText(entry);
    return value === undefined ? [] : [{ id: entry.id, source, value, unit: "eV/atom" }];
  });
  return { formationEnergies: values, knownOfFormula: ofFormula };
}

export async function predictStructure(
  input: PredictInput,
  context: Context,
): Promise<StructurePrediction> {
  const { structure, models, withComposition } = input;
  let parts = loaded.get(withComposition);
  if (parts === undefined) {
    parts = load(input, context);
    loaded.set(withComposition, parts);
    parts.catch(() => loaded.delete(withComposition));
  }
  const { predictor, explainer } = await parts;
  await loadSymmetry();
  context.progress({ text: "predicting properties" });
  const [predictions] = await predictor.predict([structure]);
  const isReadable = predictions!.some(({ task, label }) => task !== "system" && label !== null);
  const explanation = isReadable ? await explainer.explain(structure) : null;
  return {
    predictions: predictions!,
    ...formationEnergies(await loadKnown(models, context), structure),
    shares: (explanation?.points ?? [])
      .filter(({ share }) => share > 0)
      .map(({ hkl, share }) => [hkl.join(" "), share] as const),
  };
}
