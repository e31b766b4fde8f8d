/** A CIF may hold a structure and a powder pattern; files of instruments are no CIF because some line begins with "_". */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { readContents, type WantedContent } from "../../src/data/contents.ts";

const structure = readFileSync("examples/quartz.cif", "utf8");
const rows = Array.from({ length: 60 }, (_, i) => `${20 + i * 0.05} ${((i * 7) % 11) - 5}`).join(
  "\n",
);
const profile = `\nloop_\n_pd_meas_2theta_scan\n_pd_proc_intensity_net\n${rows}\n`;
const read = (text: string, wanted: WantedContent = "everything") =>
  readContents(new TextEncoder().encode(text), "file.cif", { wanted });

beforeAll(async () => loadSymmetry());

describe("both kinds in one CIF", () => {
  test("the pattern was not mentioned", () => {
    const { contents, failures } = read(structure + profile);
    expect(contents.map(({ kind }) => kind)).toEqual(["structure", "scan"]);
    expect(failures).toEqual([]);
    expect(read(structure + profile, "anything").contents).toHaveLength(1);
    expect(read(structure + profile, "scan").contents.map(({ kind }) => kind)).toEqual(["scan"]);
    expect(() => read(structure + profile, "one-kind")).toThrow(/structure and a powder pattern/);
    expect(read(structure).contents).toHaveLength(1);
  });

  test("a pattern whose structure is broken is a pattern, and the structure a failure", () => {
    const broken = structure.replace(/_cell_length_a\s+\S+/, "_cell_length_a -4.9");
    expect(() => read(broken)).toThrow(/./);
    const { contents, failures } = read(broken + profile);
    expect(contents.map(({ kind }) => kind)).toEqual(["scan"]);
    expect(failures.map(({ code }) => code.split("/")[0])).toEqual(["cif"]);
  });

  test("a structure whose pattern is broken is a structure and a failure", () => {
    const { contents, failures } = read(structure + profile.replace("20.1 ", "30.1 "));
    expect(contents.map(({ kind }) => kind)).toEqual(["structure"]);
    expect(failures.map(({ code }) => code)).toEqual(["scan/unsorted-axis"]);
  });
});

test("the refusal is that of the reader which knows the file", () => {
  const uxd = `_FILEVERSION=2\n_DRIVE='THETA'\n_STEPSIZE=0.05\n_START=10\n_COUNTS\n1 2 3\n`;
  expect(() => read(uxd)).toThrow(
    expect.objectContaining({ code: "scan/not-a-scan", message: expect.stringContaining("THETA") }),
  );
  expect(() => read("data_x\n_cell_length_a 4\n")).toThrow(
    expect.objectContaining({ code: "cif/no-structure" }),
  );
});

test("the table of an EDS program is no unknown file: the refusal says what it is and where to give it", () => {
  const table = new TextEncoder().encode("Element,Atomic Conc.\nTi,33.1\nO,66.9\n");
  expect(() => readContents(table, "eds.csv")).toThrow(
    expect.objectContaining({
      code: "read/unrecognised",
      message: "a composition, neither a structure nor a scan",
      details: expect.objectContaining({
        hint: "It says what may be in a scan: ewald identify SCAN --composition eds.csv.",
      }),
    }),
  );
});
