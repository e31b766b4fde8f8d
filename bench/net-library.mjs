// Everything that the benches of the trainer take of the build, under one name.
export { loadRuntime } from "../dist/net/runtime.node.js";
export { gradients, withGradient } from "../dist/net/autodiff.js";
export { arrayBatches, batchOrder } from "../dist/net/batches.js";
export {
  explanationModel,
  exportModel,
  gradCam,
  inputSpecsOf,
  readModelFile,
} from "../dist/net/export.js";
export { Graph } from "../dist/net/graph.js";
export { interpret } from "../dist/net/interpreter.js";
export { loadPredictor } from "../dist/net/predictor.js";
export { progressLine } from "../dist/net/progress.js";
export { readSafeTensors, writeSafeTensors } from "../dist/net/safetensors.js";
export { cosine, ramp, stepDecay } from "../dist/net/schedules.js";
export { DYNAMIC_BATCH } from "../dist/net/shape.js";
export { createStepper } from "../dist/net/stepper.js";
export { memoryStore } from "../dist/net/store.js";
export { fit } from "../dist/net/trainer.js";
export {
  heNormal,
  heUniform,
  xavierUniform,
  xavierNormal,
  torchUniform,
  constantly,
  initialise,
} from "../dist/net/initialise.js";
export {
  dense,
  pointwise,
  convolution,
  transposedConvolution,
  batchNorm,
  dropout,
  embedding,
  prelu,
  attentionPool,
  sampleNormal,
  globalMean,
} from "../dist/net/layers.js";
export {
  crossEntropy,
  accuracy,
  classification,
  binaryCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  meanSquaredLogError,
  cosineSimilarity,
  cosineLoss,
  pearsonLoss,
  klNormal,
  klDivergence,
  weightedMean,
} from "../dist/net/losses.js";
export {
  transpose,
  concat,
  sliceBox,
  slice,
  pad,
  everyNth,
  takeRows,
  scatterAlong,
  gatherAlong,
  oneHot,
  repeatAlong,
} from "../dist/net/ops/arrange.js";
export { windowLength, conv, convInputGradient } from "../dist/net/ops/conv.js";
export {
  reshape,
  expand,
  broadcastData,
  neg,
  add,
  sub,
  mul,
  div,
  sum,
  mean,
} from "../dist/net/ops/core.js";
export {
  elu,
  selu,
  gelu,
  leakyRelu,
  square,
  atLeast,
  atMost,
  exp,
  log,
  sqrt,
  abs,
  sign,
  step,
  relu,
  sigmoid,
  tanh,
  softplus,
  erf,
  stopGradient,
} from "../dist/net/ops/elementwise.js";
export { matmul } from "../dist/net/ops/matmul.js";
export { maxPool, maxPoolWinners, avgPool, upsample } from "../dist/net/ops/pool.js";
export { argmax, max, softmax, logSoftmax, variance } from "../dist/net/ops/reduce.js";
export { sgd, adam, adamW } from "../dist/net/optimisers.js";
