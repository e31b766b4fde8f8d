/**
 * The contract of all systems: how one is named and loaded, asked and made. One test body runs over all that fulfil it
 * (`test/systems/conformance.test.ts`); adding a system is adding a line there.
 */
import type { BlockStore } from "../data/table-features.ts";
import type { MadeModels } from "../models/model-folder.ts";
import type { ReadModelFile } from "../models/model-store.ts";
import type { Prediction } from "../models/prediction.ts";
import type { StructureTable } from "../data/structure-table.ts";
import type { Progress } from "../net/progress.ts";
import type { Runtime } from "../net/runtime.ts";
import type { Store } from "../net/store.ts";

/** One question that a system answers: of classes, or of a value with a unit. */
export type Task = { readonly name: string; readonly title: string } & (
  | {
      readonly kind: "class";
      /** Absent where the models bring their own (a library of structure types): then those of a loaded model have them. */
      readonly labels?: readonly string[];
    }
  | {
      readonly kind: "value";
      readonly unit: string;
      /** Values that occur, from and to. */
      readonly range: readonly [number, number];
    }
);

export interface System<Input, Options> {
  /** Folder below `models/`, and name in the command line. */
  readonly name: string;
  readonly takes: readonly ("scan" | "structure" | "composition" | "site")[];
  readonly tasks: readonly Task[];
  /**
   * @throws EwaldError `model/…`, and what `read` throws
   */
  load(read: ReadModelFile, runtime: Runtime): Promise<SystemPredictor<Input>>;
  /**
   * The whole of training, from tables to the files of a model folder; null where it was interrupted: the same call goes on
   * from its checkpoints.
   * @throws EwaldError `train/…`
   */
  make(run: MakeRun, options: Options): Promise<MadeModels | null>;
}

export interface SystemPredictor<Input> {
  /** Those that the loaded models were trained for, with their labels. */
  readonly tasks: readonly Task[];
  /** Per input one prediction per task, in the order of {@link tasks}. */
  predict(inputs: readonly Input[]): Promise<readonly (readonly Prediction[])[]>;
  release(): Promise<void>;
}

/** A table to learn from. */
export interface TrainingTable {
  /** Name for messages. */
  readonly path: string;
  /** Name and hash of the table, as a card states them. */
  readonly identity: { readonly name: string; readonly sha256: string };
  readonly table: StructureTable;
}

/** The world of a training: tables, options, and the functions that are told how it goes. */
export interface MakeRun {
  readonly runtime: Runtime;
  readonly tables: readonly TrainingTable[];
  readonly cache: BlockStore;
  /** The commit of the code, for the card. */
  readonly commit: string;
  /** Where the checkpoints of a network lie. */
  store(name: string): Store;
  readonly signal: AbortSignal;
  /** Called with the work under way, and how far it is (0 to 1). */
  onStage(text: string, done: number): void;
  onTraining(name: string, progress: Progress): void;
  /** Called with words on what was left out. */
  onNote(text: string): void;
}
