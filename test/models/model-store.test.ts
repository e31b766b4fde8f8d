import { createServer } from "node:http";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256Hex } from "../../src/formats/hash.ts";
import { folderModels } from "../../src/models/model-store.node.ts";
import { loadModel, loadModelCard, urlModels } from "../../src/models/model-store.ts";

const ONNX = Uint8Array.of(8, 10, 18, 5);

async function modelFolder(change: (card: Record<string, unknown>) => void = () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "models-"));
  const card = {
    system: "toy",
    data: [
      { name: "table", sha256: "0".repeat(64), licence: "CC-BY-4.0", attribution: "A. Author" },
    ],
    models: {
      small: {
        title: "cloud to class",
        version: "1",
        sha256: await sha256Hex(ONNX),
        commit: "unknown",
        seed: 1,
        split: "by formula",
        details: { classes: ["no", "yes"] },
      },
    },
  };
  change(card);
  await mkdir(join(folder, "toy"));
  await writeFile(join(folder, "toy", "card.json"), JSON.stringify(card));
  await writeFile(join(folder, "toy", "small.onnx"), ONNX);
  return folder;
}

test("a model with its card, and who it is", async () => {
  const { onnx, entry, identity } = await loadModel(
    folderModels(await modelFolder()),
    "toy",
    "small",
  );
  expect(Uint8Array.from(onnx)).toEqual(ONNX);
  expect(entry.details["classes"]).toEqual(["no", "yes"]);
  expect(identity).toEqual({ name: "toy/small", version: "1", hash: await sha256Hex(ONNX) });
});

test("what is wrong is named", async () => {
  const read = folderModels(await modelFolder());
  await expect(loadModel(read, "toy", "large")).rejects.toMatchObject({
    code: "model/unknown",
    details: { hint: "It has small." },
  });
  await expect(loadModelCard(read, "other")).rejects.toMatchObject({ code: "model/not-read" });
  const damaged = await modelFolder();
  await writeFile(join(damaged, "toy", "small.onnx"), "x");
  await expect(loadModel(folderModels(damaged), "toy", "small")).rejects.toMatchObject({
    code: "model/damaged",
  });
  const wrong = await modelFolder((card) => delete card["data"]);
  await expect(loadModelCard(folderModels(wrong), "toy")).rejects.toThrow(/data/);
});

test("from a server", async () => {
  const read = folderModels(await modelFolder());
  const server = createServer((request, response) => {
    read(request.url!.slice("/models/".length)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const remote = urlModels(`http://localhost:${port}/models/`);
    expect((await loadModel(remote, "toy", "small")).identity.name).toBe("toy/small");
    await expect(loadModelCard(remote, "other")).rejects.toMatchObject({ code: "model/not-read" });
  } finally {
    server.close();
  }
});
