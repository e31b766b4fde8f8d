/** Runs a model file: exported by `exportModel` or `explanationModel`. */
import { EwaldError } from "../errors.ts";
import { readModelFile } from "./export.ts";
import type { ValueInfo } from "./onnx/model.ts";
import type { Runtime, Tensor } from "./runtime.ts";
import { sizeOf, type Shape } from "./shape.ts";
import type { Batch } from "./stepper.ts";

export interface Answer {
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array;
}

/** A model file that is ready to run. */
export interface Predictor {
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Any number of samples at once where the batch is dynamic. Throws `net/missing-feed`, `net/shape-mismatch`. */
  run(batch: Batch): Promise<Readonly<Record<string, Answer>>>;
  release(): Promise<void>;
}

/** A model file (ONNX) made ready to run. */
export async function loadPredictor(runtime: Runtime, bytes: Uint8Array): Promise<Predictor> {
  const { metadata, inputs, outputs } = readModelFile(bytes);
  const session = await runtime.createSession(bytes);
  return {
    metadata,
    inputs,
    outputs,
    async run(batch) {
      const feeds = Object.fromEntries(
        inputs.map((input) => [input.name, feedOf(runtime, input, batch)]),
      );
      const results = await session.run(feeds);
      return Object.fromEntries(
        outputs.map(({ name }) => {
          const { dims, data } = results[name]!;
          return [name, { shape: dims, data: data as Float32Array }];
        }),
      );
    },
    release: () => session.release(),
  };
}

function feedOf(runtime: Runtime, { name, type, dims }: ValueInfo, batch: Batch): Tensor {
  const data = batch[name];
  if (data === undefined)
    throw new EwaldError("net/missing-feed", `the model needs "${name}"`, {
      hint: `Given are ${Object.keys(batch).join(", ") || "none"}.`,
    });
  const dynamic = typeof dims[0] === "string";
  const sample = sizeOf(dims.slice(dynamic ? 1 : 0) as number[]);
  const count = data.length / sample;
  const wanted = type === "int32" ? Int32Array : Float32Array;
  if (!(data instanceof wanted) || !Number.isInteger(count) || (!dynamic && count !== 1))
    throw new EwaldError(
      "net/shape-mismatch",
      `"${name}" needs a ${wanted.name} of ${dims.join("×")}, given is a ${data.constructor.name} of ${data.length}`,
    );
  const shape = dynamic ? [count, ...(dims.slice(1) as number[])] : (dims as number[]);
  return type === "int32"
    ? new runtime.Tensor("int32", data as Int32Array, shape)
    : new runtime.Tensor("float32", data as Float32Array, shape);
}
