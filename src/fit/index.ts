export {
  calibrate,
  type CalibrateOptions,
  type Calibration,
  namedStandard,
  type Standard,
  STANDARD_NAMES,
} from "./calibrate.ts";
