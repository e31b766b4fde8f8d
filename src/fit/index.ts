/**
 * Phases fitted to a whole scan; lines of a structure laid over it; calibration of a diffractometer.
 * @module ewald/fit
 */
export { calibrate, type Calibration, namedStandard, STANDARD_NAMES } from "./calibrate.ts";
export { type Overlay, overlay, overlayOwn } from "./overlay.ts";
export { fitScan } from "./whole-pattern/fit-scan.ts";
export type { FitOptions, FitPhase, FitResult } from "./whole-pattern/fit-types.ts";
