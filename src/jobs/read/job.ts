/** `read`: what is in these files? */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import type { SymmetryOptions } from "../../crystal/symmetry/symmetry.ts";
import { EwaldError } from "../../errors.ts";
import type { ScanProcessing } from "../../scan/process.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { scanProcessing } from "../scan-processing.ts";
import { checkView, viewOf } from "../view.ts";
import { scanFigure } from "./figure.ts";
import { type ReadRecord, scanFacts, structureFacts } from "./record.ts";
import { scanText } from "./scan-text.ts";
import { READ, type READ_OPTIONS } from "./spec.ts";
import { structureText } from "./structure-text.ts";

interface Session {
  readonly options: OptionsOf<typeof READ_OPTIONS>;
  readonly symmetry: SymmetryOptions;
  readonly processing: ScanProcessing;
}

export const readJob: Job<typeof READ_OPTIONS, Session, ReadRecord> = {
  spec: READ,
  async open(options, environment) {
    const { symprec } = options;
    const processing = await scanProcessing(options, environment);
    await loadSymmetry();
    const symmetry = symprec === undefined ? {} : { symprecAngstrom: symprec };
    return { options, symmetry, processing };
  },
  reading: ({ options: { symmetry } }) => ({
    wanted: "everything",
    ...(symmetry === undefined ? {} : { symmetry }),
  }),
  run: (content, { symmetry, processing }) =>
    content.kind === "scan" ? scanFacts(content, processing) : structureFacts(content, symmetry),
  text: (record) => (record.kind === "scan" ? scanText(record) : structureText(record)),
  concerns: (_name, { kind }) => kind === "scan",
  output: (_name, records, { options: { overlay, offset, scale, view } }) => {
    const scans = records.filter((record) => record.kind === "scan");
    if (scans.length > 0) {
      const seen = view === undefined ? {} : { view };
      for (const { input, ranges } of scans) checkView(viewOf(view), ranges, input);
      return scanFigure(scans, { overlay, offset, intensityScale: scale, ...seen });
    }
    throw new EwaldError("usage/contradiction", "--plot draws scans, and there is none", {
      hint: "ewald simulate --plot draws the patterns of structures.",
    });
  },
};
