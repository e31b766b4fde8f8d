/**
 * Lines of a structure fitted to a scan; calibration of a diffractometer.
 * @module ewald/fit
 */
export { calibrate, type Calibration, namedStandard, STANDARD_NAMES } from "./calibrate.ts";
export { type Overlay, overlay, overlayOwn } from "./overlay.ts";
