/**
 * Every file below a folder, in name order. Links are followed, and each file is met once however many links lead to it;
 * what is left out is counted, so that nothing goes missing in silence.
 */
import { opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { EwaldError } from "../errors.ts";

/** Entries of the folders that are left out on purpose. */
export interface PassedOver {
  /** Files and folders whose names begin with a dot. */
  hidden: number;
  /** Links to what is met under another name, or back to a folder that holds them. */
  repeated: number;
  /** Links to what is not there. */
  broken: number;
  /** Sockets, pipes, devices. */
  special: number;
}

export interface Walk {
  readonly files: string[];
  /** Folders that cannot be looked into. */
  readonly unread: { readonly path: string; readonly error: EwaldError }[];
  /** Real paths that the followed links lead to: input too, though they lie elsewhere. */
  readonly linked: Set<string>;
  readonly passedOver: PassedOver;
}

interface Link {
  readonly path: string;
  /** Real path of the folder that holds it. */
  readonly parent: string;
}

interface Walker extends Walk {
  readonly root: string;
  /** Real paths of the folders that were entered. */
  readonly entered: Set<string>;
  readonly links: Link[];
}

export async function walkFolder(folder: string): Promise<Walk> {
  const passedOver = { hidden: 0, repeated: 0, broken: 0, special: 0 };
  const root = await realpath(folder);
  const held = { files: [], unread: [], links: [], linked: new Set<string>() };
  const walker: Walker = { ...held, passedOver, root, entered: new Set() };
  await enter(folder, root, walker);
  // Links last, those to files after those to folders: what is met without them goes by its own name.
  const toFiles: { path: string; target: string }[] = [];
  for (const link of walker.links) await follow(link, toFiles, walker);
  for (const { path, target } of toFiles) {
    const isMet = walker.entered.has(dirname(target)) && !basename(target).startsWith(".");
    if (isMet || walker.linked.has(target)) passedOver.repeated++;
    else {
      walker.linked.add(target);
      walker.files.push(path);
    }
  }
  if (walker.links.length > 0) walker.files.sort(inNameOrder);
  return walker;
}

async function enter(path: string, real: string, walker: Walker): Promise<void> {
  const { passedOver } = walker;
  walker.entered.add(real);
  const entries = [];
  try {
    for await (const entry of await opendir(path)) entries.push(entry);
  } catch (cause) {
    const reason = `cannot read the folder: ${(cause as Error).message}`;
    const error = new EwaldError("file/not-read", reason, { source: path, cause });
    walker.unread.push({ path, error });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.name.startsWith(".")) passedOver.hidden++;
    else if (entry.isDirectory()) await enter(inner, join(real, entry.name), walker);
    else if (entry.isSymbolicLink()) walker.links.push({ path: inner, parent: real });
    else if (entry.isFile()) walker.files.push(inner);
    else passedOver.special++;
  }
}

/** Enters the folder that a link leads to; a file waits in `toFiles`. */
async function follow(
  { path, parent }: Link,
  toFiles: { path: string; target: string }[],
  walker: Walker,
): Promise<void> {
  const { passedOver, root, entered } = walker;
  let target: string;
  let kind;
  try {
    target = await realpath(path);
    kind = await stat(target);
  } catch {
    passedOver.broken++;
    return;
  }
  if (kind.isFile()) toFiles.push({ path, target });
  else if (!kind.isDirectory()) passedOver.special++;
  // A link to a folder above is no wish to read all that lies beside the folder given.
  else if (entered.has(target) || isAtOrBelow(parent, target) || isAtOrBelow(root, target)) {
    passedOver.repeated++;
  } else {
    walker.linked.add(target);
    await enter(path, target, walker);
  }
}

/** As the walk goes: by the names of one folder after the other. */
function inNameOrder(a: string, b: string): number {
  const [one, other] = [a.split(sep), b.split(sep)];
  const at = one.findIndex((name, i) => name !== other[i]);
  return at !== -1 && one[at]! < (other[at] ?? "") ? -1 : 1;
}

export function isAtOrBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** "2 hidden, 1 broken link(s)"; "" where nothing was left out. */
export function passedOverWords(
  { hidden, repeated, broken, special }: PassedOver,
  otherKinds = 0,
): string {
  return [
    otherKinds > 0 ? `${otherKinds} file(s) of other kinds` : "",
    hidden > 0 ? `${hidden} hidden` : "",
    repeated > 0 ? `${repeated} link(s) to what is read already` : "",
    broken > 0 ? `${broken} broken link(s)` : "",
    special > 0 ? `${special} special file(s)` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}
