// The three workloads of the trainer's bench and of its golden test: a point cloud network (W1), a 1D
// residual network (W2), a 2D encoder and decoder (W3). The library is given, so that the bench runs the
// build and the test the sources. bench/peers/net_workloads.py is the same in PyTorch.

/** Integer hash to [-1, 1): the same numbers in JavaScript and NumPy, exact in float32. */
function hashed(index, seed) {
  let h = (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b) >>> 0;
  return ((h ^ (h >>> 16)) >>> 8) / 2 ** 23 - 1;
}

export function hashedArray(length, seed, scale = 1) {
  const rounded = Math.fround(scale);
  return Float32Array.from({ length }, (_, i) => hashed(i, seed) * rounded);
}

/** Weights by their place in the model's list: kernels uniform within sqrt(3 / fan-in), scales 1. */
export function hashedWeights(layout) {
  const flat = new Float32Array(layout.size);
  for (const [i, { shape, offset, size, name }] of layout.entries.entries()) {
    const part = flat.subarray(offset, offset + size);
    const fanIn = shape.slice(1).reduce((product, n) => product * n, 1);
    if (shape.length > 1) part.set(hashedArray(size, 1000 + i, Math.sqrt(3 / fanIn)));
    else if (name.endsWith("scale")) part.fill(1);
  }
  return flat;
}

/** A fixed batch of hashed numbers. */
export function hashedBatch(workload, batch) {
  const [input] = Object.keys(workload.model.inputs);
  const data = { [input]: hashedArray(batch * workload.sample, 1) };
  if (workload.classes > 0)
    data.label = Int32Array.from({ length: batch }, (_, i) => (i * 7) % workload.classes);
  else data.target = hashedArray(batch * 1024, 2);
  return data;
}

export function workloads(net) {
  const { add, batchNorm, convolution, dense, max, pointwise, relu, reshape, transpose } = net;

  function block(x, channels, stride) {
    const conv = (input, step) =>
      batchNorm(convolution(input, channels, { kernel: 3, stride: step, padding: 1, bias: false }));
    const inner = conv(relu(conv(x, stride)), 1);
    if (stride === 1 && x.shape[1] === channels) return relu(add(inner, x));
    const narrow = { kernel: 1, stride, padding: 0, bias: false };
    return relu(add(inner, batchNorm(convolution(x, channels, narrow))));
  }

  const w1 = {
    name: "W1",
    inputs: { cloud: { shape: [125, 4] } },
    build({ batch }, { cloud }) {
      let x = transpose(reshape(cloud, [batch * 125, 4]), [1, 0]); // (features, batch·points)
      for (const width of [64, 128, 512, 1024])
        x = relu(batchNorm(pointwise(x, width, { bias: false }), { axis: 0 }));
      let y = transpose(max(reshape(x, [1024, batch, 125]), 2), [1, 0]); // (batch, channels)
      for (const width of [512, 256, 128]) y = relu(batchNorm(dense(y, width, { bias: false })));
      return { logits: dense(y, 2) };
    },
  };

  const w2 = {
    name: "W2",
    inputs: { signal: { shape: [1, 5250] } },
    build(_, { signal }) {
      const stem = { kernel: 7, stride: 2, padding: 3, bias: false };
      let x = relu(batchNorm(convolution(signal, 32, stem)));
      for (const width of [32, 32, 64, 64, 128, 128, 256, 256])
        x = block(x, width, width === x.shape[1] ? 1 : 2);
      return { logits: dense(net.globalMean(x), 30) };
    },
  };

  const w3 = {
    name: "W3",
    inputs: { map: { shape: [1, 84, 10] } },
    build({ batch }, { map }) {
      const stem = { kernel: [3, 2], padding: "valid", bias: false };
      let x = relu(batchNorm(convolution(map, 32, stem))); // (batch, 32, 82, 9)
      x = block(block(x, 64, 2), 64, 1);
      x = block(block(x, 128, 2), 128, 1); // (batch, 128, 21, 3)
      const code = relu(dense(reshape(x, [batch, 8064]), 128));
      let y = reshape(relu(dense(code, 4096)), [batch, 64, 8, 8]);
      for (let i = 0; i < 2; i++) y = block(net.upsample(y, [2, 2]), 64, 1);
      return { pattern: reshape(convolution(y, 1, { kernel: 3 }), [batch, 1024]) };
    },
  };

  const classify = {
    targets: { label: { shape: [], dtype: "int" } },
    build: (_, { logits }, { label }) => ({ loss: net.crossEntropy(logits, label) }),
  };
  const correlate = {
    targets: { target: { shape: [1024] } },
    build: (_, { pattern }, { target }) => ({ loss: net.pearsonLoss(pattern, target) }),
  };
  return [
    { key: "W1", model: w1, objective: classify, classes: 2, sample: 500 },
    { key: "W2", model: w2, objective: classify, classes: 30, sample: 5250 },
    { key: "W3", model: w3, objective: correlate, classes: 0, sample: 840 },
  ];
}
