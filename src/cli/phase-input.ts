/** A known phase as an input of any command that takes structures: `ewald simulate mp-390`. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { StructureContent } from "../data/contents.ts";
import {
  loadPhaseLibrary,
  type Located,
  OWN_FOLDER,
  phaseById,
  type PhaseLibrary,
  recordOf,
  SHIPPED,
} from "../known/phases/phase-library.ts";
import { structureOf } from "../known/phases/phase.ts";
import { defaultModelsFolder, modelsOverPackage } from "../models/model-store.node.ts";

/** The structure of a phase, of the user's own libraries first; undefined where none has the id. */
export async function phaseContent(id: string): Promise<StructureContent | undefined> {
  const folder = defaultModelsFolder();
  for (const name of [...(await ownLibraries(folder)), SHIPPED]) {
    const found = phaseById([await libraryOf(folder, name)], id);
    if (found !== undefined) return contentOf(id, found);
  }
  return undefined;
}

/** Read once for all ids of a command line. */
const loaded = new Map<string, Promise<PhaseLibrary>>();

function libraryOf(folder: string, name: string): Promise<PhaseLibrary> {
  const key = join(folder, name);
  let library = loaded.get(key);
  if (library === undefined)
    loaded.set(key, (library = loadPhaseLibrary(modelsOverPackage(folder), name)));
  return library;
}

async function ownLibraries(folder: string): Promise<string[]> {
  const folders = await readdir(join(folder, OWN_FOLDER)).catch(() => []);
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
