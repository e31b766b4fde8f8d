/** `identify`: which structure type does a powder scan show? */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { identificationReport } from "../../report/identification-report.ts";
import type { PlotLook } from "../../report/plot/model.ts";
import {
  loadExtendedModel,
  loadTypeAverages,
  STRUCTURE_TYPE_FOLDER,
} from "../../systems/structure-type/model-files.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { checkView, viewOf } from "../view.ts";
import { questionOf } from "./question.ts";
import {
  identifiedRecord,
  type IdentifyAnswer,
  type IdentifyRecord,
  type IdentifySession,
} from "./record.ts";
import { IDENTIFY, type IDENTIFY_OPTIONS } from "./spec.ts";
import { identifyText } from "./text.ts";

/** How the figures of a report are looked at. */
function lookOf({ view, scale }: OptionsOf<typeof IDENTIFY_OPTIONS>): PlotLook {
  return { view: viewOf(view), scale, hkl: true };
}

export const identifyJob: Job<
  typeof IDENTIFY_OPTIONS,
  IdentifySession,
  IdentifyRecord,
  IdentifyAnswer
> = {
  spec: IDENTIFY,
  async open(options, environment, outputs) {
    await loadSymmetry();
    const question = await questionOf(options, environment);
    const { threads, models } = options;
    const runtime = await environment.runtime(threads === undefined ? {} : { threads });
    const read = environment.models(STRUCTURE_TYPE_FOLDER, models);
    const explains = outputs.has("report");
    return {
      question,
      model: await loadExtendedModel(runtime, read),
      explains,
      averages: explains ? await loadTypeAverages(read) : [],
      figure: { look: lookOf(options) },
    };
  },
  notes: ({ question: { known } }) => (known.words === null ? [] : [`understood: ${known.words}`]),
  run: (content, session) => identifiedRecord(content, session),
  text: identifyText,
  json: ({ shown: _curves, ...answer }) => answer,
  output(_name, records, { model, figure }, { version, date }) {
    const scans = records.map(({ shown }) => shown);
    for (const { answer, input } of scans) {
      if (answer.observation === null) continue;
      const { twoThetaDeg: values } = answer.observation;
      checkView(figure?.look?.view ?? null, [{ axis: { values } }], input);
    }
    return identificationReport(scans, { version, date, typeCount: model.library.types.length });
  },
  close: ({ model }) => model.release(),
};
