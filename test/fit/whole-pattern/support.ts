/** Scans of mixtures whose truth is known, drawn by `powderPattern` and `profile`: another way than the fit's own. */
import { readFileSync } from "node:fs";
import { latticeParameters, latticeFromParameters } from "../../../src/crystal/lattice.ts";
import { massDensityGPerCm3 } from "../../../src/crystal/density.ts";
import { cellVolume } from "../../../src/crystal/lattice.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { anomalousFactor } from "../../../src/diffraction/anomalous.ts";
import type { Broadening } from "../../../src/diffraction/broadening.ts";
import { powderPattern } from "../../../src/diffraction/powder.ts";
import { profile } from "../../../src/diffraction/profile.ts";
import type { Texture } from "../../../src/diffraction/texture.ts";
import { Random } from "../../../src/math/random.ts";
import { thetaRadOf } from "../../../src/radiation/angles.ts";
import { kAlphaDoublet, type Radiation } from "../../../src/radiation/radiation.ts";
import type { Scan } from "../../../src/scan/scan.ts";

export function example(name: string): Structure {
  const text = readFileSync(new URL(`../../../examples/${name}.cif`, import.meta.url), "utf8");
  return readStructures(text).structures[0]!.structure;
}

/** The structure with its edges stretched, the same factor for all or one for each. */
export function stretched(structure: Structure, factors: readonly number[]): Structure {
  const { a, b, c, ...angles } = latticeParameters(structure.lattice);
  const [x, y = x!, z = x!] = factors;
  const lattice = latticeFromParameters({ a: a * x!, b: b * y, c: c * z, ...angles });
  return { ...structure, lattice };
}

export interface Component {
  readonly structure: Structure;
  readonly massFraction: number;
  readonly broadening: Broadening;
  readonly texture?: Texture;
}

export interface ScanOptions {
  readonly radiation?: Radiation;
  readonly displacementDeg?: number;
  /** Counts of the highest point. */
  readonly counts?: number;
  readonly seed?: number;
  readonly rangeDeg?: readonly [number, number];
  readonly stepDeg?: number;
}

export function mixtureScan(
  components: readonly Component[],
  {
    radiation = kAlphaDoublet("Cu"),
    displacementDeg = 0,
    counts = 20_000,
    seed = 1,
    rangeDeg = [15, 95],
    stepDeg = 0.02,
  }: ScanOptions = {},
): Scan {
  const count = Math.round((rangeDeg[1] - rangeDeg[0]) / stepDeg) + 1;
  const x = Float64Array.from({ length: count }, (_, i) => rangeDeg[0] + stepDeg * i);
  // A line that stands at 2θ is seen displaced: the curve is drawn at the angles it comes from.
  const origin = x.map((at) => at - displacementDeg * Math.cos(thetaRadOf(at)));
  const y = new Float64Array(count);
  for (const { structure, massFraction, broadening, texture } of components) {
    const pattern = powderPattern(structure, {
      radiation,
      twoThetaRangeDeg: [rangeDeg[0] - 2, Math.min(178, rangeDeg[1] + 2)],
      anomalous: anomalousFactor,
      ...(texture === undefined ? {} : { texture }),
    });
    const volume = cellVolume(structure.lattice);
    const scale = massFraction / (massDensityGPerCm3(structure) * volume * volume);
    const curve = profile(pattern, origin, { broadening });
    for (let i = 0; i < count; i++) y[i]! += (curve[i]! * scale * pattern.scale) / 100;
  }
  const top = y.reduce((most, value) => Math.max(most, value), 0);
  const random = Random.fromSeed(seed, "fit");
  const intensity = y.map((value, i) => {
    const mean = (counts * value) / top + 80 + 400 * Math.exp(-(x[i]! - 5) / 15);
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  });
  return {
    ranges: [{ axis: { kind: "twoTheta", values: x }, intensity }],
    radiation,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
}
