/**
 * Rendering the ledger into Markdown. A document holds markers; what stands between them is replaced:
 *
 *     <!-- ledger: wang-2022-deepknet/metal -->            a whole table, with what differs in the data
 *     <!-- ledger: bench/parquet#rows-per-second/ours -->  one number, inline
 *     <!-- /ledger -->                                     ends either
 *
 * Nothing is typed by hand: a test renders every document again and compares.
 */
import { EwaldError } from "../errors.ts";
import type { ComputedEntry, LedgerEntry, LedgerRole, LedgerTable } from "./ledger.ts";

const MARKER = /(<!-- ledger: *([\w./#-]+) *-->)([\s\S]*?)(<!-- \/ledger -->)/g;

const COLUMN_TITLES: Readonly<Record<LedgerRole, string>> = {
  paper: "Paper",
  "ours-paper-split": "Ours, paper's split",
  "ours-honest-split": "Ours, honest split",
  chance: "Chance",
  ours: "Ewald",
  peer: "Peer",
};
const COLUMN_ORDER = Object.keys(COLUMN_TITLES) as LedgerRole[];

/** Looks a table up by `paper/table`. */
export type LedgerLookup = (name: string) => LedgerTable | undefined;

/**
 * The document with every marker's content rendered.
 * @throws EwaldError `ledger/unknown-table`, `ledger/unknown-entry`, `ledger/marker` (not closed)
 */
export function renderLedgerMarkers(
  markdown: string,
  lookup: LedgerLookup,
  source: string,
): string {
  const opened = markdown.match(/<!-- ledger:/g)?.length ?? 0;
  const closed = markdown.match(MARKER)?.length ?? 0;
  if (opened !== closed) {
    throw new EwaldError(
      "ledger/marker",
      `${opened} ledger markers open, ${closed} are closed and readable`,
      {
        source,
        hint: "End each with <!-- /ledger -->.",
      },
    );
  }
  const said = new Set<string>();
  return markdown.replace(MARKER, (_, open: string, reference: string, _old, close: string) => {
    const [name = "", path] = reference.split("#");
    const table = lookup(name);
    if (table === undefined) {
      throw new EwaldError("ledger/unknown-table", `the ledger has no table "${name}"`, {
        source,
        value: name,
      });
    }
    if (path !== undefined) return `${open}${formatEntry(findEntry(table, path, source))}${close}`;
    const text = ledgerMarkdown(table, said);
    for (const difference of table.differences) said.add(difference);
    return `${open}\n\n${text}\n${close}`;
  });
}

function findEntry(table: LedgerTable, path: string, source: string): LedgerEntry {
  const [key, role] = path.split("/");
  // A full run comes before a fast one, real data before the embedded table.
  const found = table.entries
    .filter((entry) => entry.key === key && entry.role === role)
    .sort((a, b) => runRank(a) - runRank(b))[0];
  if (found !== undefined) return found;
  throw new EwaldError(
    "ledger/unknown-entry",
    `${table.paper}/${table.table} has no entry "${path}"`,
    {
      source,
      value: path,
    },
  );
}

function runRank(entry: LedgerEntry): number {
  return entry.role === "paper" ? 0 : Number(entry.embedded) * 2 + Number(entry.fast);
}

/** Counts in full, other numbers at four significant digits; decimals follow the spread where there is one. */
export function formatValue(value: number, spread?: number): string {
  if (spread !== undefined && spread > 0) {
    const decimals = Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(spread))));
    return `${value.toFixed(decimals)} ± ${spread.toFixed(decimals)}`;
  }
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4) return value.toExponential(3);
  return String(Number(value.toPrecision(4)));
}

/** "0.913 ± 0.004 eV (fast)" */
function formatEntry(entry: LedgerEntry): string {
  const spread = entry.role === "paper" ? undefined : entry.spread?.value;
  const unit = entry.unit === "" ? "" : ` ${entry.unit}`;
  return `${formatValue(entry.value, spread)}${unit}${intervalText(entry)}${runMark(entry)}`;
}

/** " [71.2, 84.0]" */
function intervalText(entry: LedgerEntry): string {
  if (entry.role === "paper" || entry.interval === undefined) return "";
  return ` [${formatValue(entry.interval.lower)}, ${formatValue(entry.interval.upper)}]`;
}

function runMark(entry: LedgerEntry): string {
  if (entry.role === "paper") return "";
  const marks = [entry.fast ? "fast" : "", entry.embedded ? "embedded table" : ""].filter(
    (mark) => mark !== "",
  );
  return marks.length === 0 ? "" : ` (${marks.join(", ")})`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/**
 * A table with one row per quantity and one column per role that occurs, then what differs and how it was made.
 * @param said differences that stand above in the document: they are referred to, not said again
 */
export function ledgerMarkdown(
  table: LedgerTable,
  said: ReadonlySet<string> = new Set<string>(),
): string {
  const roles = COLUMN_ORDER.filter((role) => table.entries.some((entry) => entry.role === role));
  const keys = [...new Set(table.entries.map((entry) => entry.key))];
  const rows = keys.map((key) => {
    const entries = table.entries.filter((entry) => entry.key === key);
    const cells = roles.map((role) => {
      const found = entries.filter((entry) => entry.role === role);
      return found.length === 0 ? "–" : found.map(cellOf).join("; ");
    });
    const n = entries.findLast((entry) => entry.role !== "paper" && entry.n !== null)?.n;
    const count = n === undefined || n === null ? "–" : formatValue(n);
    return [entries[0]!.quantity].concat(cells, count);
  });
  const titles = ["", ...roles.map((role) => COLUMN_TITLES[role]), "n"];
  const lines = [
    `**${table.title}**`,
    "",
    row(titles),
    row(titles.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rows.map(row),
  ];
  if (table.differences.length > 0)
    lines.push("", `What differs in the data: ${differencesText(table.differences, said)}`);
  const computed = table.entries.filter((entry) => entry.role !== "paper");
  const level = computed.find(({ interval }) => interval !== undefined)?.interval?.level;
  if (level !== undefined)
    lines.push("", `In brackets: ${formatValue(100 * level)} % intervals, bootstrapped.`);
  if (computed.length > 0) lines.push("", originLine(computed));
  return `${lines.join("\n")}\n`;
}

function differencesText(differences: readonly string[], said: ReadonlySet<string>): string {
  const fresh = differences.filter((one) => !said.has(one));
  const above = fresh.length < differences.length ? ["As above."] : [];
  return [...above, ...fresh].join(" ");
}

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

/** Peers and several models carry their names, the unit stands in every cell: a cell is read alone. */
function cellOf(entry: LedgerEntry): string {
  const named = entry.role !== "paper" && entry.model !== null && entry.role === "peer";
  return `${named ? `${entry.model!.name}: ` : ""}${formatEntry(entry)}`;
}

function originLine(entries: readonly ComputedEntry[]): string {
  const distinct = (values: readonly string[]): string => [...new Set(values)].join("; ");
  const commands = distinct(entries.map((entry) => `\`${entry.command}\``));
  return `<sub>${commands} · ${distinct(entries.map((entry) => entry.machine))} · commit ${distinct(entries.map((entry) => entry.commit.slice(0, 9)))} · ${distinct(entries.map((entry) => entry.recorded))}</sub>`;
}
