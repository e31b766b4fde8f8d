/** `ewald data import`: structures from files, servers and tables of others, with licence and citation. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import {
  codSource,
  describedRow,
  materialsProjectSource,
  optimadeSource,
  type PagedSource,
  parseCodList,
  passedOverText,
  type Provenance,
  readNamedStructures as read,
  readStructureFile,
  structuresOfCsv,
  structuresOfFiles,
} from "../../data/index.ts";
import {
  importItems,
  importPages,
  type ImportReport,
  sourceFiles,
  systemWeb,
  textPieces,
} from "../../data/node.ts";
import { EwaldError } from "../../errors.ts";
import { EXIT, type SetExit } from "../exit.ts";
import type { Io } from "../io.ts";
import { positiveInteger } from "../options.ts";
import { problemLines, writeReport } from "./data-report.ts";
import { provenanceText } from "./data-show.ts";

interface CommonFlags {
  readonly out: string;
  readonly report?: string;
}

interface LocalFlags extends CommonFlags {
  readonly source?: string;
  readonly licence?: string;
  readonly cite?: string[];
}

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** `band_gap=_oqmd_band_gap` lists to a record. */
function pairs(value: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = value.indexOf("=");
  if (at <= 0 || at === value.length - 1)
    throw new InvalidArgumentError(`"${value}" is not NAME=VALUE.`);
  return { ...earlier, [value.slice(0, at)]: value.slice(at + 1) };
}

function common(command: Command): Command {
  return command
    .requiredOption("--out <table>", "Parquet table to write")
    .option(
      "--report <file.jsonl>",
      "what could not be read or was passed over, one JSON record a line",
    );
}

function local(command: Command): Command {
  return common(command)
    .option("--source <name>", "name of the collection (default: the file's)")
    .option("--licence <licence>", "licence of the data, an SPDX identifier where there is one")
    .option("--cite <citation>", "citation, may be repeated", collect);
}

export function addImportCommands(data: Command, io: Io, setExit: SetExit): void {
  const command = data
    .command("import")
    .summary("make a table of structures from files and servers")
    .description(
      "Import structures into a table. What cannot be read is reported, never dropped in silence; licence and citation stay with the table.",
    );
  const finish = async (report: ImportReport, flags: CommonFlags): Promise<void> => {
    if (flags.report !== undefined)
      await writeReport(flags.report, [...report.problemRows, ...report.passedOver]);
    await io.stdout(`${describeReport(report, flags.out)}\n`);
    if (report.problemRows.length > 0) setExit(EXIT.inputFailed);
  };
  addFiles(command, finish);
  addCsv(command, finish);
  addServers(command, io, finish);
}

type Finish = (report: ImportReport, flags: CommonFlags) => Promise<void>;

function localProvenance(path: string, flags: LocalFlags): Provenance {
  return {
    source: flags.source ?? basename(path),
    licence: flags.licence ?? null,
    citations: flags.cite ?? [],
    origin: basename(path),
  };
}

function addFiles(command: Command, finish: Finish): void {
  local(command.command("files"))
    .summary("a folder, tar, tar.gz or zip of structure files")
    .argument("<path>", "folder, archive or one file (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON)")
    .addHelpText(
      "after",
      "\nExample:\n  ewald data import files cifs/ --out mine.parquet --licence CC-BY-4.0 --cite 'A. Author (2026)'",
    )
    .action(async (path: string, flags: LocalFlags) => {
      await loadSymmetry();
      const provenance = localProvenance(path, flags);
      const items = structuresOfFiles(
        await sourceFiles(path),
        { source: provenance.source },
        readStructureFile,
        describedRow,
      );
      await finish(await importItems(items, flags.out, [provenance]), flags);
    });
}

function addCsv(command: Command, finish: Finish): void {
  local(command.command("csv"))
    .summary("a CSV with a CIF per row (the form of MP-20)")
    .argument("<file>", "CSV table")
    .option("--cif-column <name>", "column of the CIF text", "cif")
    .option("--id-column <name>", "column of the id (default: material_id, id or name)")
    .option("--label <column=label>", "column that holds a label, may be repeated", pairs)
    .action(
      async (
        path: string,
        flags: LocalFlags & {
          cifColumn: string;
          idColumn?: string;
          label?: Record<string, string>;
        },
      ) => {
        await loadSymmetry();
        const provenance = localProvenance(path, flags);
        const options = {
          source: provenance.source,
          cifColumn: flags.cifColumn,
          ...(flags.idColumn === undefined ? {} : { idColumn: flags.idColumn }),
          ...(flags.label === undefined ? {} : { labels: flags.label }),
        };
        const items = structuresOfCsv(
          textPieces(path),
          basename(path),
          options,
          read,
          describedRow,
        );
        await finish(await importItems(items, flags.out, [provenance]), flags);
      },
    );
}

