/**
 * The main verbs, each for one file in a few lines: {@link identify} a scan, {@link simulate} a pattern, {@link predict} properties.
 * Pure: models come through a `ReadModelFile`: `packageModels()` of `ewald/node`, or `urlModels()` of `ewald/models` in a browser.
 * For many inputs in a row the same `ReadModelFile` is to be given: what was loaded through it is kept as long as it.
 */
import { loadRuntime } from "#onnx";
import { readComposition } from "./crystal/composition/composition-file.ts";
import type { KnownElements } from "./crystal/composition/composition-constraints.ts";
import type { MeasuredComposition } from "./crystal/composition/composition-measured.ts";
import type { Structure } from "./crystal/structure.ts";
import { loadSymmetry } from "./crystal/symmetry/symmetry-engine.ts";
import {
  type Content,
  readContents,
  requireScan,
  requireStructure,
  type ScanContent,
  type StructureContent,
} from "./data/contents.ts";
import type { PowderOptions } from "./diffraction/powder.ts";
import { EwaldError } from "./errors.ts";
import type { IdentifyScanOptions, ScanIdentification } from "./identify/identify-scan.ts";
import { understood } from "./jobs/elements.ts";
import { identifyJob } from "./jobs/identify/job.ts";
import { IDENTIFY_OPTIONS } from "./jobs/identify/spec.ts";
import type { Environment } from "./jobs/job.ts";
import { settledOptions } from "./jobs/options.ts";
import { predictJob } from "./jobs/predict/job.ts";
import type { PredictRecord } from "./jobs/predict/record.ts";
import { PREDICT_OPTIONS } from "./jobs/predict/spec.ts";
import { simulatedRecord, type SimulateRecord } from "./jobs/simulate/record.ts";
import type { ReadModelFile } from "./models/model-store.ts";
import { parseRadiation, type Radiation } from "./radiation/radiation.ts";
import type { Scan } from "./scan/scan.ts";
import type { TaskName } from "./systems/reciprocal/task.ts";

/** Inputs of {@link identify} beside the scan. */
export interface IdentifyInput
  extends
    Omit<IdentifyScanOptions, "composition" | "constraints">,
    Omit<KnownElements, "composition" | "unseen"> {
  /** Where the models lie. */
  readonly models: ReadModelFile;
  /** Where the file states none: "CuKa", "CoKa1+CoKa2", or a number of Å as text, "1.5406". */
  readonly wavelength?: string;
  /** Amounts with errors: "Mg1.8±0.1Fe0.2±0.1SiO4", "Ti 59.9±0.5 O 40.1±0.5 wt%"; or what `readComposition` gave. */
  readonly composition?: string | MeasuredComposition;
}

/** Inputs of {@link simulate} beside the structure. */
export interface SimulateInput extends Omit<PowderOptions, "radiation" | "operations"> {
  /** Default Cu Kα, the weighted mean line; "MoKa1", "CuKa1+CuKa2", or what `parseRadiation` gave. */
  readonly radiation?: string | Radiation;
  /** Tolerance of the symmetry search, Å. */
  readonly symprecAngstrom?: number;
}

/** Inputs of {@link predict} beside the structure. */
export interface PredictInput {
  /** Where the models lie. */
  readonly models: ReadModelFile;
  /** Default: all that the models were trained for. */
  readonly tasks?: readonly TaskName[];
}

/** Loaded once for each `ReadModelFile`; what failed is tried again. */
function once<T extends object>(
  load: (read: ReadModelFile) => Promise<T>,
): (read: ReadModelFile) => Promise<T> {
  const loaded = new WeakMap<ReadModelFile, Promise<T>>();
  return (read) => {
    let value = loaded.get(read);
    if (value === undefined) {
      value = load(read);
      loaded.set(read, value);
      value.catch(() => loaded.delete(read));
    }
    return value;
  };
}

/** What the jobs ask of the world: these models, and no file by its path. */
const environmentOf = (models: ReadModelFile): Environment => ({
  isFile: async () => false,
  readFile: async (path) => {
    throw new EwaldError("file/not-read", "the library reads no files by their path", {
      source: path,
    });
  },
  models: () => models,
  runtime: (options) => loadRuntime(options),
});

const identifySessionOf = once((models) =>
  identifyJob.open(settledOptions(IDENTIFY_OPTIONS, {}), environmentOf(models), new Set()),
);
const predictSessionOf = once((models) =>
  predictJob.open(settledOptions(PREDICT_OPTIONS, {}), environmentOf(models), new Set()),
);

/**
 * Which structure type a powder scan shows, how probable each is, and what speaks for it.
 *
 * @param scan bytes of an instrument's file, or a scan that `readScan` gave; its wavelength is never assumed
 * @returns types with probability and reliability (0 to 1), best first; `rejected` with a `reason` where nothing is answered; the
 * candidates' lines laid over the scan (2θ in degrees, cells in Å and degrees); warnings
 * @throws EwaldError `scan/no-wavelength` where neither file nor `wavelength` names one; `read/wrong-kind` for a structure; the codes of
 * the readers, of compositions, and `model/…`
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { identify } from "ewald";
 * import { packageModels } from "ewald/node";
 *
 * const bytes = await readFile("examples/quartz-simulated.xy");
 * const { types } = await identify(bytes, { models: packageModels(), elements: ["Si"] });
 * console.log(types[0].name, types[0].probability); // α-quartz 0.99…
 * ```
 */
