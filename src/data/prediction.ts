/**
 * What a trained model says of one input: one form for all systems, so that the answers of several can stand side by
 * side. A model that was not made for an input says so (`inDomain`, `reason`); where it could not even be asked (an
 * element without form factor), label and value are null.
 */

/** Which model spoke; `hash` is the SHA-256 of its file. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

interface PredictionBase {
  /** What was asked: "metal", "structure-type", "formation-energy". */
  readonly task: string;
  /** False where the input is unlike everything that the model was trained on. */
  readonly inDomain: boolean;
  /** Why not, for people. */
  readonly reason?: string;
  readonly model: ModelIdentity;
}

export interface ClassPrediction extends PredictionBase {
  readonly label: string | null;
  /** Calibrated probability of the label. */
  readonly probability?: number;
}

export interface ValuePrediction extends PredictionBase {
  readonly value: number | null;
  readonly unit: string;
  /** Standard uncertainty, in `unit`. */
  readonly uncertainty?: number;
}

export type Prediction = ClassPrediction | ValuePrediction;
