/** `ewald reproduce`: the papers' tables and figures, recomputed. */
import { mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  checkLedger,
  type ComputedEntry,
  DATASET_RECIPES,
  findItem,
  findPaper,
  formatValue,
  ledgerEntries,
  type LedgerTable,
  type Measured,
  type PaperName,
  PAPERS,
  type Quantity,
  type Recipe,
  type RecipeContext,
  recipeIndex,
  type RecipeResult,
  type ReproductionItem,
  REPRODUCTION_ITEMS,
  sha256Hex,
} from "../../data/index.ts";
import {
  defaultCacheFolder,
  fileIdentity,
  recordResults,
  runStamp,
  tableFile,
} from "../../data/node.ts";
import { EwaldError } from "../../errors.ts";
import { recipeFigure } from "../../report/index.ts";
import { RECIPROCAL_RECIPES } from "../../systems/reciprocal/node.ts";
import { CRYSTINET_RECIPES } from "../../systems/structure-type/node.ts";
import { type Io, writeOutput } from "../io.ts";
import { withSpentTime } from "../spent-time.ts";
import { textTable } from "../text-table.ts";
import { VERSION } from "../version.ts";

/** Every recipe there is; a system that gains one adds it here. */
const RECIPES = recipeIndex([...DATASET_RECIPES, ...RECIPROCAL_RECIPES, ...CRYSTINET_RECIPES]);

interface ReproduceFlags {
  readonly data?: string;
  readonly fast?: true;
  readonly record?: string;
  readonly figures?: string;
  readonly json?: true;
}

export function addReproduceCommand(program: Command, io: Io): void {
  program
    .command("reproduce")
    .summary("recompute a table or figure of one of the five papers")
    .description(
      "Without arguments, list the papers; with a paper, its items and which can be recomputed; with an item, recompute it and " +
        "print the paper's number, ours with the paper's split, ours with the honest split, chance, and what differs in the data.",
    )
    .argument("[paper]", "name or beginning of it, or S1 … S5")
    .argument("[item]", "number of the item")
    .option("--data <folder>", "folder of the tables (default: EWALD_DATA)")
    .option("--fast", "smaller and quicker; the output says so")
    .option("--record <folder>", "put the numbers into this ledger (results)")
    .option("--figures <folder>", "draw the item's figures into this folder (SVG)")
    .option("--json", "one JSON record")
    .addHelpText(
      "after",
      "\nExamples:\n  ewald reproduce\n  ewald reproduce S3\n  ewald reproduce wang-2022-deepknet 43 --data tables/",
    )
    .action(
      async (
        paperText: string | undefined,
        itemText: string | undefined,
        flags: ReproduceFlags,
      ) => {
        const paper = paperText === undefined ? null : findPaper(paperText);
        if (paper === null || itemText === undefined)
          return io.stdout(`${listText(paper, flags.json === true)}\n`);
        return reproduce(paper, findItem(paper, itemText), flags, io);
      },
    );
}

const itemsOf = (paper: PaperName): ReproductionItem[] =>
  REPRODUCTION_ITEMS.filter((item) => item.paper === paper);

/** A paper with its items, and about how many minutes each takes; null for what cannot be recomputed yet. */
function paperRecord(paper: PaperName) {
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

/** What there is to recompute: all papers, or the items of one. */
function listText(paper: PaperName | null, json: boolean): string {
  if (paper !== null) return json ? JSON.stringify(paperRecord(paper)) : itemsText(paper);
  if (!json) return papersText();
  return JSON.stringify({ papers: (Object.keys(PAPERS) as PaperName[]).map(paperRecord) });
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
  flags: ReproduceFlags,
  io: Io,
): Promise<void> {
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
  const folder = flags.data ?? process.env["EWALD_DATA"];
  const checkpoints = join(
    defaultCacheFolder(),
    "reproduce",
    `${item.number}${flags.fast ? "-fast" : ""}-${await keptKey(folder, recipe.tables)}`,
  );
  await mkdir(checkpoints, { recursive: true });
  const used = new Map<string, ComputedEntry["data"][number]>();
  const context: RecipeContext = {
    table: tableFinder(folder, used),
    fast: flags.fast === true,
    checkpoints,
    progress: (text) => {
      if (io.interactive) io.stderr(`\r\u001B[K${text}`);
    },
  };
  const { result, seconds } = await withSpentTime(checkpoints, () => recipe.run(context));
  if (io.interactive) io.stderr("\r\u001B[K");
  const stamp = await runStamp(
    `ewald reproduce ${paper} ${item.number}${flags.fast ? " --fast" : ""}`,
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
  if (flags.record !== undefined) await recordResults(flags.record, head, entries);
  for (const figure of flags.figures === undefined ? [] : (result.figures ?? []))
    await writeOutput(
      join(flags.figures!, `item-${item.number}-${figure.name}.svg`),
      recipeFigure(figure),
    );
  await io.stdout(
    flags.json
      ? `${JSON.stringify(table)}\n`
      : `${resultText(head.title, result, context.fast, seconds)}\n`,
  );
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
