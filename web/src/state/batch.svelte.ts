/** Work over everything that is open: one after the other, in the background, to be called off. */
import type { ScanItem } from "./scan-item.svelte.ts";
import { session } from "./session.svelte.ts";
import type { StructureItem } from "./structure-item.svelte.ts";

class Batch {
  isRunning = $state(false);
  private stopped = false;

  /** Items that had their turn: what was called off is not begun again. */
  private readonly done = new Set<number>();

  /** The next that waits for its answer. */
  private next(): ScanItem | StructureItem | undefined {
    return session.items.find((item): item is ScanItem | StructureItem => {
      if (item.kind === "file" || this.done.has(item.id)) return false;
      if (item.kind === "structure") return item.facts === null && item.factsProblem === null;
      if (item.processed === null) return item.problem === null;
      return (
        !item.needsWavelength &&
        item.identification === null &&
        item.identificationProblem === null &&
        item.identifying === null
      );
    });
  }

  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    this.stopped = false;
    this.done.clear();
    for (let item = this.next(); item !== undefined && !this.stopped; item = this.next()) {
      if (item.kind === "structure") await item.describe(true);
      else await item.open(true);
      this.done.add(item.id);
    }
    this.isRunning = false;
  }

  stop(): void {
    this.stopped = true;
    for (const item of session.items) if (item.kind !== "file") item.cancel();
  }
}

export const batch = new Batch();
