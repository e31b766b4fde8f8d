/** Files of a drop, folders walked. */

/** More is the work of the command line; the page would list what nobody reads. */
const MOST_FILES = 2000;

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

async function walk(entry: FileSystemEntry, into: File[]): Promise<void> {
  if (into.length >= MOST_FILES || entry.name.startsWith(".")) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    into.push(file);
  } else if (entry.isDirectory) {
    const inside = await entriesOf((entry as FileSystemDirectoryEntry).createReader());
    inside.sort((a, b) => a.name.localeCompare(b.name));
    for (const one of inside) await walk(one, into);
  }
}

export async function filesOf(transfer: DataTransfer | null): Promise<File[]> {
  if (transfer === null) return [];
  // Entries are gone after the first await: taken all at once.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files].slice(0, MOST_FILES);
  const files: File[] = [];
  for (const entry of entries) await walk(entry, files);
  return files;
}
