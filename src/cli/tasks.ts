/**
 * What is done to one input, in this process or in a worker: the same plain task in, the same plain
 * result out. Errors become records here, so that one bad file (or row) never stops the rest.
 */
import type { Content, ReadContentsOptions } from "../data/contents.ts";
import { describeError, EwaldError, withSource } from "../errors.ts";
import { loadContents } from "./contents.ts";
import type { Input } from "./inputs.ts";
import { convertTask } from "./tasks/convert.ts";
import { readTask } from "./tasks/read.ts";

const TASKS = { read: readTask, convert: convertTask } as const;

export type TaskName = keyof typeof TASKS;
export type TaskOptions<N extends TaskName> = Parameters<(typeof TASKS)[N]>[1];
export type TaskRecord<N extends TaskName> = ReturnType<(typeof TASKS)[N]>;

export interface Task<N extends TaskName = TaskName> {
  readonly name: N;
  readonly input: Input;
  readonly options: TaskOptions<N>;
}

export interface Failure {
  /** Path of the file, with the row's id for a table. */
  readonly input: string;
  readonly code: string;
  /** Position, message, code and way out in one line. */
  readonly description: string;
}

export interface TaskResult<N extends TaskName> {
  readonly records: readonly TaskRecord<N>[];
  readonly failures: readonly Failure[];
}

export async function runTask<N extends TaskName>(task: Task<N>): Promise<TaskResult<N>> {
  const work = TASKS[task.name] as (
    content: Content,
    options: TaskOptions<N>,
    place?: number,
  ) => TaskRecord<N>;
  const records: TaskRecord<N>[] = [];
  const failures: Failure[] = [];
  try {
    const loaded = await loadContents(task.input, task.options as ReadContentsOptions);
    for (const error of loaded.failures) failures.push(describeFailure(task.input.path, error));
    const counts = countByInput(loaded.contents);
    for (const [place, content] of loaded.contents.entries()) {
      try {
        const isOnly = task.input.kind === "file" && counts.get(content.input) === 1;
        records.push(work(content, task.options, isOnly ? undefined : place));
      } catch (error) {
        const { input, name } = content;
        failures.push(describeFailure(name === undefined ? input : `${input} (${name})`, error));
      }
    }
  } catch (error) {
    failures.push(describeFailure(task.input.path, error));
  }
  return { records, failures };
}

/** Files of an archive have names of their own; the structures of one file share its name. */
function countByInput(contents: readonly Content[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { input } of contents) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

export function describeFailure(input: string, error: unknown): Failure {
  if (error instanceof EwaldError) {
    return { input, code: error.code, description: describeError(withSource(error, input)) };
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    input,
    code: "internal",
    description: `${input}: internal error, please report it: ${reason}`,
  };
}
