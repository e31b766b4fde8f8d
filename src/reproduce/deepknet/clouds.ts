/**
 * The paper's own input: point clouds, turned and shuffled anew at every step, and their intensities changed as its Table V does
 * (φ₁ … φ₄). Where the released code differs from the text, both are here by name. The scale of ln I is the code's in both: brought to
 * 0 … 1 within each cloud, as the text may be read, φ₁ would say no more than φ₂, and the paper's numbers differ.
 */
import { conventionalCell, primitiveCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { pointCloudFeature, type StructureFeature } from "../../data/table-features.ts";
import type { CloudScaling, PointCloudOptions, PointCount } from "../../diffraction/point-cloud.ts";
import { EwaldError } from "../../errors.ts";
import type { Mat3 } from "../../math/matrix3.ts";
import { Random } from "../../math/random.ts";
import { batchOrder, type BatchSource } from "../../net/batches.ts";
import type { Batch } from "../../net/stepper.ts";

/** Which cell the indices count in: the paper's properties take the primitive, its crystal systems the conventional one. */
export type CloudCell = "stored" | "primitive" | "conventional";

/** φ₁ as they are; φ₂ scaled by a random number per structure and step; φ₃ present or absent; φ₄ of neutrons. */
export type Intensities = "phi-1" | "phi-2" | "phi-3" | "phi-4";

/** The text of the paper, or its released code where that does otherwise. */
export type CloudRecipe = "paper" | "released-code";

export interface CloudOptions {
  readonly points: PointCount;
  readonly cell?: CloudCell;
  readonly intensities?: Intensities;
  /** How ln I is brought to 0 … 1, of phi-1 and phi-4; default `"released-code"`. */
  readonly scaling?: Exclude<CloudScaling, "none">;
  /** Tolerance of the standard cells, Å; default 0.1. Needs `loadSymmetry`. */
  readonly symprecAngstrom?: number;
}

/** ln(10⁻⁶), the least that a logarithm of an intensity is, and the span that the released code divides by. */
const LOG_LEAST = Math.log(1e-6);
const LOG_SPAN = 15;
/** 1/Å that the released code divides coordinates by. */
const POSITION_SCALE = 5;
/** Below this, an intensity counts as absent: the released code's threshold of the scaled logarithm. */
const ABSENT_SCALED = 1e-3;

/** Clouds of a table for the cache; NaN where the search for symmetry fails. */
export function cloudFeature(options: CloudOptions): StructureFeature {
  const { points, cell = "stored", intensities = "phi-1", scaling = "released-code" } = options;
  const symprecAngstrom = options.symprecAngstrom ?? 0.1;
  const cloud: PointCloudOptions = {
    points,
    radiation: intensities === "phi-4" ? "neutron" : "xray",
    // Changed intensities need them in full: scaling follows in the batch.
    scaling: intensities === "phi-2" || intensities === "phi-3" ? "none" : scaling,
  };
  const plain = pointCloudFeature(cloud);
  return {
    ...plain,
    parameters: { ...cloud, cell, symprecAngstrom },
    writer: () => {
      const write = plain.writer();
      return (structure, out, offset) => {
        try {
          write(cellOf(structure, cell, symprecAngstrom), out, offset);
        } catch (error) {
          if (!(error instanceof EwaldError)) throw error;
          out.fill(Number.NaN, offset, offset + 4 * points);
        }
      };
    },
  };
}

function cellOf(structure: Structure, cell: CloudCell, symprecAngstrom: number): Structure {
  if (cell === "stored") return structure;
  return cell === "primitive"
    ? primitiveCell(structure, { symprecAngstrom })
    : conventionalCell(structure, { symprecAngstrom });
}

export interface CloudBatchOptions {
  readonly points: PointCount;
  /** 3 leaves the intensity out. */
  readonly channels: 3 | 4;
  readonly batch: number;
  /** Without a seed: in order, not shuffled, not turned. */
  readonly seed?: number | string;
  /** Euler angles are drawn from ± this, degrees: 180 for properties, 45 for crystal systems. 0 turns nothing. */
  readonly eulerRangeDeg?: number;
  readonly intensities?: Intensities;
  readonly recipe?: CloudRecipe;
}

export interface CloudData {
  /** (rows, points, 4), made by {@link cloudFeature} with the same intensities. */
  readonly clouds: Float32Array;
  /** Class numbers. */
  readonly label: Int32Array;
}

/**
 * Batches of clouds with their labels. In order, the last batch is left out unless it is full: take a batch that divides, or
 * evaluate with `cloudInputs`.
 * @throws EwaldError `net/too-few-samples`
 */
export function cloudBatches(
  { clouds, label }: CloudData,
  rows: Uint32Array,
  options: CloudBatchOptions,
): BatchSource {
  const { batch, seed } = options;
  const order = batchOrder(rows.length, batch, seed);
  return {
    batchesPerEpoch: order.batchesPerEpoch,
    get(epoch, index) {
      const chosen = order.samples(epoch, index).map((place) => rows[place]!);
      const random = seed === undefined ? null : Random.fromSeed(seed, "cloud", epoch, index);
      return {
        ...cloudInputs(clouds, chosen, options, random),
        label: Int32Array.from(chosen, (row) => label[row]!),
      };
    },
  };
}

/** The network's input for some rows; with a generator, turned, shuffled and changed by it. */
export function cloudInputs(
  clouds: Float32Array,
  rows: ArrayLike<number>,
  options: Omit<CloudBatchOptions, "batch" | "seed">,
  random: Random | null,
): Batch {
  const {
    points,
    channels,
    intensities = "phi-1",
    recipe = "paper",
    eulerRangeDeg = 180,
  } = options;
  const cloud = new Float32Array(rows.length * points * channels);
  const own = new Float32Array(4 * points);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * 4 * points;
    own.set(clouds.subarray(from, from + 4 * points));
    changeIntensities(own, intensities, recipe, random);
    const turn =
      random === null || eulerRangeDeg === 0 ? null : turnOf(random, eulerRangeDeg, recipe);
    const order = random?.permutation(points);
    for (let p = 0; p < points; p++) {
      const source = 4 * (order?.[p] ?? p);
      const at = (i * points + p) * channels;
      const [x, y, z] = [own[source]!, own[source + 1]!, own[source + 2]!];
      for (let axis = 0; axis < 3; axis++) {
        const row = turn?.[axis as 0 | 1 | 2];
        cloud[at + axis] =
          row === undefined ? own[source + axis]! : row[0] * x + row[1] * y + row[2] * z;
      }
      if (channels === 4) cloud[at + 3] = own[source + 3]!;
    }
  }
  return { cloud };
}

