/** `ewald data clean`: leave out what cannot be right or stands there twice, and say so row by row. */
import { type Command, Option } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import {
  CLEAN_RULES,
  cleanedRows,
  type CleanOptions,
  type CleanRule,
  planCleaning,
  provenanceOf,
  type RowProblem,
  type StructureRow,
  withStructureTypes,
} from "../../data/index.ts";
import { openStructureTable, saveStructureTable } from "../../data/node.ts";
import type { Io } from "../io.ts";
import { positiveNumber } from "../options.ts";
import { problemLines, writeReport } from "./data-report.ts";

interface CleanFlags {
  readonly out?: string;
  readonly report?: string;
  readonly skip?: CleanRule[];
  readonly lowestBy?: "e_above_hull" | "formation_energy_per_atom";
  readonly nearest?: number;
  readonly cellTolerance?: number;
  readonly types?: true;
}

const LOWEST_BY = {
  e_above_hull: "energyAboveHullEvPerAtom",
  formation_energy_per_atom: "formationEnergyEvPerAtom",
} as const;

export function addCleanCommand(data: Command, io: Io): void {
  data
    .command("clean")
    .summary("leave out duplicates and mistakes, row by row with a reason")
    .description(
      "Clean a table: ids twice, clashing atoms, labels out of range (taken off, the row stays), duplicates, ordering " +
        "variants of one alloy, and where asked all polymorphs of a formula but the lowest. Without --out nothing is written.",
    )
    .argument("<table>", "Parquet table of structures")
    .option("--out <table>", "write the cleaned table")
    .option("--report <file.jsonl>", "every decision, one JSON record a line")
    .addOption(
      new Option("--lowest-by <label>", "keep one polymorph per formula, lowest in this").choices(
        Object.keys(LOWEST_BY),
      ),
    )
    .addOption(new Option("--skip <rule...>", "rules not to apply").choices(CLEAN_RULES))
    .option("--nearest <Å>", "atoms nearer than this clash (default 0.65)", positiveNumber("Å"))
    .option(
      "--cell-tolerance <fraction>",
      "cells equal within this are duplicates (default 0.01)",
      positiveNumber("fraction"),
    )
    .option("--types", "fill in structure types: computed once, they stay in the table")
    .addHelpText(
      "after",
      "\nExamples:\n  ewald data clean mine.parquet --report why.jsonl\n  ewald data clean mine.parquet --out clean.parquet --lowest-by e_above_hull",
    )
    .action((path: string, flags: CleanFlags) => clean(path, flags, io));
}

async function clean(path: string, flags: CleanFlags, io: Io): Promise<void> {
  await loadSymmetry();
  const table = await openStructureTable(path);
  const unreadable: RowProblem[] = [];
  const options: CleanOptions = {
    ...(flags.skip === undefined ? {} : { skip: flags.skip }),
    ...(flags.lowestBy === undefined ? {} : { lowestBy: LOWEST_BY[flags.lowestBy] }),
    ...(flags.nearest === undefined ? {} : { nearestAngstrom: flags.nearest }),
    ...(flags.cellTolerance === undefined ? {} : { cellTolerance: flags.cellTolerance }),
  };
  const sources = new Set<string>();
  async function* read(onProblem: (problem: RowProblem) => void): AsyncGenerator<StructureRow> {
    for await (const row of table.rows({ onProblem })) {
      if (row.source !== null) sources.add(row.source);
      yield row;
    }
  }
  const plan = await planCleaning(
    read((problem) => void unreadable.push(problem)),
    options,
  );
  const report = [...unreadable, ...plan.report];
  const lines = [
    `${table.name}: ${table.rowCount} rows, ${plan.kept} kept`,
    ...problemLines(report),
  ];
  if (flags.out !== undefined) {
    const kept = cleanedRows(
      read(() => undefined),
      plan,
    );
    const rows = flags.types ? withStructureTypes(kept) : kept;
    await saveStructureTable(flags.out, rows, { provenance: provenanceOf(table, sources) });
    lines.push(`written: ${flags.out}`);
  }
  if (flags.report !== undefined) await writeReport(flags.report, report);
  await io.stdout(`${lines.join("\n")}\n`);
}
