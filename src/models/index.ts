/**
 * Trained models: where they lie, what their cards say, what a prediction is.
 * @module ewald/models
 */
export { type ReadModelFile, urlModels } from "./model-store.ts";
export {
  type ClassPrediction,
  likeliestClass,
  type ModelIdentity,
  type Prediction,
  probabilityOfClass,
  UNDECIDED,
} from "./prediction.ts";
