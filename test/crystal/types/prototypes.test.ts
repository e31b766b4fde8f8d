import { beforeAll, describe, expect, test } from "vitest";
import { shortestDistance } from "../../../src/crystal/distances.ts";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import { PROTOTYPES } from "../../../src/crystal/types/prototypes.table.ts";
import { prototypeById, prototypeStructure } from "../../../src/crystal/types/prototypes.ts";
import { changeAxes, shiftOrigin } from "../../../src/crystal/structure-transform.ts";
import { structureTypeKey } from "../../../src/crystal/types/structure-type-key.ts";
import { STRUCTURE_TYPE_NAMES } from "../../../src/crystal/types/structure-type-names.table.ts";
import { structureType } from "../../../src/crystal/types/structure-type.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { EwaldError } from "../../../src/errors.ts";

beforeAll(() => loadSymmetry());

/** "Mg(OH)2" → { Mg: 1, O: 2, H: 2 } */
function counts(formula: string): Record<string, number> {
  const total: Record<string, number> = {};
  const flat = formula.replaceAll(/\(([^)]*)\)(\d+)/g, (_, inner: string, times: string) =>
    inner.replaceAll(
      /([A-Z][a-z]?)(\d*)/g,
      (_all, element: string, n: string) => `${element}${Number(n || 1) * Number(times)}`,
    ),
  );
  for (const [, element, n] of flat.matchAll(/([A-Z][a-z]?)(\d*)/g))
    total[element as string] = (total[element as string] ?? 0) + Number(n || 1);
  return total;
}

/** Of one species as formulas give it, whatever the number of atoms ("I2" is I). */
function reduced(total: Record<string, number>): string {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const divisor = Object.values(total).reduce(gcd);
  return Object.entries(total)
    .map(([element, n]) => `${element}${n / divisor}`)
    .toSorted()
    .join(" ");
}

/** Pb(Zr,Ti)O3 is a solid solution, written with one of its metals. */
const SOLID_SOLUTIONS = new Set(["tetragonal-perovskite"]);

describe("prototypes", () => {
  test("at least 200, ids unique and fit for keys", () => {
    expect(PROTOTYPES.length).toBeGreaterThanOrEqual(200);
    expect(new Set(PROTOTYPES.map(({ id }) => id)).size).toBe(PROTOTYPES.length);
    for (const { id } of PROTOTYPES) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(() => prototypeById("unobtainium")).toThrow(EwaldError);
  });

  test("each has the space group, the composition and the distances that its facts claim", () => {
    for (const prototype of PROTOTYPES) {
      const structure = prototypeStructure(prototype);
      expect([prototype.id, analyzeSymmetry(structure).number]).toEqual([
        prototype.id,
        prototype.spaceGroup,
      ]);
      const found: Record<string, number> = {};
      for (const { species } of structure.sites)
        found[species[0]?.element as string] = (found[species[0]?.element as string] ?? 0) + 1;
      if (!SOLID_SOLUTIONS.has(prototype.id))
        expect([prototype.id, reduced(found)]).toEqual([
          prototype.id,
          reduced(counts(prototype.formula)),
        ]);
      const shortest = shortestDistance(structure)?.distanceAngstrom as number;
      const hasHydrogen = "H" in found;
      expect(shortest, prototype.id).toBeGreaterThan(hasHydrogen ? 0.9 : 1.05);
    }
  });

  test("the table of names is what their keys say, every line", () => {
    const expected = new Map<string, Set<string>>();
    for (const prototype of PROTOTYPES) {
      const { lattice, sites } = prototypeStructure(prototype);
      const mirrored = sites.map(({ species, frac }) => ({
        species,
        frac: [-frac[0], -frac[1], -frac[2]] as const,
      }));
      for (const structure of [
        { lattice, sites },
        { lattice, sites: mirrored },
      ]) {
        const key = structureTypeKey(structure);
        expected.set(key, (expected.get(key) ?? new Set<string>()).add(prototype.id));
      }
    }
    const listed = Object.fromEntries(
      [...expected].map(([key, ids]) => [key, [...ids].toSorted()] as const),
    );
    expect(STRUCTURE_TYPE_NAMES).toEqual(listed);
  });

  test("each bears its own name, also when described otherwise", () => {
    for (const prototype of PROTOTYPES) {
      const structure = prototypeStructure(prototype);
      const type = structureType(structure);
      expect([prototype.id, type.prototype, type.name]).toEqual([
        prototype.id,
        prototype.id,
        prototype.name,
      ]);
      expect(type.deviation).toBeLessThan(1e-6);
      const moved = shiftOrigin(
        changeAxes(structure, [
          [1, 1, 0],
          [0, 1, 0],
          [0, -1, 1],
        ]),
        [0.31, 0.17, 0.43],
      );
      expect(structureType(moved).key).toBe(type.key);
    }
  });
});

