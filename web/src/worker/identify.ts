/** Scan → structure types: the job of the command line, with what the page needs beside it. */
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import type { ScanContent } from "../../../src/data/contents.ts";
import { ownLines } from "../../../src/diffraction/line-list.ts";
import {
  identifyScan,
  type LaidOver,
  type ScanIdentification,
} from "../../../src/identify/identify-scan.ts";
import { identifyJob } from "../../../src/jobs/identify/job.ts";
import { type Question, questionOf } from "../../../src/jobs/identify/question.ts";
import {
  identifyOptions,
  type IdentifyRecord,
  type IdentifySession,
} from "../../../src/jobs/identify/record.ts";
import { IDENTIFY_OPTIONS } from "../../../src/jobs/identify/spec.ts";
import { type GivenOptions, settledOptions } from "../../../src/jobs/options.ts";
import {
  type LaidAverage,
  layAverage,
  type TypeAverage,
} from "../../../src/known/type-averages.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import type { FigureChoice } from "../../../src/report/identified-scan.ts";
import type { Observation } from "../../../src/scan/observe.ts";
import { type ProcessedScan, processScan } from "../../../src/scan/process.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import {
  loadTypeAverages,
  structureTypeFiles,
} from "../../../src/systems/structure-type/model-files.ts";
import { StructureTypeModel } from "../../../src/systems/structure-type/predict.ts";
import type { ElementChoice } from "../known-elements.ts";
import { NAMED, pageEnvironment } from "./environment.ts";
import { networkRuntime, noRuntime, pageModels, requireModels } from "./models.ts";
import type { Context } from "./tasks.ts";

export interface IdentifyInput {
  /** As read: the model takes care of background and noise itself. */
  readonly scan: Scan;
  readonly wavelength: string;
  readonly radiation: RadiationKind;
  readonly elements: ElementChoice;
  readonly references: readonly { readonly name: string; readonly structure: Structure }[];
  /** By how much the axes of their cells may change, %; 0 for not at all. */
  readonly referenceChangePercent: number;
  readonly models: string;
}

/** How much each point of the scan spoke for a type (Grad-CAM), 0 to 1. */
export interface Evidence {
  /** Of the type. */
  readonly key: string;
  readonly name: string;
  readonly twoThetaDeg: Float64Array;
  readonly weight: Float32Array;
}

export interface PageIdentification {
  readonly answer: ScanIdentification;
  /** Types that the library holds. */
  readonly typeCount: number;
  readonly milliseconds: number;
}

const TOP = IDENTIFY_OPTIONS.top.default;

let loaded: Promise<StructureTypeModel> | undefined;

async function load(models: string, context: Context): Promise<StructureTypeModel> {
  const read = pageModels(models, context);
  await requireModels(read, "structure-type");
  context.progress({ text: "loading the network runtime" });
  const files = structureTypeFiles(read);
  const [runtime, found] = await Promise.all([networkRuntime(), files]);
  return StructureTypeModel.load(runtime, found).catch(noRuntime);
}

