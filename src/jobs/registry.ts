/** Every job, by name: what is said of it at once, its code when it is first wanted. */
import type { Job, JobRecord, JobSpec, WholeJob, WholeJobSpec } from "./job.ts";
import { CALIBRATE } from "./calibrate/spec.ts";
import { CONVERT } from "./convert/spec.ts";
import { DATA_CLEAN } from "./data-clean/spec.ts";
import { DATA_EMBEDDED } from "./data-embedded/spec.ts";
import {
  DATA_IMPORT_COD,
  DATA_IMPORT_CSV,
  DATA_IMPORT_FILES,
  DATA_IMPORT_MP,
  DATA_IMPORT_OPTIMADE,
} from "./data-import/spec.ts";
import { DATA_SHOW } from "./data-show/spec.ts";
import { DATA_SPLIT } from "./data-split/spec.ts";
import { EXTEND } from "./extend/spec.ts";
import { FIT } from "./fit/spec.ts";
import { IDENTIFY } from "./identify/spec.ts";
import {
  LIBRARY_BUILD,
  LIBRARY_EXPORT,
  LIBRARY_LIST,
  LIBRARY_SEARCH,
  LIBRARY_SHOW,
} from "./library/spec.ts";
import type { OptionSchema } from "./options.ts";
import { PREDICT } from "./predict/spec.ts";
import { READ } from "./read/spec.ts";
import { SIMULATE } from "./simulate/spec.ts";
import { TRAIN_RECIPROCAL, TRAIN_STRUCTURE_TYPE } from "./train/spec.ts";

/** A job whose options, session and records only its own code knows: whoever drives it looks into none of them. */
export type AnyJob = Job<OptionSchema, unknown, JobRecord, unknown>;
export type AnyWholeJob = WholeJob<OptionSchema, unknown>;

/** Input by input. */
export interface JobEntry {
  readonly spec: JobSpec;
  load(): Promise<AnyJob>;
}

export interface WholeJobEntry {
  readonly spec: WholeJobSpec;
  load(): Promise<AnyWholeJob>;
}

function job<S extends OptionSchema, Session, R extends JobRecord, Printed>(
  spec: JobSpec<S>,
  load: () => Promise<Job<S, Session, R, Printed>>,
): JobEntry {
  return { spec, load } as unknown as JobEntry;
}

export function whole<S extends OptionSchema, R, Printed>(
  spec: WholeJobSpec<S>,
  load: () => Promise<WholeJob<S, R, Printed>>,
): WholeJobEntry {
  return { spec, load } as unknown as WholeJobEntry;
}

export const JOBS: readonly JobEntry[] = [
  job(READ, async () => (await import("./read/job.ts")).readJob),
  job(IDENTIFY, async () => (await import("./identify/job.ts")).identifyJob),
  job(FIT, async () => (await import("./fit/job.ts")).fitJob),
  job(SIMULATE, async () => (await import("./simulate/job.ts")).simulateJob),
  job(CONVERT, async () => (await import("./convert/job.ts")).convertJob),
  job(PREDICT, async () => (await import("./predict/job.ts")).predictJob),
  job(LIBRARY_SEARCH, async () => (await import("./library/search.ts")).librarySearchJob),
];

export const WHOLE_JOBS: readonly WholeJobEntry[] = [
  whole(CALIBRATE, async () => (await import("./calibrate/job.ts")).calibrateJob),
  whole(DATA_SHOW, async () => (await import("./data-show/job.node.ts")).dataShowJob),
  whole(DATA_IMPORT_FILES, async () => (await import("./data-import/job.node.ts")).importFilesJob),
  whole(DATA_IMPORT_CSV, async () => (await import("./data-import/job.node.ts")).importCsvJob),
  whole(
    DATA_IMPORT_OPTIMADE,
    async () => (await import("./data-import/servers.node.ts")).importOptimadeJob,
  ),
  whole(DATA_IMPORT_MP, async () => (await import("./data-import/servers.node.ts")).importMpJob),
  whole(DATA_IMPORT_COD, async () => (await import("./data-import/servers.node.ts")).importCodJob),
  whole(DATA_CLEAN, async () => (await import("./data-clean/job.node.ts")).dataCleanJob),
  whole(DATA_SPLIT, async () => (await import("./data-split/job.node.ts")).dataSplitJob),
  whole(DATA_EMBEDDED, async () => (await import("./data-embedded/job.node.ts")).dataEmbeddedJob),
  whole(TRAIN_RECIPROCAL, async () => (await import("./train/job.node.ts")).trainReciprocalJob),
  whole(
    TRAIN_STRUCTURE_TYPE,
    async () => (await import("./train/job.node.ts")).trainStructureTypeJob,
  ),
  whole(LIBRARY_LIST, async () => (await import("./library/list.ts")).libraryListJob),
  whole(LIBRARY_SHOW, async () => (await import("./library/show.ts")).libraryShowJob),
  whole(LIBRARY_EXPORT, async () => (await import("./library/show.ts")).libraryExportJob),
  whole(LIBRARY_BUILD, async () => (await import("./library/build.node.ts")).libraryBuildJob),
  whole(EXTEND, async () => (await import("./extend/job.node.ts")).extendJob),
];

/** @throws Error for a name that no job has: names come from the table itself */
export function jobNamed(name: string): JobEntry {
  const entry = JOBS.find(({ spec }) => spec.name === name);
  if (entry === undefined) throw new Error(`no job is called ${name}`);
  return entry;
}
