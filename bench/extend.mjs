// bench: ewald extend with five structure types that the library keeps out, up to 50 compounds each: time, accuracy, rejection
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../dist/cli/run.js";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { writeCif } from "../dist/crystal/io/write-structure.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { openStructureTable } from "../dist/data/files.node.js";
import { membersOf, parseLibrary } from "../dist/known/library.js";
import { packPath, report } from "./support.mjs";

const TYPES = 5;
const MOST_COMPOUNDS = 50;
const TABLES = ["mp_labelled.parquet", "mp_unlabelled.parquet"];

const practicalKey = (key) => key.split("|").slice(0, 3).join("|");
const keyOfRow = (row) => `${row.formulaAnonymous}|${row.pearson}|${row.spaceGroup}`;

/** Members of the types as CIF files; where they are fewer, other compounds of their formula type and space group. */
async function writeCompounds(types, folder) {
  await mkdir(folder);
  const members = new Set(types.flatMap(membersOf).map(([id]) => id));
  const formulas = new Map(types.map(({ key }) => [practicalKey(key), new Set()]));
  for (const wanted of [true, false])
    for (const name of TABLES) {
      const table = await openStructureTable(packPath(name));
      for await (const row of table.rows({ where: (one) => formulas.has(keyOfRow(one)) })) {
        const taken = formulas.get(keyOfRow(row));
        const isMember = members.has(row.id);
        if (isMember !== wanted || taken.size >= MOST_COMPOUNDS || taken.has(row.formula)) continue;
        taken.add(row.formula);
        const text = writeCif(rowStructure(row), { name: row.id });
        await writeFile(join(folder, `${row.id}.cif`), text);
      }
    }
  return [...formulas.values()].reduce((sum, { size }) => sum + size, 0);
}

const started = performance.now();
await loadSymmetry();
const library = parseLibrary(await readFile("models/structure-type/library.json", "utf8"));
const types = library.unknown.test.slice(0, TYPES);
const scratch = await mkdtemp(join(tmpdir(), "ewald-bench-extend-"));
const compounds = await writeCompounds(types, join(scratch, "cifs"));

let stdout = "";
const io = {
  stdout: async (text) => void (stdout += text),
  stderr: (text) => process.stderr.write(text),
  interactive: false,
  columns: 80,
};
const before = process.cpuUsage();
const from = performance.now();
const words = [
  "--from",
  join(scratch, "cifs"),
  "--name",
  "kept-out",
  "--models",
  join(scratch, "models"),
];
const code = await run(["extend", ...words, "--json"], io);
if (code !== 0) process.exit(code);
const wallSeconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(before);
await rm(scratch, { recursive: true });

const { types: added, scores } = JSON.parse(stdout);
const { own, known, rejection } = scores;
const percent = (value) => 100 * value;
const rows = [
  ["types", "structure types added", added.length, "", compounds],
  [
    "wall-minutes",
    "whole command, wall time (processor shared with other work)",
    wallSeconds / 60,
    "min",
    compounds,
  ],
  [
    "processor-minutes",
    "whole command, processor time of all threads",
    (user + system) / 6e7,
    "min",
    compounds,
  ],
  [
    "own-top-1",
    "scans of held-out compounds of the new types: right",
    percent(own.top1),
    "%",
    own.n,
  ],
  ["own-accepted", "right and accepted", percent(own.accepted), "%", own.n],
  [
    "known-before",
    "scans of the library's types: right before",
    percent(known.top1Before),
    "%",
    known.n,
  ],
  ["known-after", "right after", percent(known.top1After), "%", known.n],
  [
    "rejection-before",
    "rejection of other unknown types: balanced accuracy before",
    percent(rejection.before.balancedAccuracy),
    "%",
    rejection.before.known + rejection.before.unknown,
  ],
  [
    "rejection-after",
    "balanced accuracy after",
    percent(rejection.after.balancedAccuracy),
    "%",
    rejection.after.known + rejection.after.unknown,
  ],
  [
    "auroc-before",
    "AUROC before",
    rejection.before.auroc,
    "",
    rejection.before.known + rejection.before.unknown,
  ],
  [
    "auroc-after",
    "AUROC after",
    rejection.after.auroc,
    "",
    rejection.after.known + rejection.after.unknown,
  ],
].map(([key, quantity, value, unit, n]) => ({ key, quantity, value, unit, n }));
await report(
  "extend",
  "Extension by five types kept out",
  "npm run bench -- extend",
  started,
  rows,
  [1],
);
