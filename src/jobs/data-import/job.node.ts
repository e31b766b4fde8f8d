/** `data import files` and `csv`: structures of this machine into a table, with licence and citation. */
import { basename } from "node:path";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { describedRow } from "../../data/describe.ts";
import { importItems, sourceFiles, textPieces } from "../../data/import/import.node.ts";
import { structuresOfCsv, structuresOfFiles } from "../../data/import/local.ts";
import { readNamedStructures, readStructureFile } from "../../data/import/reader.ts";
import type { Provenance } from "../../data/provenance.ts";
import { recordOf } from "../data-options.ts";
import type { WholeJob } from "../job.ts";
import { imported, type ImportedTable, importedText, isPartial } from "./imported.ts";
import {
  type CSV_OPTIONS,
  DATA_IMPORT_CSV,
  DATA_IMPORT_FILES,
  type FILES_OPTIONS,
} from "./spec.ts";

function localProvenance(
  path: string,
  { source, licence, cite }: { source?: string; licence?: string; cite?: readonly string[] },
): Provenance {
  return {
    source: source ?? basename(path),
    licence: licence ?? null,
    citations: [...(cite ?? [])],
    origin: basename(path),
  };
}

export const importFilesJob: WholeJob<typeof FILES_OPTIONS, ImportedTable> = {
  spec: DATA_IMPORT_FILES,
  async perform([path], options, host) {
    await loadSymmetry();
    const provenance = localProvenance(path!, options);
    const items = structuresOfFiles(
      await sourceFiles(path!),
      { source: provenance.source },
      readStructureFile,
      describedRow,
    );
    return imported(await importItems(items, options.out, [provenance]), options, host);
  },
  text: importedText,
  isPartial,
};

export const importCsvJob: WholeJob<typeof CSV_OPTIONS, ImportedTable> = {
  spec: DATA_IMPORT_CSV,
  async perform([path], options, host) {
    await loadSymmetry();
    const provenance = localProvenance(path!, options);
    const { cifColumn, idColumn } = options;
    const labels = recordOf(options.label);
    const items = structuresOfCsv(
      textPieces(path!),
      basename(path!),
      {
        source: provenance.source,
        cifColumn,
        ...(idColumn === undefined ? {} : { idColumn }),
        ...(labels === undefined ? {} : { labels }),
      },
      readNamedStructures,
      describedRow,
    );
    return imported(await importItems(items, options.out, [provenance]), options, host);
  },
  text: importedText,
  isPartial,
};
