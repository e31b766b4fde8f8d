/**
 * Which 2θ bands speak for a type in an RCNet: Grad-CAM (Chen 2024, Methods) at the last convolution, and at the block in the
 * middle of the network. Eight halvings leave 20 places of 5° to the paper's network and 4 of 26° to one that sees every sixth
 * point; in the middle there are sixteen times as many.
 */
import { explanationModel, gradCam, readModelFile } from "../../net/export.ts";
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { PAPER_GRID } from "../../diffraction/simulated-scan.ts";
import { RCNET_FEATURES, RCNET_MIDDLE, rcnetModel, type RcnetShape } from "./rcnet.ts";

/** Heat over places from 5° to 110°, even in 2θ; highest 1, or zeros where nothing spoke for the type. */
export interface Saliency {
  readonly last: Float32Array;
  readonly middle: Float32Array;
}

export class RcnetSaliency {
  private readonly predictor: Predictor;
  private readonly types: number;

  private constructor(predictor: Predictor, types: number) {
    this.predictor = predictor;
    this.types = types;
  }

  /** @param types that the network tells apart */
  static async load(
    runtime: Runtime,
    onnx: Uint8Array,
    types: number,
    shape: RcnetShape,
  ): Promise<RcnetSaliency> {
    const layers = [RCNET_FEATURES, RCNET_MIDDLE];
    const model = explanationModel(rcnetModel(types, shape), readModelFile(onnx).weights, {
      named: layers,
      gradient: { of: "logits", to: layers },
    });
    return new RcnetSaliency(await loadPredictor(runtime, model), types);
  }

  /** @param type position among the network's types; @param intensity a pattern of the paper's grid */
  async of(intensity: Float32Array, type: number): Promise<Saliency> {
    const seed = new Float32Array(this.types);
    seed[type] = 1;
    const answer = await this.predictor.run({ intensity, seed });
    const heat = (layer: string): Float32Array => {
      const { data, shape } = answer[layer]!;
      const [, channels, positions] = shape as [number, number, number];
      const gradient = answer[`gradient:${layer}`]!.data as Float32Array;
      return highestOne(gradCam(data as Float32Array, gradient, channels, positions));
    };
    return { last: heat(RCNET_FEATURES), middle: heat(RCNET_MIDDLE) };
  }

  release(): Promise<void> {
    return this.predictor.release();
  }
}

function highestOne(values: Float32Array): Float32Array {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return most > 0 ? values.map((value) => value / most) : values;
}

/** 2θ in degrees at the middle of a place. */
export function placeDeg(place: number, places: number): number {
  const { startDeg, stepDeg, size } = PAPER_GRID;
  return startDeg + ((place + 0.5) / places) * size * stepDeg;
}

/** The greatest of a pattern's points in each place. */
export function peaksByPlace(pattern: ArrayLike<number>, places: number): Float32Array {
  const result = new Float32Array(places);
  for (let i = 0; i < pattern.length; i++) {
    const place = Math.min(places - 1, Math.floor((i * places) / pattern.length));
    result[place] = Math.max(result[place]!, pattern[i]!);
  }
  return result;
}
