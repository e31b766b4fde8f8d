/** Why a network answered: Grad-CAM at its last convolution, drawn at the angles of the scan. */
import { explanationModel, gradCam, readModelFile } from "../../net/export.ts";
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { atOtherWavelength, isReached } from "../../radiation/angles.ts";
import { CU_KA1_ANGSTROM } from "../../radiation/radiation.ts";
import { binOfTwoThetaDeg, PATTERN_SIZE } from "../../scan/log-pattern.ts";
import type { Observation } from "../../scan/observe.ts";
import { observedBins } from "./augment.ts";
import { typePattern } from "./features.ts";
import { convolutionalModel, LAST_CONVOLUTION } from "./network.ts";

/** A network that can say why: of the types from `first` on. */
export interface Explanation {
  readonly first: number;
  readonly classes: number;
  /** Made when first asked why. */
  predictor(): Promise<Predictor>;
  release(): Promise<void>;
}

/** How much each point of a scan spoke for a type, by its place in the library. */
export interface ExplainedScan {
  /** Angles of the scan, with its own wavelength. */
  readonly twoThetaDeg: Float64Array;
  /** 0 to 1, of the same length. */
  readonly weight: Float32Array;
}

export async function explainedScan(
  observation: Observation,
  explanation: Explanation,
  type: number,
): Promise<ExplainedScan> {
  const pattern = typePattern(observation);
  const [first, last] = observedBins(pattern);
  const seed = new Float32Array(explanation.classes);
  seed[type - explanation.first] = 1;
  const predictor = await explanation.predictor();
  const answer = await predictor.run({
    intensity: pattern.intensity,
    range: Float32Array.of(first / PATTERN_SIZE, last / PATTERN_SIZE),
    seed,
  });
  const features = answer[LAST_CONVOLUTION]!;
  const [, channels, positions] = features.shape as [number, number, number];
  const gradient = answer[`gradient:${LAST_CONVOLUTION}`]!.data as Float32Array;
  const map = gradCam(features.data as Float32Array, gradient, channels, positions);
  const most = Math.max(...map, 1e-12);
  const { twoThetaDeg, wavelengthAngstrom } = observation;
  const toCopper = CU_KA1_ANGSTROM / wavelengthAngstrom;
  const weight = Float32Array.from(twoThetaDeg, (angle) => {
    const copper = atOtherWavelength(angle, toCopper);
    if (!(copper > 0 && isReached(copper))) return 0;
    const bin = binOfTwoThetaDeg(copper);
    const at = ((bin + 0.5) * positions) / PATTERN_SIZE - 0.5;
    const left = Math.max(0, Math.min(positions - 2, Math.floor(at)));
    const share = Math.min(1, Math.max(0, at - left));
    return (map[left]! * (1 - share) + map[left + 1]! * share) / most;
  });
  return { twoThetaDeg, weight };
}

export function explanationOf(runtime: Runtime, bytes: Uint8Array, first: number): Explanation {
  const { weights, outputs } = readModelFile(bytes);
  const classes = outputs.find(({ name }) => name === "logits")!.dims.at(-1) as number;
  const options = {
    named: [LAST_CONVOLUTION],
    gradient: { of: "logits", to: [LAST_CONVOLUTION] },
  };
  let made: Promise<Predictor> | undefined;
  return {
    first,
    classes,
    predictor: () =>
      (made ??= loadPredictor(
        runtime,
        explanationModel(convolutionalModel(classes), weights, options),
      ).catch((error: unknown) => {
        made = undefined;
        throw error;
      })),
    release: async () => (await made)?.release(),
  };
}
