// bench: what ewald identify answers to every measured scan: right, wrong, refused and why; the agreement asked for cross-fitted; time
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { ledgerMarkdown } from "../dist/reproduce/ledger-markdown.js";
import { openTable } from "../dist/data/parquet.js";
import { fileIdentity, tableFile } from "../dist/data/files.node.js";
import { packageModels } from "../dist/models/model-store.node.js";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { median } from "../dist/math/statistics.js";
import { loadRuntime } from "../dist/net/runtime.node.js";
import {
  crossFittedAgreement,
  fitLeastAgreement,
  overlayOutcomes,
} from "../dist/reproduce/measured/overlay-agreement.js";
import { identifyScan, LEAST_AGREEMENT } from "../dist/identify/identify-scan.js";
import { loadStructureTypeModel } from "../dist/systems/structure-type/model-files.js";
import { measuredScan, measuredScans } from "../dist/reproduce/measured/measured-scans.js";
import { typeOfKey } from "../dist/known/library.js";
import { parseRadiation } from "../dist/radiation/radiation.js";
import { withRadiation } from "../dist/scan/scan.js";
import { packPath } from "./support.mjs";

const MEASURED = "experimental_dev.parquet";
/** Types of what the other collections name: phases of mixtures, space groups of the high-entropy oxides (main phase). */
const FLUORITE = ["AB2|cF12|225|a c"];
const PHASES = {
  Quartz: ["AB2|hP9|152|a c"],
  Corundum: ["A2B3|hR30|167|c e"],
  NiO: ["AB|cF8|225|a b"],
  ZnO: ["AB|hP4|186|b b"],
  TiO2: ["AB2|tP6|136|a f", "AB2|tI12|141|a e#anatase"],
  MnCO3: ["ABC3|hR30|167|a b e#calcite"],
  "Fm-3m": FLUORITE,
};
/** Scans that are timed, evenly out of those of library types. */
const TIMED = 24;

const started = performance.now();
const runtime = await loadRuntime({ provider: "cpu", threads: 1 });
const model = await loadStructureTypeModel(runtime, packageModels());
await loadSymmetry();
const { types } = model.library;
const file = await tableFile(packPath(MEASURED));
const scansOfKnownType = () => measuredScans(file, model.library);

/** Library types that a right answer may have. */
function typesOf(phases) {
  return phases
    .flatMap((phase) => PHASES[phase] ?? [])
    .map((key) => typeOfKey(types, key))
    .filter((type) => type >= 0);
}

/** "Fm-3m(95.2%)Fm-3m-Y(3.7%)" → its main phase; a JSON of shares → all phases. */
function phasesOf(collection, label) {
  if (collection === "kit_high_entropy_oxides") return [label.slice(0, label.indexOf("("))];
  return Object.keys(JSON.parse(label));
}

async function* otherCollections() {
  const columns = {
    pattern_id: "string",
    collection: "string",
    label: "string",
    wavelength: "number",
    two_theta: "numbers",
    intensity: "numbers",
  };
  for await (const row of (await openTable(file)).rows(columns)) {
    if (["rruff_crystinet", "powdr_rockjock"].includes(row.collection)) continue;
    yield {
      group: row.collection,
      right: typesOf(phasesOf(row.collection, row.label)),
      scan: measuredScan(row.two_theta, row.intensity, row.wavelength),
    };
  }
}

async function* allScans() {
  for await (const { collection, label, scan } of scansOfKnownType())
    yield { group: collection, right: label < types.length ? [label] : [], scan };
  yield* otherCollections();
}

function verdictOf({ rejected, reason, types: [best] }, right) {
  if (!rejected) return right.includes(typeOfKey(types, best.key)) ? "right" : "wrong";
  if (best === undefined) return "unfit";
  if (reason.startsWith("most like none")) return "none";
  return reason.includes("does not fit") ? "lines" : "unsure";
}

