/** Recipes of the structure types that need Node: they read tables and keep weights in a folder. */
import { MEASURED_RECIPES } from "./recipes-measured.node.ts";
import { MODEL_RECIPES } from "./recipes-model.node.ts";
import { PART_RECIPES } from "./recipes-parts.node.ts";
import { SALIENCY_RECIPES } from "./recipes-saliency.node.ts";
import { TRAINING_RECIPES } from "./recipes-training.node.ts";
import { VERDICT_RECIPES } from "./recipes-verdict.node.ts";

export const CRYSTINET_RECIPES = [
  ...MODEL_RECIPES,
  ...VERDICT_RECIPES,
  ...MEASURED_RECIPES,
  ...PART_RECIPES,
  ...SALIENCY_RECIPES,
  ...TRAINING_RECIPES,
];