export async function identify(
  scan: Uint8Array | Scan,
  input: IdentifyInput,
): Promise<ScanIdentification> {
  const { models, wavelength, composition, elements, must, may, atLeastOneOf, never, ...options } =
    input;
  await loadSymmetry();
  const content = scan instanceof Uint8Array ? scanIn(scan) : contentOf(scan);
  const measured = typeof composition === "string" ? readComposition(composition) : composition;
  const said = { elements, must, may, atLeastOneOf, never, composition: measured };
  const known = understood(withoutUndefined(said));
  const session = await identifySessionOf(models);
  const question = {
    known,
    processing: wavelength === undefined ? {} : { wavelength },
    named: "that was given",
    options: { ...session.question.options, ...options },
  };
  const { shown } = await identifyJob.run(content, { ...session, question });
  return shown.answer;
}

/**
 * The powder pattern of a structure: what `ewald simulate --json` prints of one file.
 *
 * @param structure bytes or text of a CIF, POSCAR, pymatgen or OPTIMADE JSON that holds one structure, or a structure that
 * `readStructures` gave
 * @returns peaks with 2θ in degrees, d in Å, intensity (strongest 100) and hkl; the radiation; the space group, null with a warning
 * where none could be found. A curve: `patternCurve` of `ewald/diffraction` takes this record
 * @throws EwaldError `read/several` where the file holds more than one structure; `read/wrong-kind` for a scan; the codes of the readers,
 * of `parseRadiation` and of `powderPattern`
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { simulate } from "ewald";
 *
 * const { peaks } = await simulate(await readFile("examples/quartz.cif"), { radiation: "CuKa1" });
 * console.log(peaks[0].twoThetaDeg, peaks[0].hkls[0].hkl); // 20.8… [1,0,0]
 * ```
 */
export async function simulate(
  structure: Uint8Array | string | Structure,
  input: SimulateInput = {},
): Promise<SimulateRecord> {
  const { radiation = "CuKa", symprecAngstrom, ...powder } = input;
  await loadSymmetry();
  return simulatedRecord(structureIn(structure), {
    powder: {
      ...powder,
      radiation: typeof radiation === "string" ? parseRadiation(radiation) : radiation,
    },
    ...(symprecAngstrom === undefined ? {} : { symprecAngstrom }),
  });
}

/**
 * Known values and predictions for a structure: metal or insulator, stiff, stable, crystal system. It is what
 * `ewald predict --json` prints of one file.
 *
 * @param structure as {@link simulate} takes it
 * @returns for each task a class with its calibrated probability (0 to 1), "undecided", or null with the reason; known values with
 * their source and unit stand in `known`
 * @throws EwaldError `reciprocal/not-trained` for a task that no model knows; `read/several`, `read/wrong-kind`, the codes of the readers,
 * `model/…` and `known/…`
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { predict } from "ewald";
 * import { packageModels } from "ewald/node";
 *
 * const halite = await readFile("examples/halite.cif");
 * const { predictions } = await predict(halite, { models: packageModels(), tasks: ["metal"] });
 * console.log(predictions[0].label, predictions[0].probability); // insulator 0.9…
 * ```
 */
export async function predict(
  structure: Uint8Array | string | Structure,
  { models, tasks }: PredictInput,
): Promise<PredictRecord> {
  await loadSymmetry();
  const content = structureIn(structure);
  const session = await predictSessionOf(models);
  return predictJob.run(content, { ...session, tasks: tasks ?? session.tasks });
}

/** Fields that were not given are absent, not undefined. */
function withoutUndefined(known: {
  readonly [name in keyof KnownElements]: KnownElements[name] | undefined;
}): KnownElements {
  return Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  ) as KnownElements;
}

/** @throws EwaldError `read/several`, and the readers' */
function oneContent(bytes: Uint8Array, wanted: "anything" | "scan"): Content {
  const { contents, failures } = readContents(bytes, "input", { wanted });
  if (failures.length > 0) throw failures[0]!;
  if (contents.length === 1) return contents[0]!;
  throw new EwaldError("read/several", `the file holds ${contents.length} structures`, {
    value: contents.length,
    hint: "Read them with readContents or readStructures and give one of them.",
  });
}

/** A file that is a structure is refused as one, not as a strange scan. */
function scanIn(bytes: Uint8Array): ScanContent {
  const content = oneContent(bytes, "anything");
  const holdsBoth = content.warnings.some(({ code }) => code === "cif/powder-profile");
  return requireScan(holdsBoth ? oneContent(bytes, "scan") : content);
}

function contentOf(scan: Scan): ScanContent {
  return { kind: "scan", input: "input", format: scan.source.format, scan, warnings: [] };
}

function structureIn(structure: Uint8Array | string | Structure): StructureContent {
  if (typeof structure === "string" || structure instanceof Uint8Array) {
    const bytes = typeof structure === "string" ? new TextEncoder().encode(structure) : structure;
    return requireStructure(oneContent(bytes, "anything"));
  }
  return { kind: "structure", input: "input", format: "structure", structure, warnings: [] };
}
