/** A person's knowledge of the elements, from options: a composition with errors, a table of an EDS program, constraints. */
import type {
  CompositionConstraints,
  KnownElements as SaidElements,
} from "../crystal/composition/composition-constraints.ts";
import { readComposition } from "../crystal/composition/composition-file.ts";
import type { MeasuredComposition } from "../crystal/composition/composition-measured.ts";
import { understoodElements } from "../crystal/composition/composition-understood.ts";
import { describeError, EwaldError, type Warning, withSource } from "../errors.ts";
import type { Environment } from "./job.ts";
import type { OptionsOf } from "./options.ts";
import type { ELEMENTS } from "./shared-options.ts";

type ElementOptions = OptionsOf<typeof ELEMENTS>;

export interface KnownElements {
  readonly composition?: MeasuredComposition;
  readonly constraints?: CompositionConstraints;
  /** The understood elements in words; null where nothing is known. */
  readonly words: string | null;
  readonly warnings: readonly Warning[];
}

/** A folder's separator, or the ending of a file: "eds/spot-1", "eds.txt"; not the hydrate "CuSO4.5H2O". */
const PATH_LIKE = /[/\\]|\.[A-Za-z][A-Za-z0-9]{1,7}$/;

/** @throws EwaldError of the composition and constraint readers, `composition/several`, `file/not-read` */
export async function knownElements(
  options: ElementOptions,
  environment: Environment,
): Promise<KnownElements> {
  const { elements: listed, must, may, anyOf, never } = options;
  const composition =
    options.composition === undefined
      ? undefined
      : await compositionFrom(options.composition, environment);
  return understood({
    ...(listed === undefined ? {} : { elements: listed }),
    ...(must === undefined ? {} : { must }),
    ...(may === undefined ? {} : { may }),
    ...(anyOf === undefined ? {} : { atLeastOneOf: anyOf }),
    ...(never === undefined ? {} : { never }),
    ...(composition === undefined ? {} : { composition }),
  });
}

/** @throws EwaldError `element/unknown`, `constraints/contradiction` */
export function understood(said: SaidElements): KnownElements {
  const { composition } = said;
  const { constraints, text } = understoodElements(said);
  return {
    ...(composition === undefined ? {} : { composition }),
    ...(constraints === null ? {} : { constraints }),
    words: text,
    warnings: composition?.warnings ?? [],
  };
}

async function compositionFrom(
  given: string,
  { isFile, readFile }: Environment,
): Promise<MeasuredComposition> {
  const isInput = given === "-";
  if (!isInput && !(await isFile(given))) return typedComposition(given);
  try {
    return readComposition(await readFile(given));
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
