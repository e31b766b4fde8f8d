import { gzipSync } from "node:zlib";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { zipSync } from "fflate";
import { packTar } from "modern-tar";
import { afterAll, describe, expect, test } from "vitest";
import { openStructureTable } from "../../src/data/files.node.ts";
import { type EwaldError } from "../../src/errors.ts";
import {
  folderFiles,
  importItems,
  tarArchiveFiles,
  zipArchiveFiles,
} from "../../src/data/import/import.node.ts";
import {
  type CsvOptions,
  type ImportFile,
  type ImportItem,
  passedOverText,
  structuresOfCsv,
  structuresOfFiles,
} from "../../src/data/import/local.ts";
import { parseCsv } from "../../src/formats/csv.ts";
import { makeRow, read } from "./stub-reader.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-local-"));
afterAll(() => rm(scratch, { recursive: true }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
function summary(item: ImportItem): string {
  if ("row" in item) return item.row.id;
  if ("passedOver" in item) return `passed over: ${item.passedOver.id}`;
  return `${item.problem.id}: ${item.problem.code}`;
}

describe("CSV", () => {
  const rows = async (pieces: string[]): Promise<unknown[]> =>
    (await collect(parseCsv(pieces))).map(({ line, fields }) => [line, fields].flat());

  test("quotes, commas, line breaks, both line ends, a byte order mark", async () => {
    const text = '\uFEFFa,b\r\n1,"x, ""y""\nz"\n\n2,\r3,"",\n"",4';
    expect(await rows([text])).toEqual([
      [1, "a", "b"],
      [2, "1", 'x, "y"\nz'],
      [5, "2", ""],
      [6, "3", "", ""],
      [7, "", "4"],
    ]);
  });

  test("any table survives writing and reading, however it is cut into pieces", async () => {
    const field = fc.string({
      unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é"),
      maxLength: 6,
    });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.array(fc.nat(40), { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n"),
        async (rows, cuts, end) => {
          const text = rows
            .map((fields) => fields.map((x) => `"${x.replaceAll('"', '""')}"`).join(",") + end)
            .join("");
          const at = [
            0,
            ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b),
            text.length,
          ];
          const pieces = at.slice(1).map((cut, i) => text.slice(at[i], cut));
          expect((await collect(parseCsv(pieces))).map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });

  test.each([
    ['a,b\n1,"x\ny', "csv/unterminated-quote", 2],
    ['a,b\n1,"x"y', "csv/quote", 2],
  ])("%j → %s in line %d", async (text, code, line) => {
    await expect(rows([text])).rejects.toMatchObject({ code, details: { line } });
  });
});

describe("a CSV with a CIF per row", () => {
  // The columns of CDVAE's MP-20.
  const header =
    ",material_id,formation_energy_per_atom,band_gap,pretty_formula,e_above_hull,elements,cif,spacegroup.number";
  const cif = '"data_x\n_cell_length_a ""5""\n"';
  const line = (id: string, gap: string, text = cif): string =>
    `0,${id},-1.5,${gap},NaCl,0.01,"['Na', 'Cl']",${text},225`;
  const csv = async (text: string, options: Partial<CsvOptions> = {}): Promise<ImportItem[]> =>
    collect(structuresOfCsv([text], "mp.csv", { source: "mp_20", ...options }, read, makeRow));

  test("labels by their columns, one row each, faults reported with their line", async () => {
    const text = [
      header,
      line("mp-1", "5.0"),
      line("mp-2", "wide"),
      line("mp-3", ""),
      line("mp-4", "1", "BROKEN"),
      "1,2,3",
    ].join("\n");
    const items = await csv(text);
    expect(items.map(summary)).toEqual([
      "mp-1",
      "mp-2: csv/number",
      "mp-3",
      "mp-4: stub/broken",
      "2: csv/row-length",
    ]);
    const rows = items.flatMap((item) => ("row" in item ? [item.row] : []));
    expect(rows.map((row) => row.labels)).toEqual([
      { formationEnergyEvPerAtom: -1.5, bandGapEv: 5, energyAboveHullEvPerAtom: 0.01 },
      { formationEnergyEvPerAtom: -1.5, energyAboveHullEvPerAtom: 0.01 },
    ]);
    const problems = items.flatMap((item) => ("problem" in item ? [item.problem.message] : []));
    expect(problems[0]).toContain("mp.csv:5");
  });

  test("other names of columns are told; further columns are kept as text", async () => {
    const text = `key,structure,gap,note\nA,${cif},2.5,hello\nB,${cif},,\n`;
    const items = await csv(text, {
      cifColumn: "structure",
      idColumn: "key",
      labels: { gap: "bandGapEv" },
    });
    const path = join(scratch, "csv.parquet");
    async function* stream(): AsyncGenerator<ImportItem> {
      yield* items;
    }
    const provenance = [{ source: "mp_20", licence: "MIT", citations: ["T. Xie et al. (2022)"] }];
    expect(await importItems(stream(), path, provenance)).toMatchObject({ rows: 2, problems: 0 });
    const table = await openStructureTable(path);
    const rows = await collect(table);
    expect(rows.map(({ id, labels, extra, source }) => ({ id, labels, extra, source }))).toEqual([
      { id: "A", labels: { bandGapEv: 2.5 }, extra: { note: "hello" }, source: "mp_20" },
      { id: "B", labels: {}, extra: { note: null }, source: "mp_20" },
    ]);
    expect(table.provenance).toEqual(provenance);
  });

  test.each([
    ["a,b\n1,2", {}, "csv/missing-column"],
    ["", {}, "csv/empty"],
    [`id,cif\nA,${cif}`, { labels: { id: "colour" } }, "import/label"],
  ])("%j is refused", async (text, options, code) => {
    await expect(csv(text, options)).rejects.toMatchObject({ code });
  });
});

describe("folders and archives", () => {
  const files: Record<string, string> = {
    "a.cif": "data_a",
    "deep/er/b.cif": "data_b",
    "deep/broken.cif": "BROKEN",
    POSCAR: "poscar",
    "POSCAR.1": "another",
    "by-content.txt": "data_c",
    "notes.txt": "not a structure",
    "deep/page.cif": "not a structure",
    "._a.cif": "resource fork",
  };
  const expected = [
    "POSCAR",
    "POSCAR.1",
    "a",
    "by-content.txt",
    "deep/broken.cif: stub/broken",
    "deep/er/b",
    "deep/page.cif: read/unrecognised",
    "passed over: notes.txt",
  ];
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const entries = Object.entries(files).map(([name, text]) => ({
    header: { name, size: encode(text).length, type: "file" as const },
    body: encode(text),
  }));
  const importOf = async (from: AsyncIterable<ImportFile>): Promise<string[]> =>
    (await collect(structuresOfFiles(from, { source: "mine" }, read, makeRow))).map(summary).sort();

  test("a folder and what is below it", async () => {
    const folder = join(scratch, "folder");
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    expect(await importOf(folderFiles(folder))).toEqual(expected);
  });

  test("links to files, archives and what is damaged or too large, in a folder", async () => {
    const folder = join(scratch, "mixed");
    await mkdir(folder);
    await writeFile(join(folder, "packed.zip"), zipSync({ "in/q.cif": encode("data_q") }));
    await writeFile(join(folder, "cut.tgz"), gzipSync(await packTar(entries)).subarray(0, 100));
    await writeFile(join(folder, "WAVECAR"), "");
    await truncate(join(folder, "WAVECAR"), 65 * 1024 * 1024);
    await symlink(join(scratch, "folder/a.cif"), join(folder, "linked.cif"));
    await symlink(join(scratch, "nowhere"), join(folder, "dangling"));
    expect(await importOf(folderFiles(folder))).toEqual([
      "cut.tgz: archive/damaged",
      "linked",
      "packed.zip/in/q",
      "passed over: WAVECAR",
    ]);
  });

  test("what is passed over is counted, and some of it named", () => {
    const problems = ["a", "b", "c", "d", "e", "f"].map((id) => ({
      row: null,
      id,
      code: "read/unrecognised",
      message: "",
    }));
    expect(passedOverText(problems.slice(0, 1))).toBe("1 file of another kind passed over: a");
    expect(passedOverText(problems)).toBe(
      "6 files of other kinds passed over: a, b, c, d and 2 more",
    );
  });

  test("a zip", async () => {
    const path = join(scratch, "files.zip");
    await writeFile(
      path,
      zipSync(
        Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encode(text)])),
      ),
    );
    expect(await importOf(zipArchiveFiles(path))).toEqual(expected);
  });

  test.each(["tar", "tar.gz"])("a %s", async (kind) => {
    const tar = await packTar(entries);
    const path = join(scratch, `files.${kind}`);
    await writeFile(path, kind === "tar" ? tar : gzipSync(tar));
    expect(await importOf(tarArchiveFiles(path))).toEqual(expected);
  });

  test('a tar of "." whose names begin with "./"', async () => {
    const dotted = entries.map(({ header, body }) => ({
      header: { ...header, name: `./${header.name}` },
      body,
    }));
    const folder = { header: { name: "./", size: 0, type: "directory" as const } };
    const path = join(scratch, "dotted.tar");
    await writeFile(path, await packTar([folder, ...dotted]));
    expect(await importOf(tarArchiveFiles(path))).toEqual(expected);
  });

  test("an archive without any structure file is refused, not an empty table", async () => {
    const path = join(scratch, "none.zip");
    await writeFile(path, zipSync({ "notes.txt": encode("not a structure") }));
    const error = await importOf(zipArchiveFiles(path)).catch((thrown: EwaldError) => thrown);
    expect(error).toMatchObject({
      code: "import/no-structure-files",
      message: expect.stringContaining("passed over: notes.txt"),
    });
  });

  test.each(["tar", "tar.gz"])("a %s cut short is named, not read as whole", async (kind) => {
    const tar = await packTar(entries);
    const whole = kind === "tar" ? tar : gzipSync(tar);
    const path = join(scratch, `cut.${kind}`);
    await writeFile(path, whole.subarray(0, Math.floor(whole.length / 3) + 100));
    await expect(importOf(tarArchiveFiles(path))).rejects.toMatchObject({
      code: "archive/damaged",
    });
  });
});
