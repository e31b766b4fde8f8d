/** A structure on the page: its facts, its pattern for the radiation chosen. */
import type { StructureContent } from "../../../src/data/index.ts";
import type { RadiationKind } from "../../../src/radiation/index.ts";
import { Cancelled, TaskError } from "../worker/client.ts";
import type { StructureFacts } from "../worker/describe.ts";
import type { Problem } from "../worker/protocol.ts";
import type { Simulation } from "../worker/simulate.ts";
import { ewald } from "./ewald.ts";

export interface PatternChoices {
  readonly radiation: RadiationKind;
  readonly wavelength: string;
  readonly from: number;
  readonly to: number;
  readonly fwhmDeg: number;
}

const USUAL: PatternChoices = {
  radiation: "xray",
  wavelength: "CuKa",
  from: 5,
  to: 90,
  fwhmDeg: 0.12,
};

export class StructureItem {
  readonly kind = "structure";
  readonly id: number;
  readonly content: StructureContent;
  readonly example: string | null;
  facts = $state.raw<StructureFacts | null>(null);
  choices = $state.raw<PatternChoices>(USUAL);
  pattern = $state.raw<Simulation | null>(null);
  problem = $state.raw<Problem | null>(null);
  private latest = 0;

  constructor(id: number, content: StructureContent, example: string | null) {
    this.id = id;
    this.content = content;
    this.example = example;
  }

  get name(): string {
    const { input, name } = this.content;
    return name === undefined || name === input ? input : `${input}: ${name}`;
  }

  async describe(background = false): Promise<StructureFacts> {
    this.facts ??= await ewald.run("describe", this.content.structure, { background });
    return this.facts;
  }

  async choose(change: Partial<PatternChoices>): Promise<void> {
    this.choices = { ...this.choices, ...change };
    await this.simulate();
  }

  async simulate(): Promise<void> {
    const turn = ++this.latest;
    const { radiation, wavelength, from, to, fwhmDeg } = this.choices;
    try {
      const pattern = await ewald.run("simulate", {
        structure: this.content.structure,
        radiation,
        wavelength,
        twoThetaRangeDeg: [from, to],
        fwhmDeg,
      });
      if (turn !== this.latest) return;
      this.pattern = pattern;
      this.problem = null;
    } catch (error) {
      if (error instanceof Cancelled || turn !== this.latest) return;
      if (!(error instanceof TaskError)) throw error;
      this.problem = error.problem;
    }
  }
}
