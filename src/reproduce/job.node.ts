/** `reproduce`: the papers' tables and figures, recomputed. */
import { mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { textTable } from "../report/text-table.ts";
import { DATASET_RECIPES } from "./dataset-counts.ts";
import { defaultCacheFolder } from "../data/feature-cache.node.ts";
import { tableFile } from "../data/files.node.ts";
import { sha256Hex } from "../formats/hash.ts";
import { formatValue } from "./ledger-markdown.ts";
import { recordResults, runStamp } from "./ledger.node.ts";
import { fileIdentity } from "../data/files.node.ts";
import { checkLedger, type ComputedEntry, type LedgerTable } from "./ledger.ts";
import {
  findItem,
  findPaper,
  ledgerEntries,
  type Measured,
  type Quantity,
  type Recipe,
  type RecipeContext,
  recipeIndex,
  type RecipeResult,
  type ReproductionItem,
} from "./recipe.ts";
import { type PaperName, PAPERS, REPRODUCTION_ITEMS } from "./items.table.ts";
import { EwaldError } from "../errors.ts";
import type { Host, WholeJob } from "../jobs/job.ts";
import type { OptionsOf } from "../jobs/options.ts";
import { recipeFigure } from "../report/chart-figure.ts";
import { RECIPROCAL_RECIPES } from "./deepknet/index.node.ts";
import { CRYSTINET_RECIPES } from "./crystinet/index.node.ts";
import { VERSION } from "../version.node.ts";
import { REPRODUCE, type REPRODUCE_OPTIONS } from "./spec.ts";
import { withSpentTime } from "./spent-time.node.ts";

/** Every recipe there is; a system that gains one adds it here. */
const RECIPES = recipeIndex([...DATASET_RECIPES, ...RECIPROCAL_RECIPES, ...CRYSTINET_RECIPES]);

type Options = OptionsOf<typeof REPRODUCE_OPTIONS>;

/** A list of papers or items, or the numbers of one item. */
type Reproduced =
  | { readonly kind: "list"; readonly paper: PaperName | null }
  | {
      readonly kind: "item";
      readonly table: LedgerTable;
      readonly result: RecipeResult;
      readonly fast: boolean;
      readonly seconds: number;
    };

/** What `--json` prints: the papers, the items of one, or the numbers of an item. */
type ReproductionRecord = { readonly papers: readonly PaperRecord[] } | PaperRecord | LedgerTable;

export const reproduceJob: WholeJob<typeof REPRODUCE_OPTIONS, Reproduced, ReproductionRecord> = {
  spec: REPRODUCE,
  async perform([paperText, itemText], options, host) {
    const paper = paperText === undefined ? null : findPaper(paperText);
    if (paper === null || itemText === undefined) return { kind: "list", paper };
    return reproduce(paper, findItem(paper, itemText), options, host);
  },
  text: (record) =>
    record.kind === "list"
      ? record.paper === null
        ? papersText()
        : itemsText(record.paper)
      : resultText(record.table.title, record.result, record.fast, record.seconds),
  json: (record) =>
    record.kind === "item"
      ? record.table
      : record.paper === null
        ? { papers: (Object.keys(PAPERS) as PaperName[]).map(paperRecord) }
        : paperRecord(record.paper),
};

const itemsOf = (paper: PaperName): ReproductionItem[] =>
  REPRODUCTION_ITEMS.filter((item) => item.paper === paper);

/** A paper with its items. */
interface PaperRecord {
  readonly short: string;
  readonly paper: PaperName;
  readonly authors: string;
  /** `minutes` is about how long it takes to recompute; null for what cannot be recomputed yet. */
  readonly items: readonly (Omit<ReproductionItem, "paper"> & {
    readonly minutes: number | null;
  })[];
}

function paperRecord(paper: PaperName): PaperRecord {
  const { short, authors } = PAPERS[paper];
  const items = itemsOf(paper).map(({ number, title, place }) => ({
    number,
    title,
    place,
    minutes: RECIPES.get(number)?.minutes ?? null,
  }));
  return { short, paper, authors, items };
}

function papersText(): string {
  const rows = (Object.keys(PAPERS) as PaperName[]).map((name) => {
    const { short, paper, authors, items } = paperRecord(name);
    const available = items.filter(({ minutes }) => minutes !== null).length;
    return [
      short,
      paper,
      authors,
      `${items[0]!.number}-${items.at(-1)!.number}`,
      `${available} of ${items.length}`,
    ];
  });
  const columns = ["", "paper", "authors", "items", "can be recomputed"].map((title) => ({
    title,
    align: "left" as const,
  }));
  return textTable(columns, rows);
}

function minutesText(minutes: number | null): string {
  if (minutes === null) return "not yet";
  return `about ${minutes < 1 ? `${Math.ceil(minutes * 60)} s` : `${minutes} min`}`;
}

function itemsText(name: PaperName): string {
  const { short, paper, items } = paperRecord(name);
  const rows = items.map(({ number, title, place, minutes }) => [
    String(number),
    title,
    place,
    minutesText(minutes),
  ]);
  const columns = ["item", "what", "where", "to recompute"].map((title, i) => ({
    title,
    align: i === 0 ? ("right" as const) : ("left" as const),
  }));
  return `${short}  ${paper}\n${textTable(columns, rows)}`;
}

/** @throws EwaldError `reproduce/no-data`, `reproduce/missing-table` */
function tableFinder(
  folder: string | undefined,
  used: Map<string, ComputedEntry["data"][number]>,
): RecipeContext["table"] {
  return async (name) => {
    if (folder === undefined) {
      throw new EwaldError(
        "reproduce/no-data",
        `this item reads ${name}, and no folder of tables is given`,
        { value: name, hint: "Give --data FOLDER or set EWALD_DATA." },
      );
    }
    const path = join(folder, name);
    if (!existsSync(path)) {
      throw new EwaldError("reproduce/missing-table", `the folder has no ${name}`, {
        source: folder,
        value: name,
        hint: "The README of the data says where the table comes from.",
      });
    }
    if (!used.has(name)) used.set(name, { ...(await fileIdentity(path)), rows: null });
    return tableFile(path);
  };
}

/** Names what earlier runs kept: work of another version of Ewald, or on tables of other content, does not count. */
async function keptKey(folder: string | undefined, tables: readonly string[]): Promise<string> {
  const contentOf = async (name: string): Promise<string> => {
    if (folder === undefined || !existsSync(join(folder, name))) return name;
    return `${name} ${(await fileIdentity(join(folder, name))).sha256}`;
  };
  const contents = await Promise.all(tables.map(contentOf));
  return (await sha256Hex([VERSION, ...contents].join("\n"))).slice(0, 8);
}

async function reproduce(
  paper: PaperName,
  item: ReproductionItem,
  options: Options,
  host: Host,
): Promise<Reproduced> {
  const recipe: Recipe | undefined = RECIPES.get(item.number);
  if (recipe === undefined) {
    throw new EwaldError(
      "reproduce/not-yet",
      `item ${item.number} (${item.title}) cannot be recomputed yet`,
      {
        value: item.number,
        hint: `ewald reproduce ${PAPERS[paper].short} lists what can.`,
      },
    );
  }
  const folder = options.data ?? process.env["EWALD_DATA"];
  const checkpoints = join(
    defaultCacheFolder(),
    "reproduce",
    `${item.number}${options.fast ? "-fast" : ""}-${await keptKey(folder, recipe.tables)}`,
  );
  await mkdir(checkpoints, { recursive: true });
  const used = new Map<string, ComputedEntry["data"][number]>();
  const context: RecipeContext = {
    table: tableFinder(folder, used),
    fast: options.fast,
    checkpoints,
    progress: host.progress,
  };
  const { result, seconds } = await withSpentTime(checkpoints, () => recipe.run(context));
  host.progress(null);
  const stamp = await runStamp(
    `ewald reproduce ${paper} ${item.number}${options.fast ? " --fast" : ""}`,
  );
  const entries = ledgerEntries(item.number, result, {
    ...stamp,
    wallSeconds: seconds,
    fast: context.fast,
    data: [...used.values()],
  });
  const head = {
    paper,
    table: `item-${item.number}`,
    title: `${item.number}. ${item.title} (${item.place})`,
    differences: [...result.differences],
  };
  const table: LedgerTable = checkLedger({ ...head, entries }, `item ${item.number}`);
  if (options.record !== undefined) await recordResults(options.record, head, entries);
  for (const figure of options.figures === undefined ? [] : (result.figures ?? []))
    await host.writeFile(
      join(options.figures!, `item-${item.number}-${figure.name}.svg`),
      recipeFigure(figure),
    );
  return { kind: "item", table, result, fast: context.fast, seconds };
}

function cellText(measured: Measured | undefined): string {
  return measured === undefined ? "-" : formatValue(measured.value, measured.spread?.value);
}

function resultText(title: string, result: RecipeResult, fast: boolean, seconds: number): string {
  const { quantities } = result;
  const has = (pick: (quantity: Quantity) => unknown): boolean =>
    quantities.some((quantity) => pick(quantity) !== undefined && pick(quantity) !== null);
  const all = [
    {
      title: "paper",
      text: (q: Quantity) => (q.paper === null ? "-" : formatValue(q.paper.value)),
      shown: true,
    },
    { title: "ours", text: (q: Quantity) => cellText(q.ours), shown: has((q) => q.ours) },
    {
      title: "ours, paper's split",
      text: (q: Quantity) => cellText(q.oursPaperSplit),
      shown: has((q) => q.oursPaperSplit),
    },
    {
      title: "ours, honest split",
      text: (q: Quantity) => cellText(q.oursHonestSplit),
      shown: has((q) => q.oursHonestSplit),
    },
    { title: "chance", text: (q: Quantity) => cellText(q.chance), shown: has((q) => q.chance) },
    {
      title: "n",
      text: (q: Quantity) => formatValue((q.ours ?? q.oursHonestSplit ?? q.oursPaperSplit)?.n ?? 0),
      shown: true,
    },
  ].filter(({ shown }) => shown);
  const columns = [
    { title: "", align: "left" as const },
    ...all.map(({ title }) => ({ title, align: "right" as const })),
    { title: "", align: "left" as const },
  ];
  const rows = quantities.map((quantity) =>
    [quantity.title].concat(
      all.map(({ text }) => text(quantity)),
      quantity.unit,
    ),
  );
  const marks = [
    fast ? "fast: on less data" : "",
    result.embedded ? "on the embedded default table, not data" : "",
  ].filter((mark) => mark !== "");
  return [
    `${title}${marks.length === 0 ? "" : `   [${marks.join("; ")}]`}`,
    textTable(columns, rows),
    "",
    "What differs in the data:",
    ...result.differences.map((sentence) => `  ${sentence}`),
    `(${seconds.toFixed(1)} s)`,
  ].join("\n");
}
