/**
 * Entries of the Crystallography Open Database by their numbers, one CIF each. The cursor is the position in the
 * list. A number that the database does not hold is a problem row, not the end.
 */
import { EwaldError } from "../../errors.ts";
import { knownProvenance } from "../provenance.ts";
import { sha256Hex } from "../../formats/hash.ts";
import { politeGet, type Politeness, type Web } from "./http.ts";
import { addEntry, onlyStructure, type PageBuilder } from "./rows.ts";
import type { PagedSource, RowMaker, StructureReader } from "./source.ts";

/** Kept in the journal together: one lost page is at most this many requests. */
const ENTRIES_PER_PAGE = 10;
/** A volunteer-run server: half a second between requests. */
const PAUSE_MS = 500;

/** Numbers of a list: one per line or separated by blanks or commas; "#" begins a comment. @throws EwaldError `import/cod-number` */
export function parseCodList(text: string): string[] {
  const numbers: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const word of line.replace(/#.*/, "").split(/[\s,;]+/)) {
      if (word === "") continue;
      const number = /^(?:COD[- ]?)?(\d{7})(?:\.cif)?$/i.exec(word)?.[1];
      if (number === undefined) {
        throw new EwaldError("import/cod-number", `"${word}" is not a COD number`, {
          value: word,
          line: index + 1,
          hint: "COD numbers have seven digits.",
        });
      }
      numbers.push(number);
    }
  }
  return [...new Set(numbers)];
}

export async function codSource(
  web: Web,
  numbers: readonly string[],
  read: StructureReader,
  makeRow: RowMaker,
  {
    baseUrl = "https://www.crystallography.net/cod",
    ...politeness
  }: Politeness & { readonly baseUrl?: string } = {},
): Promise<PagedSource> {
  const base = baseUrl.replace(/\/+$/, "");
  const patient = { pauseMs: PAUSE_MS, ...politeness };
  return {
    identity: `${base} ${numbers.length} entries ${await sha256Hex(numbers.join(" "))}`,
    firstCursor: "0",
    async page(cursor) {
      const start = Number(cursor);
      const page: PageBuilder = { rows: [], problems: [] };
      for (const number of numbers.slice(start, start + ENTRIES_PER_PAGE)) {
        await addCodEntry(
          page,
          number,
          () => politeGet(web, `${base}/${number}.cif`, wholeCif, patient),
          read,
          makeRow,
        );
      }
      const reached = start + ENTRIES_PER_PAGE;
      return {
        ...page,
        next: reached < numbers.length ? String(reached) : null,
        expected: numbers.length,
      };
    },
    provenance: async () => ({
      ...knownProvenance("cod"),
      origin: base,
      query: `${numbers.length} entries by number`,
      retrieved: new Date(web.now()).toISOString().slice(0, 10),
    }),
  };
}

/** An error page or half a download is no CIF. */
function wholeCif(body: string): string {
  if (!/^\s*data_/im.test(body)) throw new Error("not a CIF");
  return body;
}

async function addCodEntry(
  page: PageBuilder,
  number: string,
  fetchCif: () => Promise<string>,
  read: StructureReader,
  makeRow: RowMaker,
): Promise<void> {
  const id = `cod-${number}`;
  let cif: string;
  try {
    cif = await fetchCif();
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code !== "import/not-found") throw error;
    page.problems.push({ row: null, id, code: error.code, message: error.message });
    return;
  }
  addEntry(page, id, () => makeRow(onlyStructure(read(cif, `${number}.cif`), id), id, "cod"));
}
