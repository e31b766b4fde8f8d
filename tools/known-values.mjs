// Writes models/known/values.bin, what the tables know of compounds, and its card. The same tables give the same bytes.
// Needs a build (npm run build) and the tables' folder: node tools/known-values.mjs ../shared/data
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { openTable } from "../dist/data/parquet.js";
import { provenanceOf } from "../dist/data/structure-table.js";
import { sha256Hex } from "../dist/formats/hash.js";
import { fileIdentity, openStructureTable, tableFile } from "../dist/data/files.node.js";
import { encodeKnownValues } from "../dist/known/known-values-file.js";
import { FormEnergies, knownEntry } from "../dist/known/known-values-build.js";
import { KNOWN_FILE, KNOWN_FOLDER } from "../dist/known/load.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of mp_labelled, mp_unlabelled, mp_polymorphs and aflow_elastic.");
  process.exit(2);
}
const FORMS = "mp_polymorphs.parquet";
const STRUCTURES = ["mp_labelled.parquet", "mp_unlabelled.parquet", "aflow_elastic.parquet"];

await loadSymmetry();
const energies = new FormEnergies();
const columns = { formula: "string", space_group: "integer", e_above_hull: "number" };
for await (const row of (await openTable(await tableFile(`${folder}/${FORMS}`))).rows(columns))
  energies.add({
    formula: row.formula,
    spaceGroup: row.space_group,
    energyAboveHullEvPerAtom: row.e_above_hull,
  });
const entries = [];
const data = [];
let without = 0;
for (const name of STRUCTURES) {
  const table = await openStructureTable(`${folder}/${name}`);
  const sources = new Set();
  for await (const row of table) {
    sources.add(row.source);
    const entry = knownEntry(row, energies);
    if (entry === null) without++;
    else entries.push(entry);
  }
  data.push({ name, provenance: provenanceOf(table, sources) });
}
data.push({ name: FORMS, provenance: data[0].provenance });
const bytes = encodeKnownValues(entries);
const out = `models/${KNOWN_FOLDER}`;
await mkdir(out, { recursive: true });
await writeFile(`${out}/${KNOWN_FILE}`, bytes);
// The library of phases lies beside, and is named in the same card.
const before = JSON.parse(await readFile(`${out}/card.json`, "utf8").catch(() => "{}"));
const card = {
  system: KNOWN_FOLDER,
  data: await Promise.all(
    data.map(async ({ name, provenance }) => ({
      name,
      sha256: (await fileIdentity(`${folder}/${name}`)).sha256,
      licence: [...new Set(provenance.map(({ licence }) => licence ?? "not stated"))].join(", "),
      attribution: [...new Set(provenance.flatMap(({ citations }) => citations))].join("; "),
    })),
  ),
  models: {},
  files: { ...before.files, [KNOWN_FILE]: await sha256Hex(bytes) },
};
await writeFile(`${out}/card.json`, `${JSON.stringify(card, null, 2)}\n`);
console.log(`${entries.length} entries, ${without} rows without a value, ${bytes.length} bytes`);
