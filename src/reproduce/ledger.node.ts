/** The ledger on disk: the one place that writes `results/`, and the hashes and names an entry needs. */
import { codeCommit } from "../version.node.ts";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { arch, availableParallelism, cpus, platform } from "node:os";
import { join } from "node:path";
import { EwaldError } from "../errors.ts";
import { replaceFile } from "../data/replace-file.node.ts";
import {
  checkLedger,
  type ComputedEntry,
  type LedgerEntry,
  ledgerText,
  type LedgerTable,
  mergeLedger,
  parseLedger,
} from "./ledger.ts";

/** A lock older than this was left by a writer that died. */
const STALE_LOCK_MS = 30_000;
const LOCK_RETRY_MS = 20;

/** Facts of a run that are the same for all its entries. */
export type RunStamp = Pick<ComputedEntry, "commit" | "machine" | "command" | "recorded">;

export interface LedgerHead {
  readonly paper: string;
  readonly table: string;
  readonly title: string;
  readonly differences?: readonly string[];
}

/** Runs `work` while no other process does so for the same path. */
async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const age =
        Date.now() -
        (await stat(lock).then(
          (info) => info.mtimeMs,
          () => Date.now(),
        ));
      if (age > STALE_LOCK_MS) await rm(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/**
 * Puts entries into `<results>/<paper>/<table>.json`, in place of their older selves. Atomic, and safe
 * with other processes that record into the same table.
 * @throws EwaldError `ledger/invalid`
 */
export async function recordResults(
  results: string,
  head: LedgerHead,
  entries: readonly LedgerEntry[],
): Promise<LedgerTable> {
  const path = join(results, head.paper, `${head.table}.json`);
  const named = { paper: head.paper, table: head.table, title: head.title };
  // Checked before the folder is made: a bad entry leaves nothing behind.
  checkLedger({ ...named, differences: [], entries }, path);
  await mkdir(join(results, head.paper), { recursive: true });
  return locked(path, async () => {
    const old = await readFile(path, "utf8").catch(() => null);
    const before = old === null ? { entries: [], differences: [] } : parseLedger(old, path);
    const differences = [...(head.differences ?? before.differences)];
    const table = mergeLedger({ ...named, differences, entries: before.entries }, entries);
    const text = ledgerText(table);
    await replaceFile(path, (handle) => handle.writeFile(text));
    return table;
  });
}

/** Every table of the ledger by `paper/table`. @throws EwaldError `ledger/invalid`, `ledger/misplaced` */
export async function readLedger(results: string): Promise<Map<string, LedgerTable>> {
  const tables = new Map<string, LedgerTable>();
  const files = await readdir(results, { recursive: true }).catch(() => [] as string[]);
  for (const file of files.map((name) => name.replaceAll("\\", "/")).sort()) {
    if (!file.endsWith(".json")) continue;
    const path = join(results, file);
    const table = parseLedger(await readFile(path, "utf8"), path);
    const name = `${table.paper}/${table.table}`;
    if (file !== `${name}.json`) {
      throw new EwaldError("ledger/misplaced", `${file} holds the table "${name}"`, {
        source: path,
        value: name,
      });
    }
    tables.set(name, table);
  }
  return tables;
}

/** "linux x64, 2 × AMD EPYC 9B14, Node 20.20.2": what matters for a time, nothing that names a machine. */
export function machineClass(): string {
  const model = (cpus()[0]?.model ?? "")
    .replaceAll(/\(R\)|\(TM\)|@.*$|\bCPU\b/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const processor = model === "" || model === "unknown" ? "cores" : model;
  return `${platform()} ${arch()}, ${availableParallelism()} × ${processor}, Node ${process.versions.node}`;
}

/** @param command the command line that computes the numbers again, as a user types it */
export async function runStamp(command: string): Promise<RunStamp> {
  const recorded = new Date().toISOString().slice(0, 10);
  return { commit: await codeCommit(), machine: machineClass(), command, recorded };
}
