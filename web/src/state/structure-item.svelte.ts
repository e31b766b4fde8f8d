/** A structure on the page: its facts, its pattern for the radiation chosen. */
import type { StructureContent } from "../../../src/data/contents.ts";
import { SIMULATE_OPTIONS } from "../../../src/jobs/simulate/spec.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { printedFormula } from "../../../src/report/notation.ts";
import { FIRST_LOOK, type PlotLook } from "../../../src/report/plot/model.ts";
import { fileNameOf } from "../../../src/formats/file-name.ts";
import type { CellScene } from "../worker/cell-scene.ts";
import { Cancelled, TaskError } from "../worker/client.ts";
import type { ReadStructureRecord } from "../../../src/jobs/read/record.ts";
import type { StructurePrediction } from "../worker/predict.ts";
import type { Problem, Progress } from "../worker/protocol.ts";
import type { ReciprocalSpace } from "../worker/reciprocal-space.ts";
import type { Simulation } from "../worker/simulate.ts";
import { ewald, MODELS } from "./ewald.ts";

export interface PatternChoices {
  readonly radiation: RadiationKind;
  readonly wavelength: string;
  readonly from: number;
  readonly to: number;
  readonly fwhmDeg: number;
}

const [FROM, TO] = SIMULATE_OPTIONS.twoTheta.default;
const RANGE = { from: FROM, to: TO, fwhmDeg: SIMULATE_OPTIONS.fwhm.default };
/** What one begins with. Electrons of 200 kV are some sixty times shorter than Cu Kα, and so are their angles smaller. */
export const USUAL_PATTERN: Readonly<Record<RadiationKind, PatternChoices>> = {
  xray: { radiation: "xray", wavelength: "CuKa", ...RANGE },
  neutron: { radiation: "neutron", wavelength: "1.594", ...RANGE },
  electron: { radiation: "electron", wavelength: "0.0251", from: 0.1, to: 2, fwhmDeg: 0.02 },
};

export class StructureItem {
  readonly kind = "structure";
  readonly id: number;
  readonly content: StructureContent;
  readonly example: string | null;
  facts = $state.raw<ReadStructureRecord | null>(null);
  factsProblem = $state.raw<Problem | null>(null);
  choices = $state.raw<PatternChoices>(USUAL_PATTERN.xray);
  /** How its pattern is looked at. */
  plotLook = $state.raw<PlotLook>(FIRST_LOOK);
  pattern = $state.raw<Simulation | null>(null);
  problem = $state.raw<Problem | null>(null);
  cell = $state.raw<CellScene | null>(null);
  reciprocal = $state.raw<ReciprocalSpace | null>(null);
  /** Whether the network of properties is told the elements; the paper's is not. */
  withComposition = $state(true);
  prediction = $state.raw<StructurePrediction | null>(null);
  predicting = $state.raw<Progress | null>(null);
  predictionProblem = $state.raw<Problem | null>(null);
  /** The user called the computation off before it was done. */
  isCalledOff = $state(false);
  private work = new AbortController();
  private predictionWork = new AbortController();
  private latest = 0;
  private reciprocalOf = "";

  constructor(id: number, content: StructureContent, example: string | null) {
    this.id = id;
    this.content = content;
    this.example = example;
  }

  /** "TiO₂"; the name until it is known. */
  get title(): string {
    return this.facts === null ? this.name : printedFormula(this.facts.formula);
  }

  get name(): string {
    const { input, name } = this.content;
    const isSaid = name === undefined || fileNameOf(input).startsWith(name);
    return isSaid ? input : `${input}: ${name}`;
  }

  /** Something that the view shows at once is still under way. */
  get isWorking(): boolean {
    const isDone =
      this.cell !== null &&
      (this.facts !== null || this.factsProblem !== null) &&
      (this.pattern !== null || this.problem !== null);
    return !isDone && !this.isCalledOff;
  }

