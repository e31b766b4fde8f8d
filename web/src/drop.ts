/** What was given to the page: files, and the files of folders, by their names within what was given. */
import type { Problem } from "./worker/protocol.ts";

/** A file to open, or why there is none. */
export type Given =
  | { readonly name: string; readonly file: File }
  | { readonly name: string; readonly problem: Problem };

/** More is the work of the command line; the page would list what nobody reads. */
const MOST_FILES = 2000;

/** What the system keeps beside the user's own files. */
function isHidden(name: string): boolean {
  return name.startsWith(".");
}

function unreadable(name: string, error: unknown): Given {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    name,
    problem: {
      code: "page/unreadable",
      message: `the browser may not read this: ${reason}`,
      hint: "Look whether it is still there and whether you may read it.",
    },
  };
}

function tooMany(name: string): Given {
  return {
    name,
    problem: {
      code: "page/too-many-files",
      message: `more than ${MOST_FILES} files at once: the first ${MOST_FILES} are opened`,
      hint: "The command line takes them all: ewald read.",
    },
  };
}

function atMost(all: readonly Given[], name: string): Given[] {
  return all.length <= MOST_FILES ? [...all] : [...all.slice(0, MOST_FILES), tooMany(name)];
}

async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, into: Given[]): Promise<void> {
  if (into.length > MOST_FILES) return;
  const name = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      into.push({ name, file });
    } else if (entry.isDirectory) {
      const inside = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
      const seen = inside.filter((one) => !isHidden(one.name));
      seen.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const one of seen) await walk(one, into);
    }
  } catch (error) {
    into.push(unreadable(name, error));
  }
}

/** Files of a drop, folders walked. */
export async function givenByDrop(transfer: DataTransfer | null): Promise<Given[]> {
  if (transfer === null) return [];
  // Entries are gone after the first await: taken all at once.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return givenByInput(transfer.files);
  const given: Given[] = [];
  for (const entry of entries) {
    const before = given.length;
    await walk(entry, given);
    if (entry.isDirectory && given.length === before) given.push(nothingIn(entry.name));
  }
  return atMost(given, entries[0]!.name);
}

function nothingIn(name: string): Given {
  return {
    name,
    problem: { code: "page/empty-folder", message: "there is no file in this folder" },
  };
}

/** Files of an input, those of a folder by their names within it. */
export function givenByInput(files: FileList | null): Given[] {
  const given = [...(files ?? [])].flatMap((file): Given[] => {
    const path = file.webkitRelativePath;
    if (path === "") return [{ name: file.name, file }];
    return path.split("/").some(isHidden) ? [] : [{ name: path, file }];
  });
  return atMost(given, "files");
}
