/**
 * Structure → crystal system, metal, stiffness, stability by its reciprocal lattice (deepKNet).
 * @module ewald/reciprocal
 */
export { loadExplainer, type ReciprocalExplainer } from "./explain.ts";
export { reciprocalFeature } from "./features.ts";
export { knownMatches } from "./known-answers.ts";
export { makeReciprocal, type ReciprocalMakeOptions } from "./make.ts";
export { loadReciprocal, type ReciprocalOptions, type ReciprocalPredictor } from "./predict.ts";
export { systemFeature } from "./system-features.ts";
export { PROPERTY_TASKS, SYSTEM_CLASSES, TASK_NAMES, type TaskName } from "./task.ts";
