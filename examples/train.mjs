// A small network learns from a table: metal or not, from a powder pattern in 40 steps of 2θ. The table is made on the spot of
// known structure types with textbook estimates: enough to try things out, not for results.
import { embeddedRows, rowStructure } from "ewald/data";
import { loadSymmetry } from "ewald/crystal";
import { powderPattern } from "ewald/diffraction";
import { adam, arrayBatches, fit, layers, loadRuntime, losses, ops } from "ewald/net";
import { parseRadiation } from "ewald/radiation";

await loadSymmetry();
const rows = [...embeddedRows({ perType: 1, mostAtoms: 4 })];
const radiation = parseRadiation("CuKa");
const pattern = new Float32Array(40 * rows.length);
for (const [i, row] of rows.entries())
  for (const peak of powderPattern(rowStructure(row), { radiation, twoThetaRangeDeg: [10, 90] })
    .peaks)
    pattern[40 * i + Math.min(39, Math.floor((peak.twoThetaDeg - 10) / 2))] += peak.intensity / 100;
const metal = Int32Array.from(rows, ({ labels }) => (labels.bandGapEv > 0 ? 0 : 1));

const { history } = await fit({
  runtime: await loadRuntime(),
  model: {
    name: "metal",
    inputs: { pattern: { shape: [40] } },
    build: (graph, inputs) => ({
      logits: layers.dense(ops.relu(layers.dense(inputs.pattern, 16)), 2),
    }),
  },
  objective: {
    targets: { metal: { shape: [], dtype: "int" } },
    build: (graph, { logits }, targets) => ({ loss: losses.crossEntropy(logits, targets.metal) }),
  },
  batch: 16,
  seed: 1,
  epochs: 8,
  optimiser: adam({ learningRate: 0.01 }),
  train: arrayBatches({ pattern, metal }, rows.length, 16, "shuffle"),
});
for (const { epoch, train } of history) console.log(epoch, train.loss.toFixed(3));
