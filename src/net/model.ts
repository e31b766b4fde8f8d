/**
 * The parts of a training that a person writes: a model (inputs to outputs) and an objective (outputs and targets to a loss).
 * Both are functions that add to a graph; every graph of a model (training, evaluation, inference,
 * explanation) is built by calling them.
 */
import { EwaldError } from "../errors.ts";
import { Graph, type DType, type GraphOptions, type Value, type Values } from "./graph.ts";
import { describeShape, type Shape } from "./shape.ts";

/** One tensor of a batch: the shape of one sample. */
export interface InputSpec {
  readonly shape: Shape;
  readonly dtype?: DType;
  /** Unit and meaning, for the file's metadata: "2θ intensity, largest 1". */
  readonly describes?: string;
}

export type InputSpecs = Readonly<Record<string, InputSpec>>;

/** A network: its inputs, and a function that adds it to a graph. */
export interface Model {
  readonly name: string;
  readonly inputs: InputSpecs;
  /** Named outputs. Intermediates for explanation are offered with `graph.name`. */
  build(graph: Graph, inputs: Values): Values;
}

/** The goal of a training: targets, and a function that gives loss and metrics. */
export interface Objective {
  readonly targets: InputSpecs;
  /** `loss` is what training lowers; everything else is a metric that is reported. All single numbers. */
  build(graph: Graph, outputs: Values, targets: Values): Values & { readonly loss: Value };
}

export interface BuiltModel {
  readonly graph: Graph;
  readonly inputs: Values;
  readonly outputs: Values;
}

function addInputs(graph: Graph, specs: InputSpecs): Values {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      graph.input(name, shape, dtype ?? "float"),
    ]),
  );
}

export function buildModel(model: Model, options: GraphOptions): BuiltModel {
  const graph = new Graph(options);
  const inputs = addInputs(graph, model.inputs);
  return { graph, inputs, outputs: model.build(graph, inputs) };
}

/** The loss and the metrics behind a built model. Throws `net/not-a-number` for one that is no scalar. */
export function buildObjective({ graph, outputs }: BuiltModel, objective: Objective): Values {
  const targets = addInputs(graph, objective.targets);
  const metrics = graph.scope("objective", () => objective.build(graph, outputs, targets));
  for (const [name, { shape }] of Object.entries(metrics))
    if (shape.length > 0)
      throw new EwaldError(
        "net/not-a-number",
        `metric "${name}" has the shape ${describeShape(shape)}, not that of one number`,
        { hint: "Take its mean." },
      );
  return metrics;
}
