/**
 * A job: one thing that Ewald does to inputs, defined once for library, command line, page and cluster. It prints nothing and
 * touches no file: what it needs of the world comes through {@link Environment}.
 */
import type { Content, ReadContentsOptions } from "../data/contents.ts";
import type { EwaldError, Warning } from "../errors.ts";
import type { MadeModels } from "../models/model-folder.ts";
import type { ReadModelFile } from "../models/model-store.ts";
import type { Runtime } from "../net/runtime.ts";
import type { OptionSchema, OptionsOf } from "./options.ts";

/** The world outside of a job, which it asks for files, models and a runtime. */
export interface Environment {
  /** Whether a word that could be a value itself is the path of a file. */
  isFile(path: string): Promise<boolean>;
  /** Bytes of a file that an option names. @throws EwaldError `file/not-read` */
  readFile(path: string): Promise<Uint8Array>;
  /** Files of a system's models: the user's own over those that come with Ewald. @throws EwaldError `model/not-read` */
  models(system: string, folder?: string): ReadModelFile;
  /** The networks' runtime. */
  runtime(options: { readonly threads?: number }): Promise<Runtime>;
}

/** Everything that is said of a job before it runs; no code of the job itself is loaded for it. */
export interface JobSpec<S extends OptionSchema = OptionSchema> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** The inputs in words: "files and folders". */
  readonly inputs: string;
  /** The content that is meant of a file that could be both, and the meaning of a table of structures to this job. */
  readonly takes: "structures" | "scans" | "anything";
  readonly options: S;
  /** Files that the job can write of all its records, by option. */
  readonly outputs: Readonly<Record<string, OutputSpec>>;
  /** Command lines that run. */
  readonly examples: readonly string[];
  /**
   * Refuses options and outputs that contradict each other, before anything is opened.
   * @param outputs names of the outputs that were asked for
   * @throws EwaldError `usage/contradiction`
   */
  refuse?(options: OptionsOf<S>, outputs: ReadonlySet<string>): void;
  /** Light work, for worker threads: no network, no state that is dear to make. */
  readonly inThreads: boolean;
  /** The records are texts of files ({@link FileRecord}), written where {@link Job.files} says instead of printed. */
  readonly writesFiles?: true;
}

export interface OutputSpec {
  readonly help: string;
  readonly kind: "figure" | "html" | "text";
  readonly placeholder: string;
  /** So many records are kept for it; further ones are said to be left out. */
  readonly most: number;
}

/** @typeParam Printed what `--json` prints of a record: docs/records.schema.json is made from it */
export interface Job<S extends OptionSchema, Session, R extends JobRecord, Printed = R> {
  readonly spec: JobSpec<S>;
  /**
   * Makes what serves all inputs, once.
   * @param outputs names of the outputs that were asked for: what they alone need is made for them alone
   */
  open(
    options: OptionsOf<S>,
    environment: Environment,
    outputs: ReadonlySet<string>,
  ): Promise<Session>;
  /** How the options were understood, in lines for people, where that is not plain from their words. */
  notes?(session: Session): readonly string[];
  /** How the inputs are read; default by what the job takes. */
  reading?(session: Session): ReadContentsOptions;
  /**
   * @param place where among the contents of its input this one stands, absent where it is the only one
   * @throws EwaldError for this content alone
   */
  run(content: Content, session: Session, place?: number): R | Promise<R>;
  /** So many contents are answered at once by `runMany`, where that costs less than one by one. */
  readonly chunk?: number;
  /**
   * Many contents at once, of one or several inputs, in their order. Both ways give the same records.
   * @returns an EwaldError in the place of what cannot be answered
   */
  runMany?(contents: readonly Content[], session: Session): Promise<readonly (R | EwaldError)[]>;
  /** For people who read a terminal. */
  text(record: R): string;
  /** The JSON of `--json`; the record itself unless it holds more than that. */
  json?(record: R): Printed;
  /** Where the files go, of a job that writes files. */
  files?(session: Session): FilePlace;
  /** Whether a record has a part in an output; each has unless said. */
  concerns?(name: string, record: R): boolean;
  /**
   * The content of a file that `spec.outputs` names.
   * @param records those that it concerns, at most as many as it takes
   * @throws EwaldError `usage/contradiction` where these records do not make one
   */
  output?(
    name: string,
    records: readonly R[],
    session: Session,
    imprint: Imprint,
  ): string | Uint8Array | Promise<string | Uint8Array>;
  close?(session: Session): Promise<void>;
}

