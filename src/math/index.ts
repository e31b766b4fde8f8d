/**
 * Numbers without a meaning: seeded random numbers, least squares, scores of predictions.
 * @module ewald/math
 */
export { confusionMatrix, meanAbsoluteError, rocAuc } from "./metrics.ts";
export { leastSquares } from "./least-squares.ts";
export { nonNegativeLeastSquares } from "./nnls.ts";
export { Random } from "./random.ts";
