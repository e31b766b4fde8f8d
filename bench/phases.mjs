// bench: the search of known phases on measured scans: is the phase first, among five, among twenty; what refusing by the gap costs; time
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constraintsOf } from "../dist/crystal/composition/composition-constraints.js";
import { parseFormula } from "../dist/crystal/composition/formula.js";
import { UNSEEN_BY_EDS } from "../dist/crystal/composition/unseen-by-eds.js";
import { fileIdentity, tableFile } from "../dist/data/files.node.js";
import { openTable } from "../dist/data/parquet.js";
import { volumeOf } from "../dist/diffraction/line-list.js";
import { parseCsv } from "../dist/formats/csv.js";
import { spaceGroupClass } from "../dist/known/known-values.js";
import { loadPhaseLibrary } from "../dist/known/phases/phase-library.js";
import { searchScanOf, searchTarget } from "../dist/known/phases/search-target.js";
import { packageModels } from "../dist/models/model-store.node.js";
import { parseRadiation } from "../dist/radiation/radiation.js";
import { measuredScan } from "../dist/reproduce/measured/measured-scans.js";
import { observe } from "../dist/scan/observe.js";
import { withRadiation } from "../dist/scan/scan.js";
import { median, packPath, report } from "./support.mjs";

const TABLES = ["experimental_dev.parquet", "experimental_dev2.parquet"];
const TRUTH = "experimental_truth.csv";
/** The weights of the search were set on the first of these; the others took no part. */
const SETS = [
  ["rruff_raw", "raw RRUFF scans"],
  ["xred_rruff90", "CPICANN's own scans, of which half are calculated"],
  ["rruff_crystinet", "smoothed RRUFF scans"],
  ["powdr_rockjock", "RockJock minerals"],
];
const MODES = [
  ["elements", "with elements"],
  ["heavy", "heavy elements only"],
  ["none", "without elements"],
];
const RANKS = [1, 5, 20];
const MOST = 40;
/** Volumes per atom of one phase. */
const SAME_VOLUME = 0.08;

const started = performance.now();
const library = await loadPhaseLibrary(packageModels());
const { phases } = library;

async function truthRows() {
  const rows = [];
  let names;
  for await (const { fields } of parseCsv([readFileSync(packPath(TRUTH), "utf8")])) {
    if (names === undefined) names = fields;
    else rows.push(Object.fromEntries(names.map((name, i) => [name, fields[i]])));
  }
  return new Map(rows.map((row) => [row.pattern_id, row]));
}

async function* scans(truths) {
  const columns = {
    pattern_id: "string",
    wavelength: "number",
    two_theta: "numbers",
    intensity: "numbers",
  };
  for (const table of TABLES)
    for await (const row of (await openTable(await tableFile(packPath(table)))).rows(columns)) {
      const truth = truths.get(row.pattern_id);
      if (truth?.kind !== "single" || !SETS.some(([set]) => set === truth.collection)) continue;
      const phase = JSON.parse(truth.phases)[0];
      if (phase.formula === null || truth.radiation === "neutron") continue;
      const radiation = parseRadiation(truth.wavelength);
      const scan = measuredScan(row.two_theta, row.intensity, row.wavelength);
      const observation = observe(withRadiation(scan, radiation));
      yield { truth, phase, target: searchTarget(searchScanOf(observation)) };
    }
}

const withoutHydrogen = (amounts) => {
  const kept = amounts.filter(({ element }) => element !== "H" && element !== "D");
  const total = kept.reduce((sum, { amount }) => sum + amount, 0);
  return new Map(kept.map(({ element, amount }) => [element, amount / total]));
};

/** Same elements in about the same amounts (hydrogen left out), space group, volume per atom. */
function isRight(entry, { truth, phase }) {
  const group = spaceGroupClass(phases.columns.spaceGroup[entry]);
  if (!phase.strict.some((number) => spaceGroupClass(number) === group)) return false;
  const found = withoutHydrogen(phases.composition(entry).amounts);
  const wanted = withoutHydrogen(parseFormula(phase.formula).amounts);
  const slack = phase.solid_solution ? 0.12 : 0.05;
  for (const element of new Set([...found.keys(), ...wanted.keys()])) {
    const [a, b] = [found.get(element) ?? 0, wanted.get(element) ?? 0];
    if (Math.max(a, b) > 0.03 && Math.abs(a - b) > slack) return false;
  }
  const cell = ["a", "b", "c", "alpha", "beta", "gamma"].map((name) => Number(truth[name]));
  // Of some scans no cell is known: formula and space group decide.
  if (!cell.every((value) => value > 0)) return true;
  const ratio = phases.volumeAngstrom3(entry) / volumeOf(cell);
  // Cells of one lattice are whole multiples of one another.
  const multiples = [1, 2, 3, 4, 6].flatMap((k) => [k, 1 / k]);
  return [...multiples, 1.5, 2 / 3].some((k) => Math.abs(Math.log(ratio / k)) < SAME_VOLUME);
}

