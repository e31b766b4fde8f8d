/** The question put to every scan, from the options; checked before any model is read. */
import { fileNameOf } from "../../formats/file-name.ts";
import { readStructures } from "../../crystal/io/read-structures.ts";
import { ownLines } from "../../diffraction/line-list.ts";
import { describeError, EwaldError, withSource } from "../../errors.ts";
import type { IdentifyScanOptions, Reference } from "../../identify/identify-scan.ts";
import type { ScanProcessing } from "../../scan/process.ts";
import { type KnownElements, knownElements } from "../elements.ts";
import type { Environment } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { scanProcessing } from "../scan-processing.ts";
import type { IDENTIFY_OPTIONS } from "./spec.ts";

type Options = OptionsOf<typeof IDENTIFY_OPTIONS>;

export interface Question {
  readonly known: KnownElements;
  readonly processing: ScanProcessing;
  /** What else is asked, but for the elements. */
  readonly options: Omit<IdentifyScanOptions, "composition" | "constraints">;
  /** How the wavelength was given, where not with --wavelength; for a warning. */
  readonly named?: string;
}

/**
 * Needs `await loadSymmetry()`.
 * @throws EwaldError of the composition, `file/reference`, and those of `scanProcessing`
 */
export async function questionOf(options: Options, environment: Environment): Promise<Question> {
  const known = await knownElements(options, environment);
  const processing = await scanProcessing(options, environment);
  const { reference = [], fitReference = 0, top } = options;
  const references = await Promise.all(
    reference.map((path) => referencesIn(path, options, environment)),
  );
  return {
    known,
    processing,
    options: { references: references.flat(), referenceChange: fitReference / 100, top },
  };
}

/** @throws EwaldError `file/reference` */
async function referencesIn(
  path: string,
  { symmetry }: Options,
  { readFile }: Environment,
): Promise<readonly Reference[]> {
  try {
    const { structures } = readStructures(await readFile(path), {
      name: path,
      contradiction: symmetry ?? "refuse",
    });
    const file = fileNameOf(path);
    return structures.map(({ structure, name }) => ({
      name: structures.length === 1 || name === "" ? file : `${file} (${name})`,
      lines: ownLines(structure),
    }));
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    throw new EwaldError(
      "file/reference",
      `--reference cannot be used: ${describeError(withSource(error, path))}`,
    );
  }
}
