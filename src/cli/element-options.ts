/** What a person knows of the elements, from the words of a command line: a composition with errors, a table of an EDS program, constraints. */
import type { Command } from "commander";
import {
  type CompositionConstraints,
  UNSEEN_BY_EDS,
} from "../crystal/composition/composition-constraints.ts";
import { readComposition } from "../crystal/composition/composition-file.ts";
import type { MeasuredComposition } from "../crystal/composition/composition-measured.ts";
import { understoodElements } from "../crystal/composition/composition-understood.ts";
import { describeError, EwaldError, type Warning, withSource } from "../errors.ts";
import { isFile, readBytes } from "./inputs.ts";

export interface ElementFlags {
  readonly composition?: string;
  readonly elements?: readonly string[];
  readonly must?: readonly string[];
  readonly may?: readonly string[];
  readonly anyOf?: readonly (readonly string[])[];
  readonly never?: readonly string[];
}

export interface KnownElements {
  readonly composition?: MeasuredComposition;
  readonly constraints?: CompositionConstraints;
  /** What was understood, in words; null where nothing is known. */
  readonly words: string | null;
  readonly warnings: readonly Warning[];
}

/** A folder's separator, or the ending of a file: "eds/spot-1", "eds.txt"; not the hydrate "CuSO4.5H2O". */
const PATH_LIKE = /[/\\]|\.[A-Za-z][A-Za-z0-9]{1,7}$/;

/** Adds --composition, --elements, --must, --may, --any-of, --never. */
export function addElementOptions(command: Command): Command {
  return command
    .option(
      "--composition <text|file>",
      'measured composition with errors, "Ti 33.1±0.5 O 66.9±1.0 at%", TiO2, wt%, or a file that holds one, such as the table of an EDS program, - for standard input',
    )
    .option(
      "--elements <elements>",
      `an analysis: these are there, what an EDS does not see (${UNSEEN_BY_EDS.join(", ")}) may be, nothing else is: Ti,O`,
      elements,
    )
    .option(
      "--must <elements>",
      "elements that are there: Ti,O; what else is, stays open",
      elements,
    )
    .option(
      "--may <elements>",
      "elements that may be there; with it nothing else is but --must",
      elements,
    )
    .option(
      "--any-of <elements>",
      "at least one of these is there, may be repeated",
      (words, previous: readonly (readonly string[])[] = []) => [...previous, elements(words)],
    )
    .option("--never <elements>", "elements that are not there", elements);
}

/** "Ti,O" or "Ti O" → ["Ti", "O"] */
function elements(words: string): readonly string[] {
  return words.split(/[\s,]+/).filter((word) => word !== "");
}

/** @throws EwaldError of the composition and constraint readers, `composition/several`, `file/not-read` */
export async function knownElements(flags: ElementFlags): Promise<KnownElements> {
  const { elements: listed, must, may, anyOf, never } = flags;
  const composition =
    flags.composition === undefined ? undefined : await compositionFrom(flags.composition);
  const { constraints, text } = understoodElements({
    ...(listed === undefined ? {} : { elements: listed }),
    ...(must === undefined ? {} : { must }),
    ...(may === undefined ? {} : { may }),
    ...(anyOf === undefined ? {} : { atLeastOneOf: anyOf }),
    ...(never === undefined ? {} : { never }),
    ...(composition === undefined ? {} : { composition }),
  });
  return {
    ...(composition === undefined ? {} : { composition }),
    ...(constraints === null ? {} : { constraints }),
    words: text,
    warnings: composition?.warnings ?? [],
  };
}

async function compositionFrom(given: string): Promise<MeasuredComposition> {
  const isInput = given === "-";
  if (!isInput && !(await isFile(given))) return typedComposition(given);
  try {
    return readComposition(await readBytes(given));
  } catch (error) {
    throw withSource(error, isInput ? "standard input" : given);
  }
}

/** @throws EwaldError `file/not-read` for what is no composition and reads like the path of a file, which is not there */
function typedComposition(given: string): MeasuredComposition {
  try {
    return readComposition(given);
  } catch (error) {
    if (!(error instanceof EwaldError) || !PATH_LIKE.test(given)) throw error;
    throw new EwaldError("file/not-read", "no such file", {
      source: given,
      hint: `Or, if it is a composition: ${describeError(error)}`,
      cause: error,
    });
  }
}
