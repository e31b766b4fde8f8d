// bench: powder peaks of 1,000 structures of the pack, Cu Kα 5-90°, against pymatgen and cctbx, CPU time per structure
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { powderBuffers, powderLines, powderPattern } from "../dist/diffraction/index.js";
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
const lines = (from, to) => {
  for (const structure of structures.slice(from, to)) powderLines(structure, options, buffers);
};
const full = (from, to) => {
  for (const structure of structures.slice(from, to)) powderPattern(structure, options, buffers);
};
// The compiler of Node settles within one pass.
lines(0, COUNT);
full(0, COUNT);

const peers = {
  pymatgen: await pythonPeer("powder_pymatgen.py", input),
  cctbx: await pythonPeer("powder_cctbx.py", input),
};
const seconds = { lines: [], full: [], pymatgen: [], cctbx: [] };
// Interleaved, so that what else the machine does falls on all alike.
for (let from = 0; from < COUNT; from += CHUNK) {
  const to = Math.min(COUNT, from + CHUNK);
  seconds.lines.push(cpuSeconds(() => lines(from, to)));
  seconds.full.push(cpuSeconds(() => full(from, to)));
  for (const [name, peer] of Object.entries(peers)) {
    if (peer !== null) seconds[name].push(await peer.seconds(from, to));
  }
}
for (const peer of Object.values(peers)) peer?.stop();
rmSync(folder, { recursive: true });

const total = (name) => seconds[name].reduce((sum, value) => sum + value, 0);
const microseconds = (name) => Math.round((1e6 * total(name)) / COUNT);
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
  const chunks = median(seconds[name].map((value, i) => value / seconds.lines[i]));
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
      note: `CPU time of one thread, interleaved in chunks of ${CHUNK}; median over chunks ${chunks.toFixed(1)}`,
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
