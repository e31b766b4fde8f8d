/** Scan → structure types: the library's own `identifyScan`, with what the page needs beside it. */
import { understoodElements } from "../../../src/crystal/composition/composition-understood.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { identificationReport } from "../../../src/report/identification-report.ts";
import { type IdentifiedScan } from "../../../src/report/identified-scan.ts";
import { printedRadiation } from "../../../src/report/notation.ts";
import { withKnownRadiation } from "../../../src/scan/process.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import {
  identifyScan,
  type LaidOver,
  type ScanIdentification,
} from "../../../src/identify/identify-scan.ts";
import { ownLines } from "../../../src/diffraction/line-list.ts";
import {
  loadTypeAverages,
  structureTypeFiles,
} from "../../../src/systems/structure-type/model-files.ts";
import { StructureTypeModel } from "../../../src/systems/structure-type/model.ts";
import type { Observation } from "../../../src/scan/observe.ts";
import {
  type LaidAverage,
  layAverage,
  type TypeAverage,
} from "../../../src/known/type-averages.ts";
import { type ElementChoice, knownOf } from "../known-elements.ts";
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

const TOP = 5;

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

/** Everything that is needed to ask: the model, the scan with its radiation, elements, references. */
async function question(input: IdentifyInput, context: Context) {
  // What was typed is checked before models are loaded.
  const known = knownElements(input.elements);
  const scan = withKnownRadiation(input.scan, input.wavelength, input.radiation);
  const [model] = await Promise.all([modelOf(input.models, context), loadSymmetry()]);
  const references = input.references.map(({ name, structure }) => ({
    name,
    lines: ownLines(structure),
  }));
  return {
    scan,
    model,
    options: {
      ...known,
      references,
      referenceChange: input.referenceChangePercent / 100,
      top: TOP,
    },
  };
}

export async function identify(
  input: IdentifyInput,
  context: Context,
): Promise<PageIdentification> {
  const { scan, model, options } = await question(input, context);
  context.progress({ text: "comparing with the library" });
  const start = performance.now();
  // The best candidate's lines alone: the others' take as long each, and few are looked at.
  const answer = await identifyScan(model, scan, options);
  const milliseconds = performance.now() - start;
  return { answer, typeCount: model.library.types.length, milliseconds };
}

/** The lines of all candidates; the answer has those of the best. */
export async function rivals(input: IdentifyInput, context: Context): Promise<readonly LaidOver[]> {
  const { scan, model, options } = await question(input, context);
  context.progress({ text: "laying the lines of the others over the scan" });
  return (await identifyScan(model, scan, { ...options, overlaid: TOP })).candidates;
}

export interface EvidenceInput extends IdentifyInput {
  /** Of the type. */
  readonly key: string;
  readonly name: string;
}

/** What spoke for a type; asked apart, so that an answer is there without it. */
export async function evidence(input: EvidenceInput, context: Context): Promise<Evidence> {
  const { scan, model } = await question(input, context);
  context.progress({ text: "asking what spoke for it" });
  return evidenceOf(model, scan, input);
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
  readonly scans: readonly (IdentifyInput & { readonly name: string })[];
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
  const identified: IdentifiedScan[] = [];
  let typeCount = 0;
  for (const [done, input] of scans.entries()) {
    context.progress({ text: `report, ${done + 1} of ${scans.length}` });
    const { scan, model, options } = await question(input, context);
    const answer = await identifyScan(model, scan, options);
    const [best] = answer.types;
    const [laid] = answer.candidates;
    typeCount = model.library.types.length;
    identified.push({
      input: input.name,
      radiation: scan.radiation === null ? "radiation unknown" : printedRadiation(scan.radiation),
      elements: understoodElements(knownOf(input.elements)).text,
      answer,
      explanation: best === undefined ? null : await evidenceOf(model, scan, best),
      average:
        laid === undefined || answer.observation === null
          ? null
          : layAverage(
              await averagesOf(input.models, context),
              model.library,
              laid,
              answer.observation,
            ),
    });
  }
  return identificationReport(identified, { version, typeCount, date });
}

async function evidenceOf(
  model: StructureTypeModel,
  scan: Scan,
  { key, name }: { readonly key: string; readonly name: string },
): Promise<Evidence> {
  return { key, name, ...(await model.explain(scan, key)) };
}

function knownElements(
  elements: ElementChoice,
): Pick<Parameters<typeof identifyScan>[2] & object, "composition" | "constraints"> {
  const known = knownOf(elements);
  const { constraints } = understoodElements(known);
  return {
    ...(known.composition === undefined ? {} : { composition: known.composition }),
    ...(constraints === null ? {} : { constraints }),
  };
}