describe("structureType", () => {
  test("one key, two geometries: pyrite and dry ice", () => {
    const named = (id: string): string => structureType(prototypeStructure(prototypeById(id))).key;
    expect(named("pyrite")).toBe("AB2|cP12|205|a c#pyrite");
    expect(named("co2")).toBe("AB2|cP12|205|a c#co2");
    expect(named("delafossite")).toBe("ABC2|hR12|166|a b c#delafossite");
    expect(named("nafeo2")).toBe("ABC2|hR12|166|a b c#nafeo2");
    expect(named("calcite")).toBe("ABC3|hR30|167|a b e#calcite");
  });

  test("keys of the textbook types", () => {
    const keys = Object.fromEntries(
      [
        "rock-salt",
        "cscl",
        "zinc-blende",
        "wurtzite",
        "fluorite",
        "rutile",
        "spinel",
        "perovskite",
        "garnet",
        "corundum",
      ].map((id) => [id, structureType(prototypeStructure(prototypeById(id))).key]),
    );
    expect(keys).toEqual({
      "rock-salt": "AB|cF8|225|a b",
      cscl: "AB|cP2|221|a b",
      "zinc-blende": "AB|cF8|216|a c",
      wurtzite: "AB|hP4|186|b b",
      fluorite: "AB2|cF12|225|a c",
      rutile: "AB2|tP6|136|a f",
      spinel: "AB2C4|cF56|227|a d e",
      perovskite: "ABC3|cP5|221|a b c",
      garnet: "A2B3C3D12|cI160|230|a c d h",
      corundum: "A2B3|hR30|167|c e",
    });
  });

  test("left and right quartz have two keys and one name", () => {
    const right = prototypeStructure(prototypeById("quartz-alpha"));
    const left = {
      lattice: right.lattice,
      sites: right.sites.map(({ species, frac }) => ({
        species,
        frac: [-frac[0], -frac[1], -frac[2]] as const,
      })),
    };
    expect([right, left].map((s) => structureType(s).spaceGroup.number).toSorted()).toEqual([
      152, 154,
    ]);
    expect(structureType(left).name).toBe(structureType(right).name);
  });

  test("isopointal but of another geometry: key without name", () => {
    // Planar sheets far apart: wurtzite's letters with z(S) = z(Zn) and c/a = 3.
    const flat = {
      lattice: latticeFromParameters({
        a: 3.8,
        b: 3.8,
        c: 11.4,
        alphaDeg: 90,
        betaDeg: 90,
        gammaDeg: 120,
      }),
      sites: (
        [
          ["Zn", 1 / 3, 2 / 3, 0],
          ["Zn", 2 / 3, 1 / 3, 0.5],
          ["S", 1 / 3, 2 / 3, 0.2],
          ["S", 2 / 3, 1 / 3, 0.7],
        ] as const
      ).map(([element, x, y, z]) => ({
        species: [{ element, occupancy: 1 }],
        frac: [x, y, z] as const,
      })),
    };
    const type = structureType(flat);
    expect(type.key).toBe("AB|hP4|186|b b");
    expect(type.name).toBeUndefined();
    expect(type.deviation).toBeGreaterThan(0.08);
  });

  test("mixed sites are typed by their main element, with a warning", () => {
    const { lattice, sites } = prototypeStructure(prototypeById("rock-salt"));
    const mixed = {
      lattice,
      sites: sites.map(({ species, frac }) => ({
        frac,
        species:
          species[0]?.element === "Na"
            ? [
                { element: "Na", occupancy: 0.7 },
                { element: "K", occupancy: 0.3 },
              ]
            : species,
      })),
    };
    const type = structureType(mixed);
    expect(type.name).toBe("rock salt (halite)");
    expect(type.warnings.map(({ code }) => code)).toEqual(["structure-type/mixed-sites"]);
  });
});
