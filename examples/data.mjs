// A table of structures: made (here from known structure types; not data), summarised, split by formula, checked for leaks.
import { embeddedRows, groupedSplit, rowStructure } from "ewald/data";
import { loadSymmetry } from "ewald/crystal";
import { simulate } from "ewald";

await loadSymmetry();
const rows = [...embeddedRows({ perType: 1, mostAtoms: 4 })];
const split = groupedSplit(rows, { name: "formula", of: (row) => row.formula }, "seed-1");
for (const [part, ids] of Object.entries(split.parts)) console.log(part, ids.length);

const { peaks } = await simulate(rowStructure(rows[0]));
console.log(rows[0].formula, peaks.length, "peaks");
