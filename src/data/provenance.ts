/**
 * Where a table's rows come from: licence and citation travel inside the Parquet file (key-value
 * metadata), so that they reach every model card made from it. A joined table carries one record per source.
 */
import * as z from "zod/mini";
import { EwaldError } from "../errors.ts";
import { checkedShape } from "../formats/json-shape.ts";
import { KNOWN_SOURCES } from "./sources.table.ts";

export const PROVENANCE_KEY = "ewald.provenance";

const text = z.string().check(z.minLength(1));

const provenanceSchema = z.object({
  /** Name of the source, as in the `source` column. */
  source: text,
  /** SPDX identifier where there is one, else the source's own words; null where it states none. */
  licence: z.nullable(text),
  citations: z.array(text),
  /** Address or file name that the rows came from. */
  origin: z.optional(z.string()),
  /** The request that the rows answer (an OPTIMADE filter, a list of numbers). */
  query: z.optional(z.string()),
  /** ISO date of retrieval. */
  retrieved: z.optional(z.string()),
  /** Made by Ewald itself from structure-type facts: never passed off as measured or computed data. */
  embedded: z.optional(z.boolean()),
  note: z.optional(z.string()),
});

export type Provenance = z.infer<typeof provenanceSchema>;

export function encodeProvenance(records: readonly Provenance[]): string {
  return JSON.stringify(records);
}

/** @throws EwaldError `table/provenance` where the record is not what {@link encodeProvenance} writes. */
export function decodeProvenance(json: string, source: string): Provenance[] {
  try {
    return checkedShape(z.array(provenanceSchema), JSON.parse(json), { code: "table/provenance" });
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

/** The publicly known facts of a source that left no record in the file; licence null where nothing is known. */
export function knownProvenance(source: string): Provenance {
  const known = KNOWN_SOURCES.find(({ pattern }) => pattern.test(source));
  if (known === undefined) return { source, licence: null, citations: [] };
  const { licence, citations, note } = known;
  return { source, licence, citations: [...citations], ...(note === undefined ? {} : { note }) };
}
