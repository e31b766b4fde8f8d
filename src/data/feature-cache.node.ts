/**
 * The feature cache on disk: `<folder>/<ab>/<key>.f32`. Entries appear by rename, so that any number of
 * writers may compute the same one at once and a reader sees a whole entry or none; a damaged one is computed anew.
 */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  decodeBlock,
  encodeBlock,
  type FeatureBlock,
  featureKey,
  type FeatureRequest,
} from "./feature-cache.ts";
import { replaceFile } from "./replace-file.node.ts";

export interface FeatureCache {
  readonly folder: string;
  /** The block from disk, or computed and kept. */
  remember(
    request: FeatureRequest,
    compute: () => FeatureBlock | Promise<FeatureBlock>,
  ): Promise<FeatureBlock>;
  /** The block from disk, or null. */
  recall(request: FeatureRequest): Promise<FeatureBlock | null>;
}

/** EWALD_CACHE, else XDG_CACHE_HOME/ewald, else ~/.cache/ewald. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment["EWALD_CACHE"]) return environment["EWALD_CACHE"];
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ewald");
}

export function openFeatureCache(folder = defaultCacheFolder()): FeatureCache {
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), `${key}.f32`);
  const recall = async (key: string): Promise<FeatureBlock | null> => {
    const bytes = await readFile(pathOf(key)).catch(() => null);
    return bytes === null ? null : decodeBlock(bytes);
  };
  return {
    folder,
    recall: async (request) => recall(await featureKey(request)),
    async remember(request, compute) {
      const key = await featureKey(request);
      const known = await recall(key);
      if (known !== null) return known;
      const block = await compute();
      const bytes = await encodeBlock(block);
      await replaceFile(pathOf(key), (handle) => handle.writeFile(bytes));
      return block;
    },
  };
}
