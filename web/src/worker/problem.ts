/** Errors of the library as records that the page can show. */
import { EwaldError } from "../../../src/errors.ts";
import { placeOf, type Problem } from "./protocol.ts";

export function problemOf(error: unknown): Problem {
  if (error instanceof EwaldError) {
    const place = placeOf(error.details);
    return {
      code: error.code,
      message: error.message,
      ...(error.details.hint === undefined ? {} : { hint: pageHint(error.details.hint) }),
      ...(place === undefined ? {} : { place }),
      ...(error.details.alternatives === undefined
        ? {}
        : { alternatives: error.details.alternatives }),
    };
  }
  if (error instanceof RangeError && /allocation|memory|array length/i.test(error.message))
    return {
      code: "page/memory",
      message: "the browser has no memory left for this",
      hint: "Close other files, or use the command line.",
    };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "page/bug", message, hint: "This is a bug of ours; please report it." };
}

/** The library's hints that name a flag of the command line, in the words of the page. */
function pageHint(hint: string): string {
  if (hint.includes("--wavelength")) return "Choose the wavelength beside the plot.";
  if (hint.includes('contradiction "listed"'))
    return "Correct the file: its list of operations or its symbol.";
  return hint.replaceAll(/\s*\([^()]*--[^()]*\)/g, "");
}