/**
 * φ₂: the text multiplies intensities by a number from (0, 1], the released code their scaled logarithms. φ₃: every intensity that
 * is there becomes 1, the others 0; which are there is decided as the released code does, by 10⁻³ of the scaled logarithm.
 */
function changeIntensities(
  cloud: Float32Array,
  intensities: Intensities,
  recipe: CloudRecipe,
  random: Random | null,
): void {
  if (intensities !== "phi-2" && intensities !== "phi-3") return;
  const factor = random === null || intensities === "phi-3" ? 1 : 1 - random.uniform();
  const [before, after] = recipe === "paper" ? [factor, 1] : [1, factor];
  for (let at = 0; at < cloud.length; at += 4) {
    for (let axis = 0; axis < 3; axis++) cloud[at + axis]! /= POSITION_SCALE;
    const scaled = ((Math.log(cloud[at + 3]! * before + 1e-6) - LOG_LEAST) / LOG_SPAN) * after;
    cloud[at + 3] = intensities === "phi-2" ? scaled : scaled > ABSENT_SCALED ? 1 : 0;
  }
}

/** The text: three Euler angles. The released code: an orthogonal matrix, half of them reflections. */
function turnOf(random: Random, rangeDeg: number, recipe: CloudRecipe): Mat3 {
  if (recipe === "released-code") {
    const [a, b, c] = random.rotation();
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return [
      [sign * a[0], sign * a[1], sign * a[2]],
      [sign * b[0], sign * b[1], sign * b[2]],
      [sign * c[0], sign * c[1], sign * c[2]],
    ];
  }
  const limit = (rangeDeg * Math.PI) / 180;
  const [a, b, c] = [0, 1, 2].map(() => random.uniformBetween(-limit, limit)) as [
    number,
    number,
    number,
  ];
  return eulerRotation(a, b, c);
}

/** R = Rz(c) · Ry(b) · Rx(a), radians. */
function eulerRotation(a: number, b: number, c: number): Mat3 {
  const [sa, ca] = [Math.sin(a), Math.cos(a)];
  const [sb, cb] = [Math.sin(b), Math.cos(b)];
  const [sc, cc] = [Math.sin(c), Math.cos(c)];
  return [
    [cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
    [sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
    [-sb, cb * sa, cb * ca],
  ];
}
