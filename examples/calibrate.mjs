// A scan of a standard gives the zero shift and the resolution of the diffractometer; other scans are corrected with them.
import { readFile } from "node:fs/promises";
import { readScan } from "ewald";
import { calibrate, namedStandard } from "ewald/fit";
import { applyInstrument } from "ewald/scan";

const { scan } = readScan(await readFile("examples/lab6-simulated.xye"));
const { instrument } = calibrate(scan, namedStandard("LaB6"));
console.log(instrument.peakCount, "peaks of the standard");
console.log(
  "zero shift",
  instrument.zeroDeg.toFixed(3),
  "±",
  instrument.zeroEsdDeg.toFixed(3),
  "°",
);

const { scan: sample } = readScan(await readFile("examples/quartz-simulated.xy"));
console.log(applyInstrument(sample, instrument).history.map(({ step }) => step));
