/** A known phase as an input of any command that takes structures: `ewald simulate mp-390`. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { StructureContent } from "../data/contents.ts";
import {
  loadPhaseLibrary,
  type Located,
  OWN_FOLDER,
  phaseById,
  recordOf,
  SHIPPED,
} from "../known/phases/phase-library.ts";
import { structureOf } from "../known/phases/phase.ts";
import { defaultModelsFolder, modelsOverPackage } from "../models/model-store.node.ts";

/** The structure of a phase, of the user's own libraries first; undefined where none has the id. */
export async function phaseContent(id: string): Promise<StructureContent | undefined> {
  for (const name of [...(await ownLibraries()), SHIPPED]) {
    const found = phaseById([await loadPhaseLibrary(modelsOverPackage(), name)], id);
    if (found !== undefined) return contentOf(id, found);
  }
  return undefined;
}

async function ownLibraries(): Promise<string[]> {
  const folders = await readdir(join(defaultModelsFolder(), OWN_FOLDER)).catch(() => []);
  return folders.toSorted();
}

function contentOf(id: string, found: Located): StructureContent {
  return {
    kind: "structure",
    input: id,
    format: "known phase",
    structure: structureOf(recordOf(found)),
    warnings: [],
  };
}
