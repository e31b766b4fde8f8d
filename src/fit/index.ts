/** Public names of this folder. */
export {
  calibrate,
  type CalibrateOptions,
  type Calibration,
  namedStandard,
  type Standard,
  STANDARD_NAMES,
} from "./calibrate.ts";
export { drawnTogether } from "./drawn-together.ts";
export {
  overlay,
  type Overlay,
  type OverlayLine,
  type OverlayOptions,
  overlayOwn,
} from "./overlay.ts";
export { type CellIs } from "./overlay.ts";
