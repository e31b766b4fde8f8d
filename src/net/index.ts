/**
 * The trainer: a model described once becomes a training step, an inference file, an explanation, each
 * one ONNX graph. `docs/net.md` explains it with a worked example.
 * @module ewald/net
 */
export { loadRuntime } from "#onnx";
export { arrayBatches, type BatchSource } from "./batches.ts";
export { explanationModel, exportModel, gradCam, readModelFile } from "./export.ts";
export { type Graph, type Value } from "./graph.ts";
export * as initial from "./initialise.ts";
export * as layers from "./layers.ts";
export * as losses from "./losses.ts";
export { type Model, type Objective } from "./model.ts";
export * as ops from "./ops/index.ts";
export { adam, adamW, type Optimiser, sgd } from "./optimisers.ts";
export { loadPredictor, type Predictor } from "./predictor.ts";
export { type Progress, progressLine } from "./progress.ts";
export { type Runtime } from "./runtime.ts";
export { cosine, ramp, stepDecay } from "./schedules.ts";
export { memoryStore, type Store } from "./store.ts";
export { fit, type FitOptions, type FitResult } from "./trainer.ts";
