/** Loss, metrics and outputs without training, fed with the weights of a run as they stand. */
import type { Model, Objective } from "./model.ts";
import type { InferenceSession, Runtime } from "./runtime.ts";
import {
  buildEvaluation,
  packingsOf,
  PACKED,
  type EvaluationGraph,
  type StepGraph,
} from "./step.ts";
import { tensorOf, type Batch } from "./stepper.ts";

/** Flat vectors by name (`PACKED`). */
export type Vectors = Readonly<Record<string, Float32Array>>;

export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

export interface Evaluator {
  run(
    batch: Batch,
    weights: Vectors,
    scalars?: Readonly<Record<string, number>>,
  ): Promise<Evaluation>;
  release(): Promise<void>;
}

export async function createEvaluator(
  runtime: Runtime,
  model: Model,
  objective: Objective,
  batch: number,
  step: StepGraph,
): Promise<Evaluator> {
  const evaluation = buildEvaluation(model, objective, batch, packingsOf(step));
  const session = await runtime.createSession(evaluation.bytes);
  return {
    run: (data, weights, scalars) => evaluate(runtime, session, evaluation, data, weights, scalars),
    release: () => session.release(),
  };
}

async function evaluate(
  runtime: Runtime,
  session: InferenceSession,
  { inputs, metrics, outputs }: EvaluationGraph,
  batch: Batch,
  weights: Vectors,
  scalars: Readonly<Record<string, number>> = {},
): Promise<Evaluation> {
  const feeds: Record<string, InstanceType<Runtime["Tensor"]>> = {};
  for (const spec of inputs.tensors) feeds[spec.name] = tensorOf(runtime, spec, batch);
  for (const [name, initial] of Object.entries(inputs.scalars))
    feeds[name] = new runtime.Tensor("float32", Float32Array.of(scalars[name] ?? initial), []);
  for (const name of Object.values(PACKED)) {
    const vector = weights[name];
    if (vector !== undefined && session.inputNames.includes(name))
      feeds[name] = new runtime.Tensor("float32", vector, [vector.length]);
  }
  for (const name of Object.keys(feeds)) if (!session.inputNames.includes(name)) delete feeds[name];
  const results = await session.run(feeds);
  const numbers = results["metrics"]!.data as Float32Array;
  return {
    metrics: Object.fromEntries(metrics.map((name, i) => [name, numbers[i]!])),
    outputs: Object.fromEntries(
      Object.keys(outputs)
        .filter((name) => name !== "metrics")
        .map((name) => [name, results[name]!.data as Float32Array]),
    ),
  };
}
