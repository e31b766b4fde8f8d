/** Agreement with independent programs: pymatgen (patterns), gemmi (structure factors), xraydb (anomalous factors). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { openStructureTable } from "../../src/data/files.node.ts";
import { rowStructure } from "../../src/data/structure-table.ts";
import { anomalousFactor } from "../../src/diffraction/anomalous.ts";
import { powderLines, powderPattern } from "../../src/diffraction/powder.ts";
import { structureFactors } from "../../src/diffraction/structure-factors.ts";
import type { Vec3 } from "../../src/math/matrix3.ts";
import { monochromatic } from "../../src/radiation/radiation.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";
import type { Cell } from "./support.ts";

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8")) as T;
}

/** 2θ, intensity, d */
type Row = readonly [number, number, number];

const CU_KA = 1.54184;
const TOLERANCE = { twoThetaDeg: 0.005, intensity: 0.5, dAngstrom: 1e-6 };

/** Peaks above 1 % of one list that the other lacks. */
function missing(rows: readonly Row[], others: readonly Row[], dNoise = 0): Row[] {
  return rows.filter(
    ([angle, intensity, d]) =>
      intensity > 1.001 &&
      !others.some(
        (other) =>
          Math.abs(other[0] - angle) < TOLERANCE.twoThetaDeg &&
          Math.abs(other[1] - intensity) < TOLERANCE.intensity &&
          Math.abs(other[2] - d) < TOLERANCE.dAngstrom + dNoise,
      ),
  );
}

interface GoldenEntry {
  readonly name: string;
  readonly cell: Cell;
  readonly sites: readonly (readonly [readonly [string, number][], number, number, number])[];
  readonly xray: readonly Row[];
  readonly neutron: readonly Row[];
}

function structureOfEntry({ cell, sites }: GoldenEntry): Structure {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = cell;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: sites.map(([species, ...frac]) => ({
      species: species.map(([element, occupancy]) => ({ element, occupancy })),
      frac,
    })),
  };
}

describe("pymatgen, 200 structures from prototypes", () => {
  const entries = fixture<GoldenEntry[]>("pymatgen_powder.json");

  test.each(["xray", "neutron"] as const)("%s: every peak above 1 %%, both ways", (kind) => {
    expect(entries).toHaveLength(200);
    for (const entry of entries) {
      const { peaks } = powderPattern(structureOfEntry(entry), {
        formFactors: "four-gaussian",
        radiation: monochromatic(CU_KA, kind),
        twoThetaRangeDeg: [5, 120],
      });
      const ours = peaks.map((p) => [p.twoThetaDeg, p.intensity, p.dAngstrom] as const);
      expect(missing(entry[kind], ours), `${entry.name}: not ours`).toEqual([]);
      expect(missing(ours, entry[kind]), `${entry.name}: not pymatgen's`).toEqual([]);
    }
  });
});

describe.skipIf(!hasShared)(`pymatgen, 1,000 structures of the data pack${SHARED_ABSENT}`, () => {
  test("every peak above 1 %, both ways", async () => {
    const golden = new Map(Object.entries(fixture<Record<string, number[]>>("pymatgen_pack.json")));
    expect(golden.size).toBe(1000);
    const table = await openStructureTable(sharedPath("mp_labelled.parquet"));
    let found = 0;
    for await (const row of table.rows({ where: ({ id }) => golden.has(id) })) {
      found++;
      const flat = golden.get(row.id)!;
      const theirs = Array.from({ length: flat.length / 2 }, (_, i): Row => {
        const d = flat[2 * i]!;
        return [(360 / Math.PI) * Math.asin(CU_KA / (2 * d)), flat[2 * i + 1]!, d];
      });
      const lines = powderLines(rowStructure(row), {
        formFactors: "four-gaussian",
        twoThetaRangeDeg: [5, 90],
      });
      const ours = Array.from(lines.intensity, (intensity, i): Row => {
        return [lines.twoThetaDeg[i]!, intensity, lines.dAngstrom[i]!];
      });
      // The fixture rounds d to 1e-6 and intensities to 0.1.
      const strong = ours.filter(([, intensity]) => intensity > 1.1);
      expect(missing(theirs, ours, 6e-7), `${row.id}: not ours`).toEqual([]);
      expect(missing(strong, theirs, 6e-7), `${row.id}: not pymatgen's`).toEqual([]);
    }
    expect(found).toBe(1000);
  });
});

interface FactorEntry {
  readonly cell: Cell;
  readonly sites: readonly {
    readonly element: string;
    readonly charge: number;
    readonly frac: Vec3;
    readonly occupancy: number;
    readonly b: number;
  }[];
  readonly hkls: readonly Vec3[];
  readonly xray: readonly [number, number][];
  readonly neutron: readonly [number, number][];
  readonly electron: readonly [number, number][];
}

describe("gemmi, structure factors of eight cells", () => {
  const entries = fixture<FactorEntry[]>("gemmi_structure_factors.json");

  // gemmi keeps its tables in single precision, and its neutron lengths are a later list in a few elements.
  test.each([
    ["xray", 2e-4],
    ["neutron", 2e-3],
    ["electron", 2e-4],
  ] as const)("%s, real and imaginary part", (radiation, tolerance) => {
    for (const { cell, sites, hkls, ...factors } of entries) {
      const [a, b, c, alphaDeg, betaDeg, gammaDeg] = cell;
      const structure: Structure = {
        lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
        sites: sites.map((site) => ({
          species: [{ element: site.element, occupancy: site.occupancy, oxidation: site.charge }],
          frac: site.frac,
          bIsoAngstrom2: site.b,
        })),
      };
      const ours = structureFactors(structure, hkls, { radiation, ions: true });
      factors[radiation].forEach(([real, imaginary], i) => {
        expect(Math.abs(ours.real[i]! - real), `F${hkls[i]!.join(",")}`).toBeLessThan(tolerance);
        expect(Math.abs(ours.imaginary[i]! - imaginary)).toBeLessThan(tolerance);
      });
    }
  });
});

test("anomalous factors follow Chantler's full table", () => {
  // 0.02 from the thinned table, the rest between xraydb's spline and straight lines close to an L edge.
  const golden = fixture<Record<string, [number, number, number][]>>("xraydb_anomalous.json");
  for (const [element, rows] of Object.entries(golden)) {
    for (const [energyEv, real, imaginary] of rows) {
      const ours = anomalousFactor(element, 12398.41984332 / energyEv);
      expect(Math.abs(ours.real - real), `f' of ${element} at ${energyEv} eV`).toBeLessThan(0.08);
      expect(Math.abs(ours.imaginary - imaginary)).toBeLessThan(0.08);
    }
  }
});
