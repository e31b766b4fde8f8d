/** Failures among many inputs: counted by input, named at the end, and every one of them in JSON where that was asked for. */
import { passedOverWords } from "../data/folder-walk.node.ts";
import { FOREIGN_CODES } from "./archives.ts";
import type { Input, Sources } from "./inputs.ts";
import type { Io } from "./io.ts";
import type { Failure } from "./job-runs.ts";

/** Failures named one by one to a person who watches; a file or pipe gets all. */
const FAILURES_SHOWN = 50;

/** One line of `--json`, among those of what succeeded. */
export interface FailureRecord extends Failure {
  readonly kind: "failure";
}

export interface FailureReport {
  /**
   * Takes the failures of one piece of work, and returns how many inputs they fail: a file of another kind, found by walking
   * a folder, is passed over.
   */
  add(input: Input, failures: readonly Failure[]): Promise<number>;
  /** Inputs of which something failed. */
  count(): number;
  print(): void;
}

export function failureReport(io: Io, sources: Sources, json: boolean): FailureReport {
  const most = io.interactive || json ? FAILURES_SHOWN : Infinity;
  const shown: Failure[] = [];
  let inputs = 0;
  let errors = 0;
  let foreign = 0;
  return {
    async add(input, failures) {
      const isForeign = ({ code }: Failure): boolean =>
        input.folder !== null && FOREIGN_CODES.has(code);
      const real = failures.filter((failure) => !isForeign(failure));
      if (real.length < failures.length) foreign++;
      // Of the rows of a table each is an input of its own, of a file all that it holds is one.
      const failed = input.kind === "rows" ? real.length : Math.min(1, real.length);
      inputs += failed;
      for (const failure of real) {
        if (++errors <= most) shown.push(failure);
        const record: FailureRecord = { kind: "failure", ...failure };
        if (json) await io.stdout(`${JSON.stringify(record)}\n`);
      }
      return failed;
    },
    count: () => inputs,
    print() {
      const words = passedOverWords(sources.passedOver, foreign);
      if (words !== "") io.stderr(`${words} passed over\n`);
      const total = sources.inputCount;
      const more = errors > inputs ? `, in whole or in part, with ${errors} errors` : "";
      if (inputs > 0 && total > 1) io.stderr(`${inputs} of ${total} inputs failed${more}:\n`);
      for (const { description } of shown) io.stderr(`error: ${description}\n`);
      const rest = errors - shown.length;
      const way = json ? "the JSON holds all" : "2> errors.txt writes all into a file";
      if (rest > 0) io.stderr(`… and ${rest} more (${way})\n`);
    },
  };
}
