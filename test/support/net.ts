/** Everything that the tests of the trainer take of `src/net`, under one name. */
export { loadRuntime } from "#onnx";
export { gradients, withGradient } from "../../src/net/autodiff.ts";
export { arrayBatches, batchOrder, type BatchSource } from "../../src/net/batches.ts";
export { type HistoryEntry } from "../../src/net/checkpoint.ts";
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
} from "../../src/net/export.ts";
export {
  Graph,
  type DType,
  type GraphOptions,
  type Initial,
  type Operand,
  type Value,
  type Values,
} from "../../src/net/graph.ts";
export * from "../../src/net/initialise.ts";
export { interpret } from "../../src/net/interpreter.ts";
export * from "../../src/net/layers.ts";
export { type Entry, type Layout, type Weights } from "../../src/net/layout.ts";
export * from "../../src/net/losses.ts";
export {
  type InputSpec,
  type InputSpecs,
  type Model,
  type Objective,
} from "../../src/net/model.ts";
export * from "../../src/net/ops/index.ts";
export * from "../../src/net/optimisers.ts";
export { loadPredictor, type Answer, type Predictor } from "../../src/net/predictor.ts";
export { progressLine, type Progress } from "../../src/net/progress.ts";
export { type Provider, type Runtime, type RuntimeOptions } from "../../src/net/runtime.ts";
export { readSafeTensors, writeSafeTensors, type SafeTensors } from "../../src/net/safetensors.ts";
export { cosine, ramp, stepDecay, type Place, type Schedule } from "../../src/net/schedules.ts";
export { DYNAMIC_BATCH, type Shape } from "../../src/net/shape.ts";
export { type StepOptions } from "../../src/net/step.ts";
export { createStepper, type Batch, type Stepper } from "../../src/net/stepper.ts";
export { memoryStore, type Store } from "../../src/net/store.ts";
export {
  fit,
  type FitOptions,
  type FitResult,
  type Monitor,
  type ScalarsAt,
} from "../../src/net/trainer.ts";
