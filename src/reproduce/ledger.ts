/**
 * The ledger: every number Ewald reports, as `results/<paper>/<table>.json`. A number a paper states and
 * a number somebody computed are different kinds of entry: the second says how anyone can compute it
 * again (command, commit, data and model hashes, seeds, machine class, wall time).
 */
import * as z from "zod/mini";
import { EwaldError } from "../errors.ts";
import { checkedShape } from "../formats/json-shape.ts";

/** Lower-case words joined by hyphens: names of files and keys, stable for markers in documents. */
const slug = z.string().check(z.regex(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const text = z.string().check(z.minLength(1));
const count = z.int().check(z.nonnegative());

const shared = {
  /** The name of the measured quantity, the same for every role: "accuracy-alpha-0.7". */
  key: slug,
  /** As printed: "Accuracy at α = 0.7". */
  quantity: text,
  value: z.number(),
  /** "" for a plain number, "%" where `value` is in per cent. */
  unit: z.string(),
  /** Number of samples the value rests on. */
  n: z.nullable(count),
  /** Number in the list of reproduction items. */
  item: z.optional(z.int().check(z.positive())),
  note: z.optional(z.string()),
};

const paperEntry = z.strictObject({
  ...shared,
  role: z.literal("paper"),
  /** Where the paper says it: "Table 3". */
  place: text,
});

/** Who or what a computed number belongs to. */
const COMPUTED_ROLES = ["ours-paper-split", "ours-honest-split", "chance", "ours", "peer"] as const;

const computedEntry = z.strictObject({
  ...shared,
  role: z.enum(COMPUTED_ROLES),
  /** Spread over seeds or repeats; null for a single run. */
  spread: z.nullable(
    z.strictObject({
      kind: z.enum(["standard-deviation", "range"]),
      value: z.number().check(z.nonnegative()),
      over: z.int().check(z.minimum(2)),
    }),
  ),
  /** Bootstrap interval, where few samples make the value uncertain. */
  interval: z.optional(z.strictObject({ level: z.number(), lower: z.number(), upper: z.number() })),
  /** How training and test were parted; null where nothing was trained. */
  split: z.nullable(text),
  data: z.array(z.strictObject({ name: text, sha256, rows: z.nullable(count) })),
  model: z.nullable(z.strictObject({ name: text, sha256: z.nullable(sha256) })),
  seeds: z.array(z.union([z.int(), z.string()])),
  /** Commit of the code, with "-dirty" where files were changed. */
  commit: z.string().check(z.regex(/^[0-9a-f]{7,40}(-dirty)?$|^unknown$/)),
  command: text,
  /** Class of the machine, never its name. */
  machine: text,
  /** The wall time of all runs together, where one went on with what another had kept. */
  wallSeconds: z.number().check(z.nonnegative()),
  /** ISO date. */
  recorded: z.iso.date(),
  /** A smaller run than the real one; always printed as such. */
  fast: z.boolean(),
  /** Computed on the embedded default table; always printed as such. */
  embedded: z.boolean(),
});

const ledgerEntrySchema = z.discriminatedUnion("role", [paperEntry, computedEntry]);

const ledgerTableSchema = z.strictObject({
  /** Folder under results/: a paper ("chen-2024-crystinet") or "bench". */
  paper: slug,
  /** File under the folder, without ".json". */
  table: slug,
  title: text,
  /** Differences between the paper's data and ours, a sentence each. */
  differences: z.array(text),
  entries: z.array(ledgerEntrySchema),
});

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type ComputedEntry = z.infer<typeof computedEntry>;
export type LedgerRole = LedgerEntry["role"];
export type LedgerTable = z.infer<typeof ledgerTableSchema>;

/** @throws EwaldError `ledger/invalid` naming the first field that is wrong */
export function parseLedger(json: string, source: string): LedgerTable {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new EwaldError("ledger/invalid", "not JSON", { source, cause });
  }
  return checkLedger(value, source);
}

/** @throws EwaldError `ledger/invalid` */
export function checkLedger(value: unknown, source: string): LedgerTable {
  const table = checkedShape(ledgerTableSchema, value, {
    code: "ledger/invalid",
    source,
    hint: "Ledger files are written by Ewald, not by hand.",
  });
  const seen = new Set<string>();
  for (const entry of table.entries) {
    const identity = entryIdentity(entry);
    if (seen.has(identity)) {
      throw new EwaldError("ledger/invalid", `two entries for ${identity}`, {
        source,
        value: identity,
      });
    }
    seen.add(identity);
  }
  return table;
}

/** Entries that agree in this replace one another: a fast run never replaces a full one. */
function entryIdentity(entry: LedgerEntry): string {
  const run =
    entry.role === "paper"
      ? ""
      : `${entry.fast ? " fast" : ""}${entry.embedded ? " embedded" : ""} ${entry.model?.name ?? ""}`;
  return `${entry.key} ${entry.role}${run}`.trim();
}

/** The table with `entries` put in place of their older selves, new ones at the end. */
export function mergeLedger(table: LedgerTable, entries: readonly LedgerEntry[]): LedgerTable {
  const merged = new Map(table.entries.map((entry) => [entryIdentity(entry), entry]));
  for (const entry of entries) merged.set(entryIdentity(entry), entry);
  return { ...table, entries: [...merged.values()] };
}

/** The file's text: keys in the order of the schema, so that a repeated run changes only what changed. */
export function ledgerText(table: LedgerTable): string {
  return `${JSON.stringify(checkLedger(table, `${table.paper}/${table.table}`), null, 2)}\n`;
}
