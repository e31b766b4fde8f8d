/** Derivatives of the curve to every parameter against central differences. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { engineOf, evaluate, seenSlopes } from "../../../src/fit/whole-pattern/engine.ts";
import type { FitOptions } from "../../../src/fit/whole-pattern/fit-types.ts";
import { frameOf } from "../../../src/fit/whole-pattern/frame.ts";
import { linearPart } from "../../../src/fit/whole-pattern/linear-part.ts";
import { measuredPoints } from "../../../src/fit/whole-pattern/measured-points.ts";
import { layoutOf } from "../../../src/fit/whole-pattern/parameters.ts";
import { phaseLines } from "../../../src/fit/whole-pattern/phase-lines.ts";
import { nameOf } from "../../../src/fit/whole-pattern/stages.ts";
import { example, mixtureScan } from "./support.ts";

beforeAll(async () => {
  await loadSymmetry();
});

/** No window: one that moves with its line jumps. */
const WHOLE = (): number => Infinity;

function worstDerivatives(options: FitOptions): Map<string, number> {
  const structures = { olivine: example("olivine"), halite: example("halite") };
  const broadening = { caglioti: { u: 0.01, v: -0.004, w: 0.008 }, sizeAngstrom: 900 };
  const components = Object.values(structures).map((structure) => ({
    structure,
    massFraction: 0.5,
    broadening,
  }));
  const scan = mixtureScan(components, { rangeDeg: [20, 70], stepDeg: 0.04 });
  const points = measuredPoints(scan);
  const phases = Object.entries(structures).map(([id, structure]) =>
    phaseLines({ id, structure, textureHkl: [0, 1, 1] }, points.radiation, [20, 70], options),
  );
  const layout = layoutOf(phases, points, options);
  const linear = linearPart(points, 4);
  const engine = engineOf({ points, phases, layout, linear, options });
  const p = Float64Array.from(layout.parameters, ({ start }) => start);
  // Off the start, where some derivatives are zero.
  for (const [place, { name }] of layout.parameters.entries())
    p[place] =
      { displacement: 0.04, axial: 0.1, zero: 0.03, v: -0.003, texture: 0.8, B: 0.7 }[name] ??
      p[place]!;
  const frame = frameOf(phases, points, layout, p, options, null, WHOLE);
  const { scales } = evaluate(engine, frame, p);
  const all = Array.from(p.keys());
  const exact = seenSlopes(engine, frame, p, scales, all);
  const curveAt = (q: Float64Array): Float64Array => {
    const { curves } = evaluate(engine, frame, q);
    return linear.seen(
      curves[0]!.map((value, i) => scales[0]! * value + scales[1]! * curves[1]![i]!),
    );
  };
  return new Map(
    all.map((place) => {
      const { lower, upper } = layout.parameters[place]!;
      const step = 3e-6 * (upper - lower);
      const [up, down] = [curveAt(p.with(place, p[place]! + step)), curveAt(p.with(place, p[place]! - step))]; // prettier-ignore
      let [worst, most] = [0, 0];
      for (const [i, value] of exact[place]!.entries()) {
        worst = Math.max(worst, Math.abs((up[i]! - down[i]!) / (2 * step) - value));
        most = Math.max(most, Math.abs(value));
      }
      expect(most).toBeGreaterThan(0);
      return [nameOf(engine, place), worst / most];
    }),
  );
}

describe("derivatives of the curve", () => {
  test.each(["displacement", "zero"] as const)("every parameter, with the %s", (shift) => {
    const worst = worstDerivatives({ shift });
    // Shift, three widths, axial divergence, and cell (3 and 1 edges), size, strain, texture, B of two phases.
    expect(worst.size).toBe(5 + 7 + 5);
    for (const [name, difference] of worst) expect([name, difference < 1e-6]).toEqual([name, true]);
  });
});
