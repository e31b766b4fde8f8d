/** Trained models: store, cards, what a prediction is. */
export {
  loadModel,
  loadFurtherFile,
  loadModelCard,
  type ModelCard,
  type ModelEntry,
  parseModelCard,
  type ReadModelFile,
  type StoredModel,
  urlModels,
} from "./model-store.ts";
export {
  type ClassPrediction,
  type ClassProbability,
  type KnownValue,
  likeliestClass,
  type ModelIdentity,
  type Prediction,
  probabilityOfClass,
  UNDECIDED,
  type ValuePrediction,
} from "./prediction.ts";
