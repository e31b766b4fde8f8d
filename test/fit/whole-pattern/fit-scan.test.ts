/** Mixtures whose truth is known, and scans that are refused. */
import { beforeAll, describe, expect, test } from "vitest";
import { latticeParameters } from "../../../src/crystal/lattice.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { primitiveCell } from "../../../src/crystal/structure-transform.ts";
import type { FitPhase, FittedPhase } from "../../../src/fit/whole-pattern/fit-types.ts";
import { fitScan } from "../../../src/fit/whole-pattern/fit-scan.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import { example, mixtureScan, stretched } from "./support.ts";

beforeAll(async () => {
  await loadSymmetry();
});

const SHARP = { caglioti: { u: 0.01, v: -0.005, w: 0.008 }, sizeAngstrom: 1500 };
const BROAD = { ...SHARP, sizeAngstrom: 400, strain: 5e-4 };

const phase = (id: string): FitPhase => ({ id, structure: example(id) });

function twoPhases(counts = 20_000): Scan {
  return mixtureScan(
    [
      {
        structure: stretched(example("rutile"), [1.003, 1.003, 0.998]),
        massFraction: 0.3,
        broadening: SHARP,
      },
      { structure: stretched(example("calcite"), [0.996]), massFraction: 0.7, broadening: BROAD },
    ],
    { displacementDeg: 0.06, counts },
  );
}

describe("fitScan", () => {
  test("amounts, cells, shift, size and strain of a mixture", () => {
    const result = fitScan(twoPhases(), [phase("rutile"), phase("calcite")]);
    expect(result.status).toBe("converged");
    expect(result.chi2).toBeLessThan(1.15);
    expect(result.unexplained).toEqual([]);
    const [rutile, calcite] = result.phases;
    // B of the files is their own; the drawn pattern has the same.
    expect(rutile!.weightFraction).toBeCloseTo(0.3, 1);
    expect(Math.abs(rutile!.weightFraction! - 0.3)).toBeLessThan(0.01);
    expect(rutile!.weightFraction! + calcite!.weightFraction!).toBeCloseTo(1, 12);
    const given = latticeParameters(example("rutile").lattice);
    expect(Math.abs(rutile!.cell[0] / (1.003 * given.a) - 1)).toBeLessThan(5e-5);
    expect(Math.abs(rutile!.cell[2] / (0.998 * given.c) - 1)).toBeLessThan(5e-5);
    expect(rutile!.cell[1]).toBe(rutile!.cell[0]);
    expect(rutile!.cellEsd!.slice(3)).toEqual([0, 0, 0]);
    expect(rutile!.cellEsd![0]).toBeGreaterThan(0);
    expect(Math.abs(result.shift.deg - 0.06)).toBeLessThan(0.005);
    expect(Math.abs(calcite!.sizeAngstrom! / 400 - 1)).toBeLessThan(0.15);
    expect(Math.abs(calcite!.strain - 5e-4)).toBeLessThan(1e-4);
    expect(calcite!.rBragg).toBeLessThan(3);
  });

  test("the cell comes in the setting of the structure, a primitive one too", () => {
    const halite = example("halite");
    const structure = primitiveCell(halite);
    const scan = mixtureScan([
      { structure: stretched(halite, [1.004]), massFraction: 1, broadening: SHARP },
    ]);
    const { cell } = fitScan(scan, [{ id: "halite", structure }]).phases[0]!;
    const { a, b, c, ...angles } = latticeParameters(structure.lattice);
    for (const [i, edge] of [a, b, c].entries())
      expect(Math.abs(cell[i]! / (1.004 * edge) - 1)).toBeLessThan(3e-5);
    expect(cell.slice(3)).toEqual(Object.values(angles).map((deg) => expect.closeTo(deg, 8)));
  });

  test("texture of a plane", () => {
    const structure = example("calcite");
    const scan = mixtureScan([
      { structure, massFraction: 1, broadening: BROAD, texture: { hkl: [1, 0, 4], r: 0.75 } },
    ]);
    const without = fitScan(scan, [phase("calcite")]);
    const result = fitScan(scan, [{ ...phase("calcite"), textureHkl: [1, 0, 4] }]);
    expect(result.rwp).toBeLessThan(without.rwp);
    expect(result.phases[0]!.march).toBeGreaterThan(0.2);
  });

  test("a phase that is not there goes to zero or stays below its uncertainty, with a word", () => {
    const result = fitScan(twoPhases(), [phase("rutile"), phase("calcite"), phase("halite")]);
    const halite = result.phases[2]!;
    expect(halite.weightFraction).toBeLessThan(0.004);
    expect(result.warnings.map(({ code }) => code)).toContain(
      halite.scale === 0 ? "fit/phase-absent" : "fit/phase-unsure",
    );
    const { calculated: _, ...numbers } = result.phases[0]!;
    expect(JSON.stringify(numbers)).not.toContain("NaN");
  });

  test("without atoms: the cell, whatever the heights are", () => {
    const { structure } = phase("rutile");
    const wrong = { ...structure, sites: structure.sites.map((site) => Object.assign({}, site, { species: [{ element: "U", occupancy: 1 }] })) }; // prettier-ignore
    const scan = mixtureScan([{ structure: stretched(wrong, [1.003]), massFraction: 1, broadening: SHARP }]); // prettier-ignore
    const byAtoms = fitScan(scan, [phase("rutile")]);
    const result = fitScan(scan, [phase("rutile")], { method: "le-bail" });
    expect(byAtoms.rwp).toBeGreaterThan(2 * result.rwp);
    expect(result.chi2).toBeLessThan(1.3);
    const [{ cell, weightFraction }] = result.phases as [FittedPhase];
    expect(weightFraction).toBeNull();
    expect(Math.abs(cell[0] / (1.003 * latticeParameters(structure.lattice).a) - 1)).toBeLessThan(
      5e-5,
    );
  });

  test("what the phases leave is named", () => {
    const result = fitScan(twoPhases(), [phase("calcite")]);
    expect(result.unexplained.some(({ twoThetaDeg }) => Math.abs(twoThetaDeg - 27.4) < 0.3)).toBe(
      true,
    );
  });

  test("an excluded range is not fitted, and a stopped fit says so", () => {
    const controller = new AbortController();
    const stages: string[] = [];
    const result = fitScan(twoPhases(), [phase("calcite"), phase("rutile")], {
      excludeDeg: [[27, 28]],
      signal: controller.signal,
      onProgress: ({ stage }) => {
        stages.push(stage);
        if (stage === "widths") controller.abort();
      },
    });
    expect(result.status).toBe("stopped");
    expect(stages.at(-1)).toBe("widths");
    expect(result.warnings.map(({ code }) => code)).toContain("fit/stopped");
    expect(result.twoThetaDeg.some((at) => at > 27 && at < 28)).toBe(false);
  });

  test("every history entry lowers Rwp", () => {
    const { history } = fitScan(twoPhases(), [phase("rutile"), phase("calcite")]);
    for (const { rwp, rwpBefore } of history) expect(rwp).toBeLessThanOrEqual(rwpBefore + 1e-9);
    expect(history.map(({ name }) => name)).toEqual([
      "scale and background",
      "cell and shift",
      "widths",
      "all widths",
      "displacement parameters",
    ]);
  });
});

