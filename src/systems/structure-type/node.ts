/** What of the structure types needs Node: recipes that read tables and keep weights in a folder. */
import { MEASURED_RECIPES } from "./crystinet/recipes-measured.node.ts";
import { MODEL_RECIPES } from "./crystinet/recipes-model.node.ts";
import { PART_RECIPES } from "./crystinet/recipes-parts.node.ts";
import { SALIENCY_RECIPES } from "./crystinet/recipes-saliency.node.ts";
import { TRAINING_RECIPES } from "./crystinet/recipes-training.node.ts";
import { VERDICT_RECIPES } from "./crystinet/recipes-verdict.node.ts";

export const CRYSTINET_RECIPES = [
  ...MODEL_RECIPES,
  ...VERDICT_RECIPES,
  ...MEASURED_RECIPES,
  ...PART_RECIPES,
  ...SALIENCY_RECIPES,
  ...TRAINING_RECIPES,
];
