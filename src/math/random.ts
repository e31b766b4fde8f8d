/**
 * Seeded random numbers: the only source of chance in Ewald. The generator is xoroshiro128+ (Blackman
 * & Vigna 2018) by pure-rand, 2¹²⁸ − 1 long. The same seed gives the same numbers in Node and in every
 * browser of the same JavaScript engine (uniform numbers: in all engines; normal ones take `Math.log`).
 *
 * Independent streams, for workers, epochs, samples: `Random.fromSeed(seed, "augment", epoch, index)`.
 * The stream does not depend on how many others exist or in which order they are made, so a run gives
 * the same numbers on one worker and on eight.
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";
import { EwaldError } from "../errors.ts";
import type { Mat3 } from "./matrix3.ts";

/** Everything a generator is: JSON, for checkpoints. */
export interface RandomState {
  readonly algorithm: "xoroshiro128plus";
  /** Four 32-bit integers. */
  readonly words: readonly number[];
  /** The second normal number of the last pair drawn, not yet given out. */
  readonly spareNormal: number | null;
}

/** x, y, z, w with x² + y² + z² + w² = 1; w is the cosine of half the angle. */
export type Quaternion = readonly [number, number, number, number];

const UINT32 = 2 ** 32;
/** `integer` spans at most this many values: one uniform number has 53 bits. */
const WIDEST_SPAN = 2 ** 53;

/** Seeded random numbers: the same seed gives the same numbers on every machine. */
export class Random {
  readonly #generator: JumpableRandomGenerator;
  #spareNormal: number | null;

  private constructor(words: readonly number[], spareNormal: number | null) {
    this.#generator = xoroshiro128plusFromState(words);
    this.#spareNormal = spareNormal;
  }

  /**
   * @param seed a safe integer or any text
   * @param stream names or numbers of an independent stream under this seed
   * @throws EwaldError `random/seed`
   */
  static fromSeed(seed: number | string, ...stream: readonly (number | string)[]): Random {
    for (const part of [seed, ...stream]) {
      if (typeof part === "number" && !Number.isSafeInteger(part)) {
        throw new EwaldError("random/seed", `seed ${part} is not a safe integer`, {
          value: part,
          hint: "Give a whole number below 2^53 or a text.",
        });
      }
    }
    return new Random(hash128(JSON.stringify([seed, ...stream])), null);
  }

  /**
   * A generator that goes on exactly where the one that gave `state` stood.
   * @throws EwaldError `random/state` for anything that `state()` cannot have given
   */
  static fromState(state: RandomState): Random {
    const { algorithm, words, spareNormal } = state;
    const areWords =
      Array.isArray(words) &&
      words.length === 4 &&
      words.every((word) => Number.isInteger(word) && (word | 0) === word) &&
      words.some((word) => word !== 0);
    const isSpare = spareNormal === null || Number.isFinite(spareNormal);
    if (algorithm !== "xoroshiro128plus" || !areWords || !isSpare) {
      throw new EwaldError("random/state", "not the state of a random generator", { value: state });
    }
    return new Random(words, spareNormal);
  }

