/** `ewald data split`: part a table for training and test, and print what leaks. */
import { type Command, Option } from "commander";
import {
  columnSplit,
  DEFAULT_FRACTIONS,
  type Fractions,
  groupedSplit,
  hashSplit,
  kFoldSplit,
  leakage,
  LEAKAGE_KEYS,
  partOfId,
  provenanceOf,
  randomSplit,
  type Split,
  type StructureRow,
} from "../../data/index.ts";
import { openStructureTable, saveStructureTable } from "../../data/node.ts";
import { EwaldError } from "../../errors.ts";
import { type Io, writeOutput } from "../io.ts";
import { fractions, positiveInteger } from "../options.ts";
import { textTable } from "../text-table.ts";

const GROUPS = {
  formula: LEAKAGE_KEYS.formula,
  "structure-type": LEAKAGE_KEYS.structureType,
  "chemical-system": LEAKAGE_KEYS.chemicalSystem,
} as const;

/** What each method heeds of the options below it. */
const HEEDED = {
  random: ["fractions", "seed"],
  grouped: ["by", "fractions", "seed"],
  hash: ["by", "fractions", "seed"],
  "k-fold": ["by", "folds", "seed"],
  column: [],
} as const;

interface SplitFlags {
  readonly method: keyof typeof HEEDED;
  readonly by?: keyof typeof GROUPS;
  readonly fractions: Fractions;
  readonly folds: number;
  readonly seed: string;
  readonly out?: string;
  readonly save?: string;
  readonly json?: true;
}

export function addSplitCommand(data: Command, io: Io): void {
  data
    .command("split")
    .summary("part a table for training and test, print the overlap")
    .description(
      "Split a table: random (as papers do), grouped (what shares a key stays together), hash (adding rows moves no " +
        "other row), k-fold, or column (the split the table brings). What leaks from part to part is always printed.",
    )
    .argument("<table>", "Parquet table of structures")
    .addOption(
      new Option("--method <method>", "how").choices(Object.keys(HEEDED)).default("grouped"),
    )
    .addOption(
      new Option(
        "--by <key>",
        "what stays together (default: formula for grouped, nothing else)",
      ).choices(Object.keys(GROUPS)),
    )
    .option("--fractions <shares>", "parts and shares", fractions, DEFAULT_FRACTIONS)
    .option("--folds <k>", "number of folds", positiveInteger, 10)
    .option("--seed <seed>", "number or word", "1")
    .option("--out <table>", "write the table with its split column")
    .option("--save <file.json>", "write the split: method, seed and the ids of every part")
    .option("--json", "one JSON record")
    .addHelpText(
      "after",
      "\nExamples:\n  ewald data split mine.parquet --by structure-type --save split.json\n  ewald data split mine.parquet --method hash --by formula --out parted.parquet",
    )
    .action((path: string, flags: SplitFlags, command: Command) => {
      refuseUnheeded(flags.method, command);
      return split(path, flags, io);
    });
}

/** @throws EwaldError `usage/contradiction` for an option that would change nothing */
function refuseUnheeded(method: keyof typeof HEEDED, command: Command): void {
  const heeded: readonly string[] = HEEDED[method];
  const idle = ["by", "fractions", "folds", "seed"].find(
    (name) => command.getOptionValueSource(name) === "cli" && !heeded.includes(name),
  );
  if (idle === undefined) return;
  const others = Object.entries(HEEDED).filter(([, names]: [string, readonly string[]]) =>
    names.includes(idle),
  );
  throw new EwaldError("usage/contradiction", `--method ${method} does not ask for --${idle}`, {
    value: method,
    hint: `Leave it out, or take --method ${others.map(([name]) => name).join(" or ")}.`,
  });
}

/** Only what a split needs: atoms of 139,739 structures would not stay small. */
type Card = Pick<
  StructureRow,
  | "id"
  | "formula"
  | "spaceGroup"
  | "species"
  | "split"
  | "structureType"
  | "formulaAnonymous"
  | "pearson"
