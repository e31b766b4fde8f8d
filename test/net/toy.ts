/** A small net and its data, trained alike in Node and in browsers. Plain of both. */
import { Random } from "../../src/math/random.ts";
import * as net from "../support/net.ts";

const BATCH = 16;
const LENGTH = 32;

/** One bump on noise, left or right of the middle: the class. */
function makeBatch(epoch: number, index: number): net.Batch {
  const random = Random.fromSeed(5, "toy", epoch, index);
  const signal = random.fillUniform(new Float32Array(BATCH * LENGTH), -0.2, 0.2);
  const side = new Int32Array(BATCH);
  for (let row = 0; row < BATCH; row++) {
    side[row] = random.integer(0, 1);
    const centre = 4 + 16 * side[row]! + 8 * random.uniform();
    for (let i = 0; i < LENGTH; i++)
      signal[row * LENGTH + i]! += Math.max(0, 1 - Math.abs(i - centre) / 3);
  }
  return { signal, side };
}

const model: net.Model = {
  name: "toy",
  inputs: { signal: { shape: [1, LENGTH] } },
  build(graph, { signal }) {
    let x = net.relu(net.batchNorm(net.convolution(signal!, 8, { kernel: 5, stride: 2 })));
    x = net.maxPool(net.convolution(x, 8, { kernel: 3 }), { kernel: [2] });
    const flat = net.dropout(net.reshape(x, [graph.batch, -1]), 0.2);
    return { logits: net.dense(net.gelu(net.dense(flat, 16)), 2) };
  },
};

const objective: net.Objective = {
  targets: { side: { shape: [], dtype: "int" } },
  build: (_, { logits }, { side }) => ({ loss: net.crossEntropy(logits!, side!) }),
};

/** The mean loss of each epoch. */
export async function trainToy(runtime: net.Runtime): Promise<number[]> {
  const { history } = await net.fit({
    runtime,
    model,
    objective,
    batch: BATCH,
    seed: 1,
    epochs: 6,
    optimiser: net.adam({ learningRate: 3e-3 }),
    train: { batchesPerEpoch: 15, get: makeBatch },
    clipNorm: 5,
  });
  return history.map(({ train }) => train["loss"]!);
}
