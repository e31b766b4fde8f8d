/** `fit`: how much of which phase does a powder scan hold, and with which cells? */
import { writeCif } from "../../crystal/io/write-structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { symmetryOrWarning } from "../../data/contents.ts";
import type { FitOptions } from "../../fit/whole-pattern/fit-types.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { scanProcessing } from "../scan-processing.ts";
import { fitFigure } from "./figure.ts";
import { phasesOf } from "./phases.ts";
import { fittedRecord, type FitRecord, type FitSession } from "./record.ts";
import { FIT, type FIT_OPTIONS } from "./spec.ts";
import { fitText } from "./text.ts";

type Options = OptionsOf<typeof FIT_OPTIONS>;

interface Session extends FitSession {
  readonly scale: Options["scale"];
}

export const fitJob: Job<typeof FIT_OPTIONS, Session, FitRecord> = {
  spec: FIT,
  async open(options, environment) {
    await loadSymmetry();
    // The scan's angles stay as they were measured: the fit knows the instrument's shift and its widths.
    const { instrument, ...processing } = await scanProcessing(options, environment);
    return {
      phases: await phasesOf(options, environment),
      processing,
      options: {
        ...fitOptions(options),
        ...(instrument === undefined ? {} : { instrument }),
      },
      scale: options.scale,
    };
  },
  run: (content, session) => fittedRecord(content, session),
  text: fitText,
  json: (record) => ({ ...record, shown: undefined, structures: undefined }),
  output: (name, records, { scale }) =>
    name === "plot" ? fitFigure(records[0]!, scale) : cifOf(records),
};

function fitOptions(options: Options): FitOptions {
  const { free, leBail, shift, lp, anomalous, ions, exclude, background, cells } = options;
  return {
    ...(free === undefined ? {} : { free: free as NonNullable<FitOptions["free"]> }),
    method: leBail ? "le-bail" : "structure",
    shift,
    ...(lp === undefined ? {} : { lorentzPolarisation: lp }),
    anomalous: anomalous === "on",
    ions,
    ...(exclude === undefined ? {} : { excludeDeg: exclude }),
    backgroundTerms: background,
    cellStart: cells,
  };
}

/** One block for each phase of each scan, in the structure's own setting with its symmetry where that is a tabulated one. */
function cifOf(records: readonly FitRecord[]): string {
  return records
    .flatMap(({ structures }) =>
      structures.map(({ name, structure }) => {
        const { symmetry } = symmetryOrWarning(structure, {});
        return writeCif(structure, { name, ...(symmetry === undefined ? {} : { symmetry }) });
      }),
    )
    .join("\n");
}
