// Writes models/structure-type/library.json from the Materials Project tables: run once, before anything is trained.
// Needs a build (npm run build) and the tables' folder: node tools/structure-type-library.mjs ../shared/data
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { fileIdentity, openStructureTable } from "../dist/data/files.node.js";
import { replaceFile } from "../dist/data/replace-file.node.js";
import { chooseLibrary, LibraryBuilder } from "../dist/known/library-build.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of mp_labelled.parquet and mp_unlabelled.parquet.");
  process.exit(2);
}
/** Fewer formulas make no type. */
const LEAST_MEMBERS = 20;

await loadSymmetry();
const builder = new LibraryBuilder();
const sources = [];
for (const name of ["mp_labelled.parquet", "mp_unlabelled.parquet"]) {
  const path = `${folder}/${name}`;
  const { sha256 } = await fileIdentity(path);
  sources.push(`${name} sha256:${sha256}`);
  for await (const row of await openStructureTable(path)) if (row.inIcsd) builder.add(row);
}
const library = chooseLibrary(
  builder.types(LEAST_MEMBERS),
  `Materials Project (CC BY 4.0), ICSD-tagged rows of ${sources.join(", ")}`,
);
await replaceFile("models/structure-type/library.json", (file) =>
  file.writeFile(`${JSON.stringify(library)}\n`),
);
console.log(
  `${library.types.length} types, ${library.unknown.test.length + library.unknown.threshold.length} kept out`,
);
