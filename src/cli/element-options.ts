/** What a person knows of the elements, from the words of a command line: a composition with errors, a table of an EDS program, constraints. */
import type { Command } from "commander";
import {
  checkedConstraints,
  type CompositionConstraints,
  type MeasuredComposition,
  parseMeasuredComposition,
  readComposition,
} from "../crystal/index.ts";
import { describeError, EwaldError, type Warning, withSource } from "../errors.ts";
import { isFile, readBytes } from "./inputs.ts";

export interface ElementFlags {
  readonly composition?: string;
  readonly must?: readonly string[];
  readonly may?: readonly string[];
  readonly anyOf?: readonly (readonly string[])[];
  readonly never?: readonly string[];
}

export interface KnownElements {
  readonly composition?: MeasuredComposition;
  readonly constraints?: CompositionConstraints;
  /** In words; null where nothing is known. */
  readonly words: string | null;
  readonly warnings: readonly Warning[];
}

/** A folder's separator, or the ending of a file: "eds/spot-1", "eds.txt"; not the hydrate "CuSO4.5H2O". */
const PATH_LIKE = /[/\\]|\.[A-Za-z][A-Za-z0-9]{1,7}$/;

/** Adds --composition, --must, --may, --any-of, --never. */
export function addElementOptions(command: Command): Command {
  return command
    .option(
      "--composition <text|file>",
      'measured composition with errors, "Ti 33.1±0.5 O 66.9±1.0 at%", TiO2, wt%, or a file that holds one, such as the table of an EDS program',
    )
    .option("--must <elements>", "elements that are there: Ti,O", elements)
    .option("--may <elements>", "elements that may be there too; others are not", elements)
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
  const { must, may, anyOf, never } = flags;
  const isConstrained = [must, may, anyOf, never].some((given) => given !== undefined);
  const constraints = isConstrained
    ? checkedConstraints({
        must: must ?? [],
        may: may ?? null,
        atLeastOneOf: anyOf ?? [],
        never: never ?? [],
      })
    : undefined;
  const composition =
    flags.composition === undefined ? undefined : await compositionFrom(flags.composition);
  const words = [
    ...(composition === undefined ? [] : [compositionWords(composition)]),
    ...(constraints === undefined ? [] : constraintWords(constraints)),
  ];
  return {
    ...(composition === undefined ? {} : { composition }),
    ...(constraints === undefined ? {} : { constraints }),
    words: words.length === 0 ? null : words.join("; "),
    warnings: composition?.warnings ?? [],
  };
}

async function compositionFrom(given: string): Promise<MeasuredComposition> {
  if (!(await isFile(given))) return typedComposition(given);
  try {
    return readComposition(new TextDecoder().decode(await readBytes(given)));
  } catch (error) {
    throw withSource(error, given);
  }
}

/** @throws EwaldError `file/not-read` for what is no composition and reads like the path of a file, which is not there */
function typedComposition(given: string): MeasuredComposition {
  try {
    return parseMeasuredComposition(given);
  } catch (error) {
    if (!(error instanceof EwaldError) || !PATH_LIKE.test(given)) throw error;
    throw new EwaldError("file/not-read", "no such file", {
      source: given,
      hint: `Or, if it is a composition: ${describeError(error)}`,
      cause: error,
    });
  }
}

/** "Ti 33.3 ± 0.4, O 66.7 ± 0.4 at%" */
function compositionWords({ amounts }: MeasuredComposition): string {
  const parts = amounts.map(({ element, amount, amountEsd }) => {
    const error = amountEsd === undefined ? "" : ` ± ${(100 * amountEsd).toFixed(1)}`;
    return `${element} ${(100 * amount).toFixed(1)}${error}`;
  });
  return `${parts.join(", ")} at%`;
}

function constraintWords({ must, may, atLeastOneOf, never }: CompositionConstraints): string[] {
  return [
    ...(must.length === 0 ? [] : [`must ${must.join(" ")}`]),
    ...(may === null ? [] : [`may ${may.join(" ")}`]),
    ...atLeastOneOf.map((group) => `at least one of ${group.join(" ")}`),
    ...(never.length === 0 ? [] : [`never ${never.join(" ")}`]),
  ];
}
