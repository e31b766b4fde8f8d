/** Folders: dropped as a person does it, or chosen; nested, with what the system hides and what may not be read. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { pagePerTest, pageSession } from "../../support/page.ts";

const session = pageSession();
const opened = pagePerTest(session);
let page: Page;
beforeEach(() => {
  page = opened();
});

const measured = join(session.folder, "measured");
beforeAll(() => {
  mkdirSync(join(measured, "deep", "deeper"), { recursive: true });
  mkdirSync(join(measured, ".git"));
  mkdirSync(join(measured, "empty"));
  const copies = [
    ["quartz.cif", "quartz.cif"],
    ["rutile.cif", "deep/quartz.cif"],
    ["perovskite.vasp", "deep/deeper/POSCAR"],
    ["halite.cif", "locked.cif"],
    ["halite.cif", ".hidden.cif"],
    ["halite.cif", ".git/index.cif"],
  ] as const;
  for (const [from, to] of copies) cpSync(join("examples", from), join(measured, to));
  writeFileSync(join(measured, "notes.txt"), "to buy: bread\n");
});

/** Lets the browser refuse one file, as the system does where its rights forbid reading (root, who runs tests, may read all). */
async function lock(name: string): Promise<void> {
  await page.evaluate(`{
    const asEntry = DataTransferItem.prototype.webkitGetAsEntry;
    DataTransferItem.prototype.webkitGetAsEntry = function () {
      const folder = asEntry.call(this);
      const reader = Object.getPrototypeOf(folder.createReader());
      const { readEntries } = reader;
      reader.readEntries = function (done, failed) {
        readEntries.call(this, (entries) => {
          const locked = entries.find(({ name }) => name === ${JSON.stringify(name)});
          if (locked) locked.file = (_, refuse) => refuse(new DOMException("permission denied", "NotReadableError"));
          done(entries);
        }, failed);
      };
      return folder;
    };
  }`);
}

/** A true drop of files and folders of the disk. */
async function drop(paths: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: paths.map((path) => resolve(path)), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await devtools.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
}

async function rows(): Promise<Record<string, string>> {
  const all = await page.locator("tbody tr").all();
  const cells = all.map(async (row) => {
    const texts = await row.locator("td").allTextContents();
    // A structure that its file names carries that name behind the file's.
    return [texts[0]!.trim().split(": ")[0]!, texts.slice(2).join(" ").trim()] as const;
  });
  return Object.fromEntries(await Promise.all(cells));
}

test("a dropped folder is walked; files are named by their place in it; what may not be read says so", async () => {
  await lock("locked.cif");
  await drop([measured]);
  await page.getByText("all done, 2 failed").waitFor();
  const found = await rows();
  expect(Object.keys(found).sort()).toEqual([
    "measured/deep/deeper/POSCAR",
    "measured/deep/quartz.cif",
    "measured/locked.cif",
    "measured/notes.txt",
    "measured/quartz.cif",
  ]);
  expect(found["measured/quartz.cif"]).toMatch(/^SiO₂/);
  expect(found["measured/deep/quartz.cif"]).toMatch(/^TiO₂/);
  expect(found["measured/deep/deeper/POSCAR"]).toMatch(/^SrTiO₃/);
  expect(found["measured/locked.cif"]).toContain("permission denied");
  expect(found["measured/notes.txt"]).toMatch(/^failed/);
});

test("files beside a folder, and a folder with nothing in it", async () => {
  await drop(["examples/halite.cif", join(measured, "empty")]);
  await page.getByText("all done, 1 failed").waitFor();
  const found = await rows();
  expect(found["halite.cif"]).toMatch(/^NaCl/);
  expect(found["empty"]).toContain("no file in this folder");
});

test("a folder is chosen, too: by the keyboard", async () => {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "choose a folder" }).focus();
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(measured);
  await page.getByText("all done, 1 failed").waitFor();
  expect(Object.keys(await rows())).toHaveLength(5);
});
