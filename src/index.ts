/** The package root: what every layer throws. The layers themselves are sub-paths: `ewald/crystal`, … */
export {
  describeError,
  describePosition,
  type ErrorDetails,
  EwaldError,
  type Position,
  type Warning,
  withSource,
} from "./errors.ts";
