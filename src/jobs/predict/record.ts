/** Known values and predictions of structures, as plain records. */
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { compositionOf } from "../../crystal/composition/composition.ts";
import { conventionalCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { type Content, requireStructure, type StructureContent } from "../../data/contents.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import { type EntryValues, type KnownValues, sourceText } from "../../known/known-values.ts";
import type { ClassPrediction } from "../../models/prediction.ts";
import type {
  CriticalPoint,
  Explanation,
  ReciprocalExplainer,
} from "../../systems/reciprocal/explain.ts";
import { knownMatches } from "../../systems/reciprocal/known-answers.ts";
import type { ReciprocalPredictor } from "../../systems/reciprocal/predict.ts";
import type { TaskName } from "../../systems/reciprocal/task.ts";

/** An entry of the tables that is this structure. */
export interface KnownRecord {
  readonly id: string;
  /** "DFT, Materials Project mp-390" */
  readonly source: string;
  readonly formula: string;
  readonly spaceGroup: number;
  /** Volume per atom of the input over that of the entry, − 1. */
  readonly volumeDifference: number;
  readonly values: EntryValues;
  /** The energy above the hull is the lowest of all entries of this formula and space group, not surely this one's. */
  readonly isLowestOfSpaceGroup?: true;
}

/** Known values and predictions for one structure: the record that `ewald predict --json` prints. */
export interface PredictRecord {
  readonly kind: "prediction";
  readonly input: string;
  readonly name?: string;
  readonly formula: string;
  /** Nearest structure first; absent where the tables were not asked. */
  readonly known?: readonly KnownRecord[];
  /** Entries of the formula, with whatever structure. */
  readonly knownOfFormula?: number;
  readonly predictions: readonly ClassPrediction[];
  /** hkl in the axes named beside; of the network of properties. */
  readonly criticalPoints?: readonly CriticalPoint[];
  readonly criticalPointAxes?: "conventional" | "given";
  readonly warnings: readonly Warning[];
  /** All reciprocal points with what they gave, for a figure; not part of the record that is kept. */
  readonly shown?: Explanation;
}

/** The question put to the structures: predictor, explainer, tasks and known values. */
export interface PredictSession {
  readonly predictor: ReciprocalPredictor;
  readonly explainer: ReciprocalExplainer | undefined;
  readonly tasks: readonly TaskName[];
  readonly known: KnownValues | undefined;
}

/** One record a content, in their order; an error in the place of what is no structure. */
export async function predictedRecords(
  contents: readonly Content[],
  session: PredictSession,
): Promise<readonly (PredictRecord | EwaldError)[]> {
  const structures = contents.map(structureOrError);
  const readable = structures.filter(
    (one): one is StructureContent => !(one instanceof EwaldError),
  );
  const records = await answered(readable, session);
  let next = 0;
  return structures.map((one) => (one instanceof EwaldError ? one : records[next++]!));
}

function structureOrError(content: Content): StructureContent | EwaldError {
  try {
    return requireStructure(content);
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
}

async function answered(
  contents: readonly StructureContent[],
  session: PredictSession,
): Promise<readonly PredictRecord[]> {
  const { predictor, tasks } = session;
  const structures = contents.map(({ structure }) => structure);
  const all = structures.length === 0 ? [] : await predictor.predict(structures, tasks);
  const records: PredictRecord[] = [];
  for (const [i, content] of contents.entries())
    records.push(await recordOf(content, all[i]!, session));
  return records;
}

async function recordOf(
  { input, name, structure, warnings }: StructureContent,
  predictions: readonly ClassPrediction[],
  { explainer, known }: PredictSession,
): Promise<PredictRecord> {
  const isReadable = predictions.some(({ task, label }) => task !== "system" && label !== null);
  const why = isReadable && explainer !== undefined ? await explained(structure, explainer) : {};
  return {
    kind: "prediction",
    input,
    ...(name === undefined ? {} : { name }),
    formula: reducedFormula(compositionOf(structure), "conventional"),
    ...(known === undefined ? {} : knownPart(known, structure)),
    predictions,
    ...why,
    warnings,
  };
}

async function explained(
  structure: Structure,
  explainer: ReciprocalExplainer,
): Promise<Pick<PredictRecord, "criticalPoints" | "criticalPointAxes" | "shown">> {
  const { cell, axes } = axesOf(structure);
  const shown = await explainer.explain(cell);
  return { criticalPoints: shown.critical, criticalPointAxes: axes, shown };
}

/** The conventional cell, in whose axes people name reflections; the given one where no symmetry is found. */
function axesOf(structure: Structure): { cell: Structure; axes: "conventional" | "given" } {
  try {
    const cell = conventionalCell(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
    return { cell, axes: "conventional" };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { cell: structure, axes: "given" };
  }
}

function knownPart(
  values: KnownValues,
  structure: Structure,
): Pick<PredictRecord, "known" | "knownOfFormula"> {
  const { matches, ofFormula } = knownMatches(values, structure);
  const known = matches.map(({ entry, volumeDifference }): KnownRecord => ({
    id: entry.id,
    source: sourceText(entry),
    formula: entry.formula,
    spaceGroup: entry.spaceGroup,
    volumeDifference,
    values: entry.values,
    ...(entry.isLowestOfSpaceGroup ? { isLowestOfSpaceGroup: true } : {}),
  }));
  return { known, knownOfFormula: ofFormula };
}
