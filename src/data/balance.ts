/** Class balance: how often a class occurs, and what to do about it. */
import { EwaldError } from "../errors.ts";
import { Random } from "../math/random.ts";

/** Class → number of samples, most frequent first, ties in order of appearance. */
export function classCounts(labels: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/**
 * Indices in which every class occurs at least `target` times (default: as often as the most frequent one): all
 * samples once, then those of rare classes again. Every sample of a class is repeated equally often, within one, the
 * odd ones by chance. Oversample training parts only.
 * @throws EwaldError `balance/target`
 */
export function oversample(
  labels: readonly string[],
  seed: number | string,
  target?: number,
): Uint32Array {
  const byClass = new Map<string, number[]>();
  for (const [i, label] of labels.entries()) {
    const members = byClass.get(label);
    if (members === undefined) byClass.set(label, [i]);
    else members.push(i);
  }
  const goal = target ?? Math.max(0, ...[...byClass.values()].map((members) => members.length));
  if (!Number.isSafeInteger(goal) || goal < 0) {
    throw new EwaldError("balance/target", `${goal} samples per class is not a count`, {
      value: goal,
    });
  }
  const indices: number[] = Array.from(labels.keys());
  for (const [label, members] of byClass) {
    const random = Random.fromSeed(seed, "oversample", label);
    for (let missing = goal - members.length; missing > 0; missing -= members.length) {
      const order = random.permutation(members.length);
      for (let i = 0; i < Math.min(missing, members.length); i++) indices.push(members[order[i]!]!);
    }
  }
  return Uint32Array.from(indices);
}

/**
 * How many augmented samples to make of each sample: `perSample` (the paper of CrySTINet: about 10), and more in
 * classes that would otherwise have fewer than `perClass`, up to `atMost` of one sample.
 * @returns one count per sample
 */
export function augmentationCounts(
  labels: readonly string[],
  {
    perSample,
    perClass,
    atMost,
  }: { readonly perSample: number; readonly perClass: number; readonly atMost: number },
): Uint32Array {
  const counts = classCounts(labels);
  return Uint32Array.from(labels, (label) => {
    const needed = Math.ceil(perClass / counts.get(label)!);
    return Math.min(atMost, Math.max(perSample, needed));
  });
}

/** Class → weight inversely proportional to its frequency, mean weight of a sample 1 ("balanced" of scikit-learn). */
export function classWeights(labels: readonly string[]): Map<string, number> {
  const counts = classCounts(labels);
  return new Map(
    [...counts].map(([label, count]) => [label, labels.length / (counts.size * count)]),
  );
}