  state(): RandomState {
    return {
      algorithm: "xoroshiro128plus",
      words: [...this.#generator.getState()],
      spareNormal: this.#spareNormal,
    };
  }

  /**
   * Generators whose next 2⁶⁴ numbers do not overlap; this one moves on behind the last of them. Where
   * the streams have names, prefer `Random.fromSeed(seed, name)`.
   */
  streams(count: number): Random[] {
    checkCount(count);
    return Array.from({ length: count }, () => {
      const stream = new Random(this.#generator.getState(), null);
      this.#generator.jump();
      this.#spareNormal = null;
      return stream;
    });
  }

  /** 53 random bits in [0, 1). */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /** In [low, high). */
  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /**
   * A whole number from `low` to `high`, both included, without modulo bias.
   * @throws EwaldError `random/range`
   */
  integer(low: number, high: number): number {
    const span = high - low + 1;
    const isRange = Number.isSafeInteger(low) && Number.isSafeInteger(high) && span >= 1;
    if (!isRange || span > WIDEST_SPAN) {
      throw new EwaldError("random/range", `no whole number can be drawn from ${low} to ${high}`, {
        value: [low, high],
      });
    }
    if (span > UINT32) return low + Math.floor(this.uniform() * span);
    const limit = UINT32 - (UINT32 % span);
    let bits: number;
    do bits = this.#generator.next() >>> 0;
    while (bits >= limit);
    // The upper bits: the lowest bit of xoroshiro128+ fails tests of linearity.
    return low + Math.floor(bits / (limit / span));
  }

  /** Normally distributed, by Marsaglia's polar method. */
  normal(mean = 0, standardDeviation = 1): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return mean + standardDeviation * spare;
    }
    let u: number, v: number, square: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spareNormal = v * factor;
    return mean + standardDeviation * u * factor;
  }

  fillUniform<T extends Float32Array | Float64Array>(target: T, low = 0, high = 1): T {
    for (let i = 0; i < target.length; i++) target[i] = this.uniformBetween(low, high);
    return target;
  }

  fillNormal<T extends Float32Array | Float64Array>(target: T, mean = 0, standardDeviation = 1): T {
    for (let i = 0; i < target.length; i++) target[i] = this.normal(mean, standardDeviation);
    return target;
  }

  /** In place (Fisher-Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }

  /** 0 … count − 1 in random order. */
  permutation(count: number): Uint32Array {
    checkCount(count);
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    return this.shuffle(order);
  }

  /** @throws EwaldError `random/empty` */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw new EwaldError("random/empty", "nothing to choose from");
    return items[this.integer(0, items.length - 1)]!;
  }

  /**
   * An index drawn with probability weight / Σ weights.
   * @throws EwaldError `random/weights` for a negative, infinite or only zero weights
   */
  weightedIndex(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      total += weights[i]! >= 0 ? weights[i]! : Number.NaN;
    }
    if (!(total > 0 && total < Infinity)) {
      throw new EwaldError("random/weights", "weights must be ≥ 0, finite and not all 0", {
        value: Array.from(weights),
      });
    }
    let rest = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] === 0) continue;
      last = i;
      rest -= weights[i]!;
      if (rest < 0) break;
    }
    return last;
  }

  /** Uniform over all rotations (Shoemake 1992, Graphics Gems III, "Uniform random rotations"). */
  quaternion(): Quaternion {
    const u = this.uniform();
    const first = Math.sqrt(1 - u);
    const second = Math.sqrt(u);
    const alpha = 2 * Math.PI * this.uniform();
    const beta = 2 * Math.PI * this.uniform();
    return [
      first * Math.sin(alpha),
      first * Math.cos(alpha),
      second * Math.sin(beta),
      second * Math.cos(beta),
    ];
  }

  /** A proper rotation matrix (determinant +1), uniform over all rotations. */
  rotation(): Mat3 {
    const [x, y, z, w] = this.quaternion();
    return [
      [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
      [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
      [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ];
  }
}

function checkCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= UINT32) return;
  throw new EwaldError("random/range", `${count} is not a count`, { value: count });
}

/** 32-bit finaliser of MurmurHash3 (Appleby, public domain): every input bit reaches every output bit. */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Text to four words. Seeds 1, 2, 3 must not give related streams, which the generator's own
 * seeding does (it puts the bare seed into the state); hence a hash of 128 bits.
 */
function hash128(text: string): number[] {
  const words = [0x243f6a88 | 0, 0x85a308d3 | 0, 0x13198a2e | 0, 0x03707344 | 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    for (let k = 0; k < 4; k++) {
      words[k] = mix32(Math.imul(words[k]!, 31) ^ words[(k + 1) & 3]! ^ (code + 0x9e3779b9 * k));
    }
  }
  // All zero is the one state that stays where it is.
  return words.every((word) => word === 0) ? [1, 0, 0, 0] : words;
}
