/** Public names of this folder. */
export * from "./calibration.ts";
export * from "./least-squares.ts";
export * from "./matrix3.ts";
export * from "./metrics.ts";
export * from "./nnls.ts";
export * from "./random.ts";
export * from "./statistics.ts";