>;

function makeSplit(rows: readonly StructureRow[], flags: SplitFlags): Split {
  const seed = /^\d{1,15}$/.test(flags.seed) ? Number(flags.seed) : flags.seed;
  const key = flags.by === undefined ? null : GROUPS[flags.by];
  if (flags.method === "random") return randomSplit(rows, seed, flags.fractions);
  if (flags.method === "grouped")
    return groupedSplit(rows, key ?? GROUPS.formula, seed, flags.fractions);
  if (flags.method === "hash") return hashSplit(rows, key, flags.seed, flags.fractions);
  return flags.method === "column" ? columnSplit(rows) : kFoldSplit(rows, flags.folds, seed, key);
}

async function split(path: string, flags: SplitFlags, io: Io): Promise<void> {
  const table = await openStructureTable(path);
  const cards: Card[] = [];
  const sources = new Set<string>();
  for await (const {
    id,
    source,
    formula,
    spaceGroup,
    species,
    split,
    structureType,
    formulaAnonymous,
    pearson,
  } of table) {
    if (source !== null) sources.add(source);
    cards.push({
      id,
      formula,
      spaceGroup,
      species: [...new Set(species)],
      split,
      structureType,
      formulaAnonymous,
      pearson,
    });
  }
  const rows = cards as StructureRow[];
  if (flags.method === "column" && rows.every((row) => row.split === null)) {
    throw new EwaldError("split/no-column", 'no row has a part in the column "split"', {
      source: table.name,
      hint: `The table has: ${table.columns.join(", ")}.`,
    });
  }
  const made = makeSplit(rows, flags);
  const overlaps = leakage(made, rows, Object.values(LEAKAGE_KEYS));
  if (flags.out !== undefined) {
    const parts = partOfId(made);
    async function* parted(): AsyncGenerator<StructureRow> {
      for await (const row of table) yield { ...row, split: parts.get(row.id) ?? null };
    }
    await saveStructureTable(flags.out, parted(), { provenance: provenanceOf(table, sources) });
  }
  if (flags.save !== undefined)
    await writeOutput(flags.save, `${JSON.stringify({ table: table.name, ...made })}\n`);
  if (flags.json) {
    const sizes = Object.fromEntries(
      Object.entries(made.parts).map(([name, ids]) => [name, ids.length]),
    );
    await io.stdout(
      `${JSON.stringify({ table: table.name, method: made.method, seed: made.seed, groupedBy: made.groupedBy, sizes, overlaps })}\n`,
    );
    return;
  }
  await io.stdout(`${describeSplit(table.name, made, overlaps)}\n`);
}

function describeSplit(name: string, made: Split, overlaps: ReturnType<typeof leakage>): string {
  const total = Object.values(made.parts).reduce((sum, ids) => sum + ids.length, 0);
  const percent = (part: number, whole: number): string =>
    `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const how = `${made.method}${made.groupedBy === null ? "" : ` by ${made.groupedBy}`}${made.seed === null || made.seed === "" ? "" : `, seed ${made.seed}`}`;
  const right = (title: string) => ({ title, align: "right" as const });
  const left = (title: string) => ({ title, align: "left" as const });
  return [
    `${name}: ${how}`,
    textTable(
      [left("part"), right("rows"), right("share")],
      Object.entries(made.parts).map(([part, ids]) => [
        part,
        String(ids.length),
        percent(ids.length, total),
      ]),
    ),
    "",
    "Overlap: rows of a part whose key also occurs in another",
    textTable(
      [left("part"), left("in"), left("same"), right("rows"), right("share")],
      overlaps.map((overlap) => [
        overlap.of,
        overlap.in,
        overlap.key,
        String(overlap.rows),
        percent(overlap.rows, overlap.total),
      ]),
    ),
  ].join("\n");
}
