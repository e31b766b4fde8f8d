/** `identify`: which structure type does a powder scan show? */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { identificationReport } from "../../report/identification-report.ts";
import { warningLines } from "../../report/warning-lines.ts";
import {
  loadExtendedModel,
  loadTypeAverages,
  STRUCTURE_TYPE_FOLDER,
} from "../../systems/structure-type/model-files.ts";
import type { Environment, Job } from "../job.ts";
import { questionOf } from "./question.ts";
import { identifiedRecord, type IdentifyRecord, type IdentifySession } from "./record.ts";
import { IDENTIFY, type IDENTIFY_OPTIONS } from "./spec.ts";
import { identifyText } from "./text.ts";

interface Session extends IdentifySession {
  readonly environment: Environment;
}

export const identifyJob: Job<typeof IDENTIFY_OPTIONS, Session, IdentifyRecord> = {
  spec: IDENTIFY,
  async open(options, environment, outputs) {
    await loadSymmetry();
    const question = await questionOf(options, environment);
    const { threads, models } = options;
    const runtime = await environment.runtime(threads === undefined ? {} : { threads });
    const read = environment.models(STRUCTURE_TYPE_FOLDER, models);
    const explains = outputs.has("report");
    return {
      environment,
      question,
      model: await loadExtendedModel(runtime, read),
      explains,
      averages: explains ? await loadTypeAverages(read) : [],
    };
  },
  notes: ({ question: { known } }) => [
    ...(known.words === null ? [] : [`understood: ${known.words}`]),
    ...warningLines(known.warnings).map((line) => line.trim()),
  ],
  run: (content, session) => identifiedRecord(content, session),
  text: identifyText,
  json: (record) => ({ ...record, shown: undefined }),
  output: (_name, records, { environment, model }) =>
    identificationReport(
      records.map(({ shown }) => shown),
      {
        version: environment.version,
        typeCount: model.library.types.length,
        date: environment.today(),
      },
    ),
  close: ({ model }) => model.release(),
};
