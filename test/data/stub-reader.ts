/** Just enough of a structure reader for tests of the importers, which do not care what a CIF says. */
import { EwaldError } from "../../src/errors.ts";
import type { FileContent } from "../../src/data/import/source.ts";
import { structureRow, type StructureRow } from "../../src/data/structure-table.ts";
import type { Structure } from "../../src/crystal/structure.ts";

export function read(content: Uint8Array | string, name: string): FileContent {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  if (text.includes("BROKEN"))
    throw new EwaldError("stub/broken", "cannot be read", { source: name });
  if (text.includes("not a structure"))
    throw new EwaldError("read/unrecognised", "no structure format was recognised");
  const a = 4;
  const lattice = [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ] as const;
  const sites = [{ species: [{ element: "Na", occupancy: 1 }], frac: [0, 0, 0] as const }];
  return { structures: [{ name: null, structure: { lattice, sites } }], failures: [] };
}

export function makeRow(structure: Structure, id: string, source: string): StructureRow {
  return structureRow(structure, { id, source });
}
