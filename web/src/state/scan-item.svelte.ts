/** A scan on the page: what was read, what the user chose, what came out. */
import type { Structure } from "../../../src/crystal/structure.ts";
import type { ScanContent } from "../../../src/data/contents.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { FIRST_LOOK, type PlotLook } from "../../../src/report/plot/model.ts";
import type { LaidAverage } from "../../../src/known/type-averages.ts";
import { type ElementChoice, NO_ELEMENTS } from "../known-elements.ts";
import { Cancelled, type RunOptions, SUPERSEDED, TaskError } from "../worker/client.ts";
import type { Evidence, IdentifyInput, PageIdentification } from "../worker/identify.ts";
import type { ScanCurve } from "../../../src/jobs/read/curve.ts";
import type { Problem, Progress } from "../worker/protocol.ts";
import { ewald, MODELS } from "./ewald.ts";

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

/** A structure of the user's own that is laid over the scan. */
export interface ReferenceChoice {
  readonly id: number;
  readonly name: string;
  readonly structure: Structure;
}

/** Choices, and those that can be gone back to. */
interface Choosing {
  readonly choices: ScanChoices;
  readonly past: readonly ScanChoices[];
}

function isSameQuestion(one: IdentifyInput, other: IdentifyInput): boolean {
  return (
    one.wavelength === other.wavelength &&
    one.radiation === other.radiation &&
    one.elements === other.elements &&
    one.referenceChangePercent === other.referenceChangePercent &&
    one.references.length === other.references.length &&
    one.references.every(({ structure }, i) => structure === other.references[i]!.structure)
  );
}

/** Null where the type has none. */
interface DrawnAverage {
  /** Of the candidate. */
  readonly key: string;
  readonly laid: LaidAverage | null;
}

export class ScanItem {
  readonly kind = "scan";
  readonly id: number;
  readonly content: ScanContent;
  readonly example: string | null;
  choices = $state.raw<ScanChoices>(UNTOUCHED);
  /** How its plot is looked at; kept while another file is shown. */
  plotLook = $state.raw<PlotLook>(FIRST_LOOK);
  processed = $state.raw<ScanCurve | null>(null);
  problem = $state.raw<Problem | null>(null);
  isProcessing = $state(false);
  elements = $state.raw<ElementChoice>(NO_ELEMENTS);
  /** What stands in the field of the composition and was not asked with: the answer is not to it. */
  isTypingElements = $state(false);
  references = $state.raw<readonly ReferenceChoice[]>([]);
  /** By how much the axes of their cells may change, %; 0: they are laid over the scan as they are. */
  referenceChangePercent = $state(0);
  identification = $state.raw<PageIdentification | null>(null);
  /** What the identification was asked with. */
  answered = $state.raw<IdentifyInput | null>(null);
  identifying = $state.raw<Progress | null>(null);
  identificationProblem = $state.raw<Problem | null>(null);
  /** Candidate whose lines are drawn; null for none. */
  shown = $state<string | null>(null);
  evidence = $state.raw<Evidence | null>(null);
  /** Whether the average pattern of the candidate's type is wanted, and the one that was last asked for. */
  wantsAverage = $state(false);
  average = $state.raw<DrawnAverage | null>(null);
  /** How far `look` is. */
  looking = $state.raw<Progress | null>(null);
  lookProblem = $state.raw<Problem | null>(null);
  private past = $state.raw<readonly ScanChoices[]>([]);
  /** Choices that were last carried out, and those before them: what calling off goes back to. */
  private settled: Choosing;
  private processingWork: AbortController | null = null;
  private running: AbortController | null = null;
  private looked: AbortController | null = null;

