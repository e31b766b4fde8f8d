/** How weights begin. Each tensor draws from its own stream, so adding a layer changes no other. */
import { Random } from "../math/random.ts";
import type { Initial } from "./graph.ts";
import type { Layout } from "./layout.ts";

/** Normal initial weights of He et al. 2015, for ReLU and its kin: variance 2 / fan-in. */
export function heNormal(fanIn: number): Initial {
  return { kind: "normal", scale: Math.sqrt(2 / fanIn) };
}

/** Uniform initial weights of He et al. 2015, for layers with ReLU, uniform within √(6 / fan-in). */
export function heUniform(fanIn: number): Initial {
  return { kind: "uniform", scale: Math.sqrt(6 / fanIn) };
}

/** Uniform initial weights of Glorot & Bengio 2010, for tanh, sigmoid and linear layers: variance 2 / (fan-in + fan-out). */
export function xavierUniform(fanIn: number, fanOut: number): Initial {
  return { kind: "uniform", scale: Math.sqrt(6 / (fanIn + fanOut)) };
}

/** Initial weights of Glorot & Bengio 2010, normal, variance 2 / (fan-in + fan-out). */
export function xavierNormal(fanIn: number, fanOut: number): Initial {
  return { kind: "normal", scale: Math.sqrt(2 / (fanIn + fanOut)) };
}

/** Initial weights as PyTorch's default for dense and convolutional layers: uniform within 1/√fan-in. */
export function torchUniform(fanIn: number): Initial {
  return { kind: "uniform", scale: 1 / Math.sqrt(fanIn) };
}

/** Initial weights that are all the same number. */
export function constantly(value: number): Initial {
  return { kind: "constant", value };
}

/** Fills the flat vector of a layout from the seeded generator. */
export function initialise(layout: Layout, seed: number | string): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, offset, size, initial } of layout.entries) {
    const part = flat.subarray(offset, offset + size);
    const random = Random.fromSeed(seed, "initial", name);
    if (initial.kind === "constant") part.fill(initial.value);
    else if (initial.kind === "normal") random.fillNormal(part, 0, initial.scale);
    else random.fillUniform(part, -initial.scale, initial.scale);
  }
  return flat;
}
