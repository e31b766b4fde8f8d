// bench: fuzz: wrong, untyped or endless readings among mutated structures, scans, instrument files and compositions
//
// npm run bench -- fuzz [COUNT] [SEED]: runs bench/fuzz-*.mjs, each in a process of its own, and records what they count.
import { spawnSync } from "node:child_process";
import { report } from "./support.mjs";

const [count = "100000", seed = "1"] = process.argv.slice(2);
const started = performance.now();

const TOLD = "that state what they hold: read otherwise without a warning";
/** What the programs print at their ends: how many were read, and how many of them were findings. Without `found` the program ends before. */
const PROGRAMS = [
  {
    words: ["structures", count, seed],
    counts: [
      {
        key: "structures",
        quantity: "mutated structure files: untyped errors, hangs, calls over a second",
        line: /^(?<n>\d+) mutations, (?<found>\d+) findings/m,
      },
    ],
  },
  {
    words: ["structures", "--reading", count, seed],
    counts: [
      {
        key: "structures-told",
        quantity: `structure files ${TOLD}`,
        line: /^(?<n>\d+) mutations, (?<found>\d+) findings/m,
      },
    ],
  },
  {
    words: ["scans", count, seed],
    counts: [
      {
        key: "scans",
        quantity: "mutated scan files: neither a scan nor a typed error, or over two seconds",
        line: /^(?<n>\d+) mutations of \d+ files: .* nothing else$/m,
      },
      {
        key: "tables-told",
        quantity: `tables of scans ${TOLD}`,
        line: /^(?<n>\d+) tables: .* (?<found>\d+) wrong$/m,
      },
    ],
  },
  {
    words: ["instruments", count, seed],
    counts: [
      {
        key: "instruments-told",
        quantity: `instrument files ${TOLD}`,
        line: /^(?<n>\d+) files, (?<found>\d+) read wrongly in silence$/m,
      },
    ],
  },
  {
    words: ["compositions", count, seed],
    counts: [
      {
        key: "compositions",
        quantity: "compositions, written and mutated: read as what they do not mean",
        line: /^(?<n>\d+) compositions, (?<found>\d+) findings/m,
      },
    ],
  },
];

const rows = PROGRAMS.flatMap(({ words: [name, ...options], counts }) => {
  const { stdout } = spawnSync(process.execPath, [`bench/fuzz-${name}.mjs`, ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  return counts.map(({ key, quantity, line }) => {
    const found = line.exec(stdout)?.groups;
    if (found === undefined) throw new Error(`fuzz-${name} ended with:\n${stdout.slice(-2000)}`);
    return { key, quantity, value: Number(found.found ?? 0), unit: "", n: Number(found.n) };
  });
});
const command = ["npm run bench -- fuzz", ...process.argv.slice(2)].join(" ");
await report("fuzz", "Findings among mutated inputs", command, started, rows, [Number(seed)]);
