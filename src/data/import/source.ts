/**
 * An importer: a source that gives pages of rows, each with the cursor of the next. The runner
 * ({@link ../import.node.ts}) keeps every page in a journal before it asks for the next one, so that a run
 * can be killed at any time, goes on where it stood and never doubles a row.
 */
import type { EwaldError } from "../../errors.ts";
import type { Structure } from "../../crystal/structure.ts";
import type { Provenance } from "../provenance.ts";
import type { RowProblem, StructureRow } from "../structure-table.ts";

export interface ImportPage {
  readonly rows: readonly StructureRow[];
  /** Entries that could not be read: reported, never dropped in silence. */
  readonly problems: readonly RowProblem[];
  /** Cursor of the next page, null after the last. */
  readonly next: string | null;
  /** How many entries the source says there are in all, where it says so. */
  readonly expected?: number;
}

export interface PagedSource {
  /** The identity of the request: a journal of another request is not continued. */
  readonly identity: string;
  readonly firstCursor: string;
  page(cursor: string): Promise<ImportPage>;
  /** Licence and citation, asked of the server where it tells. */
  provenance(): Promise<Provenance>;
}

/** A structure as a reader of the crystal layer gives it, and what it is called there. */
export interface NamedStructure {
  readonly name: string | null;
  readonly structure: Structure;
}

/** The contents of a file: structures, and why others of the same file could not be read. */
export interface FileContent {
  readonly structures: readonly NamedStructure[];
  readonly failures: readonly EwaldError[];
}

/** Reads all structures of a file. @throws EwaldError where none can be. */
export type StructureReader = (content: Uint8Array | string, fileName: string) => FileContent;

/** Fills in formula, space group, Pearson symbol and the like. @throws EwaldError */
export type RowMaker = (structure: Structure, id: string, source: string) => StructureRow;
