// Is a structure a metal, is it stiff? Known values come first, predictions beside them.
import { readFile } from "node:fs/promises";
import { predict } from "ewald";
import { packageModels } from "ewald/node";

const halite = await readFile("examples/halite.cif");
const { predictions } = await predict(halite, {
  models: packageModels(),
  tasks: ["metal", "bulk"],
});
for (const { task, label, probability, known } of predictions) {
  console.log(task, label, probability?.toFixed(2) ?? "");
  if (known?.length)
    console.log("  known:", known[0].value, known[0].unit, "from", known[0].source);
}
