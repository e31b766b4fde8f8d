import type * as Net from "../test/support/net.ts";

export interface Workload {
  readonly key: "W1" | "W2" | "W3";
  readonly model: Net.Model;
  readonly objective: Net.Objective;
  readonly classes: number;
  readonly sample: number;
}

export function hashedArray(length: number, seed: number, scale?: number): Float32Array;
export function hashedWeights(layout: Net.Layout): Float32Array;
export function hashedBatch(workload: Workload, batch: number): Net.Batch;
export function workloads(net: typeof Net): readonly Workload[];
