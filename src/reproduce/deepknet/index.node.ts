/** Recipes of the reciprocal system that need Node: they read tables and keep checkpoints. */
import { ANSWER_RECIPES } from "./answer-recipes.node.ts";
import { BAR_CODE_RECIPES } from "./bar-code-recipes.node.ts";
import { CRITICAL_RECIPES } from "./critical-recipes.node.ts";
import { CURVE_RECIPES } from "./curve-recipes.node.ts";
import { DEFINITION_RECIPES } from "./definition-recipes.node.ts";
import { FAITHFUL_RECIPES } from "./faithful-recipes.node.ts";
import { HYPERPARAMETER_RECIPES } from "./hyperparameter-recipes.node.ts";
import { SCALING_RECIPES } from "./scaling-recipes.node.ts";
import { NETWORK_RECIPES } from "./network-recipes.node.ts";
import { TURNING_RECIPES } from "./turning-recipes.node.ts";
import { SCATTERING_RECIPES } from "./scattering-recipes.node.ts";
import { DEFAULT_RECIPES } from "./recipes.node.ts";

export const RECIPROCAL_RECIPES = [
  ...DEFINITION_RECIPES,
  ...SCATTERING_RECIPES,
  ...SCALING_RECIPES,
  ...TURNING_RECIPES,
  ...NETWORK_RECIPES,
  ...DEFAULT_RECIPES,
  ...FAITHFUL_RECIPES,
  ...CURVE_RECIPES,
  ...HYPERPARAMETER_RECIPES,
  ...CRITICAL_RECIPES,
  ...BAR_CODE_RECIPES,
  ...ANSWER_RECIPES,
];
