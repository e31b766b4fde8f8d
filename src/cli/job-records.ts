/** Where the records of a job go: printed one by one, or written as files. */
import { mkdir } from "node:fs/promises";
import { EwaldError, type Warning } from "../errors.ts";
import type { FilePlace, FileRecord, JobRecord } from "../jobs/job.ts";
import { warningLines } from "../report/warning-lines.ts";
import { inputGuard, isStandardOutput, outputPath } from "./file-place.ts";
import type { Input } from "./inputs.ts";
import { type Io, writeOutput } from "./io.ts";
import type { OpenJob } from "./job-runs.ts";

export interface RecordSink {
  take(record: JobRecord, input: Input): Promise<void>;
  /** Number of records. */
  end(): Promise<number>;
}

/** Paths that were given and must not be written over. */
interface Given {
  readonly paths: readonly string[];
  /** Real paths that links in those folders lead to. */
  readonly linked: ReadonlySet<string>;
}

export async function recordSink(
  io: Io,
  { job, session }: OpenJob,
  isJson: boolean,
  given: Given,
): Promise<RecordSink> {
  if (job.files !== undefined) return fileSink(io, job.files(session), given);
  let count = 0;
  return {
    async take(record) {
      const gap = count++ > 0 ? "\n" : "";
      const line = isJson
        ? JSON.stringify(job.json?.(record) ?? record)
        : `${gap}${job.text(record)}`;
      await io.stdout(`${line}\n`);
    },
    end: async () => count,
  };
}

async function fileSink(io: Io, place: FilePlace, { paths, linked }: Given): Promise<RecordSink> {
  const refuseInput = await inputGuard(paths, linked);
  const isFolder = place.folderEnding !== undefined;
  if (isFolder) await mkdir(place.path, { recursive: true });
  const taken = new Map<string, FileRecord>();
  async function write(path: string, record: FileRecord): Promise<void> {
    if (isStandardOutput(path)) await io.stdout(record.text);
    else await writeOutput(path, record.text);
    const name = inputName(record);
    for (const line of warningLines(record.warnings)) io.stderr(`${name}: ${line.trim()}\n`);
    if (isStandardOutput(path)) return;
    io.stderr(`wrote ${path}  (${record.format}, ${record.size})\n`);
  }
  return {
    async take(given, input) {
      const record = given as FileRecord;
      const named = isFolder ? freeName(place, record, input, taken) : { path: place.path, record };
      const { path } = named;
      const other = taken.get(path);
      if (other !== undefined) {
        throw new EwaldError(
          "usage/contradiction",
          `${inputName(other)} and ${inputName(record)} would both become ${isStandardOutput(path) ? "standard output" : path}`,
          { hint: "Give a folder with --format." },
        );
      }
      if (!isStandardOutput(path)) await refuseInput(path);
      // Texts of a folder are written at once and not held; the one file waits until it is known to be one.
      taken.set(path, isFolder ? { ...record, text: "" } : record);
      if (isFolder) await write(path, named.record);
    },
    async end() {
      if (!isFolder) for (const [path, record] of taken) await write(path, record);
      return taken.size;
    },
  };
}

/** A name in the folder that nothing of this run has; a warning where another input has the plain one. */
function freeName(
  place: FilePlace,
  record: FileRecord,
  input: Input,
  taken: ReadonlyMap<string, FileRecord>,
): { readonly path: string; readonly record: FileRecord } {
  const plain = outputPath(place, record, input);
  let path = plain;
  for (let copy = 2; taken.has(path); copy++) path = outputPath(place, record, input, copy);
  const first = taken.get(plain);
  if (first === undefined || first.input === record.input) return { path, record };
  const renamed: Warning = {
    code: "convert/same-name",
    message: `${inputName(first)} became ${plain} already, so this becomes ${path}`,
  };
  return { path, record: { ...record, warnings: [...record.warnings, renamed] } };
}

function inputName({ input, part }: FileRecord): string {
  return part === undefined ? input : `${input} (${part})`;
}
