/** A known phase as an input of any command that takes structures: `ewald simulate mp-390`. */
import type { StructureContent } from "../data/contents.ts";
import { loadPhaseLibrary, phaseById, recordOf } from "../known/phases/phase-library.ts";
import { structureOf } from "../known/phases/phase.ts";
import { packageModels } from "../models/model-store.node.ts";

/** The structure of a phase of the library that comes with Ewald; undefined where none has the id. */
export async function phaseContent(id: string): Promise<StructureContent | undefined> {
  const found = phaseById([await loadPhaseLibrary(packageModels())], id);
  if (found === undefined) return undefined;
  return {
    kind: "structure",
    input: id,
    format: "known phase",
    structure: structureOf(recordOf(found)),
    warnings: [],
  };
}