function modelOf(models: string, context: Context): Promise<StructureTypeModel> {
  loaded ??= load(models, context).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

/** What the page asks as options of the job; what is empty was not said. */
function optionsOf({
  wavelength,
  radiation,
  elements,
}: IdentifyInput): GivenOptions<typeof IDENTIFY_OPTIONS> {
  const { must, may, anyOf, never, isAnalysis, composition } = elements;
  return {
    ...(wavelength.trim() === "" ? {} : { wavelength }),
    radiation,
    ...(must.length === 0 ? {} : isAnalysis ? { elements: must } : { must }),
    ...(may.length === 0 ? {} : { may }),
    ...(anyOf.length === 0 ? {} : { anyOf: [anyOf] }),
    ...(never.length === 0 ? {} : { never }),
    ...(composition.trim() === "" ? {} : { composition }),
  };
}

/** Everything that is needed to ask: the question with its references, the model. */
async function sessionOf(input: IdentifyInput, context: Context): Promise<IdentifySession> {
  await loadSymmetry();
  // What was typed is checked before models are loaded.
  const options = settledOptions(IDENTIFY_OPTIONS, optionsOf(input));
  const asked = await questionOf(options, pageEnvironment(input.models, context));
  const question: Question = {
    ...asked,
    named: NAMED,
    options: {
      ...asked.options,
      references: input.references.map(({ name, structure }) => ({
        name,
        lines: ownLines(structure),
      })),
      referenceChange: input.referenceChangePercent / 100,
    },
  };
  const model = await modelOf(input.models, context);
  return { question, model, explains: false, averages: [] };
}

function contentOf({ scan, name }: IdentifyInput & { readonly name?: string }): ScanContent {
  return { kind: "scan", input: name ?? "", format: scan.source.format, scan, warnings: [] };
}

/** The scan with the radiation that was asked with. */
function askedScan({ scan }: IdentifyInput, { question }: IdentifySession): ProcessedScan {
  return processScan(scan, question.processing, NAMED);
}

export async function identify(
  input: IdentifyInput,
  context: Context,
): Promise<PageIdentification> {
  const session = await sessionOf(input, context);
  context.progress({ text: "comparing with the library" });
  const start = performance.now();
  // The best candidate's lines alone: the others' take as long each, and few are looked at.
  const { shown } = await identifyJob.run(contentOf(input), session);
  const milliseconds = performance.now() - start;
  // What the processing warns of stands beside the scan already, and what the composition does beside its field.
  const elsewhere = [...askedScan(input, session).warnings, ...session.question.known.warnings];
  const said = new Set(elsewhere.map(({ message }) => message));
  const warnings = shown.answer.warnings.filter(({ message }) => !said.has(message));
  return {
    answer: { ...shown.answer, warnings },
    typeCount: session.model.library.types.length,
    milliseconds,
  };
}

/** The lines of all candidates; the answer has those of the best. */
export async function rivals(input: IdentifyInput, context: Context): Promise<readonly LaidOver[]> {
  const session = await sessionOf(input, context);
  context.progress({ text: "laying the lines of the others over the scan" });
  const options = { ...identifyOptions(session.question), overlaid: TOP };
  return (await identifyScan(session.model, askedScan(input, session).scan, options)).candidates;
}

export interface EvidenceInput {
  /** Of the type. */
  readonly key: string;
  readonly name: string;
  /** Of the answer. */
  readonly observation: Observation;
  readonly models: string;
}

/** What spoke for a type; asked apart, so that an answer is there without it. */
export async function evidence(
  { key, name, observation, models }: EvidenceInput,
  context: Context,
): Promise<Evidence> {
  const model = await modelOf(models, context);
  context.progress({ text: "asking what spoke for it" });
  return { key, name, ...(await model.explain(observation, key)) };
}

export interface AverageInput {
  /** Candidate of the answer, with the scan that it was laid over. */
  readonly laid: LaidOver;
  readonly observation: Observation;
  readonly models: string;
}

let averages: Promise<readonly TypeAverage[]> | undefined;

/** Average patterns of the types, fetched when one is first drawn. */
function averagesOf(models: string, context: Context): Promise<readonly TypeAverage[]> {
  averages ??= loadTypeAverages(pageModels(models, context)).catch((error: unknown) => {
    averages = undefined;
    throw error;
  });
  return averages;
}

/** The average pattern of a candidate's type on the scan; null where it has none. */
export async function average(
  { laid, observation, models }: AverageInput,
  context: Context,
): Promise<LaidAverage | null> {
  const [{ library }, known] = await Promise.all([
    modelOf(models, context),
    averagesOf(models, context),
  ]);
  return layAverage(known, library, laid, observation);
}

export interface ReportInput {
  /** Each with what of it is seen on the page, and how. */
  readonly scans: readonly (IdentifyInput & {
    readonly name: string;
    readonly figure: FigureChoice;
  })[];
  /** "2026-11-21" */
  readonly date: string;
  /** Of Ewald. */
  readonly version: string;
}

/** The report of the command line, of scans on the page. */
export async function report(
  { scans, date, version }: ReportInput,
  context: Context,
): Promise<string> {
  const records: IdentifyRecord[] = [];
  let last: IdentifySession | undefined;
  for (const [done, input] of scans.entries()) {
    context.progress({ text: `report, ${done + 1} of ${scans.length}` });
    const averages = await averagesOf(input.models, context);
    const { figure } = input;
    last = { ...(await sessionOf(input, context)), explains: true, averages, figure };
    records.push(await identifyJob.run(contentOf(input), last));
  }
  return (await identifyJob.output!("report", records, last!, { date, version })) as string;
}
