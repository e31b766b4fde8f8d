// A worker's module for the bench: batches of W1 and W2 with the augmentation that training uses, a random
// rotation and order of the points, or a shifted and stretched signal with noise.
import { Random } from "../dist/math/random.js";

export function create({ key, batch }) {
  return (epoch, index) => (key === "W1" ? clouds : signals)(batch, epoch, index);
}

function clouds(batch, epoch, index) {
  const random = Random.fromSeed(1, "clouds", epoch, index);
  const cloud = new Float32Array(batch * 500);
  for (let sample = 0; sample < batch; sample++) {
    const [x, y, z, w] = random.quaternion();
    const rotation = [
      [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
      [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
      [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ];
    for (const [place, point] of random.permutation(125).entries()) {
      const at = sample * 500 + place * 4;
      const [a, b, c] = [
        (point % 5) - 2,
        (Math.floor(point / 5) % 5) - 2,
        Math.floor(point / 25) - 2,
      ];
      for (let i = 0; i < 3; i++) {
        const [p, q, r] = rotation[i];
        cloud[at + i] = 0.2 * (p * a + q * b + r * c);
      }
      cloud[at + 3] = random.uniform();
    }
  }
  return { cloud, label: Int32Array.from({ length: batch }, () => random.integer(0, 1)) };
}

function signals(batch, epoch, index) {
  const random = Random.fromSeed(1, "signals", epoch, index);
  const signal = random.fillUniform(new Float32Array(batch * 5250), 0, 0.05);
  for (let sample = 0; sample < batch; sample++) {
    const [stretch, width] = [random.uniformBetween(0.97, 1.03), random.uniformBetween(3, 12)];
    for (let peak = 0; peak < 60; peak++) {
      const centre = stretch * (100 + 85 * peak);
      const height = random.uniform();
      const from = Math.max(0, Math.round(centre - 5 * width));
      const to = Math.min(5250, Math.round(centre + 5 * width));
      for (let i = from; i < to; i++)
        signal[sample * 5250 + i] += height * Math.exp(-0.5 * ((i - centre) / width) ** 2);
    }
  }
  return { signal, label: Int32Array.from({ length: batch }, () => random.integer(0, 29)) };
}
