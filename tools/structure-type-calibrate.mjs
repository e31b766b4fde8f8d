// Calibrates on measured scans of known type, scalars only: models/structure-type/calibration.json, the line from probability to
// reliability (`npm run bench -- structure-type` measures the same cross-fitted), and how well a type's lines must lie on a scan, which is
// printed for identify-scan.ts (`npm run bench -- identify` measures that cross-fitted). Needs a build: node tools/structure-type-calibrate.mjs ../shared/data
import { packageModels } from "../dist/models/model-store.node.js";
import { tableFile } from "../dist/data/files.node.js";
import { replaceFile } from "../dist/data/replace-file.node.js";
import { loadRuntime } from "../dist/net/runtime.node.js";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { answerOf, judgePattern } from "../dist/systems/structure-type/evaluate.js";
import {
  fitLeastAgreement,
  overlayOutcomes,
} from "../dist/reproduce/measured/overlay-agreement.js";
import { fitReliability } from "../dist/systems/structure-type/calibrate.js";
import { measuredScans } from "../dist/reproduce/measured/measured-scans.js";
import { StructureTypeModel } from "../dist/systems/structure-type/predict.js";
import { structureTypeFiles } from "../dist/systems/structure-type/model-files.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of experimental_dev.parquet.");
  process.exit(2);
}
const files = await structureTypeFiles(packageModels());
const model = await StructureTypeModel.load(await loadRuntime({ provider: "cpu" }), files);
const judged = [];
const file = await tableFile(`${folder}/experimental_dev.parquet`);
for await (const { pattern, label } of measuredScans(file, model.library))
  if (pattern !== null) judged.push((await judgePattern(model, pattern, label, null)).plain);
await loadSymmetry();
const outcomes = [];
for await (const one of overlayOutcomes(model, measuredScans(file, model.library)))
  outcomes.push(one);
await model.release();

const { weights, leastProbability } = files.calibration;
const reliability = fitReliability(
  judged.map((one) => {
    const { probability, rank } = answerOf(one, weights);
    return { probability, right: rank === 0 && one.label < one.similarity.length };
  }),
);
const calibration = { weights, reliability, leastProbability };
await replaceFile("models/structure-type/calibration.json", (file) =>
  file.writeFile(`${JSON.stringify(calibration, null, 2)}\n`),
);
console.log(calibration, { leastAgreement: fitLeastAgreement(outcomes) });
