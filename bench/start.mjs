// bench: start of the command line: whole processes in turns, against an older commit of ours and pymatgen
//
// npm run bench -- start [ROUNDS] [COMMIT]. The older commit is unpacked and built in a temporary folder (npm ci, some minutes);
// a checkout of it that is built already may be named in EWALD_BENCH_BEFORE.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median, report } from "./support.mjs";

const ROUNDS = Number(process.argv[2] ?? 21);
/** The commit at which a review found `--help` to take half a second. */
const COMMIT = process.argv[3] ?? "f650cd6";
const CIF = resolve("examples/quartz.cif");
const started = performance.now();
const [loadBefore] = loadavg();

/** A built checkout of the older commit. */
function builtBefore() {
  const folder = mkdtempSync(join(tmpdir(), "ewald-bench-"));
  const archive = execFileSync("git", ["archive", COMMIT], { maxBuffer: 2 ** 30 });
  const there = { cwd: folder, stdio: ["pipe", "inherit", "inherit"] };
  execFileSync("tar", ["-x"], { ...there, input: archive });
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], there);
  const compiler = "node_modules/typescript/bin/tsc";
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], there);
  return folder;
}

/** Wall and CPU milliseconds of a whole process, its threads and children; what it prints is thrown away. */
function timed([command, ...args]) {
  const script = `TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1`;
  const child = ["-c", `{ ${script}; } 2>&1`, "bench", command, ...args];
  const text = execFileSync("bash", child, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  const [wall, user, system] = text
    .trim()
    .split(" ")
    .map((word) => 1000 * Number(word));
  return { wall, cpu: user + system };
}

const named = process.env.EWALD_BENCH_BEFORE;
const before = named ?? builtBefore();
const node = process.execPath;
const python = process.env.EWALD_BENCH_PYTHON;
if (python === undefined) console.error("pymatgen left out: EWALD_BENCH_PYTHON names no Python");
const program = (folder) => join(folder, "dist/cli/main.js");
if (!existsSync(program(before))) throw new Error(`${before} is not built`);
const read = `from pymatgen.core import Structure; print(Structure.from_file(${JSON.stringify(CIF)}))`;
const tasks = [
  {
    key: "help",
    name: "`ewald --help`",
    words: ["--help"],
    peer: ["`import pymatgen.core`", "import pymatgen.core"],
  },
  {
    key: "read",
    name: "`ewald read quartz.cif`",
    words: ["read", CIF],
    peer: ["`Structure.from_file` of pymatgen", read],
  },
];

function measured({ words, peer: [, code] }) {
  const sides = {
    ours: [node, program("."), ...words],
    before: [node, program(before), ...words],
    ...(python === undefined ? {} : { peer: [python, "-c", code] }),
  };
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const [side, command] of Object.entries(sides)) {
      const time = timed(command);
      // The first round fills the caches of the file system.
      if (round > 0) times[side].push(time);
    }
  return times;
}

const note = `in turns; load average ${loadBefore.toFixed(1)} to LOAD on ${availableParallelism()} cores`;
const middle = (times, what) => Math.round(median(times.map((time) => time[what])));
/** Of the processes of one turn, ours over the other. */
function ratioRow(key, quantity, times, other) {
  const ratios = times.ours.map(({ cpu }, i) => cpu / times[other][i].cpu);
  const mean = median(ratios);
  const deviation = Math.sqrt(ratios.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (ROUNDS - 1));
  const spread = { kind: "standard-deviation", value: Number(deviation.toFixed(2)), over: ROUNDS };
  return { key, quantity, value: Number(mean.toFixed(2)), unit: "", n: ROUNDS, spread };
}
function rowsOf(task) {
  const { key, name, peer } = task;
  const times = measured(task);
  const row = (side, role, what, label) => ({
    key: `${key}-${side}-${what}`,
    role,
    quantity: `${label}, ${what === "cpu" ? "CPU" : "wall"} time`,
    value: middle(times[side], what),
    unit: "ms",
    n: ROUNDS,
  });
  const both = (side, role, label) => ["cpu", "wall"].map((what) => row(side, role, what, label));
  const rows = [...both("ours", "ours", name), ...both("before", "peer", `${name} at ${COMMIT}`)];
  if (times.peer !== undefined) rows.push(...both("peer", "peer", peer[0]));
  rows.push(
    ratioRow(`${key}-before-ratio`, `${name}: CPU time ÷ that at ${COMMIT}`, times, "before"),
  );
  if (times.peer !== undefined)
    rows.push(ratioRow(`${key}-peer-ratio`, `${name}: CPU time ÷ ${peer[0]}`, times, "peer"));
  return rows;
}

const rows = tasks.flatMap(rowsOf);
if (named === undefined) rmSync(before, { recursive: true });
await report(
  "start",
  "Start of the command line",
  "npm run bench -- start",
  started,
  rows.map((row) => ({ ...row, note: note.replace("LOAD", loadavg()[0].toFixed(1)) })),
  [],
);
