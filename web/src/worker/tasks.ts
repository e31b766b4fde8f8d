/** What the worker can do, by name. What is big and not wanted at once (networks, reports, patterns) is loaded when it is first asked for. */
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { type Content, readContents } from "../../../src/data/contents.ts";
import type { LaidOver } from "../../../src/identify/identify-scan.ts";
import type { LaidAverage } from "../../../src/known/type-averages.ts";
import { cellScene } from "./cell-scene.ts";
import { compositionOfFile } from "./composition-file.ts";
import { describeStructure } from "./describe.ts";
import type {
  AverageInput,
  Evidence,
  EvidenceInput,
  IdentifyInput,
  PageIdentification,
  ReportInput,
} from "./identify.ts";
import type { PredictInput, StructurePrediction } from "./predict.ts";
import { problemOf } from "./problem.ts";
import { processForPage } from "./process.ts";
import type { Problem, Progress } from "./protocol.ts";
import type { ReciprocalInput, ReciprocalSpace } from "./reciprocal-space.ts";
import type { SimulateInput, Simulation } from "./simulate.ts";
import { cif, scanColumns } from "./write.ts";

export interface Context {
  progress(progress: Progress): void;
}

interface ReadOutput {
  readonly contents: readonly Content[];
  readonly failures: readonly Problem[];
  /** The file is neither scan nor structure, but a composition. */
  readonly composition?: string;
}

async function read(input: {
  readonly name: string;
  readonly bytes: Uint8Array;
}): Promise<ReadOutput> {
  await loadSymmetry();
  try {
    const { contents, failures } = readContents(input.bytes, input.name, { wanted: "everything" });
    return { contents, failures: failures.map(problemOf) };
  } catch (error) {
    const composition = compositionOfFile(input.bytes);
    if (composition === null) throw error;
    return { contents: [], failures: [], composition };
  }
}

async function simulate(input: SimulateInput): Promise<Simulation> {
  const module = await import("./simulate.ts");
  return module.simulate(input);
}

async function reciprocal(input: ReciprocalInput): Promise<ReciprocalSpace> {
  const { reciprocalSpace } = await import("./reciprocal-space.ts");
  return reciprocalSpace(input);
}

async function predict(input: PredictInput, context: Context): Promise<StructurePrediction> {
  const { predictStructure } = await import("./predict.ts");
  return predictStructure(input, context);
}

async function identify(input: IdentifyInput, context: Context): Promise<PageIdentification> {
  const module = await import("./identify.ts");
  return module.identify(input, context);
}

async function rivals(input: IdentifyInput, context: Context): Promise<readonly LaidOver[]> {
  const module = await import("./identify.ts");
  return module.rivals(input, context);
}

async function evidence(input: EvidenceInput, context: Context): Promise<Evidence> {
  const module = await import("./identify.ts");
  return module.evidence(input, context);
}

async function average(input: AverageInput, context: Context): Promise<LaidAverage | null> {
  const module = await import("./identify.ts");
  return module.average(input, context);
}

async function report(input: ReportInput, context: Context): Promise<string> {
  const module = await import("./identify.ts");
  return module.report(input, context);
}

export const tasks = {
  read,
  describe: describeStructure,
  simulate,
  cell: cellScene,
  reciprocal,
  process: processForPage,
  predict,
  identify,
  rivals,
  evidence,
  average,
  report,
  cif,
  scanColumns,
} as const;

export type Tasks = typeof tasks;
