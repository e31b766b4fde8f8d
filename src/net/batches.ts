/**
 * Where batches come from. A batch is a function of epoch and number alone, so a resumed run, or one with
 * another number of workers, sees the same data.
 */
import { Random } from "../math/random.ts";
import { EwaldError } from "../errors.ts";
import type { FeedSpec } from "./step.ts";
import type { Batch } from "./stepper.ts";
import { sizeOf } from "./shape.ts";

/** Where training takes its batches. */
export interface BatchSource {
  readonly batchesPerEpoch: number;
  /** Fresh arrays, or arrays that nobody changes. `epoch` and `index` count from 0. */
  get(epoch: number, index: number): Promise<Batch> | Batch;
  /** How many batches may be under way at once, default 2. */
  readonly ahead?: number;
  close?(): Promise<void>;
}

/** Which samples a batch takes. */
interface BatchOrder {
  readonly batchesPerEpoch: number;
  /** Positions of the samples, 0 to count − 1. */
  samples(epoch: number, index: number): Uint32Array;
}

/**
 * Batches out of `count` samples, shuffled by `seed` and epoch, or in order without a seed; the rest of an epoch that fills no
 * batch is left out.
 * @throws EwaldError `net/too-few-samples`
 */
export function batchOrder(count: number, batch: number, seed?: number | string): BatchOrder {
  const batchesPerEpoch = Math.floor(count / batch);
  if (batchesPerEpoch === 0)
    throw new EwaldError("net/too-few-samples", `${count} samples fill no batch of ${batch}`, {
      value: count,
      hint: "Take a smaller batch, or more data.",
    });
  let orderOf = -1;
  let order: Uint32Array = new Uint32Array();
  return {
    batchesPerEpoch,
    samples(epoch, index) {
      if (seed !== undefined && orderOf !== epoch) {
        order = Random.fromSeed(seed, "order", epoch).permutation(count);
        orderOf = epoch;
      }
      return Uint32Array.from(
        { length: batch },
        (_, i) => order[index * batch + i] ?? index * batch + i,
      );
    },
  };
}

/**
 * A source of batches from samples in memory: arrays of `count` rows, cut into batches; the rest of an epoch that fills no
 * batch is left out. Shuffled by `seed` and epoch, or in order without a seed.
 */
export function arrayBatches(
  data: Batch,
  count: number,
  batch: number,
  seed?: number | string,
): BatchSource {
  const order = batchOrder(count, batch, seed);
  return {
    batchesPerEpoch: order.batchesPerEpoch,
    get(epoch, index) {
      const rows = order.samples(epoch, index);
      return Object.fromEntries(
        Object.entries(data).map(([name, array]) => [name, takeRows(array, rows, count)]),
      );
    },
  };
}

function takeRows(array: Float32Array | Int32Array, rows: Uint32Array, count: number) {
  const width = array.length / count;
  const taken =
    array instanceof Int32Array
      ? new Int32Array(rows.length * width)
      : new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries())
    taken.set(array.subarray(row * width, (row + 1) * width), i * width);
  return taken;
}

export type NoiseSpec = FeedSpec & { readonly distribution: "uniform" | "normal" };

/** The random inputs of one step, from the seed and the step's place alone. */
export function noiseFor(
  specs: readonly NoiseSpec[],
  seed: number | string,
  epoch: number,
  index: number,
): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, distribution }) => {
      const random = Random.fromSeed(seed, "noise", name, epoch, index);
      const data = new Float32Array(sizeOf(shape));
      return [
        name,
        distribution === "uniform" ? random.fillUniform(data) : random.fillNormal(data),
      ];
    }),
  );
}

interface Place {
  readonly epoch: number;
  readonly index: number;
}

/** Keeps a few batches under way while the step runs; gives them in order. */
export class Prefetch {
  private readonly source: BatchSource;
  private readonly epochs: number;
  private next: Place;
  private readonly waiting: Promise<Batch>[] = [];

  constructor(source: BatchSource, from: Place, epochs: number) {
    this.source = source;
    this.next = from;
    this.epochs = epochs;
  }

  async take(): Promise<Batch> {
    const ahead = this.source.ahead ?? 2;
    while (this.waiting.length < ahead && this.next.epoch < this.epochs) {
      const { epoch, index } = this.next;
      const batch = Promise.resolve(this.source.get(epoch, index));
      // A failure is thrown where the batch is taken; until then it must not count as unhandled.
      batch.catch(() => undefined);
      this.waiting.push(batch);
      const last = index + 1 === this.source.batchesPerEpoch;
      this.next = last ? { epoch: epoch + 1, index: 0 } : { epoch, index: index + 1 };
    }
    return this.waiting.shift()!;
  }
}
