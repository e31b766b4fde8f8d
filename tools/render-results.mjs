// `npm run results`: renders the ledger (results/) into every document that holds its markers. A test fails
// where a document and the ledger differ; this is how to make them agree.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readLedger } from "../dist/data/node.js";
import { renderLedgerMarkers } from "../dist/data/index.js";

const ledger = await readLedger("results");
const documents = readdirSync(".", { recursive: true })
  .filter((name) => name.endsWith(".md") && !/(^|[\\/])(node_modules|dist|\.git)[\\/]/.test(name))
  .sort();
for (const name of documents) {
  const before = readFileSync(name, "utf8");
  const after = renderLedgerMarkers(before, (table) => ledger.get(table), name);
  if (after === before) continue;
  writeFileSync(name, after);
  console.log(`rendered ${name}`);
}
