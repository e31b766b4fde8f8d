/** `library build`: a library of the user's own structures. */
import { join } from "node:path";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { describedRow } from "../../data/describe.ts";
import { openStructureTable } from "../../data/files.node.ts";
import { sourceFiles } from "../../data/import/import.node.ts";
import { passedOverText, structuresOfFiles } from "../../data/import/local.ts";
import { readStructureFile } from "../../data/import/reader.ts";
import { type RowProblem, rowStructure, type StructureRow } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import { hashesOf, PhaseLibraryBuilder } from "../../known/phases/library-files.ts";
import { libraryFolder } from "../../known/phases/phase-library.ts";
import { defaultModelsFolder } from "../../models/model-store.node.ts";
import type { Host, WholeJob } from "../job.ts";
import { LIBRARY_BUILD, type LIBRARY_BUILD_OPTIONS } from "./spec.ts";

/** The library that was made. */
export interface LibraryBuilt {
  readonly kind: "library";
  readonly name: string;
  readonly folder: string;
  readonly phases: number;
  /** Structures that could not be taken, and why. */
  readonly leftOut: readonly {
    readonly id: string;
    readonly code: string;
    readonly message: string;
  }[];
}

export const libraryBuildJob: WholeJob<typeof LIBRARY_BUILD_OPTIONS, LibraryBuilt> = {
  spec: LIBRARY_BUILD,
  async perform(_inputs, { from, name, models }, host) {
    const folder = join(models ?? defaultModelsFolder(), libraryFolder(name));
    await loadSymmetry();
    const builder = new PhaseLibraryBuilder();
    const unread: RowProblem[] = [];
    for await (const row of rowsOf(from, host, (problem) => unread.push(problem)))
      builder.add({
        structure: rowStructure(row),
        description: { id: row.id, source: name, isMeasured: true, ...nameOf(row) },
      });
    const built = builder.build();
    const leftOut = [
      ...unread.map(({ id, code, message }) => ({ id: id ?? from, code, message })),
      ...built.leftOut.map(({ id, error }) => ({ id, code: error.code, message: error.message })),
    ];
    for (const { id, message } of leftOut) host.note(`left out: ${id}: ${message}`);
    if (built.count === 0)
      throw new EwaldError("library/empty", `${from} holds no structure that can be kept`, {
        source: from,
      });
    for (const [file, bytes] of Object.entries(built.files))
      await host.writeFile(join(folder, file), bytes);
    const card = {
      system: libraryFolder(name),
      data: [],
      models: {},
      files: await hashesOf(built),
    };
    await host.writeFile(join(folder, "card.json"), `${JSON.stringify(card, null, 2)}\n`);
    return { kind: "library", name, folder, phases: built.count, leftOut };
  },
  text: ({ name, folder, phases, leftOut }) =>
    `${phases} phases in the library ${name}, ${leftOut.length} left out\n${folder}`,
  isPartial: ({ leftOut }) => leftOut.length > 0,
};

function nameOf({ extra }: StructureRow): { readonly name?: string } {
  const { mineral } = extra;
  return typeof mineral === "string" ? { name: mineral } : {};
}

async function* rowsOf(
  from: string,
  host: Host,
  onProblem: (problem: RowProblem) => void,
): AsyncGenerator<StructureRow> {
  if (/\.(?:parquet|parq|pq)$/i.test(from)) {
    yield* (await openStructureTable(from)).rows({ onProblem });
    return;
  }
  const passedOver: RowProblem[] = [];
  const files = await sourceFiles(from);
  for await (const item of structuresOfFiles(
    files,
    { source: from },
    readStructureFile,
    describedRow,
  )) {
    if ("row" in item) yield item.row;
    else if ("passedOver" in item) passedOver.push(item.passedOver);
    else onProblem(item.problem);
  }
  if (passedOver.length > 0) host.note(passedOverText(passedOver));
}
