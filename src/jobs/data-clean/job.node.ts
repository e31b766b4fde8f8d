/** `data clean`: leave out what cannot be right or stands there twice, and say so row by row. */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { cleanedRows, planCleaning } from "../../data/clean.ts";
import { withStructureTypes } from "../../data/describe.ts";
import { openStructureTable, saveStructureTable } from "../../data/files.node.ts";
import { provenanceOf, type RowProblem, type StructureRow } from "../../data/structure-table.ts";
import { problemLines, problemLinesJson } from "../data-text.ts";
import type { WholeJob } from "../job.ts";
import { DATA_CLEAN, type DATA_CLEAN_OPTIONS } from "./spec.ts";

const LOWEST_BY = {
  e_above_hull: "energyAboveHullEvPerAtom",
  formation_energy_per_atom: "formationEnergyEvPerAtom",
} as const;

interface CleanedTable {
  readonly name: string;
  readonly rows: number;
  readonly kept: number;
  readonly report: readonly RowProblem[];
  readonly out?: string;
}

export const dataCleanJob: WholeJob<typeof DATA_CLEAN_OPTIONS, CleanedTable> = {
  spec: DATA_CLEAN,
  async perform([path], options, host) {
    const { out, report: reportFile, skip, lowestBy, nearest, cellTolerance, types } = options;
    await loadSymmetry();
    const table = await openStructureTable(path!);
    const unreadable: RowProblem[] = [];
    const sources = new Set<string>();
    async function* read(onProblem: (problem: RowProblem) => void): AsyncGenerator<StructureRow> {
      for await (const row of table.rows({ onProblem })) {
        if (row.source !== null) sources.add(row.source);
        yield row;
      }
    }
    const plan = await planCleaning(
      read((problem) => void unreadable.push(problem)),
      {
        ...(skip === undefined ? {} : { skip }),
        ...(lowestBy === undefined ? {} : { lowestBy: LOWEST_BY[lowestBy] }),
        ...(nearest === undefined ? {} : { nearestAngstrom: nearest }),
        ...(cellTolerance === undefined ? {} : { cellTolerance }),
      },
    );
    const report = [...unreadable, ...plan.report];
    if (out !== undefined) {
      const kept = cleanedRows(
        read(() => undefined),
        plan,
      );
      const rows = types ? withStructureTypes(kept) : kept;
      await saveStructureTable(out, rows, { provenance: provenanceOf(table, sources) });
    }
    if (reportFile !== undefined) await host.writeFile(reportFile, problemLinesJson(report));
    return {
      name: table.name,
      rows: table.rowCount,
      kept: plan.kept,
      report,
      ...(out === undefined ? {} : { out }),
    };
  },
  text: ({ name, rows, kept, report, out }) =>
    [
      `${name}: ${rows} rows, ${kept} kept`,
      ...problemLines(report),
      ...(out === undefined ? [] : [`written: ${out}`]),
    ].join("\n"),
};
