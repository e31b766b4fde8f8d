/** Compositions as they come: a file of an EDS program, a pasted table, a line as one types it. One reader for all of them. */
import { EwaldError } from "../../errors.ts";
import { decodeInstrumentText, looksBinary } from "../../formats/instrument-text.ts";
import type { MeasuredComposition } from "./composition-measured.ts";
import { parseMeasuredComposition } from "./composition-notation.ts";
import { readCompositionTables } from "./composition-table.ts";

/**
 * The one composition in a text, or in the bytes of a file (UTF-8, UTF-16, else Windows-1252).
 *
 * @throws EwaldError `composition/several` where there is more than one, `composition/table-head` where the text is neither table
 * nor line, what `readCompositionTables` throws for a table that says too little, and what `parseMeasuredComposition` throws
 * for a line
 */
export function readComposition(input: string | Uint8Array): MeasuredComposition {
  const text = typeof input === "string" ? input : textOf(input);
  try {
    return compositionIn(text);
  } catch (error) {
    throw withUnits(error, text);
  }
}

/** A table that does not say at% or wt% may be either: both ways out, as a line above it. */
function withUnits(error: unknown, text: string): unknown {
  if (!(error instanceof EwaldError) || error.code !== "composition/no-unit") return error;
  if (error.details.alternatives !== undefined) return error;
  const alternatives = ["at%", "wt%", "mol%"]
    .map((unit) => `${unit}\n${text}`)
    .filter((one) => {
      try {
        compositionIn(one);
        return true;
      } catch {
        return false;
      }
    })
    .slice(0, 2);
  if (alternatives.length === 0) return error;
  return new EwaldError(error.code, error.message, { ...error.details, alternatives });
}

function compositionIn(text: string): MeasuredComposition {
  const tables = tablesIn(text);
  if (tables instanceof EwaldError) return typed(text, tables);
  if (tables.length === 1) return tables[0]!.composition;
  throw new EwaldError(
    "composition/several",
    `${tables.length} compositions: ${tables
      .map(({ valueColumn, line }) => `"${valueColumn}" (line ${line})`)
      .slice(0, 5)
      .join(", ")}`,
    {
      value: tables.length,
      hint: "Keep the one that belongs to the scan, or their mean with its standard deviation.",
    },
  );
}

function textOf(bytes: Uint8Array): string {
  const text = decodeInstrumentText(bytes);
  if (text.includes("\0") || (looksBinary(bytes) && !/[A-Za-z]/.test(text.slice(0, 2000)))) {
    throw new EwaldError("composition/table-head", "the file is binary, no text");
  }
  return text;
}

/** The tables, or what says that there are none. */
function tablesIn(text: string): ReturnType<typeof readCompositionTables> | EwaldError {
  try {
    return readCompositionTables(text);
  } catch (error) {
    if (error instanceof EwaldError && error.code === "composition/table-head") return error;
    throw error;
  }
}

function typed(text: string, none: EwaldError): MeasuredComposition {
  const line = text
    .replace(/^\uFEFF/, "")
    .trim()
    .replaceAll(/\s+/g, " ");
  try {
    return parseMeasuredComposition(line);
  } catch (error) {
    // One line is what somebody typed, and what is wrong with it is said; of a file only what is certain.
    const isTyped = !/[\r\n]/.test(text.trim()) && line !== "";
    if (isTyped) throw error;
    throw error instanceof EwaldError && error.code === "composition/no-unit" ? error : none;
  }
}
