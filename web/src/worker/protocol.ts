/** What page and worker say to each other. Everything is plain data; big arrays are moved, not copied, where they can be. */
import type { ErrorDetails } from "../../../src/errors.ts";
import type { Tasks } from "./tasks.ts";

export type TaskName = keyof Tasks;
export type TaskInput<N extends TaskName> = Parameters<Tasks[N]>[0];
export type TaskOutput<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>;

/** An error of the library as it crosses to the page. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** "line 12, column 5" */
  readonly place?: string;
  /** What may have been meant, each instead of the whole input. */
  readonly alternatives?: readonly string[];
}

/** Code of the problem that the networks' runtime could not be loaded. It does not load again in that worker, only in a new one. */
export const NO_RUNTIME = "page/no-runtime";

/** How far a task is: for people. */
export interface Progress {
  readonly text: string;
  /** 0 to 1; absent where nobody knows. */
  readonly share?: number;
}

export type Request<N extends TaskName = TaskName> = {
  readonly id: number;
  readonly task: N;
  readonly input: TaskInput<N>;
};

export type Response =
  | { readonly id: number; readonly kind: "progress"; readonly progress: Progress }
  | { readonly id: number; readonly kind: "done"; readonly output: unknown }
  | { readonly id: number; readonly kind: "failed"; readonly problem: Problem };

/** "line 12, column 5", "byte 88"; the name of the file is left out, the message stands beside it. */
export function placeOf({ line, column, byte }: ErrorDetails): string | undefined {
  if (line !== undefined)
    return column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return byte === undefined ? undefined : `byte ${byte}`;
}
