/** What of the reciprocal system needs Node: recipes that read tables and keep checkpoints. */
import { ANSWER_RECIPES } from "./answer-recipes.node.ts";
import { BAR_CODE_RECIPES } from "./bar-code-recipes.node.ts";
import { CRITICAL_RECIPES } from "./critical-recipes.node.ts";
import { CURVE_RECIPES } from "./curve-recipes.node.ts";
import { FAITHFUL_RECIPES } from "./faithful-recipes.node.ts";
import { HYPERPARAMETER_RECIPES } from "./hyperparameter-recipes.node.ts";
import { DEFAULT_RECIPES } from "./recipes.node.ts";

export const RECIPROCAL_RECIPES = [
  ...DEFAULT_RECIPES,
  ...FAITHFUL_RECIPES,
  ...CURVE_RECIPES,
  ...HYPERPARAMETER_RECIPES,
  ...CRITICAL_RECIPES,
  ...BAR_CODE_RECIPES,
  ...ANSWER_RECIPES,
];
