/**
 * The graph: what a model computes, described once. A value is one node of it, made by an operator from
 * other values; a leaf is fed from outside (input, noise, scalar) or kept between steps (parameter,
 * state). Shapes are checked as nodes are added, and an error names the layer and both shapes.
 * Gradients (`autodiff.ts`) are more nodes in the same graph; `onnx/emit.ts` writes any part of it as
 * ONNX and `interpreter.ts` computes it in float64.
 */
import { EwaldError } from "../errors.ts";
import type { Emitter } from "./onnx/emitter.ts";
import { describeShape, sizeOf, type Shape } from "./shape.ts";

/** "float" is float32 in ONNX and float64 in the interpreter; "int" is int32 in both. */
export type DType = "float" | "int";

/** A tensor of the interpreter: float64 whatever the type. */
export interface Tensor64 {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * One operator: the four things anyone needs to know of it. `gradient` takes the gradient of the loss
 * to the output and returns that to each input (undefined: none flows there), as new nodes.
 */
export interface Operator<Attributes> {
  readonly name: string;
  readonly dtype?: DType;
  shape(inputs: readonly Shape[], attributes: Attributes): Shape;
  emit(emitter: Emitter, inputs: readonly string[], attributes: Attributes, node: Value): string;
  gradient?(
    dy: Value,
    node: Value,
    attributes: Attributes,
    wanted: readonly boolean[],
  ): readonly (Value | undefined)[];
  run(inputs: readonly Tensor64[], attributes: Attributes, shape: Shape): Float64Array;
}

/** How parameters begin; drawn by `initialise.ts` from the seeded generator. */
export type Initial =
  | { readonly kind: "constant"; readonly value: number }
  | {
      readonly kind: "uniform" | "normal";
      /** Half width of the uniform or standard deviation of the normal distribution. */
      readonly scale: number;
    };

export type Leaf =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "scalar"; readonly name: string; readonly initial: number }
  | { readonly kind: "noise"; readonly name: string; readonly distribution: "uniform" | "normal" }
  | {
      readonly kind: "parameter" | "state";
      readonly name: string;
      readonly initial: Initial;
      /** Weight decay applies (matrices and kernels; not biases, not normalisation). */
      readonly decay: boolean;
    }
  | { readonly kind: "constant"; readonly data: Float64Array };

/** One array of a graph: its shape and type are known, its numbers only when it runs. */
export interface Value {
  readonly graph: Graph;
  /** Position in the graph: inputs of a node have smaller ones. */
  readonly id: number;
  readonly operator: Operator<unknown> | undefined;
  readonly leaf: Leaf | undefined;
  readonly attributes: unknown;
  readonly inputs: readonly Value[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** Path of scopes that were open when the node was made: "encoder/block1". */
  readonly layer: string;
  /** "gradient" for nodes that autodiff made on behalf of the layer. */
  readonly pass: "forward" | "gradient";
}

export type Values = Readonly<Record<string, Value>>;

/** An operand: a value of the graph, or a number that stands for a constant that broadcasts. */
export type Operand = Value | number;

export interface GraphOptions {
  /** Samples a step, or `DYNAMIC_BATCH`. */
  readonly batch: number;
  /** Batch statistics and dropout are active. Default false. */
  readonly training?: boolean;
  /** Parameters that stay as they are, by name. Batch norm among them keeps its running statistics. */
  readonly frozen?: (name: string) => boolean;
}

/** A network under construction: values are added to it, shapes are checked at once. */
export class Graph {
  readonly batch: number;
  readonly training: boolean;
  readonly nodes: Value[] = [];
  /** New values of state leaves, by name of the leaf, written back after each training step. */
  readonly updates = new Map<string, Value>();
  /** Intermediates that a layer offers for explanation, by name. */
  readonly named = new Map<string, Value>();
  /** Whether the parameters under a path stay as they are. */
  readonly isFrozen: (name: string) => boolean;
  private readonly leaves = new Map<string, Value>();
  private readonly scopes: string[] = [];
  private readonly siblings = new Map<string, number>();
  private pass: "forward" | "gradient" = "forward";

  constructor(options: GraphOptions) {
    this.batch = options.batch;
    this.training = options.training ?? false;
    this.isFrozen = options.frozen ?? (() => false);
  }

  get layer(): string {
    return this.scopes.join("/");
  }

  /**
   * Runs `build` inside a named scope. A second scope of the same name beside the first gets a number
   * ("block", "block2"), so that names stay unique and stable.
   */
  scope<T>(name: string, build: () => T): T {
    const path = [...this.scopes, name].join("/");
    const count = (this.siblings.get(path) ?? 0) + 1;
    this.siblings.set(path, count);
    this.scopes.push(count === 1 ? name : `${name}${count}`);
    try {
      return build();
    } finally {
      this.scopes.pop();
    }
  }

  /** Runs `build` with nodes marked as gradient of `layer`; used by autodiff. */
  asGradientOf<T>(layer: string, build: () => T): T {
    const { pass } = this;
    const scopes = this.scopes.splice(0, this.scopes.length, layer);
    this.pass = "gradient";
    try {
      return build();
    } finally {
      this.pass = pass;
      this.scopes.splice(0, this.scopes.length, ...scopes);
    }
  }