  /** Everything that the view shows at once. */
  async open(): Promise<void> {
    this.isCalledOff = false;
    await Promise.all([
      this.drawCell(),
      this.describe(),
      this.pattern === null ? this.simulate() : undefined,
    ]);
  }

  /** Calls off what runs. */
  cancel(): void {
    this.work.abort();
    this.work = new AbortController();
    this.cancelPrediction();
  }

  cancelPrediction(): void {
    this.predictionWork.abort();
    this.predictionWork = new AbortController();
  }

  async describe(background = false): Promise<void> {
    if (this.facts !== null) return;
    const { signal } = this.work;
    try {
      this.facts = await ewald.run("describe", this.content, { background, signal });
    } catch (error) {
      if (error instanceof TaskError) this.factsProblem = error.problem;
      else if (error instanceof Cancelled) this.isCalledOff = true;
      else throw error;
    }
  }

  async drawCell(): Promise<void> {
    const { signal } = this.work;
    try {
      this.cell ??= await ewald.run("cell", this.content.structure, { signal });
    } catch (error) {
      if (error instanceof TaskError) this.problem = error.problem;
      else if (!(error instanceof Cancelled)) throw error;
    }
  }

  /** The reciprocal lattice within the limiting sphere of the pattern's wavelength. */
  async drawReciprocal(): Promise<void> {
    const wavelengthAngstrom = this.pattern?.wavelengthAngstrom;
    const { radiation } = this.choices;
    const of = `${radiation} ${wavelengthAngstrom}`;
    if (wavelengthAngstrom === undefined || this.reciprocalOf === of) return;
    this.reciprocalOf = of;
    const { structure } = this.content;
    const { signal } = this.work;
    try {
      this.reciprocal = await ewald.run(
        "reciprocal",
        { structure, radiation, wavelengthAngstrom },
        { signal },
      );
    } catch (error) {
      this.reciprocalOf = "";
      if (error instanceof TaskError) this.problem = error.problem;
      else if (!(error instanceof Cancelled)) throw error;
    }
  }

  async predict(): Promise<void> {
    if (this.prediction !== null || this.predicting !== null) return;
    this.predicting = { text: "waiting" };
    this.predictionProblem = null;
    try {
      this.prediction = await ewald.run(
        "predict",
        {
          structure: this.content.structure,
          models: MODELS,
          withComposition: this.withComposition,
        },
        {
          signal: this.predictionWork.signal,
          onProgress: (progress) => {
            this.predicting = progress;
          },
        },
      );
    } catch (error) {
      if (error instanceof TaskError) this.predictionProblem = error.problem;
      else if (!(error instanceof Cancelled)) throw error;
    } finally {
      this.predicting = null;
    }
  }

  /** Asks the other network of properties. */
  async predictWith(withComposition: boolean): Promise<void> {
    this.cancelPrediction();
    this.withComposition = withComposition;
    this.prediction = null;
    await this.predict();
  }

  async choose(change: Partial<PatternChoices>): Promise<void> {
    this.choices = { ...this.choices, ...change };
    await this.simulate();
  }

  async simulate(): Promise<void> {
    const turn = ++this.latest;
    this.isCalledOff = false;
    const { radiation, wavelength, from, to, fwhmDeg } = this.choices;
    try {
      const pattern = await ewald.run(
        "simulate",
        {
          content: this.content,
          radiation,
          wavelength,
          twoThetaRangeDeg: [from, to],
          fwhmDeg,
        },
        { signal: this.work.signal },
      );
      if (turn !== this.latest) return;
      this.pattern = pattern;
      this.problem = null;
    } catch (error) {
      if (turn !== this.latest) return;
      if (error instanceof Cancelled) {
        this.isCalledOff = true;
        return;
      }
      if (!(error instanceof TaskError)) throw error;
      this.problem = error.problem;
      this.pattern = null;
    }
  }
}
