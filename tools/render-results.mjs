// `npm run results`: renders the ledger (results/) into every document that holds its markers, and draws the figures made of it. A test fails
// where a document and the ledger differ; this is how to make them agree. The tables of options are written, too.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readLedger } from "../dist/reproduce/ledger.node.js";
import { renderLedgerMarkers } from "../dist/reproduce/ledger-markdown.js";
import { reliabilityBins } from "../dist/reproduce/reliability-bins.js";
import { optionsDocument, optionsSchema } from "../dist/jobs/options-document.js";
import { JOBS, WHOLE_JOBS } from "../dist/jobs/registry.js";
import { REPRODUCE } from "../dist/reproduce/spec.js";
import { reliabilityFigure } from "../dist/report/reliability-figure.js";

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

const figures = {
  "docs/figures/structure-type/reliability.svg": () =>
    reliabilityFigure(reliabilityBins(ledger.get("structure-type/reliability"))),
};
for (const [name, draw] of Object.entries(figures)) {
  mkdirSync(dirname(name), { recursive: true });
  writeFileSync(name, draw());
  console.log(`drew ${name}`);
}

// The tables of options: a test fails where a document and the table of a job differ.
const specs = [...[...JOBS, ...WHOLE_JOBS].map(({ spec }) => spec), REPRODUCE];
const optionTables = {
  "docs/options.md": optionsDocument(specs),
  "docs/options.schema.json": `${JSON.stringify(optionsSchema(specs), undefined, 2)}\n`,
};
for (const [name, text] of Object.entries(optionTables)) {
  writeFileSync(name, text);
  console.log(`wrote ${name}`);
}
