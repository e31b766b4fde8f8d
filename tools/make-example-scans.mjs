// Writes the example scans: simulated patterns with background and counting noise, labelled as simulated.
// `npm run build && node tools/make-example-scans.mjs`
import { readFileSync, writeFileSync } from "node:fs";
import { readStructures } from "../dist/crystal/io/read-structures.js";
import { powderPattern } from "../dist/diffraction/powder.js";
import { profile } from "../dist/diffraction/profile.js";
import { namedStandard } from "../dist/fit/calibrate.js";
import { Random } from "../dist/math/random.js";
import { kAlphaDoublet } from "../dist/radiation/radiation.js";
import { writeScan } from "../dist/scan/write.js";

const radiation = kAlphaDoublet("Cu");
const ZERO_DEG = 0.05;
const DISPLACEMENT_DEG = -0.08;

/** @param second another phase, `share` of the first one's highest peak high */
function simulated(structure, { sample, seed, range, step, shift, height, second }) {
  const [low, high] = range;
  const count = Math.round((high - low) / step) + 1;
  const twoTheta = Float64Array.from({ length: count }, (_, i) =>
    Number((low + i * step).toFixed(4)),
  );
  // The profile is taken where a point would be without the instrument's errors.
  const ideal = twoTheta.map((at) => at - shift(at));
  const curveOf = (phase) =>
    profile(powderPattern(phase, { radiation, twoThetaRangeDeg: [low - 1, high + 1] }), ideal, {
      broadening: { caglioti: { u: 0.006, v: -0.003, w: 0.008 } },
    });
  let curve = curveOf(structure);
  if (second !== undefined) {
    const other = curveOf(second.structure);
    const factor = (second.share * Math.max(...curve)) / Math.max(...other);
    curve = curve.map((value, i) => value + factor * other[i]);
  }
  const top = curve.reduce((most, value) => Math.max(most, value), 0);
  const random = Random.fromSeed(seed, "example-scans");
  const counts = curve.map((value, i) => {
    const mean = (height * value) / top + 60 + 340 * Math.exp(-twoTheta[i] / 14);
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  });
  return {
    ranges: [
      { axis: { kind: "twoTheta", values: twoTheta }, intensity: counts, countTimeSeconds: 1 },
    ],
    radiation,
    intensityUnit: "counts",
    metadata: {
      sample,
      comment: "simulated with counting noise by tools/make-example-scans.mjs, not measured",
    },
    source: { format: "simulation" },
    history: [],
  };
}

const [quartz] = readStructures(readFileSync("examples/quartz.cif"), {
  name: "quartz.cif",
}).structures;
const quartzScan = simulated(quartz.structure, {
  sample: "quartz (simulated)",
  seed: 1,
  range: [10, 80],
  step: 0.03,
  height: 8000,
  shift: () => 0,
});
writeFileSync("examples/quartz-simulated.xy", writeScan(quartzScan, "xy"));
const [olivine] = readStructures(readFileSync("examples/olivine.cif"), {
  name: "olivine.cif",
}).structures;
const olivineScan = simulated(olivine.structure, {
  sample: "olivine with a little quartz (simulated)",
  seed: 3,
  range: [10, 75],
  step: 0.02,
  height: 6000,
  shift: () => 0.04,
  second: { structure: quartz.structure, share: 0.12 },
});
writeFileSync("examples/olivine-quartz-simulated.xy", writeScan(olivineScan, "xy"));
const lab6Scan = simulated(namedStandard("LaB6").structure, {
  sample: "LaB6 (simulated)",
  seed: 2,
  range: [18, 118],
  step: 0.02,
  height: 12_000,
  shift: (at) => ZERO_DEG + DISPLACEMENT_DEG * Math.cos((at * Math.PI) / 360),
});
const esd = lab6Scan.ranges[0].intensity.map((count) =>
  Number(Math.sqrt(Math.max(1, count)).toFixed(2)),
);
lab6Scan.ranges[0].esd = esd;
writeFileSync("examples/lab6-simulated.xye", writeScan(lab6Scan, "xye"));
