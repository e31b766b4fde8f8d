/** What all trainings on the command line share: Ctrl-C that ends well, progress lines, model cards. */
import { join } from "node:path";
import {
  loadModelCard,
  type ModelCard,
  type ModelEntry,
  provenanceOf,
  sha256Hex,
  type StructureTable,
} from "../data/index.ts";
import { fileIdentity, folderModels } from "../data/node.ts";
import { EwaldError } from "../errors.ts";
import { type Progress, progressLine } from "../net/index.ts";
import { type Io, writeOutput } from "./io.ts";

/** Runs `work` with a signal that the first Ctrl-C raises; a second one ends the process as usual. */
export async function untilInterrupted<T>(
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    io.stderr("\nstopping after this step; the same command goes on from here\n");
    controller.abort();
  };
  process.once("SIGINT", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
  }
}

/** One line that is redrawn where a person watches, one line per epoch elsewhere. */
export function trainingProgress(io: Io): (progress: Progress) => void {
  let drawn = 0;
  return (progress) => {
    const { entry } = progress;
    if (entry !== undefined) {
      const numbers = Object.entries({ ...entry.validation })
        .map(([name, value]) => `${name} ${value.toFixed(4)}`)
        .join("  ");
      const mark = entry.best ? " *" : "";
      const clear = io.interactive ? "\r\u001B[K" : "";
      io.stderr(
        `${clear}epoch ${entry.epoch}  loss ${entry.train["loss"]!.toFixed(4)}  ${numbers}${mark}\n`,
      );
      return;
    }
    if (!io.interactive || Date.now() - drawn < 200) return;
    drawn = Date.now();
    io.stderr(`\r\u001B[K${progressLine(progress).slice(0, io.columns - 1)}`);
  };
}

/** A table as the card names it: hash, licence, whom to cite. */
export async function dataOfCard(
  path: string,
  table: StructureTable,
  sources: Iterable<string>,
): Promise<ModelCard["data"][number]> {
  const { name, sha256 } = await fileIdentity(path);
  const records = provenanceOf(table, sources);
  const distinct = (texts: readonly (string | null)[]): string =>
    [...new Set(texts.filter((text) => text !== null && text !== ""))].join("; ");
  return {
    name,
    sha256,
    licence: distinct(records.map(({ licence }) => licence)) || "not stated",
    attribution:
      distinct(records.flatMap(({ source, citations }) => [source, ...citations])) || "not stated",
  };
}

async function cardOf(folder: string, system: string): Promise<ModelCard | undefined> {
  try {
    return await loadModelCard(folderModels(folder), system);
  } catch (error) {
    if (error instanceof EwaldError && error.code === "model/not-read") return undefined;
    throw error;
  }
}

/**
 * Puts models into `<folder>/<system>/`: the ONNX files, and the card with them beside those that were there, or in their place
 * where all models of a system work together.
 * @param files what the system has beside its models, by name; the card names their hashes
 */
export async function saveModels(
  folder: string,
  system: string,
  data: ModelCard["data"],
  models: Readonly<Record<string, { readonly onnx: Uint8Array; readonly entry: ModelEntry }>>,
  {
    earlier = "keep",
    files: further = {},
  }: {
    readonly earlier?: "keep" | "replace";
    readonly files?: Readonly<Record<string, Uint8Array>>;
  } = {},
): Promise<void> {
  const before = earlier === "keep" ? await cardOf(folder, system) : undefined;
  const files = new Map(
    [...(before?.data ?? []), ...data].map((entry) => [entry.sha256, entry] as const),
  );
  const hashes = { ...before?.files };
  for (const [name, bytes] of Object.entries(further)) hashes[name] = await sha256Hex(bytes);
  const card: ModelCard = {
    system,
    data: [...files.values()],
    models: {
      ...before?.models,
      ...Object.fromEntries(Object.entries(models).map(([name, { entry }]) => [name, entry])),
    },
    ...(Object.keys(hashes).length === 0 ? {} : { files: hashes }),
  };
  for (const [name, bytes] of Object.entries(further))
    await writeOutput(join(folder, system, name), bytes);
  for (const [name, { onnx }] of Object.entries(models))
    await writeOutput(join(folder, system, `${name}.onnx`), onnx);
  await writeOutput(join(folder, system, "card.json"), `${JSON.stringify(card, null, 2)}\n`);
}
