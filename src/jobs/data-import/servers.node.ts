/** `data import optimade`, `mp` and `cod`: structures of servers into a table, page by page. */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { describedRow } from "../../data/describe.ts";
import { codSource, parseCodList } from "../../data/import/cod.ts";
import { importPages, systemWeb } from "../../data/import/import.node.ts";
import { materialsProjectSource } from "../../data/import/materials-project.ts";
import { optimadeSource } from "../../data/import/optimade.ts";
import { readNamedStructures as read } from "../../data/import/reader.ts";
import type { PagedSource } from "../../data/import/source.ts";
import { recordOf } from "../data-options.ts";
import type { Host, WholeJob } from "../job.ts";
import { imported, type ImportedTable, importedText, isPartial } from "./imported.ts";
import {
  type COD_OPTIONS,
  DATA_IMPORT_COD,
  DATA_IMPORT_MP,
  DATA_IMPORT_OPTIMADE,
  type MP_OPTIONS,
  type OPTIMADE_OPTIONS,
} from "./spec.ts";

async function fetched(
  source: PagedSource,
  options: { readonly out: string; readonly report?: string },
  host: Host,
): Promise<ImportedTable> {
  const report = await importPages(source, options.out, ({ rows, expected }) =>
    host.progress(`${rows}${expected === null ? "" : ` of ${expected}`} structures`),
  ).finally(() => host.progress(null));
  return imported(report, options, host);
}

export const importOptimadeJob: WholeJob<typeof OPTIMADE_OPTIONS, ImportedTable> = {
  spec: DATA_IMPORT_OPTIMADE,
  async perform([baseUrl], options, host) {
    await loadSymmetry();
    const { filter, field, pageLimit, licence } = options;
    const labels = recordOf(options.label);
    const request = {
      baseUrl: baseUrl!,
      ...(filter === undefined ? {} : { filter }),
      ...(field === undefined ? {} : { fields: field }),
      ...(labels === undefined ? {} : { labels }),
      ...(pageLimit === undefined ? {} : { pageLimit }),
      ...(licence === undefined ? {} : { licence }),
    };
    return fetched(optimadeSource(systemWeb, request, read, describedRow), options, host);
  },
  text: importedText,
  isPartial,
};

export const importMpJob: WholeJob<typeof MP_OPTIONS, ImportedTable> = {
  spec: DATA_IMPORT_MP,
  async perform(_inputs, options, host) {
    await loadSymmetry();
    const { pageLimit, url } = options;
    const query = recordOf(options.query);
    const request = {
      key: process.env["MP_API_KEY"] ?? "",
      ...(query === undefined ? {} : { query }),
      ...(pageLimit === undefined ? {} : { pageLimit }),
      ...(url === undefined ? {} : { baseUrl: url }),
    };
    return fetched(materialsProjectSource(systemWeb, request, read, describedRow), options, host);
  },
  text: importedText,
  isPartial,
};

export const importCodJob: WholeJob<typeof COD_OPTIONS, ImportedTable> = {
  spec: DATA_IMPORT_COD,
  async perform([path], options, host) {
    await loadSymmetry();
    const numbers = parseCodList(new TextDecoder().decode(await host.readFile(path!)));
    const address = options.url === undefined ? {} : { baseUrl: options.url };
    const source = await codSource(systemWeb, numbers, read, describedRow, address);
    return fetched(source, options, host);
  },
  text: importedText,
  isPartial,
};
