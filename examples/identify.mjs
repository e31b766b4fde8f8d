// Which structure type does a scan show? What speaks for it, and what does not?
import { readFile } from "node:fs/promises";
import { identify, readScan } from "ewald";
import { packageModels } from "ewald/node";

const { scan } = readScan(await readFile("examples/olivine-quartz-simulated.xy"));
const answer = await identify(scan, {
  models: packageModels(),
  composition: "Mg1.8±0.1Fe0.2±0.1SiO4",
});
for (const { name, probability } of answer.types.slice(0, 2))
  console.log(name, probability.toFixed(2));
for (const { message } of answer.warnings) console.log("warning:", message);
