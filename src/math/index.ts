export * from "./calibration.ts";
export * from "./matrix3.ts";
export * from "./metrics.ts";
export * from "./random.ts";
