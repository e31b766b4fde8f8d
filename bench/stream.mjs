// bench: every structure of the pack through the powder pattern as a stream: rate and memory
// node: --expose-gc
import { openStructureTable } from "../dist/data/files.node.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { powderBuffers, powderLines } from "../dist/diffraction/powder.js";
import { packPath, report } from "./support.mjs";

const TABLES = ["mp_labelled.parquet", "mp_unlabelled.parquet"];
const SAMPLE_EVERY = 500;

const started = performance.now();
const buffers = powderBuffers();
const options = { formFactors: "four-gaussian", twoThetaRangeDeg: [5, 90] };
let [done, refused, peaks] = [0, 0, 0];
/** Resident memory, MB: the largest in each fifth of the stream, so that a slow leak shows. */
const memory = [0, 0, 0, 0, 0];
const tables = await Promise.all(TABLES.map((name) => openStructureTable(packPath(name))));
const rowCount = tables.reduce((sum, table) => sum + table.rowCount, 0);
for (const table of tables) {
  for await (const row of table.rows()) {
    try {
      peaks += powderLines(rowStructure(row), options, buffers).intensity.length;
    } catch (error) {
      refused++;
      if (refused <= 5) console.error(`${row.id}: ${error.message}`);
    }
    done++;
    if (done % SAMPLE_EVERY !== 0) continue;
    const fifth = Math.min(4, Math.floor((5 * done) / rowCount));
    memory[fifth] = Math.max(memory[fifth], process.memoryUsage().rss / 1e6);
  }
}
const seconds = (performance.now() - started) / 1000;
const mb = memory.map(Math.round);
const results = [
  { key: "structures", quantity: "Structures simulated", value: done - refused, unit: "", n: done },
  { key: "refused", quantity: "Structures refused", value: refused, unit: "", n: done },
  { key: "peaks", quantity: "Peaks above 0.001 of 100", value: peaks, unit: "", n: done },
  {
    key: "seconds",
    quantity: "Wall time, reading and simulating, one thread",
    value: Math.round(seconds),
    unit: "s",
    n: done,
  },
  {
    key: "memory",
    quantity: "Largest resident memory",
    value: Math.max(...mb),
    unit: "MB",
    n: done,
    note: `largest in each fifth of the stream: ${mb.join(", ")} MB`,
  },
];
await report(
  "stream",
  "All structures of the pack as a stream",
  "npm run bench -- stream",
  started,
  results,
  [],
);
