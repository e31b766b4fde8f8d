/** Files that hold one composition: a table of an EDS program, or a line as one types it. */
import { EwaldError } from "../errors.ts";
import type { MeasuredComposition } from "./composition-measured.ts";
import { parseMeasuredComposition } from "./composition-notation.ts";
import { readCompositionTables } from "./composition-table.ts";

/**
 * The one composition in a text.
 *
 * @throws EwaldError `composition/several` where there is more than one table, `composition/table-head` where the text is neither table
 * nor line, and what `readCompositionTables` throws for a table that says too little
 */
export function readComposition(text: string): MeasuredComposition {
  const tables = tablesIn(text);
  if (tables instanceof EwaldError) return typed(text, tables);
  if (tables.length === 1) return tables[0]!.composition;
  throw new EwaldError("composition/several", `${tables.length} tables of compositions`, {
    value: tables.length,
    hint: "Keep the one that belongs to the scan.",
  });
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
  try {
    return parseMeasuredComposition(
      text
        .replace(/^\uFEFF/, "")
        .trim()
        .replaceAll(/\s+/g, " "),
    );
  } catch (error) {
    throw error instanceof EwaldError ? none : error;
  }
}
