/** The server of the page: its files and the models, nothing else, with the headers that keep everything on the machine. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PageServer, servePage } from "../../src/server/serve-page.node.ts";

const root = mkdtempSync(join(tmpdir(), "ewald-serve-"));
const folders = { folder: join(root, "page"), models: join(root, "models") };
let server: PageServer;

beforeAll(async () => {
  for (const folder of [join(folders.folder, "assets"), join(folders.models, "one")])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(folders.folder, "index.html"), "<title>page</title>");
  writeFileSync(join(folders.folder, "assets", "a.wasm"), "wasm");
  mkdirSync(join(folders.folder, "reference", "assets"), { recursive: true });
  writeFileSync(join(folders.folder, "reference", "index.html"), "<title>reference</title>");
  writeFileSync(join(folders.folder, "reference", "assets", "main.js"), "main");
  writeFileSync(join(folders.models, "one", "card.json"), "{}");
  writeFileSync(join(root, "secret"), "secret");
  server = await servePage({ ...folders, port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test("page, assets and models, with their types", async () => {
  const page = await fetch(server.url);
  expect(await page.text()).toBe("<title>page</title>");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const asset = await fetch(`${server.url}assets/a.wasm`);
  expect(asset.headers.get("content-type")).toBe("application/wasm");
  expect(asset.headers.get("cache-control")).toContain("immutable");
  expect(await (await fetch(`${server.url}models/one/card.json`)).text()).toBe("{}");
});

test("the networks' runtime comes from where it is installed, whatever hash the page gives its name", async () => {
  const runtime = join(root, "installed.wasm");
  writeFileSync(runtime, "the runtime");
  const own = await servePage({ ...folders, runtime, port: 0 });
  const address = "assets/ort-wasm-simd-threaded-DcHrbrbl.wasm";
  try {
    const answer = await fetch(own.url + address);
    expect(await answer.text()).toBe("the runtime");
    expect(answer.headers.get("content-type")).toBe("application/wasm");
    expect((await fetch(`${own.url}assets/other.wasm`)).status).toBe(404);
  } finally {
    await own.close();
  }
  expect((await fetch(server.url + address)).status).toBe(404);
});

test("the reference of the library; its files keep their names, so that a browser must ask again", async () => {
  for (const path of ["reference/index.html", "reference/"])
    expect(await (await fetch(server.url + path)).text()).toBe("<title>reference</title>");
  const script = await fetch(`${server.url}reference/assets/main.js`);
  expect(script.headers.get("cache-control")).toBe("no-cache");
});

test("a server without the reference says where it is", async () => {
  const answer = await fetch(`${server.url}reference/absent.html`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("npm run build");
});

test("every answer isolates the page and names no other origin", async () => {
  for (const path of ["", "assets/a.wasm", "absent"]) {
    const { headers } = await fetch(server.url + path);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(headers.get("content-security-policy")).not.toMatch(/https?:|\*|unsafe-inline/);
  }
});

test("what is known is not sent again", async () => {
  const tag = (await fetch(server.url)).headers.get("etag")!;
  const again = await fetch(server.url, { headers: { "If-None-Match": tag } });
  expect(again.status).toBe(304);
});

/** As sent: fetch would tidy up the path. */
function status(path: string, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { path, method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    sent.on("error", reject).end();
  });
}

test.each([
  "/../secret",
  "/..%2fsecret",
  "/models/../../secret",
  "/models/..%2f..%2fsecret",
  "/%00",
  "/%",
])("%s leads nowhere", async (path) => {
  expect(await status(path)).toBe(404);
});

test("folders and other methods are refused", async () => {
  expect(await status("/assets")).toBe(404);
  expect(await status("/", "POST")).toBe(405);
});

test("a port that is taken and a page that is not built are errors with a way out", async () => {
  const port = Number(new URL(server.url).port);
  await expect(servePage({ ...folders, port })).rejects.toMatchObject({ code: "serve/port" });
  await expect(servePage({ ...folders, folder: root, port: 0 })).rejects.toMatchObject({
    code: "serve/not-built",
  });
});
