// bench: powder peaks of 1,000 structures of the pack, Cu Kα 5-90°, against pymatgen and cctbx, CPU time per structure
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { powderBuffers, powderLines, powderPattern } from "../dist/diffraction/powder.js";
import { cpuSeconds, median, pythonPeer, report, sampleStructures } from "./support.mjs";

const COUNT = Number(process.argv[2] ?? 1000);
const SEED = 20261121;
const CHUNK = 50;
const options = { formFactors: "four-gaussian", twoThetaRangeDeg: [5, 90] };

const started = performance.now();
const sample = await sampleStructures("mp_labelled.parquet", COUNT, SEED);
const structures = sample.map(({ structure }) => structure);
const folder = mkdtempSync(join(tmpdir(), "ewald-bench-"));
const input = join(folder, "structures.json");
const rows = structures.map(({ lattice, sites }) => ({
  lattice,
  species: sites.map((site) => site.species[0].element),
  frac: sites.map((site) => site.frac),
}));
writeFileSync(input, JSON.stringify(rows));

const buffers = powderBuffers();
const lines = () => {
  for (const structure of structures) powderLines(structure, options, buffers);
};
const full = () => {
  for (const structure of structures) powderPattern(structure, options, buffers);
};
// The compiler of Node settles within one pass.
lines();
full();

const peers = {
  pymatgen: await pythonPeer("powder_pymatgen.py", input),
  cctbx: await pythonPeer("powder_cctbx.py", input),
};
const seconds = { lines: [], full: [], pymatgen: [], cctbx: [] };
// Interleaved, so that what else the machine does falls on all alike: a pass of ours over all structures, which is short, after
// each chunk of the peers.
for (let from = 0; from < COUNT; from += CHUNK) {
  const to = Math.min(COUNT, from + CHUNK);
  seconds.lines.push(cpuSeconds(lines));
  seconds.full.push(cpuSeconds(full));
  for (const [name, peer] of Object.entries(peers)) {
    if (peer !== null) seconds[name].push(await peer.seconds(from, to));
  }
}
for (const peer of Object.values(peers)) peer?.stop();
rmSync(folder, { recursive: true });

const sum = (values) => values.reduce((total, value) => total + value, 0);
/** Of all structures once: ours the mean of the passes. */
const total = (name) =>
  name in peers ? sum(seconds[name]) : sum(seconds[name]) / seconds[name].length;
const microseconds = (name) => Math.round((1e6 * total(name)) / COUNT);
const passes = seconds.lines.length;
const results = [
  {
    key: "lines-time",
    quantity: "Positions and intensities (powderLines), per structure",
    value: microseconds("lines"),
    unit: "µs",
    n: COUNT,
  },
  {
    key: "pattern-time",
    quantity: "Peaks with hkl families (powderPattern), per structure",
    value: microseconds("full"),
    unit: "µs",
    n: COUNT,
  },
];
for (const [name, peer] of Object.entries(peers)) {
  if (peer === null) continue;
  const ratio = (ours) => Math.round((10 * total(name)) / total(ours)) / 10;
  const middle = (total(name) / median(seconds.lines)).toFixed(1);
  results.push(
    {
      key: `${name}-time`,
      role: "peer",
      quantity: `${peer.version}, per structure`,
      value: microseconds(name),
      unit: "µs",
      n: COUNT,
    },
    {
      key: `${name}-ratio`,
      quantity: `${peer.version} over powderLines`,
      value: ratio("lines"),
      unit: "×",
      n: COUNT,
      note: `CPU time of one thread; ours the mean of ${passes} passes, one after each ${CHUNK} structures of the peer; with the median pass ${middle}`,
    },
    {
      key: `${name}-pattern-ratio`,
      quantity: `${peer.version} over powderPattern`,
      value: ratio("full"),
      unit: "×",
      n: COUNT,
    },
  );
}
await report(
  "powder",
  "Powder patterns of structures of the pack",
  `npm run bench -- powder${COUNT === 1000 ? "" : ` ${COUNT}`}`,
  started,
  results,
  [SEED],
);
