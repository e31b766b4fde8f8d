// Writes models/structure-type/averages.bin, the average pattern of every type of the library over all its compounds, and its
// hash into the card: for a library whose networks are trained already (`ewald train structure-type` writes both itself).
// Needs a build (npm run build) and the tables' folder: node tools/structure-type-averages.mjs ../shared/data
import { readFile } from "node:fs/promises";
import { sha256Hex } from "../dist/formats/hash.js";
import { openFeatureCache } from "../dist/data/feature-cache.node.js";
import { openStructureTable } from "../dist/data/files.node.js";
import { replaceFile } from "../dist/data/replace-file.node.js";
import { AVERAGES_FILE } from "../dist/systems/structure-type/model-files.js";
import { encodeAverages, typeAverages } from "../dist/known/type-averages.js";
import { membersOf, parseLibrary } from "../dist/known/library.js";
import { tableLines } from "../dist/known/line-feature.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of mp_labelled.parquet and mp_unlabelled.parquet.");
  process.exit(2);
}
const out = "models/structure-type";
const library = parseLibrary(await readFile(`${out}/library.json`, "utf8"));
const members = new Set(library.types.flatMap(membersOf).map(([id]) => id));

async function* rows() {
  for (const name of ["mp_labelled.parquet", "mp_unlabelled.parquet"])
    for await (const row of await openStructureTable(`${folder}/${name}`))
      if (members.has(row.id)) yield row;
}

const { lists } = await tableLines(rows(), openFeatureCache(), (done) =>
  process.stderr.write(`\rlines of ${done} of ${members.size} compounds `),
);
const averages = typeAverages(lists, library);
const bytes = encodeAverages(averages);
await replaceFile(`${out}/${AVERAGES_FILE}`, (file) => file.writeFile(bytes));
const card = JSON.parse(await readFile(`${out}/card.json`, "utf8"));
card.files = { ...card.files, [AVERAGES_FILE]: await sha256Hex(bytes) };
await replaceFile(`${out}/card.json`, (file) =>
  file.writeFile(`${JSON.stringify(card, null, 2)}\n`),
);
const counts = averages.map(({ compounds }) => compounds);
console.log(
  `\n${averages.length} types, ${counts.reduce((a, b) => a + b)} compounds (${Math.min(...counts)} to ${Math.max(...counts)} a type), ${bytes.length} bytes`,
);
