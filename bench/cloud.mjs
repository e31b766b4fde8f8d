// bench: reciprocal point clouds (n = 125) of structures as stored, per second and core
import { pointCloudWriter } from "../dist/diffraction/point-cloud.js";
import { cpuSeconds, report, sampleStructures } from "./support.mjs";

const COUNT = 2000;
const SEED = 20261121;
const ROUNDS = 10;

const started = performance.now();
const structures = (await sampleStructures("mp_labelled.parquet", COUNT, SEED)).map(
  ({ structure }) => structure,
);
const results = [];
for (const radiation of ["xray", "neutron"]) {
  const usable = structures.filter(
    ({ sites }) => !sites.some(({ species }) => ["Ac", "Pu"].includes(species[0].element)),
  );
  const write = pointCloudWriter({ points: 125, radiation });
  const out = new Float32Array(4 * 125);
  const all = () => {
    for (const structure of usable) write(structure, out, 0);
  };
  all();
  const rates = Array.from({ length: ROUNDS }, () => usable.length / cpuSeconds(all));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / ROUNDS;
  const spread = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (ROUNDS - 1));
  results.push({
    key: `clouds-${radiation}`,
    quantity: `Point clouds of 125 points (${radiation}) per second of one core`,
    value: Math.round(mean),
    unit: "1/s",
    n: usable.length,
    spread: { kind: "standard-deviation", value: Math.round(spread), over: ROUNDS },
  });
}
await report("cloud", "Reciprocal point clouds", "npm run bench -- cloud", started, results, [
  SEED,
]);
