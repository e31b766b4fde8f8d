// bench: the two Materials Project tables as typed structures, and the point clouds of all of them through the cache
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pointCloudFeature, tableFeatures } from "../dist/data/table-features.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { openFeatureCache } from "../dist/data/feature-cache.node.js";
import { openStructureTable } from "../dist/data/files.node.js";
import { packPath, report } from "./support.mjs";

const TABLES = ["mp_labelled.parquet", "mp_unlabelled.parquet"];

/** Wall and CPU seconds (of all threads of this process) that `work` takes, and how many structures it saw. */
async function timed(work) {
  const [began, before] = [performance.now(), process.cpuUsage()];
  const n = await work();
  const { user, system } = process.cpuUsage(before);
  return { n, wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}

async function* allRows() {
  for (const name of TABLES) yield* (await openStructureTable(packPath(name))).rows();
}

/** Opened, filtered and read: every row becomes a structure; those with a gap are counted on the way. */
async function streamStructures() {
  let [structures, atoms, gaps] = [0, 0, 0];
  for await (const row of allRows()) {
    atoms += rowStructure(row).sites.length;
    if (row.labels.bandGapEv !== undefined) gaps++;
    structures++;
  }
  console.log(`${structures} structures, ${atoms} atoms, ${gaps} with a gap`);
  return structures;
}

async function cacheClouds(folder) {
  const cache = openFeatureCache(folder);
  let clouds = 0;
  for await (const { rows, block } of tableFeatures(allRows(), pointCloudFeature(), cache)) {
    if (block.shape[0] !== rows.length) throw new Error("a block lacks clouds");
    clouds += rows.length;
  }
  return clouds;
}

const started = performance.now();
const stream = await timed(streamStructures);
const peakMb = process.resourceUsage().maxRSS / 1000;
const folder = await mkdtemp(join(tmpdir(), "ewald-bench-"));
try {
  const first = await timed(() => cacheClouds(folder));
  const second = await timed(() => cacheClouds(folder));
  const row = (key, quantity, value, unit, { n }, note) => ({
    key,
    quantity,
    value: Math.round(value * 10) / 10,
    unit,
    n,
    ...(note === undefined ? {} : { note }),
  });
  const cloudNote = "125 points, X-rays, cells as stored; read, computed and written in one thread";
  const rows = [
    row("stream-cpu", "Structures of both tables, CPU time", stream.cpu, "s", stream),
    row(
      "stream-memory",
      "Structures of both tables, peak memory",
      Math.round(peakMb),
      "MB",
      stream,
    ),
    row(
      "clouds",
      "Their point clouds, computed and cached, wall time",
      first.wall,
      "s",
      first,
      cloudNote,
    ),
    row(
      "clouds-cpu",
      "Their point clouds, computed and cached, CPU time",
      first.cpu,
      "s",
      first,
      cloudNote,
    ),
    row("clouds-again", "The same from the cache, wall time", second.wall, "s", second),
  ];
  await report(
    "data",
    "Structure tables and cached features",
    "npm run bench -- data",
    started,
    rows,
    [],
  );
} finally {
  await rm(folder, { recursive: true });
}
