/**
 * Where a table's rows come from: licence and citation travel inside the Parquet file (key-value
 * metadata), so that they reach every model card made from it. A joined table carries one record per source.
 */
import { z } from "zod";
import { EwaldError } from "../errors.ts";
import { KNOWN_SOURCES } from "./sources.table.ts";

export const PROVENANCE_KEY = "ewald.provenance";

const provenanceSchema = z.object({
  /** Name of the source, as in the `source` column. */
  source: z.string().min(1),
  /** SPDX identifier where there is one, else the source's own words; null where it states none. */
  licence: z.string().min(1).nullable(),
  citations: z.array(z.string().min(1)),
  /** Address or file name that the rows came from. */
  origin: z.string().optional(),
  /** What was asked for (an OPTIMADE filter, a list of numbers). */
  query: z.string().optional(),
  /** ISO date of retrieval. */
  retrieved: z.string().optional(),
  /** Made by Ewald itself from structure-type facts: never passed off as measured or computed data. */
  embedded: z.boolean().optional(),
  note: z.string().optional(),
});

export type Provenance = z.infer<typeof provenanceSchema>;

export function encodeProvenance(records: readonly Provenance[]): string {
  return JSON.stringify(records);
}

/** @throws EwaldError `table/provenance` where the record is not what {@link encodeProvenance} writes. */
export function decodeProvenance(text: string, source: string): Provenance[] {
  try {
    return z.array(provenanceSchema).parse(JSON.parse(text));
  } catch (cause) {
    throw new EwaldError(
      "table/provenance",
      `the table's "${PROVENANCE_KEY}" record cannot be read`,
      {
        source,
        cause,
        hint: "Import the table again, or remove the record.",
      },
    );
  }
}

/** What is publicly known of a source that left no record in the file; licence null where nothing is. */
export function knownProvenance(source: string): Provenance {
  const known = KNOWN_SOURCES.find(({ pattern }) => pattern.test(source));
  if (known === undefined) return { source, licence: null, citations: [] };
  const { licence, citations, note } = known;
  return { source, licence, citations: [...citations], ...(note === undefined ? {} : { note }) };
}
