// Measures what ewald predict calls outside its training data, and which measured structures are known, into results/: measured inorganic
// crystals (experimental_structures.parquet), and crystals of organic molecules (the CIF samples beside it).
// Needs a build (npm run build) and the tables' folder: node tools/reciprocal-outside.mjs ../shared/data
import { readdirSync, readFileSync } from "node:fs";
import { compositionOf } from "../dist/crystal/composition/composition.js";
import { latticeFromParameters } from "../dist/crystal/lattice.js";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { readStructures } from "../dist/crystal/io/read-structures.js";
import { openTable } from "../dist/data/parquet.js";
import { fileIdentity, tableFile } from "../dist/data/files.node.js";
import { packageModels } from "../dist/models/model-store.node.js";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { identityOf, spaceGroupClass } from "../dist/known/known-values.js";
import { loadKnownValues } from "../dist/known/load.js";
import { loadRuntime } from "../dist/net/runtime.node.js";
import { loadReciprocal } from "../dist/systems/reciprocal/predict.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of experimental_structures.parquet and formats/cif.");
  process.exit(2);
}
const started = performance.now();
const TABLE = "experimental_structures.parquet";
const COLUMNS = {
  source: "string",
  mineral: "string?",
  lattice: "numbers",
  species: "strings",
  frac_coords: "numbers",
  disordered: "boolean",
  hydrogen_missing: "boolean?",
  ambient: "boolean",
  theoretical: "boolean",
  representative: "boolean",
};
await loadSymmetry();
const known = await loadKnownValues(packageModels());
const predictor = await loadReciprocal(await loadRuntime({ threads: 1 }), packageModels());

function structureOf({ lattice, species, frac_coords: frac }) {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = lattice;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: species.map((element, i) => ({
      species: [{ element, occupancy: 1 }],
      frac: frac.slice(3 * i, 3 * i + 3),
    })),
  };
}

/** Measured at ambient conditions, whole: descriptions of types and idealised frameworks are left out. */
const isMeasured = (row) =>
  row.representative &&
  row.ambient &&
  !row.theoretical &&
  !row.disordered &&
  !row.hydrogen_missing &&
  !/^(aflow_prototype|avogadro_iza)$/.test(row.source);

const elementsOf = (structure) =>
  new Set(compositionOf(structure).amounts.map(({ element }) => element.replace("D", "H")));
const isOrganic = (elements) => elements.has("C") && elements.has("H");
const NOBLE = ["He", "Ne", "Ar", "Kr", "Xe"];

/** Reason by which a structure is outside, or null. */
async function reasons(structures) {
  const answers = [];
  for (let at = 0; at < structures.length; at += 128)
    for (const [{ inDomain, reason }] of await predictor.predict(structures.slice(at, at + 128), [
      "metal",
    ]))
      answers.push(inDomain ? null : reason);
  return answers;
}

const inorganic = [];
let [sameKey, found] = [0, 0];
const table = await openTable(await tableFile(`${folder}/${TABLE}`));
for await (const row of table.rows(COLUMNS)) {
  if (!isMeasured(row)) continue;
  const structure = structureOf(row);
  const identity = identityOf(structure);
  const alike = known
    .ofFormula(identity.formula)
    .filter(
      (entry) =>
        entry.atomsPerPrimitiveCell === identity.atomsPerPrimitiveCell &&
        spaceGroupClass(entry.spaceGroup) === spaceGroupClass(identity.spaceGroup),
    );
  if (alike.length === 0) continue;
  sameKey++;
  if (known.find(structure).matches.length === 0) continue;
  found++;
  const elements = elementsOf(structure);
  if (!isOrganic(elements) && !NOBLE.some((element) => elements.has(element)))
    inorganic.push({ structure, name: row.mineral ?? identity.formula });
}
const organic = [];
for (const file of readdirSync(`${folder}/formats/cif`).toSorted()) {
  let contents = [];
  try {
    contents = readStructures(readFileSync(`${folder}/formats/cif/${file}`)).structures;
  } catch {
    // Samples that are broken on purpose.
  }
  for (const { structure } of contents) {
    const isWhole = structure.sites.every(
      ({ species }) => species.length === 1 && species[0].occupancy === 1,
    );
    // The number of atoms is no criterion here: it is the bonds that are measured.
    if (isWhole && structure.sites.length < 250 && isOrganic(elementsOf(structure)))
      organic.push({ structure, name: file });
  }
}
const tally = async (set) => {
  const why = await reasons(set.map(({ structure }) => structure));
  const outside = set.map(({ name }, i) => [name, why[i]]).filter(([, reason]) => reason !== null);
  return { n: set.length, outside };
};
const [salts, molecules] = [await tally(inorganic), await tally(organic)];
await predictor.release();
const isMolecular = ([, reason]) => reason.startsWith("a molecular crystal");
const molecular = salts.outside.filter(isMolecular);
const others = salts.outside.filter((one) => !isMolecular(one));
for (const [name, reason] of salts.outside) console.log(name, "|", reason);
const inside = new Set(molecules.outside.map(([name]) => name));
console.log(
  "organic, not outside:",
  organic
    .map(({ name }) => name)
    .filter((name) => !inside.has(name))
    .join(" "),
);

const stamp = await runStamp("node tools/reciprocal-outside.mjs <tables>");
const { sha256 } = await fileIdentity(`${folder}/${TABLE}`);
const entries = [
  [
    "organic-outside",
    "Crystals with carbon and hydrogen called outside",
    molecules.outside.length / molecules.n,
    molecules.n,
  ],
  [
    "inorganic-molecular",
    "Known inorganic crystals called molecular",
    molecular.length / salts.n,
    salts.n,
  ],
  [
    "inorganic-otherwise-outside",
    "Known inorganic crystals outside for another reason",
    others.length / salts.n,
    salts.n,
  ],
  [
    "known-found",
    "Measured structures with an entry of their formula, space group and size that are within its limits",
    found / sameKey,
    sameKey,
  ],
].map(([key, quantity, value, n]) => ({
  key,
  quantity,
  value,
  unit: "",
  n,
  role: "ours-honest-split",
  spread: null,
  split: "none: measured structures, not trained on",
  data: [{ name: TABLE, sha256, rows: null }],
  model: null,
  seeds: [],
  ...stamp,
  wallSeconds: Math.round((performance.now() - started) / 1000),
  fast: false,
  embedded: false,
}));
const head = {
  paper: "reciprocal",
  table: "outside",
  title: "What ewald predict calls outside, and knows",
};
await recordResults("results", head, entries);
for (const { quantity, value, n } of entries) console.log(quantity, value.toFixed(4), n);