/** Every scan of the pack as a user would ask: no elements, the wavelength as stated. */
async function answers() {
  const found = [];
  for await (const { group, right, scan } of allScans()) {
    const answer = await identifyScan(model, scan);
    const { ties, tube } = answer;
    found.push({
      group,
      isKnown: right.length > 0,
      verdict: verdictOf(answer, right),
      isTie: ties.length > 0,
      holdsRight: ties.some(({ key }) => right.includes(typeOfKey(types, key))),
      isTubeSuspected: tube !== null,
    });
  }
  return found;
}

/** Stated instead of copper. */
const WRONG_TUBES = ["Mo", "Co", "Cr", "Fe", "Ag"];

/** Scans taken with copper, said to be of another tube. */
async function wrongTubes() {
  const found = [];
  for await (const { label, scan } of scansOfKnownType()) {
    for (const stated of WRONG_TUBES) {
      const asStated = withRadiation(scan, parseRadiation(`${stated}Ka1`));
      const { rejected, tube } = await identifyScan(model, asStated);
      const isKnown = label < types.length;
      found.push({ isKnown, isAnswered: !rejected, looksLike: tube?.looksLike ?? null });
    }
  }
  return found;
}

/** A model that answers the first question alone: other tubes are not tried. */
function askedOnce() {
  let asked = false;
  const nothing = { types: [], rejected: true, reason: "", warnings: [], model: model.identity };
  return {
    library: model.library,
    identity: model.identity,
    identify: async (...question) => {
      if (asked) return nothing;
      asked = true;
      return model.identify(...question);
    },
  };
}

