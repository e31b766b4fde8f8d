/** A card's statements on the tables that a model learned from. */
import { type StructureTable } from "../data/structure-table.ts";
import { provenanceOf } from "../data/structure-table.ts";
import { type ModelCard } from "../models/model-store.ts";

/** A table as the card names it: hash, licence, whom to cite. */
export function dataOfCard(
  { name, sha256 }: { readonly name: string; readonly sha256: string },
  table: StructureTable,
  sources: Iterable<string>,
): ModelCard["data"][number] {
  const records = provenanceOf(table, sources);
  const distinct = (texts: readonly (string | null)[]): string =>
    [...new Set(texts.filter((text) => text !== null && text !== ""))].join("; ");
  return {
    name,
    sha256,
    licence: distinct(records.map(({ licence }) => licence)) || "not stated",
    attribution:
      distinct(records.flatMap(({ source, citations }) => [source, ...citations])) || "not stated",
  };
}
