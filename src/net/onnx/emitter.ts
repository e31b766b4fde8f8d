/** The writer of operators: nodes and constants of an ONNX graph, equal ones written once. */
import { EwaldError } from "../../errors.ts";
import { float16Of } from "../half.ts";
import { isDynamic, type Shape } from "../shape.ts";
import type { AttributeValue, ElementType, OnnxNode, OnnxTensor } from "./model.ts";

const MAX_INT64 = 2n ** 63n - 1n;

export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly known = new Map<string, readonly string[]>();
  private layer = "";
  private count = 0;

  enter(layer: string): void {
    this.layer = layer;
  }

  /** One node with several outputs; an equal node that stands already is used again. */
  nodeOf(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: number,
  ): readonly string[] {
    const key = JSON.stringify([type, inputs, attributes]);
    const known = this.known.get(key);
    if (known !== undefined && known.length >= outputs) return known;
    const name = this.fresh(type);
    const names = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}:${i}`));
    this.nodes.push({ type, name, inputs, outputs: names, attributes });
    this.known.set(key, names);
    return names;
  }

  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.nodeOf(type, inputs, attributes, 1)[0]!;
  }

  /** A constant int64 vector (shapes, axes, pads); a dynamic dimension becomes -1, "to the end" for ends. */
  ints(values: readonly number[], dynamic: bigint = -1n): string {
    const data = BigInt64Array.from(values, (value) =>
      isDynamic(value) ? dynamic : BigInt(value),
    );
    return this.constant(`ints ${data.join()}`, "int64", [values.length], data);
  }

  /** Ends of slices: a dynamic end means "all". */
  ends(values: readonly number[]): string {
    return this.ints(values, MAX_INT64);
  }

  int32s(values: readonly number[], dims: Shape): string {
    return this.constant(
      `int32 ${dims.join("x")} ${values.join()}`,
      "int32",
      dims,
      Int32Array.from(values),
    );
  }

  floats(values: ArrayLike<number>, dims: Shape): string {
    const data = Float32Array.from(values);
    const key = data.length <= 64 ? `floats ${dims.join("x")} ${data.join()}` : undefined;
    return this.constant(key, "float32", dims, data);
  }

  reshape(input: string, shape: Shape): string {
    if (shape.filter(isDynamic).length > 1)
      throw new EwaldError("net/dynamic-shape", "two dimensions of one tensor depend on the batch");
    return this.node("Reshape", [input, this.ints(shape)]);
  }

  /** Weights written into the file, in half precision with a cast behind them if asked. */
  weight(name: string, shape: Shape, data: Float32Array, half: boolean): string {
    const type: ElementType = half ? "float16" : "float32";
    const bytes = half ? float16Of(data) : data;
    const stored = half ? `${name}:half` : name;
    this.initializers.push({ name: stored, type, dims: shape, bytes: viewBytes(bytes) });
    return half ? this.node("Cast", [stored], { to: 1 }) : name;
  }

  private constant(
    key: string | undefined,
    type: ElementType,
    dims: Shape,
    data: Float32Array | BigInt64Array | Int32Array,
  ): string {
    const known = key === undefined ? undefined : this.known.get(key)?.[0];
    if (known !== undefined) return known;
    const name = `const:${this.count++}`;
    this.initializers.push({ name, type, dims, bytes: viewBytes(data) });
    if (key !== undefined) this.known.set(key, [name]);
    return name;
  }

  private fresh(type: string): string {
    return `${this.layer === "" ? "" : `${this.layer}/`}${type}:${this.count++}`;
  }
}

function viewBytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
