/**
 * From witnesses to probabilities. For type t the score is
 *
 *   z_t = network · ln p_t + compounds · s_t + elements · e_t
 *
 * with the networks' mean probability p, the similarity s of the best known compound and the log-likelihood e of the elements
 * (relative to the best type); "none of them" scores z_0 = network · ln p_0 + compounds · unknownSimilarity. A softmax makes probabilities.
 * The few weights are fitted on validation compounds; the line from probability to reliability is calibrated on measured scans.
 */

export interface WitnessWeights {
  readonly network: number;
  readonly compounds: number;
  readonly elements: number;
  /** Similarity at which a known compound speaks neither for nor against "none of them". */
  readonly unknownSimilarity: number;
  /** Added to the score of "none of them" where elements are given, per unit of the best type's log-likelihood below it. */
  readonly unknownElements: number;
}

export interface Calibration {
  readonly weights: WitnessWeights;
  /** Reliability = σ(slope · logit(probability) + intercept). */
  readonly reliability: { readonly slope: number; readonly intercept: number };
  /** Types less probable than this are rejected. */
  readonly leastProbability: number;
}

export interface Witnesses {
  /** Networks' probabilities, (types + 1), the last for none of them. */
  readonly network: ArrayLike<number>;
  /** Best similarity per type, (types). */
  readonly similarity: ArrayLike<number>;
  /** ln of the chance of the elements per type; null where nothing is known of them. */
  readonly elements: ArrayLike<number> | null;
}

const LEAST = 1e-9;

/** Probabilities, (types + 1), the last for none of them. */
export function probabilitiesOf(
  { network, similarity, elements }: Witnesses,
  weights: WitnessWeights,
): Float64Array {
  const types = similarity.length;
  const z = new Float64Array(types + 1);
  for (let t = 0; t < types; t++) {
    z[t] =
      weights.network * Math.log(Math.max(network[t]!, LEAST)) + weights.compounds * similarity[t]!;
    if (elements !== null) z[t]! += weights.elements * elements[t]!;
  }
  z[types] =
    weights.network * Math.log(Math.max(network[types]!, LEAST)) +
    weights.compounds * weights.unknownSimilarity;
  if (elements !== null) z[types]! += weights.unknownElements;
  let most = -Infinity;
  for (const value of z) most = Math.max(most, value);
  let sum = 0;
  for (let t = 0; t <= types; t++) sum += z[t] = Math.exp(z[t]! - most);
  for (let t = 0; t <= types; t++) z[t]! /= sum;
  return z;
}

/** Calibrated chance that an answer of this probability is right. */
export function reliabilityOf(probability: number, { reliability }: Calibration): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, probability));
  const logit = Math.log(p / (1 - p));
  return 1 / (1 + Math.exp(-(reliability.slope * logit + reliability.intercept)));
}