describe("refusals", () => {
  const withIntensity = (of: (value: number, i: number) => number): Scan => {
    const scan = twoPhases();
    const [range] = scan.ranges;
    return { ...scan, ranges: [{ ...range!, intensity: range!.intensity.map(of) }] };
  };

  test.each([
    ["fit/constant-scan", () => withIntensity(() => 7)],
    ["fit/saturated-scan", () => withIntensity((value) => Math.min(value, 3000))],
    ["scan/no-wavelength", () => ({ ...twoPhases(), radiation: null })],
  ])("%s", (code, scan) => {
    expect(() => fitScan(scan(), [phase("rutile")])).toThrow(expect.objectContaining({ code }));
  });

  test("no phase, the same phase twice, all points excluded, no line in the range", () => {
    const scan = twoPhases();
    const refused = (code: string, call: () => unknown): void =>
      expect(call).toThrow(expect.objectContaining({ code }));
    refused("fit/no-phases", () => fitScan(scan, []));
    refused("fit/same-id", () => fitScan(scan, [phase("rutile"), phase("rutile")]));
    refused("fit/too-few-points", () =>
      fitScan(scan, [phase("rutile")], { excludeDeg: [[0, 180]] }),
    );
    const narrow = mixtureScan(
      [{ structure: example("olivine"), massFraction: 1, broadening: SHARP }],
      {
        rangeDeg: [10, 20],
      },
    );
    refused("fit/no-lines", () => fitScan(narrow, [phase("halite")]));
  });
});
