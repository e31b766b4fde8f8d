/** `convert`: a scan or a structure into another file, a scan processed on the way where asked. */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import type { ReadContentsOptions } from "../../data/contents.ts";
import { EwaldError } from "../../errors.ts";
import type { ScanProcessing } from "../../scan/process.ts";
import type { Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { scanProcessing } from "../scan-processing.ts";
import { type ConvertOptions, type ConvertRecord, convertedRecord } from "./record.ts";
import { CONVERT, type CONVERT_OPTIONS } from "./spec.ts";
import { type ConvertOutput, convertOutput, type ConvertTarget } from "./target.ts";

type Options = OptionsOf<typeof CONVERT_OPTIONS>;

interface Session {
  readonly output: ConvertOutput;
  readonly reading: ReadContentsOptions;
  readonly options: ConvertOptions;
}

export const convertJob: Job<typeof CONVERT_OPTIONS, Session, ConvertRecord> = {
  spec: CONVERT,
  async open(given, environment) {
    const output = convertOutput(given.output, given.format);
    const processing = await scanProcessing(given, environment);
    const options = convertOptions(output.target, processing, given);
    await loadSymmetry();
    const { symmetry } = given;
    const reading = {
      wanted: options.wanted,
      ...(symmetry === undefined ? {} : { symmetry }),
    };
    return { output, reading, options };
  },
  reading: ({ reading }) => reading,
  run: (content, { options }, place) => convertedRecord(content, options, place),
  text: ({ text }) => text,
  files: ({ output }) => output,
};

/**
 * Processing makes sense for scans only, and a tolerance for structures only: either says which of the two is meant.
 * @throws EwaldError `usage/contradiction`
 */
function convertOptions(
  { scan, structure }: ConvertTarget,
  processing: ScanProcessing,
  { symprec: symprecAngstrom, everyAtom }: Pick<Options, "symprec" | "everyAtom">,
): ConvertOptions {
  const hasSteps = Object.keys(processing).length > 0;
  const ofStructures =
    symprecAngstrom === undefined ? (everyAtom ? "--every-atom" : undefined) : "--symprec";
  if (symprecAngstrom !== undefined && everyAtom) {
    throw new EwaldError("usage/contradiction", "--symprec and --every-atom contradict each other");
  }
  if (ofStructures !== undefined && structure !== "cif") {
    throw new EwaldError(
      "usage/contradiction",
      `${ofStructures} is for structures written as CIF`,
      {
        hint: "POSCAR and pymatgen JSON hold every atom and no space group.",
      },
    );
  }
  if (hasSteps && (scan === undefined || ofStructures !== undefined)) {
    throw new EwaldError(
      "usage/contradiction",
      `options of scans do not go with ${ofStructures ?? structure}, which is for structures`,
    );
  }
  if (ofStructures !== undefined) {
    const symmetry = symprecAngstrom === undefined ? { everyAtom: true } : { symprecAngstrom };
    return { target: { structure: "cif" }, wanted: "anything", processing, ...symmetry };
  }
  if (hasSteps || structure === undefined) {
    return { target: scan === undefined ? {} : { scan }, wanted: "scan", processing };
  }
  return {
    target: { ...(scan === undefined ? {} : { scan }), structure },
    wanted: scan === undefined ? "anything" : "one-kind",
    processing,
  };
}
