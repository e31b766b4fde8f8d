/** The answer to an identified scan in one sentence, with its reason: the same in terminal, report and page. */
import type { ScanIdentification } from "../identify/identify-scan.ts";
import type { TypeCandidate } from "../systems/structure-type/result.ts";
import { printedFormula, printedTypeName } from "./notation.ts";
import { reliabilitySentence } from "./words.ts";

export interface Verdict {
  /**
   * `sure` is an answer; `tie` several that the scan cannot tell apart; `tube` a doubt of the wavelength; `none` no type of the library;
   * `cannot` a scan that shows too little.
   */
  readonly kind: "sure" | "tie" | "tube" | "none" | "cannot";
  /** "rutile" or "Ilmenite or corundum" */
  readonly headline: string;
  /** A sentence or two. */
  readonly text: string;
}

type Answer = Pick<ScanIdentification, "types" | "rejected" | "reason" | "ties" | "tube">;

/** @param hasElements whether the scan was asked with elements */
export function verdictOf(answer: Answer, hasElements: boolean): Verdict {
  const { types, rejected, reason, ties, tube } = answer;
  const [best] = types;
  if (tube !== null) return tubeVerdict(answer);
  if (rejected || best === undefined) {
    const isCannot = types.length === 0;
    return {
      kind: isCannot ? "cannot" : "none",
      headline: isCannot ? "Cannot be answered" : "No structure type of the library fits",
      text: sentence(reason ?? "no reason is given"),
    };
  }
  if (ties.length > 0) return tieVerdict(ties, hasElements);
  return {
    kind: "sure",
    headline: printedTypeName(best.name),
    text: reliabilitySentence(best.reliability),
  };
}

function tubeVerdict({ tube, types, rejected }: Answer): Verdict {
  const { stated, statedAngstrom, looksLike, name, agreement, statedAgreement } = tube!;
  const said = stated === null ? `${statedAngstrom.toFixed(4)} Å` : `${stated} Kα`;
  const [best] = types;
  const instead =
    rejected || best === undefined
      ? ""
      : ` With ${said} it would be ${printedTypeName(best.name)}.`;
  return {
    kind: "tube",
    headline: `This looks like ${looksLike} Kα, not ${said}`,
    text: `With ${looksLike} Kα the scan fits ${printedTypeName(name)} as it is known: agreement ${agreement.toFixed(2)} instead of ${statedAgreement.toFixed(2)}.${instead}`,
  };
}

function tieVerdict(ties: Answer["ties"], hasElements: boolean): Verdict {
  const names = ties.map(({ name }) => printedTypeName(name));
  const nearest = ties.flatMap(({ name, formula }) =>
    formula === null ? [] : [`${printedFormula(formula)} for ${printedTypeName(name)}`],
  );
  const headline = `${names.slice(0, -1).join(", ")} or ${names.at(-1)!}`;
  const why = hasElements
    ? "The scan and what is known of the elements cannot tell them apart. Which other elements are in it, and which are not?"
    : `The scan alone cannot tell ${names.length === 2 ? "them" : "these"} apart. Which elements are in it?`;
  return {
    kind: "tie",
    headline: `${headline[0]!.toUpperCase()}${headline.slice(1)}`,
    text: nearest.length === 0 ? why : `${why} Nearest known: ${nearest.join(", ")}.`,
  };
}

function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

/** Candidates with less than this do not fit: they are counted, not listed. */
const LEAST_LISTED = 0.01;

/** The candidates that are worth a row, the first always; how many more there are. */
export function listedTypes(types: readonly TypeCandidate[]): {
  readonly listed: readonly TypeCandidate[];
  /** "and 4 others that do not fit"; null for none. */
  readonly others: string | null;
} {
  const listed = types.filter(({ probability }, i) => i === 0 || probability >= LEAST_LISTED);
  const count = types.length - listed.length;
  const which = count === 1 ? "another that does not fit" : `${count} others that do not fit`;
  return { listed, others: count === 0 ? null : `and ${which}` };
}
