/**
 * From a graph to an ONNX model. Each operator writes its own nodes through the {@link Emitter}. Parameters and states either come
 * packed, as one flat vector that a single Split takes apart (training), or are written into the file (inference).
 */
import { EwaldError } from "../../errors.ts";
import { reachable, type Value, type Values } from "../graph.ts";
import type { Layout } from "../layout.ts";
import { DYNAMIC_BATCH, isDynamic, type Shape, sizeOf } from "../shape.ts";
import { Emitter } from "./emitter.ts";
import { type OnnxNode, type ValueInfo, writeModel } from "./model.ts";

/** A flat vector that holds several leaves. */
export interface Packing {
  /** Name of the model input that carries it. */
  readonly input: string;
  readonly layout: Layout;
}

export interface EmitOptions {
  readonly packed?: readonly Packing[];
  /** Numbers of parameters and states to be written into the file, by name. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** Store `weights` in half precision; computed in float32 all the same. */
  readonly half?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface EmittedModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** Dimensions for people and other tools: a multiple of the batch is dynamic. */
function dimsOf(shape: Shape): (number | string)[] {
  return shape.map((dimension) =>
    !isDynamic(dimension)
      ? dimension
      : dimension === DYNAMIC_BATCH
        ? "batch"
        : `${dimension / DYNAMIC_BATCH}*batch`,
  );
}

/** The ONNX model that computes `outputs`. Throws `net/missing-weight` for a leaf that nothing provides. */
export function emitModel(outputs: Values, options: EmitOptions = {}): EmittedModel {
  const emitter = new Emitter();
  const names = new Map<Value, string>();
  const inputs: ValueInfo[] = [];
  const nodes = reachable(Object.values(outputs));
  const unpacked = unpack(emitter, options.packed ?? [], nodes, inputs);
  for (const value of nodes) {
    emitter.enter(value.pass === "gradient" ? `gradient/${value.layer}` : value.layer);
    if (value.operator !== undefined) {
      const operands = value.inputs.map((input) => names.get(input)!);
      names.set(value, value.operator.emit(emitter, operands, value.attributes, value));
    } else names.set(value, emitLeaf(emitter, value, unpacked, inputs, options));
  }
  const { nodes: written, infos } = nameOutputs(emitter, outputs, names);
  const bytes = writeModel({
    nodes: written,
    initializers: emitter.initializers,
    inputs,
    outputs: infos,
    metadata: options.metadata ?? {},
  });
  return { bytes, inputs, outputs: infos };
}

function unpack(
  emitter: Emitter,
  packings: readonly Packing[],
  nodes: readonly Value[],
  inputs: ValueInfo[],
): Map<string, string> {
  const used = new Set(nodes.map((value) => value.leaf).flatMap((leaf) => leafName(leaf)));
  const result = new Map<string, string>();
  for (const { input, layout } of packings) {
    const { entries } = layout;
    if (!entries.some((entry) => used.has(entry.name))) continue;
    inputs.push({ name: input, type: "float32", dims: [layout.size] });
    const sizes = emitter.ints(entries.map((entry) => entry.size));
    const parts =
      entries.length === 1
        ? [input]
        : emitter.nodeOf("Split", [input, sizes], { axis: 0 }, entries.length);
    for (const [i, entry] of entries.entries())
      if (used.has(entry.name))
        result.set(
          entry.name,
          entry.shape.length === 1 ? parts[i]! : emitter.reshape(parts[i]!, entry.shape),
        );
  }
  return result;
}

function leafName(leaf: Value["leaf"]): string[] {
  return leaf === undefined || leaf.kind === "constant" ? [] : [leaf.name];
}

function emitLeaf(
  emitter: Emitter,
  value: Value,
  unpacked: ReadonlyMap<string, string>,
  inputs: ValueInfo[],
  options: EmitOptions,
): string {
  const leaf = value.leaf!;
  if (leaf.kind === "constant")
    return value.dtype === "int"
      ? emitter.int32s([...leaf.data], value.shape)
      : emitter.floats(leaf.data, value.shape);
  const packed = unpacked.get(leaf.name);
  if (packed !== undefined) return packed;
  if (leaf.kind === "parameter" || leaf.kind === "state") {
    const data = options.weights?.get(leaf.name);
    if (data?.length === sizeOf(value.shape))
      return emitter.weight(leaf.name, value.shape, data, options.half === true);
    throw new EwaldError(
      "net/missing-weight",
      `${leaf.kind} "${leaf.name}" needs ${sizeOf(value.shape)} numbers, ${data?.length ?? 0} are given`,
    );
  }
  const type = value.dtype === "int" ? "int32" : "float32";
  // A packed vector may also be read whole, by the optimiser.
  if (!inputs.some((input) => input.name === leaf.name))
    inputs.push({ name: leaf.name, type, dims: dimsOf(value.shape) });
  return leaf.name;
}

/** Renames what is returned to the names asked for; a leaf or a value returned twice gets an Identity. */
function nameOutputs(
  emitter: Emitter,
  outputs: Values,
  names: ReadonlyMap<Value, string>,
): { nodes: OnnxNode[]; infos: ValueInfo[] } {
  const renamed = new Map<string, string>();
  const produced = new Set(emitter.nodes.flatMap((node) => node.outputs));
  const infos: ValueInfo[] = [];
  emitter.enter("");
  for (const [name, value] of Object.entries(outputs)) {
    const from = names.get(value)!;
    const type = value.dtype === "int" ? "int32" : "float32";
    infos.push({ name, type, dims: dimsOf(value.shape) });
    if (produced.has(from) && !renamed.has(from)) renamed.set(from, name);
    else
      emitter.nodes.push({
        type: "Identity",
        name: `return ${name}`,
        inputs: [from],
        outputs: [name],
        attributes: {},
      });
  }
  const rename = (name: string): string => renamed.get(name) ?? name;
  const nodes = emitter.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  return { nodes, infos };
}
