/** Output that breaks: a closed pipe, a full disk. */
import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { endAtBrokenOutput } from "../../src/cli/io.ts";

function brokenBy(code: string, stream: "stdout" | "stderr" = "stdout") {
  const codes: number[] = [];
  let said = "";
  const write = (text: string): void => void (said += text);
  const streams = {
    stdout: new EventEmitter(),
    stderr: Object.assign(new EventEmitter(), { write }),
  };
  endAtBrokenOutput({ ...streams, exit: (exitCode) => void codes.push(exitCode) });
  streams[stream].emit("error", Object.assign(new Error(`${code}: no way`), { code }));
  return { codes, said };
}

describe("output that breaks", () => {
  test("a full disk is one line and no stack, exit 3", () => {
    expect(brokenBy("ENOSPC")).toEqual({
      codes: [3],
      said: "error: standard output: cannot write: no space is left [file/not-written]\n",
    });
  });

  test("a closed pipe is a wish, not an error", () => {
    expect(brokenBy("EPIPE")).toEqual({ codes: [0], said: "" });
  });

  test("a broken stderr ends nothing", () => {
    expect(brokenBy("ENOSPC", "stderr")).toEqual({ codes: [], said: "" });
  });
});
