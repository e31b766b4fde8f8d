/**
 * Everything a run is, in one file: vectors (weights, moments, states, average, best so far) and the
 * place in the run. Randomness is a function of seed, epoch and batch, so the place is also the state of
 * every generator. A run continued from here ends with the same bits as one that never stopped.
 */
import { EwaldError } from "../errors.ts";
import { readSafeTensors, writeSafeTensors } from "./safetensors.ts";
import type { StepGraph } from "./step.ts";
import { describeShape } from "./shape.ts";

export const CHECKPOINT = "checkpoint.safetensors";
export const HISTORY = "history.jsonl";

export interface HistoryEntry {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps taken at the end of the epoch. */
  readonly step: number;
  /** Means over the epoch's steps. */
  readonly train: Readonly<Record<string, number>>;
  readonly validation?: Readonly<Record<string, number>>;
  /** Scalars of the epoch's last step. */
  readonly scalars: Readonly<Record<string, number>>;
  readonly best: boolean;
}

/** The place in the run; JSON. */
export interface RunState {
  readonly seed: number | string;
  /** Steps taken. */
  readonly step: number;
  /** Epoch under way and batches of it done. */
  readonly epoch: number;
  readonly index: number;
  /** Sums over the steps of the epoch under way. */
  readonly sums: Readonly<Record<string, number>>;
  readonly lastMetrics: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
  readonly best: { readonly epoch: number; readonly value: number } | null;
  readonly history: readonly HistoryEntry[];
  /** Set when the run has ended: going on is refused kindly. */
  readonly done: boolean;
}

/** The facts that must be equal for a checkpoint to fit: tensors in order, optimiser, batch. */
export function signatureOf(step: StepGraph, optimiser: string, batch: number): string[] {
  const tensors = [step.trainable, step.frozen, step.states].flatMap(({ entries }) =>
    entries.map(({ name, shape }) => `${name} ${describeShape(shape)}`),
  );
  return [`optimiser ${optimiser}`, `batch ${batch}`, ...tensors];
}

export function writeCheckpoint(
  state: RunState,
  signature: readonly string[],
  vectors: ReadonlyMap<string, Float32Array>,
): Uint8Array<ArrayBuffer> {
  const weights = new Map(
    [...vectors].map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  const metadata = { run: JSON.stringify(state), signature: JSON.stringify(signature) };
  return writeSafeTensors({ weights, metadata });
}

export interface Checkpoint {
  readonly state: RunState;
  readonly vectors: ReadonlyMap<string, Float32Array>;
}

/** Throws `net/other-checkpoint` naming the first difference, or `net/not-a-checkpoint`. */
export function readCheckpoint(bytes: Uint8Array, signature: readonly string[]): Checkpoint {
  const { weights, metadata } = readSafeTensors(bytes);
  const { run, signature: stored } = metadata;
  if (run === undefined || stored === undefined)
    throw new EwaldError("net/not-a-checkpoint", "these tensors are no checkpoint of a run");
  const other = JSON.parse(stored) as readonly string[];
  const length = Math.max(signature.length, other.length);
  for (let i = 0; i < length; i++)
    if (signature[i] !== other[i])
      throw new EwaldError(
        "net/other-checkpoint",
        `the checkpoint has "${other[i] ?? "nothing"}" where this run has "${signature[i] ?? "nothing"}"`,
        { hint: "Go on with the model that began the run, or train into an empty folder." },
      );
  const vectors = new Map([...weights].map(([name, { data }]) => [name, data]));
  return { state: JSON.parse(run) as RunState, vectors };
}
