/** The end of a run over many inputs: what is counted, what is listed, where the rest is. */
import { describe, expect, test } from "vitest";
import { failureReport } from "../../src/cli/failures.ts";
import type { Input, Sources } from "../../src/cli/inputs.ts";

const passedOver = { hidden: 0, repeated: 0, broken: 0, special: 0 };
const sources: Sources = { list: [], inputCount: 9, linked: new Set(), passedOver };
const file = (folder: string | null): Input => ({ kind: "file", path: "a.cif", folder });
const failures = (count: number, code = "cif/bad") =>
  Array.from({ length: count }, (_, i) => ({ input: "a.cif", code, description: `no. ${i}` }));

async function said(
  { interactive = false, json = false },
  added: readonly (readonly [Input, ReturnType<typeof failures>])[],
) {
  let stdout = "";
  let stderr = "";
  const io = {
    stdout: async (text: string) => void (stdout += text),
    stderr: (text: string) => void (stderr += text),
    interactive,
    columns: 80,
  };
  const report = failureReport(io, sources, json);
  const failed: number[] = [];
  for (const [input, entries] of added) failed.push(await report.add(input, entries));
  report.print();
  return { failed, count: report.count(), stdout, lines: stderr.trimEnd().split("\n") };
}

describe("failures at the end", () => {
  test("inputs are counted: a file once, rows of a table each", async () => {
    const rows: Input = { kind: "rows", path: "t.parquet", folder: null, contents: [] };
    const { failed, count, lines } = await said({}, [
      [file(null), failures(3)],
      [rows, failures(2)],
      [file(null), []],
    ]);
    expect([failed, count]).toEqual([[1, 2, 0], 3]);
    expect(lines[0]).toBe("3 of 9 inputs failed, in whole or in part, with 5 errors:");
  });

  test("a file of another kind fails only where it was named", async () => {
    const { failed, lines } = await said({}, [
      [file("folder"), failures(2, "read/wrong-kind")],
      [file(null), failures(1, "read/wrong-kind")],
    ]);
    expect(failed).toEqual([0, 1]);
    expect(lines.slice(0, 2)).toEqual([
      "1 file(s) of other kinds passed over",
      "1 of 9 inputs failed:",
    ]);
  });

  test("a person sees 50 and how to get all; a file gets all, JSON too", async () => {
    const added = [[file(null), failures(60)]] as const;
    const watched = await said({ interactive: true }, added);
    expect(watched.lines).toHaveLength(52);
    expect(watched.lines.at(-1)).toBe("… and 10 more (2> errors.txt writes all into a file)");
    expect((await said({}, added)).lines).toHaveLength(61);
    const json = await said({ json: true }, added);
    expect(json.lines.at(-1)).toBe("… and 10 more (the JSON holds all)");
    const records = json.stdout.trimEnd().split("\n");
    expect(records).toHaveLength(60);
    expect(JSON.parse(records[59]!)).toEqual({
      kind: "failure",
      input: "a.cif",
      code: "cif/bad",
      description: "no. 59",
    });
  });
});