  /** A tensor of the batch: `shape` is that of one sample, the result has the batch before it. */
  input(name: string, shape: Shape, dtype: DType = "float"): Value {
    return this.addLeaf({ kind: "input", name }, [this.batch, ...shape], dtype);
  }

  /** A tensor fed whole, without batch dimension (flat weights and the like). */
  feed(name: string, shape: Shape): Value {
    return this.addLeaf({ kind: "input", name }, shape, "float");
  }

  /** A number fed at each step: learning rate, weight of a loss, budget. `initial` where nobody sets it. */
  scalar(name: string, initial: number): Value {
    const known = this.leaves.get(name);
    if (known?.leaf?.kind === "scalar" && known.leaf.initial === initial) return known;
    return this.addLeaf({ kind: "scalar", name, initial }, [], "float");
  }

  /** Random numbers, drawn anew for each step from the seeded generator: [0, 1) or standard normal. */
  noise(name: string, shape: Shape, distribution: "uniform" | "normal"): Value {
    return this.addLeaf({ kind: "noise", name: this.path(name), distribution }, shape, "float");
  }

  /** Weights that the optimiser changes, named within the open scope. */
  parameter(name: string, shape: Shape, initial: Initial, decay = true): Value {
    return this.addLeaf({ kind: "parameter", name: this.path(name), initial, decay }, shape);
  }

  /** Numbers kept between steps but not trained by gradient (running statistics). */
  state(name: string, shape: Shape, initial: Initial): Value {
    return this.addLeaf({ kind: "state", name: this.path(name), initial, decay: false }, shape);
  }

  /** The value that a state leaf takes after the step. */
  update(state: Value, next: Value): void {
    if (state.leaf?.kind !== "state")
      throw new EwaldError("net/not-a-state", `layer "${this.layer}" updates what is no state`);
    this.updates.set(state.leaf.name, next);
  }

  /** Offers an intermediate by name, to be returned or differentiated to at inference. */
  name(name: string, value: Value): Value {
    if (this.named.has(name)) throw new EwaldError("net/name-twice", `"${name}" is named twice`);
    this.named.set(name, value);
    return value;
  }

  constant(values: ArrayLike<number>, shape: Shape = [values.length], dtype?: DType): Value {
    const data = Float64Array.from(values);
    if (data.length !== sizeOf(shape))
      throw new EwaldError(
        "net/shape-mismatch",
        `a constant of ${data.length} numbers cannot have the shape ${describeShape(shape)}`,
      );
    return this.push({ leaf: { kind: "constant", data }, shape, dtype: dtype ?? "float" });
  }

  /** Adds a node; operators call it through `apply`. */
  add<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A): Value {
    for (const input of inputs)
      if (input.graph !== this)
        throw new EwaldError("net/foreign-value", `${operator.name} mixes values of two graphs`);
    let shape: Shape;
    try {
      shape = operator.shape(
        inputs.map((input) => input.shape),
        attributes,
      );
    } catch (error) {
      const shapes = inputs.map((input) => describeShape(input.shape)).join(" and ");
      const reason = error instanceof Error ? error.message : String(error);
      throw new EwaldError(
        error instanceof EwaldError ? error.code : "net/shape-mismatch",
        `layer "${this.layer}": ${operator.name} of ${shapes}: ${reason}`,
        { cause: error, value: inputs.map((input) => input.shape) },
      );
    }
    const dtype = operator.dtype ?? "float";
    return this.push({ operator: operator as Operator<unknown>, attributes, inputs, shape, dtype });
  }

  private path(name: string): string {
    return [...this.scopes, name].join("/");
  }

  private addLeaf(
    leaf: Exclude<Leaf, { kind: "constant" }>,
    shape: Shape,
    dtype: DType = "float",
  ): Value {
    if (this.leaves.has(leaf.name))
      throw new EwaldError("net/name-twice", `two ${leaf.kind}s are called "${leaf.name}"`, {
        hint: "Give the layer a scope of its own with graph.scope.",
      });
    const value = this.push({ leaf, shape, dtype });
    this.leaves.set(leaf.name, value);
    return value;
  }

  private push(node: Pick<Value, "shape" | "dtype"> & Partial<Value>): Value {
    const { layer, pass } = this;
    const value: Value = {
      operator: undefined,
      leaf: undefined,
      attributes: undefined,
      inputs: [],
      ...node,
      graph: this,
      id: this.nodes.length,
      layer,
      pass,
    };
    this.nodes.push(value);
    return value;
  }
}

/** Adds a node to the graph of its first input. */
export function apply<A>(operator: Operator<A>, inputs: readonly Value[], attributes: A): Value {
  return inputs[0]!.graph.add(operator, inputs, attributes);
}

/** For shape rules: throws with the reason; the graph adds layer, operator and shapes. */
export function refuse(reason: string): never {
  throw new EwaldError("net/shape-mismatch", reason);
}

/** The nodes that `outputs` need, in an order in which they can be computed. */
export function reachable(outputs: readonly Value[]): Value[] {
  const needed = new Set<Value>();
  const stack = [...outputs];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (needed.has(value)) continue;
    needed.add(value);
    stack.push(...value.inputs);
  }
  return [...needed].sort((a, b) => a.id - b.id);
}
