/**
 * Libraries of known phases: the one that comes with Ewald and the user's own, read from where models lie. Structures are read at
 * once; lines when a search is first asked for.
 */
import { loadFurtherFile, type ReadModelFile } from "../../models/model-store.ts";
import { EwaldError } from "../../errors.ts";
import { KNOWN_FOLDER } from "../load.ts";
import type { SampleElements } from "./phase-elements.ts";
import { decodePhases } from "./phase-file.ts";
import { decodeFirstLines, decodeFurtherLines } from "./phase-lines.ts";
import { groupsOf, type PhaseGroup } from "./phase-groups.ts";
import { PhaseSearch } from "./phase-search.ts";
import { LIBRARY_FILES } from "./library-files.ts";
import type { PhaseRecord } from "./phase.ts";
import type { PhaseTable } from "./phase-table.ts";
import type { SearchTarget } from "./search-target.ts";

/** The word for the library that comes with Ewald. */
export const SHIPPED = "shipped";
/** Folder of the user's own, beside models. */
export const OWN_FOLDER = "libraries";

/** Where the files of a library lie below the models. @throws EwaldError `library/name` */
export function libraryFolder(name: string): string {
  if (name === SHIPPED) return KNOWN_FOLDER;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) return `${OWN_FOLDER}/${name}`;
  throw new EwaldError("library/name", `"${name}" is no name of a library`, {
    value: name,
    hint: "Names are letters, digits, - and _; the library of Ewald is called shipped.",
  });
}

/** A library: its phases, and their search. */
export interface PhaseLibrary {
  readonly name: string;
  readonly phases: PhaseTable;
  /** The best phases of a scan, best first, those with one pattern as one; reads the lines when it is first called. */
  search(target: SearchTarget, elements?: SampleElements, most?: number): Promise<PhaseGroup[]>;
}

/** Which of several libraries an entry is of. */
export interface Located {
  readonly library: PhaseLibrary;
  readonly entry: number;
}

/**
 * Reads the structures of a library: 80,000 in 5 MB, about 0.2 s.
 * @throws EwaldError `library/missing`, `library/name`, `known/damaged`, `known/version`, `model/damaged`
 */
export async function loadPhaseLibrary(read: ReadModelFile, name = SHIPPED): Promise<PhaseLibrary> {
  const folder = libraryFolder(name);
  const file = (one: string): Promise<Uint8Array> => readFile(read, folder, name, one);
  const phases = decodePhases(await file(LIBRARY_FILES.structures));
  let searching: Promise<PhaseSearch> | undefined;
  const ready = async (): Promise<PhaseSearch> => {
    const [first, further] = await Promise.all([
      file(LIBRARY_FILES.firstLines),
      file(LIBRARY_FILES.furtherLines),
    ]);
    return new PhaseSearch(phases, decodeFirstLines(first), decodeFurtherLines(further));
  };
  return {
    name,
    phases,
    async search(target, elements, most) {
      searching ??= ready();
      // What failed may come right (a network that is back): it is tried again when asked again.
      searching.catch(() => (searching = undefined));
      const search = await searching;
      return groupsOf(search.search(target, elements, most), search);
    },
  };
}

async function readFile(
  read: ReadModelFile,
  folder: string,
  name: string,
  file: string,
): Promise<Uint8Array> {
  let bytes: Uint8Array | null = null;
  try {
    bytes = await loadFurtherFile(read, folder, file);
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code !== "model/not-read") throw error;
  }
  if (bytes !== null) return bytes;
  throw new EwaldError("library/missing", `there is no library "${name}" that holds ${file}`, {
    value: name,
    source: `${folder}/${file}`,
    hint:
      name === SHIPPED
        ? "Install the package again, or reload the page."
        : "ewald library build makes one of a folder of structures.",
  });
}

/** An entry by its id, of the first library that has one. */
export function phaseById(libraries: readonly PhaseLibrary[], id: string): Located | undefined {
  for (const library of libraries) {
    const entry = library.phases.placeOf(id);
    if (entry !== undefined) return { library, entry };
  }
  return undefined;
}

/** The whole record of an entry. */
export function recordOf({ library, entry }: Located): PhaseRecord {
  return library.phases.record(entry);
}