/** Processor time that trying other tubes adds to a scan that is answered. */
async function tubeTimes() {
  const added = [];
  for await (const { label, scan } of scansOfKnownType()) {
    if (label >= types.length) continue;
    const begin = cpuMs();
    await identifyScan(askedOnce(), scan);
    const middle = cpuMs();
    const { rejected } = await identifyScan(model, scan);
    if (!rejected) added.push(cpuMs() - middle - (middle - begin));
  }
  return added;
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Processor time a scan takes, answered ones and rejected ones apart. */
async function times() {
  const scans = [];
  for await (const { label, scan } of scansOfKnownType())
    if (label < types.length) scans.push(scan);
  const stride = Math.floor(scans.length / TIMED);
  const measure = async (options) => {
    const taken = [];
    for (let i = 0; i < scans.length; i += stride) {
      const begin = cpuMs();
      const { rejected } = await identifyScan(model, scans[i], options);
      if (!rejected) taken.push(cpuMs() - begin);
    }
    return taken;
  };
  await measure({});
  const strangers = [];
  for await (const { label, scan } of scansOfKnownType()) {
    if (label < types.length) continue;
    const begin = cpuMs();
    const { rejected, types: some } = await identifyScan(model, scan);
    if (rejected && some.length > 0) strangers.push(cpuMs() - begin);
  }
  return {
    bare: await measure({ overlaid: 0 }),
    overlaid: await measure({}),
    three: await measure({ overlaid: 3 }),
    strangers,
  };
}

const row = (key, quantity, value, n, unit = "scans") => ({ key, quantity, value, n, unit });

function answerRows(found) {
  const groups = [
    ["rruff", "RRUFF minerals", (one) => one.group === "rruff"],
    [
      "rockjock",
      "RockJock minerals of library types",
      (one) => one.group === "rockjock" && one.isKnown,
    ],
    [
      "rockjock-strangers",
      "RockJock minerals of no library type",
      (one) => one.group === "rockjock" && !one.isKnown,
    ],
    [
      "oxides",
      "high-entropy oxides, fluorite the main phase",
      (one) => one.group === "kit_high_entropy_oxides" && one.isKnown,
    ],
    [
      "oxides-strangers",
      "high-entropy oxides, bixbyite the main phase (no library type)",
      (one) => one.group === "kit_high_entropy_oxides" && !one.isKnown,
    ],
    [
      "mixtures",
      "mixtures with a phase of a library type",
      (one) => one.group.endsWith("mixtures") && one.isKnown,
    ],
    [
      "mixtures-strangers",
      "mixtures without one",
      (one) => one.group.endsWith("mixtures") && !one.isKnown,
    ],
    ["all", "all", () => true],
  ];
  const verdicts = [
    ["right", "answered, right"],
    ["wrong", "answered, wrong"],
    ["none", "refused: most like none of the types"],
    ["unsure", "refused: no type is probable enough"],
    ["lines", "refused: the best type's lines are not there"],
    ["unfit", "refused: the scan cannot answer (amorphous, flat, few peaks, range)"],
  ];
  return groups.flatMap(([key, title, isIn]) => {
    const members = found.filter(isIn);
    return verdicts.flatMap(([verdict, words]) => {
      const count = members.filter((one) => one.verdict === verdict).length;
      if (count === 0 && !["right", "wrong"].includes(verdict)) return [];
      return [row(`${key}-${verdict}`, `${title}: ${words}`, count, members.length)];
    });
  });
}

function tieRows(found) {
  const answered = found.filter(({ verdict }) => ["right", "wrong"].includes(verdict));
  const alone = answered.filter(({ isTie }) => !isTie);
  const tied = answered.filter(({ isTie }) => isTie);
  const count = (list, isIn) => list.filter(isIn).length;
  return [
    row("alone-right", "one type answered: right", count(alone, isRight), answered.length),
    row("alone-wrong", "one type answered: wrong", count(alone, isWrong), answered.length),
    row("first", "told as a tie: the first is right", count(tied, isRight), answered.length),
    row(
      "other",
      "told as a tie: another of them is right",
      count(tied, (one) => isWrong(one) && one.holdsRight),
      answered.length,
    ),
    row(
      "neither",
      "told as a tie: none of them is right",
      count(tied, ({ holdsRight }) => !holdsRight),
      answered.length,
    ),
  ];
}

const isRight = ({ verdict }) => verdict === "right";
const isWrong = ({ verdict }) => verdict === "wrong";

function tubeRows(found, wrong) {
  const judged = found.filter(({ verdict }) => verdict !== "unfit");
  const groups = [
    ["answered", "scans of library types, a type answered", (one) => one.isAnswered && one.isKnown],
    ["refused", "scans of library types, refused", (one) => !one.isAnswered && one.isKnown],
    ["strangers", "scans of no library type", (one) => !one.isKnown],
  ];
  const suspected = judged.filter(({ isTubeSuspected }) => isTubeSuspected).length;
  return [
    row("false", "right tube stated: another suspected", suspected, judged.length),
    ...groups.flatMap(([key, title, isIn]) => {
      const members = wrong.filter(isIn);
      const named = (isNamed) => members.filter(({ looksLike }) => isNamed(looksLike)).length;
      return [
        row(
          `${key}-copper`,
          `wrong tube stated, ${title}: copper suspected`,
          named((tube) => tube === "Cu"),
          members.length,
        ),
        row(
          `${key}-other`,
          `wrong tube stated, ${title}: a third suspected`,
          named((tube) => tube !== null && tube !== "Cu"),
          members.length,
        ),
      ];
    }),
  ];
}

/** What was set by eye before limits were fitted. */
const BY_EYE = { explained: 0.35, agreement: 0.55 };

function limitRows(outcomes) {
  const crossed = crossFittedAgreement(outcomes);
  const lets = [
    ["none", "without a limit", () => true],
    [
      "by-eye",
      "limits set by eye",
      (one) => one.explained >= BY_EYE.explained && one.agreement >= BY_EYE.agreement,
    ],
    ["cross-fitted", "limit cross-fitted", (one, i) => one.agreement >= crossed[i]],
    ["shipped", "limit as shipped", (one) => one.agreement >= LEAST_AGREEMENT],
  ];
  const groups = [
    ["known", "scans of library types", (one) => one.isKnown && one.tube === null],
    ["strangers", "scans of no library type", (one) => !one.isKnown && one.tube === null],
    ["wrong-tube", "scans said to be of cobalt or molybdenum", (one) => one.tube !== null],
  ];
  const counted = groups.flatMap(([key, title, isIn]) =>
    lets.flatMap(([name, words, isLet]) => {
      const members = [...outcomes.entries()].filter(([, one]) => isIn(one));
      const kept = members.filter(([i, one]) => one.isProbable && isLet(one, i));
      const right = kept.filter(([, one]) => one.isRight).length;
      const total = members.length;
      const wrong = row(
        `${key}-${name}-wrong`,
        `${title}, ${words}: answered, wrong`,
        kept.length - right,
        total,
      );
      if (key === "strangers") return [wrong];
      return [
        row(`${key}-${name}-right`, `${title}, ${words}: answered, right type`, right, total),
        wrong,
      ];
    }),
  );
  const rounded = (value) => Math.round(1000 * value) / 1000;
  const value = (key, words, agreement) => row(key, words, rounded(agreement), outcomes.length, "");
  return [
    ...counted,
    value("fitted", "agreement asked for, fitted on all", fitLeastAgreement(outcomes)),
    value("fitted-least", "the lowest of five folds", Math.min(...crossed)),
    value("fitted-most", "the highest of five folds", Math.max(...crossed)),
    value("shipped", "as shipped", LEAST_AGREEMENT),
  ];
}

function timeRows({ bare, overlaid, three, strangers }, added) {
  const ms = (key, words, values) =>
    row(key, words, Math.round(median(values)), values.length, "ms");
  return [
    ms("answer", "scan to an answer, nothing laid over it", bare),
    ms(
      "overlay",
      "the same with the lines of the best candidate and of others of 1 % and more laid over it (ewald identify)",
      overlaid,
    ),
    ms("three", "the same with three", three),
    ms("tubes", "of these, trying other tubes", added),
    ms("rejected", "a rejected scan, other tubes tried", strangers),
  ];
}

const found = await answers();
const outcomes = [];
for await (const one of overlayOutcomes(model, scansOfKnownType())) outcomes.push(one);
const wrong = await wrongTubes();
const added = await tubeTimes();
const taken = await times();
await model.release();

const stamp = await runStamp("npm run bench -- identify");
const data = [{ ...(await fileIdentity(packPath(MEASURED))), rows: null }];
const TABLES = [
  [
    "identify",
    "What ewald identify answers to all measured scans, elements not given",
    answerRows(found),
  ],
  [
    "agreement",
    "A type's lines must be on the scan: the agreement asked for, cross-fitted over measured scans",
    limitRows(outcomes),
  ],
  [
    "ties",
    "Types that the scan cannot tell apart, all measured scans that are answered, elements not given",
    tieRows(found),
  ],
  [
    "tubes",
    "Is a wrong tube noticed? Measured scans as they are, and said to be of Mo, Co, Cr, Fe and Ag tubes",
    tubeRows(found, wrong),
  ],
  [
    "identify-time",
    "Time of ewald identify, model loaded: processor time of one thread, median",
    timeRows(taken, added),
  ],
];
for (const [table, title, rows] of TABLES) {
  const entries = rows.map((one) => ({
    role: "ours",
    split: null,
    spread: null,
    data,
    model: { name: model.identity.name, sha256: model.identity.hash },
    seeds: [],
    wallSeconds: Math.round((performance.now() - started) / 100) / 10,
    fast: false,
    embedded: false,
    ...stamp,
    ...one,
  }));
  const head = { paper: "structure-type", table, title };
  console.log(ledgerMarkdown(await recordResults("results", head, entries)));
}
