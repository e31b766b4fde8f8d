/** `ewald data embedded`: a table from nothing, to try things out on a fresh machine. */
import type { Command } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import { EMBEDDED_PROVENANCE, embeddedRows } from "../../data/index.ts";
import { saveStructureTable } from "../../data/node.ts";
import type { Io } from "../io.ts";
import { positiveInteger } from "../options.ts";
import { embeddedMark, provenanceText } from "./data-show.ts";

interface EmbeddedFlags {
  readonly out: string;
  readonly perType: number;
  readonly mostAtoms: number;
  readonly seed: number;
}

export function addEmbeddedCommand(data: Command, io: Io): void {
  data
    .command("embedded")
    .summary("make the embedded default table, from structure-type facts alone")
    .description(
      "Decorate known structure types with elements of fitting radius and charge. Enough to train and test every system " +
        "on a fresh machine; it is not data, and every output made from it says so.",
    )
    .requiredOption("--out <table>", "Parquet table to write")
    .option("--per-type <n>", "decorations of each structure type, at most", positiveInteger, 24)
    .option(
      "--most-atoms <n>",
      "leave out types with more atoms in the primitive cell",
      positiveInteger,
      40,
    )
    .option("--seed <n>", "another table", positiveInteger, 1)
    .action(async ({ out, perType, mostAtoms, seed }: EmbeddedFlags) => {
      await loadSymmetry();
      const provenance = [EMBEDDED_PROVENANCE];
      const rows = await saveStructureTable(out, embeddedRows({ perType, mostAtoms, seed }), {
        provenance,
      });
      await io.stdout(
        `${out}: ${rows} structures${embeddedMark(provenance)}\n${provenanceText(EMBEDDED_PROVENANCE)}\n`,
      );
    });
}
