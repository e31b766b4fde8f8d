/**
 * ONNX messages (ModelProto and below), written and read. Field numbers from onnx/onnx.proto, IR
 * version 8, operator set 18. Only what Ewald's own files hold: float32, float16, int32, int64 tensors
 * as raw little-endian bytes.
 */
import { EwaldError } from "../../errors.ts";
import { MessageWriter, readFields, readText } from "./protobuf.ts";

const OPSET = 18;
const IR_VERSION = 8n;

export type ElementType = "float32" | "float16" | "int32" | "int64";
const ELEMENT_CODE: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, float16: 10 };
const CODE_ELEMENT = new Map(Object.entries(ELEMENT_CODE).map(([name, code]) => [code, name]));

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly bytes: Uint8Array;
}

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A graph input or output; a string dimension is dynamic. */
export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

function attribute(name: string, value: AttributeValue): MessageWriter {
  const message = new MessageWriter().text(1, name);
  if (typeof value === "number") return message.int(3, value).int(20, 2);
  if (typeof value === "string") return message.text(4, value).int(20, 3);
  if ("float" in value) return message.float(2, value.float).int(20, 1);
  for (const item of value) message.int(8, item);
  return message.int(20, 7);
}

function node(source: OnnxNode): MessageWriter {
  const message = new MessageWriter();
  for (const input of source.inputs) message.text(1, input);
  for (const output of source.outputs) message.text(2, output);
  message.text(3, source.name).text(4, source.type);
  for (const [name, value] of Object.entries(source.attributes))
    message.message(5, attribute(name, value));
  return message;
}

function tensor(source: OnnxTensor): MessageWriter {
  const message = new MessageWriter();
  for (const dimension of source.dims) message.int(1, dimension);
  return message.int(2, ELEMENT_CODE[source.type]).text(8, source.name).bytes(9, source.bytes);
}

function valueInfo(source: ValueInfo): MessageWriter {
  const shape = new MessageWriter();
  for (const dimension of source.dims) {
    const item = new MessageWriter();
    shape.message(
      1,
      typeof dimension === "number" ? item.int(1, dimension) : item.text(2, dimension),
    );
  }
  const type = new MessageWriter().message(
    1,
    new MessageWriter().int(1, ELEMENT_CODE[source.type]).message(2, shape),
  );
  return new MessageWriter().text(1, source.name).message(2, type);
}

export function writeModel(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const graph = new MessageWriter();
  for (const item of model.nodes) graph.message(1, node(item));
  graph.text(2, "ewald");
  for (const item of model.initializers) graph.message(5, tensor(item));
  for (const item of model.inputs) graph.message(11, valueInfo(item));
  for (const item of model.outputs) graph.message(12, valueInfo(item));
  const file = new MessageWriter()
    .int(1, IR_VERSION)
    .text(2, "ewald")
    .message(8, new MessageWriter().text(1, "").int(2, OPSET))
    .message(7, graph);
  for (const [key, value] of Object.entries(model.metadata))
    file.message(14, new MessageWriter().text(1, key).text(2, value));
  return file.finish();
}

function asBytes(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === "bigint")
    throw new EwaldError("onnx/not-onnx", "a number stands where a message should");
  return value;
}

function elementType(code: bigint | Uint8Array, name: string): ElementType {
  const type = CODE_ELEMENT.get(Number(code));
  if (type === undefined)
    throw new EwaldError("onnx/unknown-element-type", `tensor "${name}" has element type ${code}`, {
      value: Number(code),
    });
  return type as ElementType;
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  let [name, code, raw]: [string, bigint | Uint8Array, Uint8Array] = ["", 0n, new Uint8Array()];
  for (const { number, value } of readFields(bytes)) {
    if (number === 1) dims.push(Number(value));
    else if (number === 2) code = value;
    else if (number === 8) name = readText(value);
    else if (number === 9) raw = asBytes(value);
  }
  return { name, type: elementType(code, name), dims, bytes: raw };
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
  const dims: (number | string)[] = [];
  let [name, code]: [string, bigint | Uint8Array] = ["", 1n];
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = readText(field.value);
    if (field.number !== 2) continue;
    for (const type of readFields(asBytes(field.value)))
      for (const part of readFields(asBytes(type.value))) {
        if (part.number === 1) code = part.value;
        if (part.number !== 2) continue;
        for (const dimension of readFields(asBytes(part.value)))
          for (const { number, value } of readFields(asBytes(dimension.value)))
            dims.push(number === 1 ? Number(value) : readText(value));
      }
  }
  return { name, type: elementType(code, name), dims };
}

/** The parts of a model that are needed without running it: tensors, inputs, outputs, metadata (nodes are skipped). */
export function readModel(bytes: Uint8Array): Omit<OnnxModel, "nodes"> {
  const initializers: OnnxTensor[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const metadata: Record<string, string> = {};
  let graphs = 0;
  for (const field of readFields(bytes)) {
    if (field.number === 14) {
      const pair: string[] = [];
      for (const { number, value } of readFields(asBytes(field.value)))
        pair[number] = readText(value);
      metadata[pair[1] ?? ""] = pair[2] ?? "";
    }
    if (field.number !== 7) continue;
    graphs++;
    for (const { number, value } of readFields(asBytes(field.value))) {
      if (number === 5) initializers.push(readTensor(asBytes(value)));
      else if (number === 11) inputs.push(readValueInfo(asBytes(value)));
      else if (number === 12) outputs.push(readValueInfo(asBytes(value)));
    }
  }
  if (graphs !== 1)
    throw new EwaldError("onnx/not-onnx", `a model holds one graph, this file ${graphs}`, {
      hint: "Give a file that Ewald or another tool wrote as ONNX.",
    });
  return { initializers, inputs, outputs, metadata };
}
