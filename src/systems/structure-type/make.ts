/**
 * From tables to the model of `ewald identify`: a library of structure types (chosen from the tables, or one that is given),
 * known compounds as peaks, networks trained on simulated scans, the evidence weighed on the validation part.
 */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { sha256Hex } from "../../formats/hash.ts";
import { type MadeModels } from "../../models/model-folder.ts";
import { dataOfCard } from "../training-data.ts";
import type { ModelCard, ModelEntry } from "../../models/model-store.ts";
import type { StructureRow } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import type { MakeRun } from "../system.ts";
import { chooseLibrary, LibraryBuilder } from "../../known/library-build.ts";
import { parseLibrary, type StructureTypeLibrary } from "../../known/library.ts";
import { type RowLines, tableLines } from "../../known/line-feature.ts";
import { type MadeModel, makeModel, type ModelScores } from "./make-model.ts";
import { AVERAGES_FILE, STRUCTURE_TYPE_FOLDER } from "./model-files.ts";
import { compoundSet } from "./dataset.ts";
import { encodeAverages, typeAverages } from "../../known/type-averages.ts";

/** How this system's model is trained. */
export interface StructureTypeMakeOptions {
  /** Text of another model's `library.json`; default: a library chosen from the tables. */
  readonly libraryText?: string;
  /** Compounds that a new library asks of a type. */
  readonly leastMembers: number;
  /** Networks, seeds 1 to n; their answers are averaged. */
  readonly networks: number;
  /** Epochs of 500 batches; default 10. */
  readonly epochs?: number;
  /** Simulated scans per network; default 90,000. */
  readonly samples?: number;
}

/**
 * Trains this system's model on tables: the files of a model folder; null where it was interrupted.
 * @throws EwaldError `train/types`, `train/library`, and those of the table reader
 */
export async function makeStructureType(
  run: MakeRun,
  options: StructureTypeMakeOptions,
): Promise<MadeModels | null> {
  await loadSymmetry();
  const { rows, data } = await readTables(run);
  const libraryText =
    options.libraryText ?? `${JSON.stringify(newLibrary(rows, options, data, run))}\n`;
  const library = parseLibrary(libraryText);
  const { lists, skipped } = await tableLines(iterate(rows), run.cache, (done) =>
    run.onStage("lines of compounds", done / rows.length),
  );
  if (skipped > 0) run.onNote(`${skipped} structures left out: too large, or no symmetry found`);
  requireCompounds(library, lists);
  const made = await makeModel({
    runtime: run.runtime,
    lists,
    library,
    libraryText,
    seeds: Array.from({ length: options.networks }, (_, i) => i + 1),
    ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
    ...(options.samples === undefined ? {} : { poolSize: options.samples }),
    metadata: {
      dataHash: await sha256Hex(data.map(({ sha256 }) => sha256).join("\n")),
      commit: run.commit,
      attribution: data.map(({ attribution }) => attribution).join("; "),
    },
    store: run.store,
    signal: run.signal,
    onStage: run.onStage,
    onTraining: run.onTraining,
  });
  return made === null ? null : filesOf(made, { libraryText, library, lists, data, run });
}

async function* iterate(rows: readonly StructureRow[]): AsyncGenerator<StructureRow> {
  yield* rows;
}

/** Rows with a formula; of tables that say which compounds are known to exist (`in_icsd`), those. */
async function readTables({
  tables,
  onNote,
}: MakeRun): Promise<{ readonly rows: StructureRow[]; readonly data: ModelCard["data"] }> {
  const rows: StructureRow[] = [];
  const data: ModelCard["data"] = [];
  let faults = 0;
  for (const { table, identity } of tables) {
    const sources = new Set<string>();
    for await (const row of table.rows({ onProblem: () => void faults++ })) {
      if (row.source !== null) sources.add(row.source);
      if (row.formula !== null && row.inIcsd !== false) rows.push(row);
    }
    data.push(dataOfCard(identity, table, sources));
  }
  if (faults > 0) onNote(`${faults} rows left out: ewald data clean says why`);
  return { rows, data };
}

