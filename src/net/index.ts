/**
 * The trainer: a model described once becomes a training step, an inference file, an explanation, each
 * one ONNX graph. `docs/net.md` explains it with a worked example.
 */
export { loadRuntime } from "#onnx";
export { gradients, withGradient } from "./autodiff.ts";
export { arrayBatches, batchOrder, type BatchSource } from "./batches.ts";
export { type HistoryEntry } from "./checkpoint.ts";
export {
  explanationModel,
  exportModel,
  gradCam,
  inputSpecsOf,
  readModelFile,
  type ExplainOptions,
  type ExportMetadata,
  type ExportOptions,
  type ModelFile,
} from "./export.ts";
export {
  Graph,
  type DType,
  type GraphOptions,
  type Initial,
  type Operand,
  type Value,
  type Values,
} from "./graph.ts";
export * from "./initialise.ts";
export { interpret } from "./interpreter.ts";
export * from "./layers.ts";
export { type Entry, type Layout, type Weights } from "./layout.ts";
export * from "./losses.ts";
export { type InputSpec, type InputSpecs, type Model, type Objective } from "./model.ts";
export * from "./ops/index.ts";
export * from "./optimisers.ts";
export { loadPredictor, type Answer, type Predictor } from "./predictor.ts";
export { progressLine, type Progress } from "./progress.ts";
export { type Provider, type Runtime, type RuntimeOptions } from "./runtime.ts";
export { readSafeTensors, writeSafeTensors, type SafeTensors } from "./safetensors.ts";
export { cosine, ramp, stepDecay, type Place, type Schedule } from "./schedules.ts";
export { DYNAMIC_BATCH, type Shape } from "./shape.ts";
export { type StepOptions } from "./step.ts";
export { createStepper, type Batch, type Stepper } from "./stepper.ts";
export { memoryStore, type Store } from "./store.ts";
export { fit, type FitOptions, type FitResult, type Monitor, type ScalarsAt } from "./trainer.ts";
