// bench: random forest and gradient boosting, ours and scikit-learn's, on the same bar codes of diffraction: ROC-AUC of both
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomSplit } from "../dist/data/splits.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { fileIdentity, openStructureTable } from "../dist/data/files.node.js";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { pointCloudWriter } from "../dist/diffraction/point-cloud.js";
import { gradientBoosting, randomForest } from "../dist/reproduce/trees.js";
import { rocAuc } from "../dist/math/metrics.js";
import { packPath } from "./support.mjs";

const TABLE = "mp_labelled.parquet";
const POINTS = 125;
/** The origin and one of each Friedel pair. */
const BARS = (POINTS + 1) / 2;
const SEED = 1;
const TREES = 100;

const python = process.env.EWALD_BENCH_PYTHON;
if (python === undefined) {
  console.error("EWALD_BENCH_PYTHON names no Python with scikit-learn");
  process.exit(3);
}

const write = pointCloudWriter({ points: POINTS, scaling: "released-code" });
const cloud = new Float32Array(4 * POINTS);
const rows = [];
for await (const row of (await openStructureTable(packPath(TABLE))).rows()) {
  const modulus = row.labels.bulkModulusGpa;
  if (modulus === undefined || !(modulus > 0 && modulus <= 500)) continue;
  write(rowStructure(row), cloud, 0);
  const bars = Array.from({ length: BARS }, (_, p) => cloud[4 * (BARS - 1 + p) + 3]);
  rows.push({ id: row.id, label: modulus > 85 ? 1 : 0, bars });
}
const { parts } = randomSplit(rows, SEED);
const [train, test] = ["train", "test"].map((part) => {
  const ids = new Set(parts[part]);
  const own = rows.filter(({ id }) => ids.has(id));
  return {
    x: Float32Array.from(own.flatMap(({ bars }) => bars)),
    labels: own.map(({ label }) => label),
  };
});

const scratch = mkdtempSync(join(tmpdir(), "ewald-trees-"));
for (const [name, { x, labels }] of Object.entries({ train, test })) {
  writeFileSync(join(scratch, `${name}.f32`), new Uint8Array(x.buffer));
  writeFileSync(join(scratch, `${name}.u8`), Uint8Array.from(labels));
}
const settings = JSON.stringify({ bars: BARS, trees: TREES, seed: SEED });
execFileSync(python, [join("bench", "peers", "trees_sklearn.py"), scratch, settings], {
  stdio: "inherit",
});
const peer = JSON.parse(readFileSync(join(scratch, "sklearn.json"), "utf8"));
rmSync(scratch, { recursive: true });

const stamp = await runStamp("npm run bench -- trees");
const entries = [];
for (const [key, title, fit] of [
  ["forest", "random forest, √ of the features a split", randomForest],
  ["boosting", "gradient boosting, depth 6", gradientBoosting],
]) {
  const start = process.cpuUsage();
  const model = fit(train.x, train.labels, { trees: TREES, seed: SEED });
  const { user, system } = process.cpuUsage(start);
  const cpuSeconds = (user + system) / 1e6;
  const auc = rocAuc(test.labels, model.probabilities(test.x));
  console.log(`${title}: ours ${auc.toFixed(4)}, scikit-learn ${peer[key].auc.toFixed(4)}`);
  console.log(
    `  fit: ours ${cpuSeconds.toFixed(1)} s, scikit-learn ${peer[key].cpuSeconds.toFixed(1)} s of CPU`,
  );
  const shared = {
    n: test.labels.length,
    spread: null,
    split: "random 70/15/15",
    data: [{ ...(await fileIdentity(packPath(TABLE))), rows: rows.length }],
    seeds: [SEED],
    ...stamp,
    fast: false,
    embedded: false,
  };
  for (const [role, name, own, seconds] of [
    ["ours", "ours", auc, cpuSeconds],
    ["peer", `scikit-learn ${peer.version}`, peer[key].auc, peer[key].cpuSeconds],
  ]) {
    const model = { name, sha256: null };
    const wallSeconds = Math.round(seconds);
    const quantity = `ROC-AUC of the test part, ${title}, ${TREES} trees`;
    entries.push({
      ...shared,
      key: `auc-${key}`,
      quantity,
      value: own,
      unit: "",
      role,
      model,
      wallSeconds,
    });
    const spent = `CPU time of the fit, ${title}, ${train.labels.length} × ${BARS}`;
    entries.push({
      ...shared,
      key: `cpu-${key}`,
      quantity: spent,
      value: seconds,
      unit: "s",
      role,
      model,
      wallSeconds,
    });
  }
}
await recordResults(
  "results",
  {
    paper: "bench",
    table: "trees",
    title: "Trees on bar codes of diffraction: bulk modulus above 85 GPa",
  },
  entries,
);
