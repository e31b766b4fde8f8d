/**
 * The trained model as an ONNX file: dynamic batch, weights in single or half precision, and in its
 * metadata what a person needs to use and cite it. Any ONNX runtime loads it.
 */
import { gradients } from "./autodiff.ts";
import { EwaldError } from "../errors.ts";
import type { Value } from "./graph.ts";
import { float32OfHalf } from "./half.ts";
import type { Weights } from "./layout.ts";
import { buildModel, type InputSpecs, type Model } from "./model.ts";
import { emitModel } from "./onnx/emit.ts";
import { readModel, type OnnxTensor, type ValueInfo } from "./onnx/model.ts";
import { DYNAMIC_BATCH } from "./shape.ts";

export interface ExportMetadata {
  /** Hash of the data that it was trained on. */
  readonly dataHash: string;
  /** Commit of the code that trained it. */
  readonly commit: string;
  /** Whose data it was trained on, and under which licence. */
  readonly attribution: string;
  /** Names of the classes, by output. */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** Anything else, as text. */
  readonly extra?: Readonly<Record<string, string>>;
}

export interface ExportOptions {
  readonly metadata: ExportMetadata;
  /** Weights as float16: half the file; computed in float32 all the same. */
  readonly half?: boolean;
}

function plain(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}

function metadataOf(
  model: Model,
  { dataHash, commit, attribution, classes, extra }: ExportMetadata,
) {
  return {
    ...extra,
    "ewald.model": model.name,
    "ewald.inputs": JSON.stringify(model.inputs),
    "ewald.classes": JSON.stringify(classes ?? {}),
    "ewald.dataHash": dataHash,
    "ewald.commit": commit,
    "ewald.attribution": attribution,
  };
}

/** The model file (ONNX) of a trained model. Throws `net/missing-weight` where `weights` lack a tensor or its size. */
export function exportModel(
  model: Model,
  weights: Weights,
  { metadata, half = false }: ExportOptions,
): Uint8Array<ArrayBuffer> {
  const { outputs } = buildModel(model, { batch: DYNAMIC_BATCH });
  const options = { weights: plain(weights), half, metadata: metadataOf(model, metadata) };
  return emitModel(outputs, options).bytes;
}

export interface ExplainOptions {
  /** Samples at once, default 1. */
  readonly batch?: number;
  /** Intermediates to return: what the model offers by `graph.name`. */
  readonly named: readonly string[];
  /**
   * Gradients of the output, weighted by the input "seed" of its shape (a one at the class to explain),
   * to intermediates or inputs; returned as "gradient:NAME".
   */
  readonly gradient?: { readonly of: string; readonly to: readonly string[] };
}

/** A model that returns intermediates and gradients beside the outputs. Throws `net/unknown-name`. */
export function explanationModel(
  model: Model,
  weights: Weights,
  { batch = 1, named, gradient }: ExplainOptions,
): Uint8Array<ArrayBuffer> {
  const { graph, inputs, outputs } = buildModel(model, { batch });
  const find = (name: string): Value => {
    const value = graph.named.get(name) ?? outputs[name] ?? inputs[name];
    if (value === undefined)
      throw new EwaldError("net/unknown-name", `the model offers no "${name}"`, {
        value: name,
        hint: `It offers ${[...graph.named.keys()].join(", ") || "nothing"}.`,
      });
    return value;
  };
  const wanted: Record<string, Value> = { ...outputs };
  for (const name of named) wanted[name] = find(name);
  if (gradient !== undefined) {
    const output = find(gradient.of);
    const seed = graph.feed("seed", output.shape);
    const found = gradients(output, gradient.to.map(find), seed);
    for (const [i, name] of gradient.to.entries()) wanted[`gradient:${name}`] = found[i]!;
  }
  return emitModel(wanted, { weights: plain(weights) }).bytes;
}

/**
 * Grad-CAM (Selvaraju et al. 2017): where in space a class was seen. Activations and their gradient,
 * (samples, channels, positions) → (samples, positions), not below zero.
 */
export function gradCam(
  activations: Float32Array,
  gradient: Float32Array,
  channels: number,
  positions: number,
): Float32Array {
  const samples = activations.length / (channels * positions);
  const result = new Float32Array(samples * positions);
  for (let sample = 0; sample < samples; sample++) {
    const map = result.subarray(sample * positions, (sample + 1) * positions);
    for (let channel = 0; channel < channels; channel++) {
      const start = (sample * channels + channel) * positions;
      let weight = 0;
      for (let i = 0; i < positions; i++) weight += gradient[start + i]! / positions;
      for (let i = 0; i < positions; i++) map[i]! += weight * activations[start + i]!;
    }
    for (let i = 0; i < positions; i++) map[i] = Math.max(map[i]!, 0);
  }
  return result;
}

/** An exported file's statements on itself. */
export interface ModelFile {
  readonly weights: Weights;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** The statements that every exported file makes: some of them without the rest is a file cut short between two entries. */
const STATED = ["model", "inputs", "classes", "dataHash", "commit", "attribution"].map(
  (name) => `ewald.${name}`,
);

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const missing = STATED.filter((name) => !Object.hasOwn(metadata, name));
  if (missing.length > 0 && missing.length < STATED.length)
    throw new EwaldError("onnx/truncated", `the file ends before it states ${missing[0]}`, {
      value: missing,
      hint: "Get the file anew.",
    });
}

/** Suffix of tensors stored in half precision. */
const HALF = ":half";

function widen({ type, bytes }: OnnxTensor): Float32Array {
  // A copy aligns the numbers.
  const { buffer } = new Uint8Array(bytes);
  return type === "float16" ? float32OfHalf(new Uint16Array(buffer)) : new Float32Array(buffer);
}

/**
 * Weights and metadata out of a file that `exportModel` wrote, to go on training or to look at.
 * @throws EwaldError `onnx/…`, for a file that is cut short or none
 */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const { initializers, metadata, inputs, outputs } = readModel(bytes);
  checkMetadata(metadata);
  const weights = new Map(
    initializers
      .filter(({ name, type }) => !name.startsWith("const:") && type.startsWith("float"))
      .map((tensor) => {
        const { name, dims } = tensor;
        const key = name.endsWith(HALF) ? name.slice(0, -HALF.length) : name;
        return [key, { shape: dims, data: widen(tensor) }];
      }),
  );
  return { weights, metadata, inputs, outputs };
}

/** The inputs as the model declared them, from a file's metadata; undefined for another tool's file. */
export function inputSpecsOf(file: Pick<ModelFile, "metadata">): InputSpecs | undefined {
  const text = file.metadata["ewald.inputs"];
  return text === undefined ? undefined : (JSON.parse(text) as InputSpecs);
}
