/** Work over everything that is open: one after the other, in the background, to be called off. */
import { type Item, session } from "./session.svelte.ts";

class Batch {
  isRunning = $state(false);
  private stopped = false;

  /** Items that wait for their answer. */
  private next(): Item | undefined {
    return session.items.find((item) => {
      if (item.kind === "structure") return item.facts === null && item.factsProblem === null;
      if (item.kind === "scan")
        return item.processed === null
          ? item.problem === null
          : !item.needsWavelength &&
              item.identification === null &&
              item.identificationProblem === null &&
              item.identifying === null &&
              !this.skipped.has(item.id);
      return false;
    });
  }
  private readonly skipped = new Set<number>();

  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    this.stopped = false;
    this.skipped.clear();
    for (let item = this.next(); item !== undefined && !this.stopped; item = this.next()) {
      if (item.kind === "structure") await item.describe(true);
      else if (item.kind === "scan") {
        await item.open(true);
        this.skipped.add(item.id);
      }
    }
    this.isRunning = false;
  }

  stop(): void {
    this.stopped = true;
    for (const item of session.items) if (item.kind === "scan") item.cancel();
  }
}

export const batch = new Batch();
