/** The store in which a run keeps its checkpoint and history. `store.node.ts` has a folder; here, memory. */

export interface Store {
  /** Replaces a file as a whole: after a crash there is the old one or the new one, never a part. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** How to name the file to a person. */
  describe(name: string): string;
}

/** Checkpoints in memory, for trainings that nobody continues later. */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array>();
  return {
    async write(name, bytes) {
      files.set(name, new Uint8Array(bytes));
    },
    async read(name) {
      return files.get(name);
    },
    describe: (name) => `${name} (in memory)`,
  };
}
