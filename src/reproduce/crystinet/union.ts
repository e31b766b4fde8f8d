/**
 * CrySTINet: RCNets side by side. Each names one of its types O with a confidence C; the similarity S of the pattern to the average
 * pattern of O is added to it, R = α S + (1 − α) C, and the highest R wins. Below R₀ the pattern is none of the types.
 * S is 0.5 + 0.5 cos, as in the authors' code: from 0.5 to 1, so that R ≥ α / 2.
 */
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { PAPER_GRID } from "../../diffraction/simulated-scan.ts";
import { cosineToAverages } from "../../known/average-patterns.ts";

/** The answers of every network to one pattern, before S and C are weighed. */
export interface CrystinetEvidence {
  /** Type that each network names, (networks). */
  readonly answer: readonly number[];
  /** C, (networks). */
  readonly confidence: readonly number[];
  /** Cosine to the average pattern of the named type, (networks). */
  readonly cosine: readonly number[];
  /** The type whose average is nearest among all, and its cosine: the baseline without networks. */
  readonly nearest: { readonly type: number; readonly cosine: number };
}

export interface CrystinetAnswer {
  readonly type: number;
  /** Position of the network that won. */
  readonly network: number;
  readonly reliability: number;
}

/** The paper's best. */
export const PAPER_ALPHA = 0.7;

export function similarityOfCosine(cosine: number): number {
  return 0.5 + 0.5 * cosine;
}

/** Every network's R. */
export function reliabilities(evidence: CrystinetEvidence, alpha: number): number[] {
  return evidence.confidence.map(
    (confidence, network) =>
      alpha * similarityOfCosine(evidence.cosine[network]!) + (1 - alpha) * confidence,
  );
}

/** @param without networks that are left out (ablation) */
export function weigh(
  evidence: CrystinetEvidence,
  alpha: number,
  without: ReadonlySet<number> = new Set(),
): CrystinetAnswer {
  let best = { type: -1, network: -1, reliability: -Infinity };
  for (const [network, reliability] of reliabilities(evidence, alpha).entries()) {
    if (without.has(network) || reliability <= best.reliability) continue;
    best = { type: evidence.answer[network]!, network, reliability };
  }
  return best;
}

export interface RcnetFile {
  /** Types that it tells apart, in the order of its outputs. */
  readonly types: readonly number[];
  readonly onnx: Uint8Array;
}

export class Crystinet {
  private readonly networks: readonly { types: readonly number[]; predictor: Predictor }[];
  private readonly averages: readonly Float32Array[];

  private constructor(networks: Crystinet["networks"], averages: readonly Float32Array[]) {
    this.networks = networks;
    this.averages = averages;
  }

  /** @param averages of all types, (types, points) */
  static async load(
    runtime: Runtime,
    files: readonly RcnetFile[],
    averages: readonly Float32Array[],
  ): Promise<Crystinet> {
    const networks = await Promise.all(
      files.map(async ({ types, onnx }) => ({
        types,
        predictor: await loadPredictor(runtime, onnx),
      })),
    );
    return new Crystinet(networks, averages);
  }

  /** @param intensity patterns of the paper's grid, one after another */
  async witness(intensity: Float32Array): Promise<CrystinetEvidence[]> {
    const { size } = PAPER_GRID;
    const count = intensity.length / size;
    const outputs = await Promise.all(
      this.networks.map(({ predictor }) => predictor.run({ intensity })),
    );
    return Array.from({ length: count }, (_, row) => {
      const values = intensity.subarray(row * size, (row + 1) * size);
      const cosines = cosineToAverages(this.averages, values);
      const answer = this.networks.map(({ types }, n) => {
        const logits = outputs[n]!["logits"]!.data.subarray(
          row * types.length,
          (row + 1) * types.length,
        );
        return types[indexOfLargest(logits)]!;
      });
      const nearest = indexOfLargest(cosines);
      return {
        answer,
        confidence: outputs.map(({ confidence }) => confidence!.data[row]!),
        cosine: answer.map((type) => cosines[type]!),
        nearest: { type: nearest, cosine: cosines[nearest]! },
      };
    });
  }

  async release(): Promise<void> {
    for (const { predictor } of this.networks) await predictor.release();
  }
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
