/** Structure → crystal system, metal, stiffness, stability by its reciprocal lattice (deepKNet). */
export { collectData, type ReciprocalData, rowsWith } from "./dataset.ts";
export { contentsDomain, type Domain, domainOf } from "./domain.ts";
export {
  type Calibration,
  calibrateProperties,
  decisionLimit,
  type DecisionLimits,
  decisionLimits,
  propertyLogits,
  trainedPredictor,
  scoreProperties,
  type TaskScore,
} from "./evaluate.ts";
export {
  type CriticalPoint,
  type Explanation,
  loadExplainer,
  type ReciprocalExplainer,
  type ReciprocalPoint,
} from "./explain.ts";
export { G_MAX } from "./feature-layout.ts";
export { reciprocalFeature } from "./features.ts";
export { knownAnswers, knownMatches } from "./known-answers.ts";
export { pointNet, type PointNetOptions, propertyNetwork, systemNetwork } from "./network.ts";
export {
  COMPOSITION_MODEL,
  loadReciprocal,
  PROPERTIES_MODEL,
  type PropertyDetails,
  type ReciprocalOptions,
  type ReciprocalPredictor,
  SYSTEM_FOLDER,
  SYSTEM_MODEL,
  type SystemDetails,
} from "./predict.ts";
export { systemFeature } from "./system-features.ts";
export {
  parseTasks,
  PROPERTY_TASK_NAMES,
  PROPERTY_TASKS,
  type PropertyTaskName,
  SYSTEM_CLASSES,
  TASK_NAMES,
  type TaskName,
  taskTarget,
} from "./tasks.ts";
export {
  collectSystemData,
  type SystemAnswers,
  systemAnswers,
  systemDecisionLimit,
  type SystemData,
  type SystemTrainOptions,
  trainSystem,
} from "./train-system.ts";
export { type PropertyTrainOptions, trainProperties } from "./train.ts";