interface OptimadeFlags extends CommonFlags {
  readonly filter?: string;
  readonly field?: string[];
  readonly label?: Record<string, string>;
  readonly pageLimit?: number;
  readonly licence?: string;
}

function addServers(command: Command, io: Io, finish: Finish): void {
  const fetchAll = async (source: PagedSource, flags: CommonFlags): Promise<void> => {
    const onProgress = ({ rows, expected }: { rows: number; expected: number | null }): void => {
      if (io.interactive)
        io.stderr(`\r\u001B[K${rows}${expected === null ? "" : ` of ${expected}`} structures`);
    };
    const report = await importPages(source, flags.out, onProgress).finally(() => {
      if (io.interactive) io.stderr("\r\u001B[K");
    });
    await finish(report, flags);
  };
  common(command.command("optimade"))
    .summary("any OPTIMADE server")
    .description(
      "Follow a server's pages to the end, politely. A killed run goes on where it stood when the same command is given again.",
    )
    .argument("<url>", "base address, e.g. https://optimade.materialscloud.org/main/mc3d-pbe-v1")
    .option(
      "--filter <filter>",
      `OPTIMADE filter, e.g. 'elements HAS ALL "Si","O" AND nelements=2'`,
    )
    .option("--field <name>", "further field to keep, may be repeated", collect)
    .option("--label <field=label>", "field that holds a label, may be repeated", pairs)
    .option("--page-limit <n>", "entries per page", positiveInteger)
    .option("--licence <licence>", "licence, where the server states none")
    .action(async (baseUrl: string, flags: OptimadeFlags) => {
      await loadSymmetry();
      const request = {
        baseUrl,
        ...(flags.filter === undefined ? {} : { filter: flags.filter }),
        ...(flags.field === undefined ? {} : { fields: flags.field }),
        ...(flags.label === undefined ? {} : { labels: flags.label }),
        ...(flags.pageLimit === undefined ? {} : { pageLimit: flags.pageLimit }),
        ...(flags.licence === undefined ? {} : { licence: flags.licence }),
      };
      await fetchAll(optimadeSource(systemWeb, request, read, describedRow), flags);
    });
  common(command.command("mp"))
    .summary("the Materials Project (key in MP_API_KEY)")
    .option(
      "--query <term=value>",
      "search term of its API, e.g. elements=Si,O or nelements=2; may be repeated",
      pairs,
    )
    .option("--page-limit <n>", "entries per page, at most 1000", positiveInteger)
    .option("--url <address>", "another address of the API")
    .action(
      async (
        flags: CommonFlags & { query?: Record<string, string>; pageLimit?: number; url?: string },
      ) => {
        await loadSymmetry();
        const request = {
          key: process.env["MP_API_KEY"] ?? "",
          ...(flags.query === undefined ? {} : { query: flags.query }),
          ...(flags.pageLimit === undefined ? {} : { pageLimit: flags.pageLimit }),
          ...(flags.url === undefined ? {} : { baseUrl: flags.url }),
        };
        await fetchAll(materialsProjectSource(systemWeb, request, read, describedRow), flags);
      },
    );
  common(command.command("cod"))
    .summary("entries of the Crystallography Open Database by number")
    .argument("<list>", "text file of COD numbers")
    .option("--url <address>", "another address of the database")
    .action(async (path: string, flags: CommonFlags & { url?: string }) => {
      await loadSymmetry();
      const text = await readFile(path, "utf8").catch((cause: unknown) => {
        throw new EwaldError("file/not-found", "there is no list here", { source: path, cause });
      });
      const options = flags.url === undefined ? {} : { baseUrl: flags.url };
      await fetchAll(
        await codSource(systemWeb, parseCodList(text), read, describedRow, options),
        flags,
      );
    });
}

function describeReport(report: ImportReport, out: string): string {
  const resumed =
    report.resumedRows === 0 ? "" : ` (${report.resumedRows} of them by an earlier run)`;
  const lines = [
    `${out}: ${report.rows} structures${resumed}`,
    ...report.provenance.map(provenanceText),
  ];
  if (report.passedOver.length > 0) lines.push(passedOverText(report.passedOver));
  if (report.problemRows.length > 0)
    lines.push(
      `${report.problemRows.length} entries left out:`,
      ...problemLines(report.problemRows),
    );
  return lines.join("\n");
}
