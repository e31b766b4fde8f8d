/** A scan on the page: what was read, what the user chose, what came out. */
import type { ScanContent } from "../../../src/data/index.ts";
import type { RadiationKind } from "../../../src/radiation/index.ts";
import { Cancelled, TaskError } from "../worker/client.ts";
import type { Processed } from "../worker/process.ts";
import type { Problem } from "../worker/protocol.ts";
import { ewald } from "./ewald.ts";

/** Choices of the user; every one can be taken back, the scan as read is kept. */
export interface ScanChoices {
  readonly wavelength: string;
  readonly radiation: RadiationKind;
  readonly removeOutliers: boolean;
  readonly smoothWindow: number | null;
  readonly background: "none" | "snip" | "airpls";
  readonly subtract: boolean;
}

const UNTOUCHED: ScanChoices = {
  wavelength: "",
  radiation: "xray",
  removeOutliers: false,
  smoothWindow: null,
  background: "none",
  subtract: true,
};

export class ScanItem {
  readonly kind = "scan";
  readonly id: number;
  readonly content: ScanContent;
  readonly example: string | null;
  choices = $state.raw<ScanChoices>(UNTOUCHED);
  processed = $state.raw<Processed | null>(null);
  problem = $state.raw<Problem | null>(null);
  private past = $state.raw<readonly ScanChoices[]>([]);
  private latest = 0;

  constructor(id: number, content: ScanContent, example: string | null) {
    this.id = id;
    this.content = content;
    this.example = example;
  }

  get name(): string {
    return this.content.input;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get needsWavelength(): boolean {
    return this.content.scan.radiation === null && this.choices.wavelength === "";
  }

  async choose(change: Partial<ScanChoices>): Promise<void> {
    this.past = [...this.past, this.choices];
    this.choices = { ...this.choices, ...change };
    await this.process();
  }

  async undo(): Promise<void> {
    const before = this.past.at(-1);
    if (before === undefined) return;
    this.past = this.past.slice(0, -1);
    this.choices = before;
    await this.process();
  }

  async process(): Promise<void> {
    const turn = ++this.latest;
    const { wavelength, ...steps } = this.choices;
    try {
      const processed = await ewald.run("process", {
        scan: this.content.scan,
        ...steps,
        ...(wavelength === "" ? {} : { wavelength }),
      });
      if (turn !== this.latest) return;
      this.processed = processed;
      this.problem = null;
    } catch (error) {
      if (error instanceof Cancelled || turn !== this.latest) return;
      if (!(error instanceof TaskError)) throw error;
      this.problem = error.problem;
    }
  }
}
