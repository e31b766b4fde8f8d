/** A folder as store: written beside, flushed to the disk, then renamed. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "./store.ts";

/** Checkpoints in a folder, each written beside the old one and renamed. */
export function folderStore(folder: string): Store {
  return {
    async write(name, bytes) {
      await mkdir(folder, { recursive: true });
      const target = join(folder, name);
      const beside = `${target}.tmp`;
      const file = await open(beside, "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, target);
    },
    async read(name) {
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") return undefined;
        throw error;
      }
    },
    describe: (name) => join(folder, name),
  };
}
