export * from "./affinity-propagation.ts";
export * from "./calibration.ts";
export * from "./least-squares.ts";
export * from "./matrix3.ts";
export * from "./metrics.ts";
export * from "./random.ts";
export * from "./statistics.ts";
export * from "./trees.ts";
