import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { describedRow as makeRow } from "../../src/data/describe.ts";
import { openStructureTable } from "../../src/data/files.node.ts";
import { codSource, parseCodList } from "../../src/data/import/cod.ts";
import type { Web } from "../../src/data/import/http.ts";
import { importPages, systemWeb } from "../../src/data/import/import.node.ts";
import { materialsProjectSource } from "../../src/data/import/materials-project.ts";
import { optimadeSource } from "../../src/data/import/optimade.ts";
import { readNamedStructures as read } from "../../src/data/import/reader.ts";
import type { PagedSource } from "../../src/data/import/source.ts";
import type { StructureRow } from "../../src/data/structure-table.ts";

/** The real client and a real server; only the waits are not waited for. */
const waits: number[] = [];
const web: Web = { ...systemWeb, wait: async (ms) => void waits.push(ms) };
beforeAll(() => loadSymmetry());
const scratch = await mkdtemp(join(tmpdir(), "ewald-import-"));
afterAll(() => rm(scratch, { recursive: true }));

type Fault = (request: IncomingMessage, response: ServerResponse) => void;
const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Fault =>
  (_, response) =>
    void response.writeHead(code, headers).end(body);
/** The connection breaks in the middle of the body. */
const cut: Fault = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"data":[{"id":"lost"', () => response.destroy());
};
const malformed: Fault = (_, response) =>
  void response.writeHead(200).end('{"data": [{"id": "half-a-page"');

let server: Server;
let base = "";
let requests: IncomingMessage[] = [];
let faults: Map<number, Fault> = new Map();
let answer: (request: IncomingMessage) => { status?: number; body: string } = () => ({ body: "" });

beforeEach(async () => {
  waits.length = 0;
  requests = [];
  faults = new Map();
  server = createServer((request, response) => {
    const fault = faults.get(requests.length);
    requests.push(request);
    if (fault !== undefined) return fault(request, response);
    const { status, body } = answer(request);
    response.writeHead(status ?? 200, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const cubic = (a: number): number[][] => [
  [a, 0, 0],
  [0, a, 0],
  [0, 0, a],
];
const COUNT = 25;
const PAGE = 10;

function optimadeEntry(i: number): Record<string, unknown> {
  return {
    type: "structures",
    id: `entry-${i}`,
    attributes: {
      lattice_vectors: cubic(3 + i / 10),
      cartesian_site_positions: [
        [0, 0, 0],
        [(3 + i / 10) / 2, (3 + i / 10) / 2, (3 + i / 10) / 2],
      ],
      species_at_sites: ["Cs", "Cl"],
      species: ["Cs", "Cl"].map((name) => ({ name, chemical_symbols: [name], concentration: [1] })),
      structure_features: [],
      nsites: 2,
      _test_gap: i,
      _test_note: i > 20 ? "late" : null,
    },
  };
}

function optimadeAnswer(request: IncomingMessage): { body: string } {
  const url = new URL(request.url!, base);
  if (url.pathname === "/v1/info") {
    const attributes = {
      api_version: "1.2.0",
      license: "https://example.org/terms",
      available_licenses: ["CC-BY-4.0"],
    };
    return {
      body: JSON.stringify({
        data: { type: "info", id: "/", attributes },
        meta: {
          provider: { name: "Test provider", prefix: "test", homepage: "https://example.org" },
        },
      }),
    };
  }
  const offset = Number(url.searchParams.get("page_offset") ?? 0);
  const data = Array.from({ length: Math.min(PAGE, COUNT - offset) }, (_, i) =>
    optimadeEntry(offset + i),
  );
  url.searchParams.set("page_offset", String(offset + PAGE));
  const isLast = offset + PAGE >= COUNT;
  const meta = { data_returned: COUNT, more_data_available: !isLast };
  return {
    body: JSON.stringify({ data, meta, links: { next: isLast ? null : { href: url.href } } }),
  };
}

function optimade(politeness = {}): PagedSource {
  const request = {
    baseUrl: base,
    filter: 'elements HAS "Cs"',
    labels: { _test_gap: "band_gap" },
    fields: ["_test_note"],
  };
  return optimadeSource(web, request, read, makeRow, politeness);
}

async function tableRows(path: string): Promise<StructureRow[]> {
  const rows: StructureRow[] = [];
  for await (const row of await openStructureTable(path)) rows.push(row);
  return rows;
}
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `entry-${i}`);

describe("any OPTIMADE server", () => {
  beforeEach(() => {
    answer = optimadeAnswer;
  });

  test("follows the server's links to the end; labels, further fields, licence and citation stay with the table", async () => {
    const path = join(scratch, "whole.parquet");
    const progress: number[] = [];
    const report = await importPages(optimade(), path, ({ rows }) => progress.push(rows));
    expect(report).toMatchObject({ rows: COUNT, problems: 0, expected: COUNT, resumedRows: 0 });
    expect(progress).toEqual([10, 20, 25]);
    const rows = await tableRows(path);
    expect(rows.map((row) => row.id)).toEqual(ids(COUNT));
    expect(rows[7]!.labels).toEqual({ bandGapEv: 7 });
    expect([rows[0]!.extra, rows[24]!.extra]).toEqual([
      { _test_note: null },
      { _test_note: "late" },
    ]);
    const [provenance] = (await openStructureTable(path)).provenance;
    expect(provenance).toMatchObject({
      licence: "CC-BY-4.0",
      origin: `${base}/v1`,
      query: 'elements HAS "Cs"',
    });
    expect(provenance!.citations[0]).toBe("Test provider, https://example.org");
    const first = new URL(requests[0]!.url!, base);
    expect(first.searchParams.get("filter")).toBe('elements HAS "Cs"');
    expect(first.searchParams.get("response_fields")).toContain("lattice_vectors");
    expect(first.searchParams.get("response_fields")).toContain("assemblies");
    expect(await readdir(scratch)).toContain("whole.parquet");
    expect((await readdir(scratch)).filter((name) => name.includes("jsonl"))).toEqual([]);
  });

  test("waits as told by 429, backs off on 500, asks again after a cut or malformed page: every row once", async () => {
    faults = new Map([
      [0, status(429, { "retry-after": "7" })],
      [1, status(500)],
      [2, status(503)],
      [4, cut],
      [5, malformed],
      [6, status(429, { "retry-after": new Date(Date.now() + 60_000).toUTCString() })],
      [8, (request) => request.socket.destroy()],
    ]);
    const path = join(scratch, "faults.parquet");
    const report = await importPages(optimade({ pauseMs: 5, backOffMs: 100 }), path);
    expect(report).toMatchObject({ rows: COUNT, problems: 0 });
    expect((await tableRows(path)).map((row) => row.id)).toEqual(ids(COUNT));
    // request 0 after the pause; then 7 s as told, back-off 200, 400; page 2: 100, 200, and the date; …
    expect(waits.slice(0, 7)).toEqual([5, 7000, 200, 400, 5, 100, 200]);
    expect(waits[7]).toBeGreaterThan(57_000);
    expect(waits[7]).toBeLessThanOrEqual(60_000);
    expect(waits.slice(8)).toEqual([5, 100, 5]);
  });

  test("gives up after its tries, keeps what it has, and goes on from there when asked again", async () => {
    const path = join(scratch, "resumed.parquet");
    const down = Array.from({ length: 7 }, (_, i): [number, Fault] => [2 + i, status(502)]);
    faults = new Map(down);
    await expect(importPages(optimade(), path)).rejects.toMatchObject({
      code: "import/unreachable",
      message: expect.stringContaining("502"),
    });
    expect((await readdir(scratch)).filter((name) => name.startsWith("resumed"))).toEqual([
      "resumed.parquet.import.jsonl",
    ]);
    faults = new Map();
    const before = requests.length;
    const report = await importPages(optimade(), path);
    expect(report).toMatchObject({ rows: COUNT, resumedRows: 20 });
    expect((await tableRows(path)).map((row) => row.id)).toEqual(ids(COUNT));
    // Only the last page and the server's description were asked for again.
    expect(requests.length - before).toBe(2);
  });

  test("a journal cut in the middle of a line (killed while writing) loses that page only", async () => {
    const path = join(scratch, "killed.parquet");
    faults = new Map([[2, status(400, {}, "bad filter")]]);
    await expect(importPages(optimade(), path)).rejects.toMatchObject({
      code: "import/refused",
      message: expect.stringContaining("bad filter"),
    });
    const journal = `${path}.import.jsonl`;
    const text = await readFile(journal, "utf8");
    for (const lost of [1, 200, 1000]) {
      await writeFile(journal, text.slice(0, -lost));
      faults = new Map();
      const report = await importPages(optimade(), path);
      expect(report).toMatchObject({ rows: COUNT, resumedRows: 10, problems: 0 });
      expect((await tableRows(path)).map((row) => row.id)).toEqual(ids(COUNT));
    }
  });

  test("the journal of another request is not continued", async () => {
    const path = join(scratch, "other.parquet");
    faults = new Map([[1, status(400)]]);
    await expect(importPages(optimade(), path)).rejects.toMatchObject({ code: "import/refused" });
    const other = optimadeSource(web, { baseUrl: base, filter: "nelements=3" }, read, makeRow);
    await expect(importPages(other, path)).rejects.toMatchObject({ code: "import/other-request" });
  });

  test("entries that are no structures are reported, repeated ids kept once, missing ones counted", async () => {
    answer = (request) => {
      const { body } = optimadeAnswer(request);
      if (request.url!.includes("/info")) return { body };
      const page = JSON.parse(body) as { data: Record<string, unknown>[] };
      if (page.data.length < PAGE) page.data = page.data.slice(0, 2);
      else {
        page.data[3] = optimadeEntry(2);
        page.data[4] = {
          id: "no-lattice",
          attributes: { ...(page.data[4]!["attributes"] as object), lattice_vectors: null },
        };
        page.data[5] = { attributes: {} };
      }
      return { body: JSON.stringify(page) };
    };
    const report = await importPages(optimade(), join(scratch, "odd.parquet"));
    const codes = report.problemRows.map(({ id, code }) => `${id} ${code}`);
    expect(codes.filter((text) => text.includes("duplicate"))).toEqual([
      "entry-2 table/duplicate-id",
      "entry-2 table/duplicate-id",
    ]);
    expect(codes.filter((text) => text === "null import/entry")).toHaveLength(2);
    expect(codes.filter((text) => text.startsWith("no-lattice"))).toHaveLength(2);
    expect(codes.at(-1)).toBe("null import/count");
    expect(report.rows + report.problems - 1).toBe(22);
  });

  test("a server whose next page is an earlier one is left", async () => {
    answer = (request) => {
      const page = JSON.parse(optimadeAnswer(request).body) as { links: unknown; meta: object };
      return {
        body: JSON.stringify({ ...page, meta: {}, links: { next: `${base}${requests[0]!.url!}` } }),
      };
    };
    await expect(importPages(optimade(), join(scratch, "loop.parquet"))).rejects.toMatchObject({
      code: "import/loop",
    });
  });

  test("refuses an address that is none", () => {
    for (const baseUrl of ["example", "ftp://example.org"]) {
      expect(() => optimadeSource(web, { baseUrl }, read, makeRow)).toThrow(
        expect.objectContaining({ code: "import/address" }),
      );
    }
  });

  test("a wait longer than allowed ends the run", async () => {
    faults = new Map([[0, status(429, { "retry-after": "86400" })]]);
    await expect(importPages(optimade(), join(scratch, "long.parquet"))).rejects.toMatchObject({
      code: "import/unreachable",
      details: { value: 86400 },
    });
  });
});

describe("the Materials Project", () => {
  const document = (i: number): object => ({
    material_id: `mp-${i}`,
    structure: {
      "@class": "Structure",
      lattice: { matrix: cubic(4) },
      sites: [
        { species: [{ element: "Na", occu: 1 }], abc: [0, 0, 0] },
        { species: [{ element: "Cl", occu: 1 }], abc: [0.5, 0.5, 0.5] },
      ],
    },
    formation_energy_per_atom: -2.1,
    energy_above_hull: 0,
    band_gap: 5.1,
    bulk_modulus: i === 1 ? { voigt: 24, reuss: 23, vrh: 23.5 } : null,
    shear_modulus: null,
    homogeneous_poisson: null,
    theoretical: i === 2,
  });

  test("pages by 2, sends the key in the header only, maps labels", async () => {
    answer = (request) => {
      const skip = Number(new URL(request.url!, base).searchParams.get("_skip"));
      const data = [0, 1, 2, 3, 4].slice(skip, skip + 2).map(document);
      return { body: JSON.stringify({ data, meta: { total_doc: 5 } }) };
    };
    const source = materialsProjectSource(
      web,
      { key: "sEcReT", baseUrl: base, query: { elements: "Na,Cl" }, pageLimit: 2 },
      read,
      makeRow,
    );
    const path = join(scratch, "mp.parquet");
    expect(await importPages(source, path)).toMatchObject({ rows: 5, problems: 0, expected: 5 });
    const rows = await tableRows(path);
    expect(rows[1]!.labels).toEqual({
      formationEnergyEvPerAtom: -2.1,
      energyAboveHullEvPerAtom: 0,
      bandGapEv: 5.1,
      bulkModulusGpa: 23.5,
    });
    expect(rows.map((row) => row.inIcsd)).toEqual([true, true, false, true, true]);
    expect(
      requests.every(
        (request) => request.headers["x-api-key"] === "sEcReT" && !request.url!.includes("sEcReT"),
      ),
    ).toBe(true);
    expect(requests[0]!.url).toContain("elements=Na%2CCl");
    expect((await openStructureTable(path)).provenance[0]!.licence).toBe("CC-BY-4.0");
    expect(JSON.stringify(await readFile(path, "latin1"))).not.toContain("sEcReT");
  });

  test("no key or a wrong one: said at once, with the way out", async () => {
    expect(() => materialsProjectSource(web, { key: " " }, read, makeRow)).toThrow(
      expect.objectContaining({ code: "import/key" }),
    );
    faults = new Map([[0, status(403, {}, "<html>Invalid authentication credentials</html>")]]);
    const source = materialsProjectSource(web, { key: "wrong", baseUrl: base }, read, makeRow);
    await expect(importPages(source, join(scratch, "key.parquet"))).rejects.toMatchObject({
      code: "import/refused",
      message: expect.stringContaining("Invalid authentication credentials"),
      details: { hint: "Check the key." },
    });
    expect(requests).toHaveLength(1);
  });
});

describe("COD by list", () => {
  const cif = `data_9008678
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'F m -3 m'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 0 0 0
Cl1 0.5 0.5 0.5
`;

  test("one CIF per number, a missing number is a problem row, a cut one is asked for again", async () => {
    answer = (request) =>
      request.url!.includes("9000002")
        ? { status: 404, body: "not here" }
        : { body: request.url!.includes("9000004") ? "data_4\n_cell_length_a '5.64" : cif };
    faults = new Map([
      [2, cut],
      [4, (_, response) => void response.writeHead(200).end("<html>maintenance</html>")],
    ]);
    const numbers = parseCodList(
      "9000001, 9000002\n# a comment\nCOD-9000003.cif 9000004\n9000001\n",
    );
    expect(numbers).toEqual(["9000001", "9000002", "9000003", "9000004"]);
    const path = join(scratch, "cod.parquet");
    const report = await importPages(
      await codSource(web, numbers, read, makeRow, { baseUrl: base }),
      path,
    );
    expect((await tableRows(path)).map((row) => row.id)).toEqual(["cod-9000001", "cod-9000003"]);
    expect(report.problemRows.map(({ id, code }) => [id, code])).toEqual([
      ["cod-9000002", "import/not-found"],
      ["cod-9000004", "cif/no-structure"],
    ]);
    expect((await openStructureTable(path)).provenance[0]!.licence).toBe("CC0-1.0");
    expect(waits[0]).toBe(500);
  });

  test("a word that is no number is refused with its line", () => {
    expect(() => parseCodList("9000001\nquartz")).toThrow(
      expect.objectContaining({
        code: "import/cod-number",
        details: expect.objectContaining({ line: 2 }),
      }),
    );
  });
});
