/** A job that answers many contents at once, driven over inputs of any size. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type OpenJob, runChunks } from "../../src/cli/job-runs.ts";
import { findSources, inputsOf } from "../../src/cli/inputs.ts";
import { EwaldError } from "../../src/errors.ts";
import type { AnyJob } from "../../src/jobs/registry.ts";

const folder = mkdtempSync(join(tmpdir(), "ewald-chunks-"));
const cif = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `data_${name}\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n` +
        `_space_group_name_H-M_alt 'P 1'\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nPo 0 0 0\n`,
    )
    .join("\n");
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function jobThat(answer: (names: readonly string[]) => readonly (string | EwaldError)[]): {
  readonly open: OpenJob;
  readonly asked: string[][];
} {
  const asked: string[][] = [];
  const job = {
    spec: { name: "names", takes: "structures" },
    async runMany(contents: readonly { readonly name?: string; readonly input: string }[]) {
      const names = contents.map(({ name }) => name ?? "");
      asked.push(names);
      return answer(names).map((one) =>
        one instanceof EwaldError ? one : { kind: "name", input: one },
      );
    },
  } as unknown as AnyJob;
  return { open: { job, session: null }, asked };
}

async function runAll(paths: readonly string[], open: OpenJob, chunk: number) {
  const results = [];
  for await (const [input, { records, failures }] of runChunks(
    inputsOf(await findSources(paths)),
    open,
    chunk,
  )) {
    results.push([
      input.path.slice(folder.length + 1),
      records.map((record) => record.input).join(" "),
      failures.map(({ code }) => code).join(" "),
    ]);
  }
  return results;
}

test("inputs are gathered up to a chunk, one that holds more is cut, order and failures are kept", async () => {
  const paths = [
    file("a.cif", cif(["a"])),
    file("broken.cif", "data_x\nloop_\n_a\n_b\n1 2 3\n"),
    file("many.cif", cif(["b", "c", "d", "e", "f"])),
    file("last.cif", cif(["g"])),
  ];
  const { open, asked } = jobThat((names) =>
    names.map((name) => (name === "d" ? new EwaldError("test/d", "not d") : name)),
  );
  expect(await runAll(paths, open, 4)).toEqual([
    ["a.cif", "a", ""],
    ["broken.cif", "", expect.stringMatching(/^cif\//)],
    ["many.cif", "b c e f", "test/d"],
    ["last.cif", "g", ""],
  ]);
  expect(asked).toEqual([["a", "b", "c", "d"], ["e", "f"], ["g"]]);
});

test("what fails as a whole fails each of its contents, and the next are asked", async () => {
  let calls = 0;
  const { open } = jobThat((names) => {
    if (calls++ === 0) throw new EwaldError("test/all", "none of them");
    return names;
  });
  const paths = [file("one.cif", cif(["a", "b"])), file("two.cif", cif(["c", "d"]))];
  expect(await runAll(paths, open, 2)).toEqual([
    ["one.cif", "", "test/all test/all"],
    ["two.cif", "c d", ""],
  ]);
});
