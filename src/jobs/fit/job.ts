/** `fit`: how much of which phase does a powder scan hold, and with which cells? */
import { writeCif } from "../../crystal/io/write-structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../crystal/symmetry/symmetry.ts";
import type { FitOptions } from "../../fit/whole-pattern/fit-types.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { scanProcessing } from "../scan-processing.ts";
import { fitFigure } from "./figure.ts";
import { phasesOf } from "./phases.ts";
import { type FitAnswer, fittedRecord, type FitRecord, type FitSession } from "./record.ts";
import { FIT, type FIT_OPTIONS } from "./spec.ts";
import { fitText } from "./text.ts";

type Options = OptionsOf<typeof FIT_OPTIONS>;

interface Session extends FitSession {
  readonly scale: Options["scale"];
}

export const fitJob: Job<typeof FIT_OPTIONS, Session, FitRecord, FitAnswer> = {
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
  json: ({ shown: _curves, structures: _cells, ...answer }) => answer,
  output: (name, records, { scale }) =>
    name === "plot" ? fitFigure(records[0]!, scale) : cifOf(records),
};

function fitOptions(options: Options): FitOptions {
  const { free, leBail, shift, lp, anomalous, ions, exclude, backgroundTerms, cells } = options;
  return {
    ...(free === undefined ? {} : { free: free as NonNullable<FitOptions["free"]> }),
    method: leBail ? "le-bail" : "structure",
    shift,
    ...(lp === undefined ? {} : { lorentzPolarisation: lp }),
    anomalous: anomalous === "on",
    ions,
    ...(exclude === undefined ? {} : { excludeDeg: exclude }),
    backgroundTerms,
    cellStart: cells,
  };
}

/** One block for each phase of each scan, in the symmetry and the setting that its file states; else in the symmetry found. */
function cifOf(records: readonly FitRecord[]): string {
  return records
    .flatMap(({ structures }) =>
      structures.map(({ name, structure }) =>
        writeCif(structure, {
          name,
          ...(structure.statedSymmetry === undefined
            ? { symmetry: analyzeSymmetry(structure) }
            : {}),
        }),
      ),
    )
    .join("\n");
}
