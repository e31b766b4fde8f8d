/** From what a training made to the files of `models/<system>/`: networks, further files, and the card that names them all. */
import { sha256Hex } from "../formats/hash.ts";
import type { ModelCard, ModelEntry } from "./model-store.ts";

/** Numbers of the test part: by task, by name of the figure. */
export type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface MadeModels {
  readonly system: string;
  /** Tables that were learned from. */
  readonly data: ModelCard["data"];
  readonly models: Readonly<
    Record<string, { readonly onnx: Uint8Array; readonly entry: ModelEntry }>
  >;
  /** Files that the system has beside its models, by name; the card names their hashes. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Further files, which the card does not name. */
  readonly unlisted?: Readonly<Record<string, string | Uint8Array>>;
  /** Whether models of an earlier training in the same folder stay, or all of a system work together. */
  readonly earlier: "keep" | "replace";
  readonly scores: Scores;
}

/**
 * The files of `models/<system>/` by name, the card last: a run that is killed while it writes them leaves the card that was.
 * @param before card of the folder that they go into, where there is one
 */
export async function modelFolder(
  { system, data, models, files = {}, unlisted = {}, earlier }: MadeModels,
  before?: ModelCard,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const kept = earlier === "keep" ? before : undefined;
  const tables = new Map(
    [...(kept?.data ?? []), ...data].map((entry) => [entry.sha256, entry] as const),
  );
  const hashes: Record<string, string> = { ...kept?.files };
  for (const [name, bytes] of Object.entries(files)) hashes[name] = await sha256Hex(bytes);
  const entries = Object.entries(models).map(([name, { entry }]) => [name, entry] as const);
  const card: ModelCard = {
    system,
    data: [...tables.values()],
    models: { ...kept?.models, ...Object.fromEntries(entries) },
    ...(Object.keys(hashes).length === 0 ? {} : { files: hashes }),
  };
  return new Map<string, string | Uint8Array>([
    ...Object.entries(unlisted),
    ...Object.entries(files),
    ...Object.entries(models).map(([name, { onnx }]) => [`${name}.onnx`, onnx] as const),
    ["card.json", `${JSON.stringify(card, null, 2)}\n`],
  ]);
}