  constructor(id: number, content: ScanContent, example: string | null) {
    this.id = id;
    this.content = content;
    this.example = example;
    this.choices = { ...UNTOUCHED, radiation: content.scan.radiation?.kind ?? "xray" };
    this.settled = { choices: this.choices, past: [] };
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

  /** The answer is to a question before the last change, and no newer answer is under way. */
  get isOutdated(): boolean {
    return (
      this.answered !== null &&
      this.identification !== null &&
      this.identifying === null &&
      !this.isProcessing &&
      !isSameQuestion(this.answered, this.question())
    );
  }

  /** The answer is not to what is asked now: a newer one is under way, or none was asked for yet. */
  get isStale(): boolean {
    return (
      this.identification !== null &&
      (this.identifying !== null || this.isOutdated || this.isTypingElements)
    );
  }

  /** Draws the scan and, where its wavelength is known, asks for the structure type. */
  async open(background = false): Promise<void> {
    if (this.processed === null && !(await this.process(background))) return;
    if (
      !this.needsWavelength &&
      this.identification === null &&
      this.identifying === null &&
      this.identificationProblem === null
    )
      await this.identify(background);
  }

  async choose(change: Partial<ScanChoices>): Promise<void> {
    const past = [...this.past, this.choices];
    await this.take({ choices: { ...this.choices, ...change }, past });
  }

  async undo(): Promise<void> {
    const before = this.past.at(-1);
    if (before === undefined) return;
    await this.take({ choices: before, past: this.past.slice(0, -1) });
  }

  private async take(next: Choosing): Promise<void> {
    const before = this.choices;
    const { choices } = next;
    ({ choices: this.choices, past: this.past } = next);
    if (!(await this.process())) {
      // Called off: also what it took the place of was not carried out.
      if (this.choices === choices) ({ choices: this.choices, past: this.past } = this.settled);
      return;
    }
    const isOtherRadiation =
      before.wavelength !== choices.wavelength || before.radiation !== choices.radiation;
    if (!isOtherRadiation) return;
    if (this.needsWavelength) this.forgetAnswer();
    else if (this.problem === null) await this.identify();
  }

  private forgetAnswer(): void {
    this.running?.abort(SUPERSEDED);
    this.running = null;
    this.identifying = null;
    this.identification = null;
    this.identificationProblem = null;
    this.answered = null;
    this.shown = null;
  }

  /** False where it was called off. */
  async process(background = false): Promise<boolean> {
    this.processingWork?.abort(SUPERSEDED);
    const controller = new AbortController();
    this.processingWork = controller;
    this.isProcessing = true;
    const { choices, past } = this;
    const { wavelength, ...steps } = choices;
    const input = {
      scan: this.content.scan,
      ...steps,
      ...(wavelength === "" ? {} : { wavelength }),
    };
    const { signal } = controller;
    try {
      const processed = await ewald.run("process", input, { background, signal });
      this.processed = processed;
      this.problem = null;
      this.settled = { choices, past };
      return true;
    } catch (error) {
      if (error instanceof Cancelled) return signal.reason === SUPERSEDED;
      if (!(error instanceof TaskError)) throw error;
      this.problem = error.problem;
      this.settled = { choices, past };
      return true;
    } finally {
      if (this.processingWork === controller) this.isProcessing = false;
    }
  }

  async chooseElements(elements: ElementChoice): Promise<void> {
    this.elements = elements;
    await this.identify();
  }

  async chooseReferences(references: readonly ReferenceChoice[]): Promise<void> {
    this.references = references;
    await this.identify();
  }

  async letCellsChange(percent: number): Promise<void> {
    this.referenceChangePercent = percent;
    if (this.references.length > 0) await this.identify();
  }

  /** A new question ends the one before. */
  async identify(background = false): Promise<void> {
    this.running?.abort(SUPERSEDED);
    const controller = new AbortController();
    this.running = controller;
    this.identifying = { text: "waiting" };
    this.identificationProblem = null;
    const asked = this.question();
    try {
      const found = await ewald.run("identify", asked, {
        background,
        signal: controller.signal,
        onProgress: (progress) => {
          if (this.running === controller) this.identifying = progress;
        },
      });
      if (this.running !== controller) return;
      this.identification = found;
      this.answered = asked;
      this.lookProblem = null;
      this.evidence = null;
      this.average = null;
      this.shown = found.answer.rejected ? null : (found.answer.types[0]?.key ?? null);
    } catch (error) {
      if (this.running !== controller) return;
      if (error instanceof TaskError) {
        this.identification = null;
        this.identificationProblem = error.problem;
      } else if (!(error instanceof Cancelled)) throw error;
    } finally {
      if (this.running === controller) {
        this.running = null;
        this.identifying = null;
      }
    }
  }

  /** Calls off what runs. */
  cancel(): void {
    this.running?.abort();
    this.running = null;
    this.identifying = null;
    this.looked?.abort();
    this.processingWork?.abort();
  }

  /** Whether the average pattern of the type is drawn behind the scan. */
  setAverage(wants: boolean): void {
    this.wantsAverage = wants;
    this.lookProblem = null;
  }

  /** Another candidate's lines are drawn; what they take is asked for by `look`. */
  show(key: string): void {
    this.shown = key;
    this.lookProblem = null;
  }

  /**
   * Gets what the candidate shown is drawn with and the answer came without: a rival's lines, and what spoke for it. Asked by
   * who looks at it, so that neither a first answer nor a long list waits for it.
   */
  async look(): Promise<void> {
    const { shown: key, identification: found, answered } = this;
    const type = found?.answer.types.find((one) => one.key === key);
    const observation = found?.answer.observation;
    if (!found || !observation || !answered || !type || this.looking !== null) return;
    this.looking = { text: "waiting" };
    this.lookProblem = null;
    this.looked = new AbortController();
    const options: RunOptions = {
      signal: this.looked.signal,
      onProgress: (progress) => {
        this.looking = progress;
      },
    };
    try {
      if (!found.answer.candidates.some((one) => one.key === key)) {
        const candidates = await ewald.run("rivals", answered, options);
        // Another answer may have come meanwhile.
        if (this.identification?.answer.types === found.answer.types)
          this.identification = { ...found, answer: { ...found.answer, candidates } };
      }
      if (this.evidence?.key !== key) {
        const { models } = answered;
        const asked = { key: type.key, name: type.name, observation, models };
        const evidence = await ewald.run("evidence", asked, options);
        if (this.identification?.answer.types === found.answer.types) this.evidence = evidence;
      }
      if (this.wantsAverage && this.average?.key !== key) {
        const laid = await this.averageOf(type.key, options);
        if (this.identification?.answer.types === found.answer.types)
          this.average = { key: type.key, laid };
      }
    } catch (error) {
      if (error instanceof TaskError) this.lookProblem = error.problem;
      else if (error instanceof Cancelled) this.shown = null;
      else throw error;
    } finally {
      this.looking = null;
    }
  }

  /** Whether something that the candidate shown is drawn with is not here and not asked for. */
  get isIncomplete(): boolean {
    return (
      this.identification !== null &&
      this.shown !== null &&
      (this.evidence?.key !== this.shown ||
        (this.wantsAverage && this.average?.key !== this.shown)) &&
      this.identifying === null &&
      this.looking === null &&
      this.lookProblem === null
    );
  }

  private async averageOf(key: string, options: RunOptions): Promise<LaidAverage | null> {
    const answer = this.identification?.answer;
    const laid = answer?.candidates.find((one) => one.key === key);
    const observation = answer?.observation;
    if (laid === undefined || observation === undefined || observation === null) return null;
    return ewald.run("average", { laid, observation, models: MODELS }, options);
  }

  /** Everything that the model is asked with. */
  question(): IdentifyInput {
    const { wavelength, radiation } = this.choices;
    return {
      scan: this.content.scan,
      wavelength,
      radiation,
      elements: this.elements,
      references: this.references.map(({ name, structure }) => ({ name, structure })),
      referenceChangePercent: this.referenceChangePercent,
      models: MODELS,
    };
  }
}