function newLibrary(
  rows: readonly StructureRow[],
  { leastMembers }: StructureTypeMakeOptions,
  data: ModelCard["data"],
  { onStage, onNote }: MakeRun,
): StructureTypeLibrary {
  const builder = new LibraryBuilder();
  let without = 0;
  for (const [i, row] of rows.entries()) {
    try {
      builder.add(row);
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      without++;
    }
    onStage("structure types", (i + 1) / rows.length);
  }
  if (without > 0) onNote(`${without} structures without a structure type left out`);
  const types = builder.types(leastMembers);
  if (types.length < 2) {
    throw new EwaldError("train/types", `the tables hold ${types.length} structure types`, {
      value: types.length,
      hint: `A type needs ${leastMembers} compounds of different formula: give more rows, or --least-members.`,
    });
  }
  const source = data.map(({ name, sha256 }) => `${name} sha256:${sha256}`).join(", ");
  return chooseLibrary(types, source);
}

/** @throws EwaldError `train/library` where types have nothing to learn from, or nothing is left to judge by */
function requireCompounds(library: StructureTypeLibrary, lists: readonly RowLines[]): void {
  const { types } = compoundSet(lists, library, "train");
  const empty = library.types.filter((_, t) => types[t]!.length === 0);
  if (empty.length === 0) return requireJudges(library, lists);
  throw new EwaldError(
    "train/library",
    `the tables hold no training compound of ${empty.length} of the library's ${library.types.length} types, such as ${empty[0]!.name}`,
    { value: empty[0]!.key, hint: "Give the tables that the library was made from." },
  );
}

function requireJudges(library: StructureTypeLibrary, lists: readonly RowLines[]): void {
  for (const part of ["val", "test"] as const) {
    if (compoundSet(lists, library, part).types.some((samples) => samples.length > 0)) continue;
    throw new EwaldError(
      "train/library",
      `the tables hold no compound of the library's types in the ${part === "val" ? "validation" : "test"} part`,
      { value: part, hint: "Give more rows: a formula's part follows from the formula alone." },
    );
  }
}

interface Source {
  readonly libraryText: string;
  readonly library: StructureTypeLibrary;
  readonly lists: readonly RowLines[];
  readonly data: ModelCard["data"];
  readonly run: MakeRun;
}

async function filesOf(
  { networks, compounds, calibration, scores }: MadeModel,
  { libraryText, library, lists, data, run }: Source,
): Promise<MadeModels> {
  const models: Record<string, { onnx: Uint8Array; entry: ModelEntry }> = {};
  for (const [name, onnx] of networks) {
    const entry: ModelEntry = {
      title: `pattern over ln sin θ to ${library.types.length} structure types and none of them; no composition`,
      version: "1",
      sha256: await sha256Hex(onnx),
      commit: run.commit,
      seed: Number(name.split("-").at(-1)),
      split: "by reduced formula, hashed: 70 % training, 10 % validation, 20 % test",
      details: { scores },
    };
    models[name] = { onnx, entry };
  }
  return {
    system: STRUCTURE_TYPE_FOLDER,
    data,
    models,
    files: { [AVERAGES_FILE]: encodeAverages(typeAverages(lists, library)) },
    unlisted: {
      "library.json": libraryText,
      "compounds.bin": compounds,
      "calibration.json": `${JSON.stringify(calibration, null, 2)}\n`,
    },
    earlier: "replace",
    scores: scoresOf(scores),
  };
}

function scoresOf({ withoutElements, withElements, rejection }: ModelScores): MadeModels["scores"] {
  return {
    "scan alone": { n: withoutElements.n, top1: withoutElements.top1, top3: withoutElements.top3 },
    "with elements": { n: withElements.n, top1: withElements.top1, top3: withElements.top3 },
    ...(rejection === null
      ? {}
      : {
          "unknown types": {
            auroc: rejection.auroc,
            balancedAccuracy: rejection.balancedAccuracy,
          },
        }),
  };
}
