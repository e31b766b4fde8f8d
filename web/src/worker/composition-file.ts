/**
 * Files that hold a composition: a line as one types it ("Ti 33.1±0.8 O 66.9±1.2 at%"), or a table as software of electron
 * microprobes and EDS detectors writes it, one element a row.
 */
import { isElement, parseMeasuredComposition } from "../../../src/crystal/index.ts";
import { EwaldError } from "../../../src/errors.ts";

/** Larger is not a composition. */
const LARGEST_BYTES = 20_000;
const ELEMENT_COLUMN = /^(?:element|el\.?)$/i;
const AMOUNT_COLUMNS = [
  ["at%", /^(?:norm\.? ?)?at(?:om(?:ic)?)?\.? ?(?:%|c\. ?\[at\.?%\])$/i],
  ["wt%", /^(?:norm\.? ?)?(?:wt|weight|mass)\.? ?%$/i],
] as const;

function isComposition(text: string): boolean {
  try {
    parseMeasuredComposition(text);
    return true;
  } catch (error) {
    if (error instanceof EwaldError) return false;
    throw error;
  }
}

/** The table's amounts as one types them; atoms before mass, rows that are no element (totals) left out. */
function fromTable(text: string): string | null {
  const rows = text.split(/\r?\n/).map((line) => line.split(/[\t,;]/).map((cell) => cell.trim()));
  const header = rows.findIndex((cells) => cells.some((cell) => ELEMENT_COLUMN.test(cell)));
  if (header < 0) return null;
  const symbolAt = rows[header]!.findIndex((cell) => ELEMENT_COLUMN.test(cell));
  for (const [unit, name] of AMOUNT_COLUMNS) {
    const amountAt = rows[header]!.findIndex((cell) => name.test(cell));
    if (amountAt < 0) continue;
    const amounts = rows.slice(header + 1).flatMap((cells) => {
      const [symbol = "", amount = ""] = [cells[symbolAt], cells[amountAt]];
      return isElement(symbol) && amount !== "" ? [`${symbol} ${amount}`] : [];
    });
    if (amounts.length > 0) return `${amounts.join(" ")} ${unit}`;
  }
  return null;
}

/** The composition that a file holds, as one types it; null where it holds none. */
export function compositionOfFile(bytes: Uint8Array): string | null {
  if (bytes.length > LARGEST_BYTES) return null;
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, "");
  const line = text.trim().replaceAll(/\s+/g, " ");
  return [fromTable(text), line].find((one) => one !== null && isComposition(one)) ?? null;
}