function elementsIn(mode, truth) {
  if (mode === "none") return {};
  const named = truth.elements_eds.split(",").filter(Boolean);
  const elements =
    mode === "heavy" ? named.filter((symbol) => !UNSEEN_BY_EDS.includes(symbol)) : named;
  return { constraints: constraintsOf({ elements }) };
}

const truths = await truthRows();
const outcomes = [];
const times = { elements: [], heavy: [], none: [] };
for await (const one of scans(truths)) {
  for (const [mode] of MODES) {
    const elements = elementsIn(mode, one.truth);
    const before = process.cpuUsage();
    const groups = await library.search(one.target, elements, MOST);
    const { user, system } = process.cpuUsage(before);
    times[mode].push((user + system) / 1000);
    outcomes.push({
      set: one.truth.collection,
      mode,
      isHeld: ["exact", "solid_solution"].includes(one.truth.in_library),
      isFirst: groups.length > 0 && isRight(groups[0].best.entry, one),
      // Among several, a group is right where one of its members is.
      rank: groups.findIndex(({ best, members }) =>
        [best, ...members].some(({ entry }) => isRight(entry, one)),
      ),
      gap: groups[0]?.gap ?? 0,
    });
  }
}

const share = (part, all) => Math.round((1000 * part) / all) / 10;
const rows = [];
for (const [set, title] of SETS)
  for (const [mode, words] of MODES) {
    const held = outcomes.filter((one) => one.set === set && one.mode === mode && one.isHeld);
    for (const most of RANKS) {
      const right = held.filter(({ isFirst, rank }) =>
        most === 1 ? isFirst : rank >= 0 && rank < most,
      ).length;
      rows.push({
        key: `${set.replaceAll("_", "-")}-${mode}-top-${most}`,
        quantity: `${title}, ${words}: ${most === 1 ? "first" : `among the first ${most}`}`,
        value: share(right, held.length),
        unit: "%",
        n: held.length,
      });
    }
  }
/** Answers whose gap is above a limit: how many are given, how many of them are right, and what is refused of phases that no library holds. */
for (const mode of ["elements", "none"])
  for (const limit of [0.02, 0.05, 0.1, 0.2]) {
    const all = outcomes.filter((one) => one.mode === mode && one.set !== "xred_rruff90");
    const held = all.filter(({ isHeld }) => isHeld);
    const answered = held.filter(({ gap }) => gap >= limit);
    const foreign = all.filter(({ isHeld }) => !isHeld);
    const words = MODES.find(([name]) => name === mode)[1];
    const title = `gap of at least ${limit}, ${words}`;
    rows.push(
      {
        key: `gap-${mode}-${limit}-answered`,
        quantity: `${title}: answered, phase in the library`,
        value: share(answered.length, held.length),
        unit: "%",
        n: held.length,
      },
      {
        key: `gap-${mode}-${limit}-right`,
        quantity: `${title}: right of those`,
        value: share(answered.filter(({ isFirst }) => isFirst).length, answered.length),
        unit: "%",
        n: answered.length,
      },
      {
        key: `gap-${mode}-${limit}-foreign`,
        quantity: `${title}: refused, phase in no library`,
        value: share(foreign.filter(({ gap }) => gap < limit).length, foreign.length),
        unit: "%",
        n: foreign.length,
      },
    );
  }
for (const [mode, words] of MODES)
  rows.push({
    key: `time-${mode}`,
    quantity: `time of a search of ${phases.count.toLocaleString("en")} phases, ${words}`,
    value: Number(median(times[mode]).toPrecision(2)),
    unit: "ms of CPU",
    n: times[mode].length,
  });
rows.push({
  key: "memory",
  quantity: "memory of a fresh process that holds the library and has searched once",
  value: memoryMegabytes(),
  unit: "MB",
  n: 1,
  note: "resident set, less that of a process that has loaded the same code and no library",
});

function memoryMegabytes() {
  const code = (work) => `
    import { loadPhaseLibrary } from "./dist/known/phases/phase-library.js";
    import { searchTarget } from "./dist/known/phases/search-target.js";
    import { packageModels } from "./dist/models/model-store.node.js";
    if (${work}) {
      globalThis.library = await loadPhaseLibrary(packageModels());
      await library.search(searchTarget({ wavelengthAngstrom: 1.54, rangeDeg: [5, 90], peaks: [{ twoThetaDeg: 26.6, height: 1 }] }));
    }
    gc(); await new Promise((done) => setTimeout(done, 100)); gc();
    console.log(process.memoryUsage().rss / 1e6);`;
  const run = (work) =>
    Number(
      execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", code(work)]),
    );
  return Math.round(run(true) - run(false));
}

const data = await Promise.all(
  [...TABLES, TRUTH].map(async (name) => ({
    name,
    sha256: (await fileIdentity(packPath(name))).sha256,
    rows: null,
  })),
);
await report(
  "search",
  "Search of known phases",
  "npm run bench -- phases",
  started,
  rows.map((row) => ({ ...row, data })),
  [],
  "known",
);