/** Everything that is said of a whole job before it runs. */
export interface WholeJobSpec<S extends OptionSchema = OptionSchema> {
  /** Words of the command: "calibrate", "data clean". */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** Arguments in order, as help shows them: `<scan>`, `[item]`. */
  readonly arguments: readonly { readonly name: string; readonly help: string }[];
  readonly options: S;
  /** Whether `--json` prints the record. */
  readonly json: boolean;
  readonly examples: readonly string[];
}

/** A training as the ledger keeps it: how to get the numbers again, and the numbers. */
export interface TrainingRecord extends Pick<MadeModels, "data" | "models"> {
  /** The part of the command line that decides the numbers. */
  readonly run: {
    readonly table: readonly string[];
    /** Default: those that the tables had labels for. */
    readonly task: readonly string[] | undefined;
    readonly withComposition: boolean;
    readonly split: "grouped" | "random";
    readonly fractions: Readonly<Record<string, number>>;
    readonly seed: string;
    readonly epochs?: number;
    readonly threads: number | undefined;
  };
  readonly wallSeconds: number;
}

/** Where a whole job runs: it tells people what it does, writes files and can be called off. */
export interface Host extends Environment {
  /** A line for people, beside the result. */
  note(text: string): void;
  /** The work under way, on a line that is redrawn where somebody watches; null clears it. */
  progress(text: string | null): void;
  /** Raised when the user wants to stop: the work ends at the next step that can be gone on from. */
  readonly signal: AbortSignal;
  /** A file, whole or not at all. @throws EwaldError `file/not-written` */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** The test part's numbers of a training into a ledger of results. */
  recordTraining(folder: string, training: TrainingRecord): Promise<void>;
  /** A figure in the format that the name of its file says. @throws EwaldError `file/not-written`, `usage/figure-format` */
  writeFigure(path: string, svg: string): Promise<void>;
}

/**
 * A job that takes its inputs as a whole (a table, a folder, an item of a paper) and gives one record.
 * @typeParam Printed what `--json` prints of the record
 */
export interface WholeJob<S extends OptionSchema, R, Printed = R> {
  readonly spec: WholeJobSpec<S>;
  /** @returns null where it was called off */
  perform(inputs: readonly string[], options: OptionsOf<S>, host: Host): Promise<R | null>;
  text(record: R): string;
  /** The JSON of `--json`; the record itself unless it holds more than that. */
  json?(record: R): Printed;
  /** Part of the input could not be used: the exit code says so. */
  isPartial?(record: R): boolean;
}

/** Fields that every record has. */
export interface JobRecord {
  readonly kind: string;
  readonly input: string;
}

/** A report's statements on its making. */
interface Imprint {
  /** The version of Ewald. */
  readonly version: string;
  /** "2026-11-21" */
  readonly date: string;
}

/** A record that is the text of a file. */
export interface FileRecord extends JobRecord {
  /** Which of several structures of the input: data block, row, or a number. */
  readonly part?: string;
  /** Format of the input. */
  readonly format: string;
  /** "2334 points", "9 atoms". */
  readonly size: string;
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/** Where results go: into one file or standard output, or into a folder as files of one ending. */
export interface FilePlace {
  /** Path, or `-` for standard output; a folder of that name is `./-`. */
  readonly path: string;
  /** Ending of the files in the folder `path`; absent where `path` is the file. */
  readonly folderEnding?: string;
}
