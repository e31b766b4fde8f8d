/** Reciprocal space as a scene: points by |F|, the limiting sphere, the points that decided a prediction. */
import { norm, scale, type Vec3 } from "../../../src/math/matrix3.ts";
import { printedHkl } from "../../../src/report/notation.ts";
import type { ReciprocalSpace } from "../worker/reciprocal-space.ts";
import type { Scene, SceneThing } from "./model.ts";

const POINT = "#3a78b0";
const CRITICAL = "#d2491f";
const ORIGIN = "#8a8780";

/** Share of a decision by "h k l". */
export type Shares = ReadonlyMap<string, number>;

export function reciprocalView(space: ReciprocalSpace, shares: Shares): Scene {
  const { lattice, limitInvAngstrom, radiusInvAngstrom, strength } = space;
  const radius = Math.min(limitInvAngstrom, radiusInvAngstrom);
  const unit = radius / 34;
  const most = Math.max(1e-9, ...shares.values());
  const things: SceneThing[] = Array.from(strength, (value, i) => {
    const hkl = Array.from(space.hkl.subarray(3 * i, 3 * i + 3));
    const share = shares.get(hkl.join(" ")) ?? 0;
    return point(
      hkl,
      Array.from(space.gInvAngstrom.subarray(3 * i, 3 * i + 3)) as unknown as Vec3,
      {
        amplitude: Math.sqrt(value),
        share,
        ring: share > 0.3 * most,
        unit,
      },
    );
  });
  const names = ["a*", "b*", "c*"];
  names.forEach((text, i) => {
    const tip = lattice[i]!;
    things.push(
      { kind: "line", from: [0, 0, 0], to: tip },
      { kind: "word", at: scale(tip, 1 + (2.5 * unit) / norm(tip)), text },
    );
  });
  things.push(
    { kind: "sphere", at: [0, 0, 0], radius: unit * 0.5, colour: ORIGIN, note: "origin" },
    { kind: "outline", at: [0, 0, 0], radius },
  );
  return {
    things,
    centre: [0, 0, 0],
    radius: radius * 1.02,
    axes: names.map((name, i) => ({ name, direction: lattice[i]! })),
  };
}

interface Weight {
  readonly amplitude: number;
  readonly share: number;
  readonly ring: boolean;
  readonly unit: number;
}

function point(
  hkl: readonly number[],
  at: Vec3,
  { amplitude, share, ring, unit }: Weight,
): SceneThing {
  const decided = share > 0 ? `, ${(100 * share).toFixed(1)} % of the decision` : "";
  return {
    kind: "sphere",
    at,
    radius: unit * (0.16 + 0.84 * Math.sqrt(amplitude)),
    colour: share > 0 ? CRITICAL : POINT,
    opacity: share > 0 ? 1 : 0.3 + 0.7 * amplitude,
    ring,
    note: `${printedHkl(hkl)}, d = ${(1 / norm(at)).toFixed(4)} Å, |F| ${(100 * amplitude).toFixed(1)} % of the largest${decided}`,
  };
}
