/** Every job, by name: what is said of it at once, its code when it is first wanted. */
import type { Job, JobRecord, JobSpec } from "./job.ts";
import type { OptionSchema } from "./options.ts";
import { SIMULATE } from "./simulate/spec.ts";

/** A job whose options, session and records only its own code knows. */
export type AnyJob = Job<OptionSchema, unknown, JobRecord>;

export interface JobEntry {
  readonly spec: JobSpec;
  load(): Promise<AnyJob>;
}

export const JOBS: readonly JobEntry[] = [
  {
    spec: anySpec(SIMULATE),
    load: async () => anyJob((await import("./simulate/job.ts")).simulateJob),
  },
];

function anySpec<S extends OptionSchema>(spec: JobSpec<S>): JobSpec {
  return spec as unknown as JobSpec;
}

/** Options and session of a job come from its own `spec` and `open`: whoever drives it looks into neither. */
function anyJob<S extends OptionSchema, Session, R extends JobRecord>(
  job: Job<S, Session, R>,
): AnyJob {
  return job as unknown as AnyJob;
}

/** @throws Error for a name that no job has: names come from the table itself */
export function jobNamed(name: string): JobEntry {
  const entry = JOBS.find(({ spec }) => spec.name === name);
  if (entry === undefined) throw new Error(`no job is called ${name}`);
  return entry;
}
