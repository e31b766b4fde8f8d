/** Everything that was opened, in order. A file that could not be read is an entry like any other, with its reason. */
import type { Given } from "../drop.ts";
import { type Example, EXAMPLES, exampleFile } from "../examples.ts";
import { Cancelled, TaskError } from "../worker/client.ts";
import type { Problem } from "../worker/protocol.ts";
import { ewald } from "./ewald.ts";
import { route } from "./route.svelte.ts";
import { ScanItem } from "./scan-item.svelte.ts";
import { StructureItem } from "./structure-item.svelte.ts";

/** A file that is being read, or of which nothing (more) could be read. */
class FileItem {
  readonly kind = "file";
  readonly id: number;
  readonly name: string;
  readonly example: string | null;
  problem = $state.raw<Problem | null>(null);
  /** What a file that is neither scan nor structure says of elements. */
  composition = $state<string | null>(null);
  readonly reading = new AbortController();
  constructor(id: number, name: string, example: string | null) {
    this.id = id;
    this.name = name;
    this.example = example;
  }
  get isReading(): boolean {
    return this.problem === null && this.composition === null;
  }
  /** Calls the reading off. */
  cancel(): void {
    this.reading.abort();
  }
}

export type Item = ScanItem | StructureItem | FileItem;

/** Larger files are not read: the page would have to hold them several times. The command line takes them. */
const LARGEST_FILE_BYTES = 128 * 1024 * 1024;
/** Structures of one file that become entries; a file of thousands belongs to the command line. */
const MOST_ENTRIES_PER_FILE = 500;

function problemOf(error: unknown): Problem {
  if (error instanceof TaskError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "page/file", message: `the file could not be opened: ${message}` };
}

class Session {
  items = $state.raw<readonly Item[]>([]);
  private nextId = 1;

  byId(id: number): Item | undefined {
    return this.items.find((item) => item.id === id);
  }

  byExample(id: string): Item | undefined {
    return this.items.find((item) => item.example === id);
  }

  /** Opens files one after the other; shows the only one, or the table of many. */
  async open(given: readonly Given[]): Promise<void> {
    const waiting = given.map(({ name }) => new FileItem(this.nextId++, name, null));
    this.items = [...this.items, ...waiting];
    if (given.length > 1) route.go({ page: "many" });
    for (const [i, one] of given.entries()) {
      const placeholder = waiting[i]!;
      if ("problem" in one) placeholder.problem = one.problem;
      const [first] =
        "file" in one ? await this.read(one.file, placeholder, given.length > 1) : [placeholder];
      const isOpen = first !== undefined && this.byId(first.id) !== undefined;
      if (given.length === 1 && isOpen) route.go({ page: "file", id: first.id, view: null });
    }
  }

  async openExample(id: string): Promise<void> {
    const example = EXAMPLES.find((one) => one.id === id);
    if (example === undefined || this.byExample(id) !== undefined) return;
    await this.load(example);
  }

  remove(id: number): void {
    this.byId(id)?.cancel();
    this.items = this.items.filter((item) => item.id !== id);
  }

  clear(): void {
    for (const item of this.items) item.cancel();
    this.items = [];
  }

  /** Files that are not read yet stay as entries that say so. */
  stopReading(): void {
    for (const item of this.items) if (item.kind === "file") item.cancel();
  }

  private async load(example: Example): Promise<void> {
    const placeholder = new FileItem(this.nextId++, example.file, example.id);
    this.items = [...this.items, placeholder];
    try {
      await this.read(await exampleFile(example), placeholder, false);
    } catch (error) {
      placeholder.problem = problemOf(error);
    }
  }

  private async read(
    file: File,
    placeholder: FileItem,
    background: boolean,
  ): Promise<readonly Item[]> {
    const { name } = placeholder;
    if (file.size > LARGEST_FILE_BYTES) {
      placeholder.problem = {
        code: "page/too-large",
        message: `${Math.round(file.size / 1e6)} MB is more than the page takes (${Math.round(LARGEST_FILE_BYTES / 1e6)} MB)`,
        hint: "No single scan or structure is that large. For a table of many, use the command line: ewald read.",
      };
      return [placeholder];
    }
    try {
      if (placeholder.reading.signal.aborted) throw new Cancelled();
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { contents, failures, composition } = await ewald.run(
        "read",
        { name, bytes },
        { background, signal: placeholder.reading.signal },
      );
      if (composition !== undefined) {
        placeholder.composition = composition;
        return [placeholder];
      }
      // The first takes the place of the file, also in the address of who looks at it already.
      const ids = [placeholder.id];
      const idOf = (): number => ids.pop() ?? this.nextId++;
      const read = contents.slice(0, MOST_ENTRIES_PER_FILE).map((content): Item => {
        const id = idOf();
        return content.kind === "scan"
          ? new ScanItem(id, content, placeholder.example)
          : new StructureItem(id, content, placeholder.example);
      });
      const failed = failures.slice(0, MOST_ENTRIES_PER_FILE).map((problem): Item => {
        const item = new FileItem(idOf(), name, null);
        item.problem = problem;
        return item;
      });
      const own = [...read, ...failed];
      if (contents.length > read.length) {
        const rest = new FileItem(this.nextId++, name, null);
        rest.problem = {
          code: "page/too-many",
          message: `${contents.length} structures in one file, of which the first ${read.length} are shown`,
          hint: "The command line takes them all: ewald read.",
        };
        own.push(rest);
      }
      this.items = this.items.flatMap((item) => (item === placeholder ? own : [item]));
      return own;
    } catch (error) {
      placeholder.problem =
        error instanceof Cancelled
          ? {
              code: "page/called-off",
              message: "the reading was stopped",
              hint: "Open the file again to read it.",
            }
          : problemOf(error);
      return [placeholder];
    }
  }
}

export const session = new Session();
