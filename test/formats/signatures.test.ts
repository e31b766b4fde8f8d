/** What a file is, from the table: every record is asked, a CIF may be of two kinds, readers and records agree. */
import { gzipSync, strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { endingOf, mayHold, signatureOf, unpacked } from "../../src/formats/signatures.ts";
import {
  BINARY_SIGNATURES,
  TEXT_SIGNATURES,
  ZIP_SIGNATURES,
} from "../../src/formats/signatures.table.ts";
import { BINARY_READERS, TEXT_READERS, ZIP_READERS } from "../../src/scan/readers/registry.ts";

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));
const zipOf = (...names: string[]): Uint8Array =>
  zipSync(Object.fromEntries(names.map((name) => [name, strToU8("x")])));

const CELL = "data_x\n_cell_length_a 4\n";
const ATOMS = "loop_\n_atom_site_label\n_atom_site_fract_x\nA 0\n";
const PATTERN = "loop_\n_pd_meas_2theta_scan\n_pd_meas_counts_total\n10 5\n";

describe("one file, one answer", () => {
  test.each([
    ["\x89PNG\r\n", "png", ["picture"]],
    ["PAR1\x15\x04", "parquet", ["table"]],
    ["\x08\x08\x12\x05ewald", "onnx", ["model"]],
    [`${"\0".repeat(257)}ustar\0${"0".repeat(300)}`, "tar", ["archive"]],
    ["RAW1.01\0", "bruker-raw3", ["scan"]],
    ["RAW_1.0", "stoe", ["other"]],
    ["\0\x01\x02\x03\x05", "binary", []],
    ["", "empty", []],
    [" \n\t\n", "empty", []],
    ["#GSAS-II instrument parameter file\n", "gsas2-instprm", ["instrument"]],
    ['{"kind":"instrument","zeroDeg":0}', "instrument", ["instrument"]],
    ['{"lattice": {"matrix": []}, "sites": []}', "json", ["structure"]],
    ['{"two_theta_values": [1, 2], "intensities": [3, 4]}', "json", ["scan"]],
    ["[Measurement conditions]\n1,2\n", "text", ["scan", "composition"]],
    ["<?xml version='1.0'?><a/>", "xml", ["other"]],
    ["10.0 5\n10.1 6\n", "text", ["scan", "composition"]],
    ["1 1 1\n1 1 1\n2 2 2\n3 3 3\n4 4 4\n", "text", ["scan", "composition"]],
    ["NaCl\n5.6\n1 0 0\n0 1 0\n0 0 1\nNa Cl\n1 1\nDirect\n", "poscar", ["structure"]],
    [`title with \0\x01\x02 of Fortran\nBANK 1 10 10 CONS 1000 10 0 0 STD\n`, "gsas", ["scan"]],
    // A line that begins with an underscore makes no CIF.
    ["_FILEVERSION=2\n_DRIVE='THETA'\n_START = 10\n_COUNTS\n1 2\n", "uxd", ["scan"]],
    ["_x _y\n1 2\n2 3\n", "text", ["scan", "composition"]],
  ])("%j", (text, format, kinds) => {
    expect(signatureOf(bytesOf(text))).toMatchObject({ format, kinds });
  });

  test.each([
    ["a structure", CELL + ATOMS, ["structure"]],
    ["a pattern", CELL + PATTERN, ["scan"]],
    ["both", CELL + ATOMS + PATTERN, ["structure", "scan"]],
    ["neither: the reader of structures says what is missing", CELL, ["structure"]],
    [
      "a structure with items of a refinement",
      `${CELL}_pd_proc_ls_prof_R_factor 0.1\n${ATOMS}`,
      ["structure"],
    ],
    [
      "comments and blank lines before its first item",
      `data_x\n # one \n\n# two\n${CELL.slice(7)}`,
      ["structure"],
    ],
    ["no line data_", `_cell_length_a 4\n${ATOMS}`, ["structure"]],
  ])("a CIF with %s", (_what, text, kinds) => {
    expect(signatureOf(text)).toMatchObject({ format: "cif", kinds });
    expect(signatureOf(bytesOf(text)).kinds).toEqual(kinds);
    const utf16 = bytesOf(`\xff\xfe${[...text].map((one) => `${one}\0`).join("")}`);
    expect(signatureOf(utf16).kinds).toEqual(kinds);
  });

  test("a ZIP by its members", () => {
    expect(signatureOf(zipOf("Experiment0/RawData0.xml")).format).toBe("brml");
    expect(signatureOf(zipOf("Data0/Profile0.txt")).kinds).toEqual(["scan"]);
    expect(signatureOf(zipOf("xl/workbook.xml")).what).toBe("an Excel workbook");
    const files = signatureOf(zipOf("a.cif", "b.xy"));
    expect(files).toMatchObject({ format: "zip", kinds: ["archive"] });
    expect(files.what).toContain("2 other file(s) (a.cif, b.xy)");
    expect(() => signatureOf(zipOf("a.cif").subarray(0, 20))).toThrow(
      expect.objectContaining({ code: "zip/corrupt" }),
    );
  });

  test("gzip around a file is undone once", () => {
    const packed = gzipSync(strToU8(CELL + ATOMS));
    expect(signatureOf(unpacked(packed)).format).toBe("cif");
    expect(signatureOf(unpacked(gzipSync(packed))).format).toBe("gzip");
  });
});

test("names promise, and decide nothing", () => {
  const promised = (name: string): string[] =>
    (["structure", "table", "archive"] as const).filter((kind) => endingOf(kind).test(name));
  expect(promised("a.CIF")).toEqual(["structure"]);
  expect(promised("a.parquet")).toEqual(["table"]);
  expect(promised("a.tar.gz")).toEqual(["archive"]);
  expect(promised("a.xy")).toEqual([]);
});

test("every scan of the table has its reader, every reader its record, and no format two records", () => {
  const records = [...BINARY_SIGNATURES, ...ZIP_SIGNATURES, ...TEXT_SIGNATURES];
  const formats = records.map(({ format }) => format);
  expect(formats).toEqual([...new Set(formats)]);
  const scans = records
    .filter((one) => mayHold(one, "scan") || one.items?.scan !== undefined)
    .map(({ format }) => format);
  const read = [...BINARY_READERS.keys(), ...ZIP_READERS.keys(), ...TEXT_READERS.keys()];
  expect(scans.toSorted()).toEqual(read.toSorted());
});

test("hostile texts take no time", () => {
  const comments = `data_x\n${"# \t \n".repeat(1e4)}x`;
  expect(signatureOf(comments).format).toBe("text");
  for (const unit of [
    "\n",
    " \n",
    "#\n",
    "# ",
    "data_\n",
    "<Sample ",
    "[1\n",
    "{\n",
    "_a\n",
    "1 ",
  ]) {
    const text = unit.repeat(Math.ceil(1e6 / unit.length));
    const start = performance.now();
    signatureOf(text);
    expect(performance.now() - start, JSON.stringify(unit)).toBeLessThan(500);
  }
});
