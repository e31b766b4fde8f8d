/** Scans simulated for tests: pseudo-Voigts of half Lorentzian part, every line of the radiation. */
import type { Radiation } from "../../src/radiation/radiation.ts";
import type { Scan } from "../../src/scan/scan.ts";

export function scanOf(values: Float64Array, intensity: Float64Array): Scan {
  return {
    ranges: [{ axis: { kind: "twoTheta", values }, intensity }],
    radiation: null,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
}

export interface SimulatedPeak {
  /** Of the strongest line, degrees. */
  readonly position: number;
  readonly height: number;
  readonly fwhm: number;
}

export interface Simulation {
  readonly peaks: readonly SimulatedPeak[];
  readonly radiation: Radiation;
  readonly range?: readonly [number, number];
  readonly step?: number;
  readonly background?: number;
  /** Counting noise with this seed. */
  readonly seed?: number;
  /** Moves every point by what an instrument's errors would. */
  readonly shiftDeg?: (twoThetaDeg: number) => number;
}

/** Normal deviates by Box-Muller from a linear congruential generator. */
function normal(seed: number): () => number {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

export function simulate(simulation: Simulation): Scan {
  const [low, high] = simulation.range ?? [10, 120];
  const step = simulation.step ?? 0.02;
  const count = Math.round((high - low) / step) + 1;
  const values = Float64Array.from({ length: count }, (_, i) => low + i * step);
  const intensity = new Float64Array(count).fill(simulation.background ?? 100);
  const [strongest] = simulation.radiation.lines;
  const shift = simulation.shiftDeg ?? ((): number => 0);
  for (const peak of simulation.peaks) {
    for (const line of simulation.radiation.lines) {
      const sine =
        (Math.sin((peak.position * Math.PI) / 360) * line.wavelengthAngstrom) /
        strongest!.wavelengthAngstrom;
      const ideal = (Math.asin(sine) * 360) / Math.PI;
      const centre = ideal + shift(ideal);
      const height = (peak.height * line.weight) / strongest!.weight;
      for (let i = 0; i < count; i++) {
        const u = (values[i]! - centre) / peak.fwhm;
        if (Math.abs(u) > 200) continue;
        intensity[i]! += (height * (1 / (1 + 4 * u * u) + Math.exp(-4 * Math.LN2 * u * u))) / 2;
      }
    }
  }
  if (simulation.seed !== undefined) {
    const deviate = normal(simulation.seed);
    for (let i = 0; i < count; i++) {
      intensity[i] = Math.max(0, Math.round(intensity[i]! + Math.sqrt(intensity[i]!) * deviate()));
    }
  }
  return { ...scanOf(values, intensity), radiation: simulation.radiation };
}
