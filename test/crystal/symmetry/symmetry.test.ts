import { beforeAll, describe, expect, test } from "vitest";
import { latticeFromParameters, latticeParameters } from "../../../src/crystal/lattice.ts";
import {
  crystalSystemOf,
  spaceGroupOperations,
  spaceGroupSettings,
  spaceGroupType,
  standardHallNumber,
  wyckoffPositions,
} from "../../../src/crystal/symmetry/space-group.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { EwaldError } from "../../../src/errors.ts";
import { multiplyVector, type Vec3, vectorTimesMatrix } from "../../../src/math/matrix3.ts";

function code(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return error instanceof EwaldError ? error.code : `untyped: ${String(error)}`;
  }
  return undefined;
}

function structure(
  cell: [number, number, number, number, number, number],
  atoms: readonly (readonly [string, number, number, number])[],
): Structure {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = cell;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: atoms.map(([element, x, y, z]) => ({
      species: [{ element, occupancy: 1 }],
      frac: [x, y, z],
    })),
  };
}

const u = 0.3053;
const rutile = structure(
  [4.594, 4.594, 2.959, 90, 90, 90],
  [
    ["Ti", 0, 0, 0],
    ["O", u, u, 0],
    ["Ti", 0.5, 0.5, 0.5],
    ["O", 1 - u, 1 - u, 0],
    ["O", 0.5 + u, 0.5 - u, 0.5],
    ["O", 0.5 - u, 0.5 + u, 0.5],
  ],
);

/** Iron at the origin and at (x, 0, 0). */
function ironAt(x: number): Structure {
  return structure(
    [4, 4, 4, 90, 90, 90],
    [
      ["Fe", 0, 0, 0],
      ["Fe", x, 0, 0],
    ],
  );
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b - Math.round(a - b)) < 1e-9;
}

/** Exact as long as translations are multiples of 1/24. */
function operationName(rotation: unknown, translation: Vec3): string {
  return JSON.stringify([
    rotation,
    translation.map((x) => Math.round((x - Math.floor(x)) * 24) % 24),
  ]);
}

beforeAll(() => loadSymmetry());

describe("analyzeSymmetry", () => {
  test("rutile", () => {
    const symmetry = analyzeSymmetry(rutile);
    expect(symmetry).toMatchObject({
      number: 136,
      symbol: "P4_2/mnm",
      hallNumber: 419,
      crystalSystem: "tetragonal",
      pearson: "tP6",
      symprecAngstrom: 0.01,
      orbits: [0, 1, 0, 1, 1, 1],
      siteSymmetries: ["m.mm", "m.2m", "m.mm", "m.2m", "m.2m", "m.2m"],
    });
    expect(symmetry.operations).toHaveLength(16);
    expect(symmetry.wyckoffLetters).toEqual(["a", "f", "a", "f", "f", "f"]);
  });

  test("rhombohedral Pearson symbols count the hexagonal cell, from whichever cell", () => {
    // Corundum in its rhombohedral cell (10 atoms).
    const x = 0.35216;
    const o = 0.5562;
    const corundum = structure(
      [5.1284, 5.1284, 5.1284, 55.28, 55.28, 55.28],
      [
        ["Al", x, x, x],
        ["Al", 0.5 - x, 0.5 - x, 0.5 - x],
        ["Al", -x, -x, -x],
        ["Al", 0.5 + x, 0.5 + x, 0.5 + x],
        ["O", o, 0.5 - o, 0.25],
        ["O", 0.25, o, 0.5 - o],
        ["O", 0.5 - o, 0.25, o],
        ["O", -o, 0.5 + o, 0.75],
        ["O", 0.75, -o, 0.5 + o],
        ["O", 0.5 + o, 0.75, -o],
      ],
    );
    const symmetry = analyzeSymmetry(corundum);
    expect(symmetry.pearson).toBe("hR30");
    expect(symmetry.number).toBe(167);
    expect(symmetry.conventional.sites).toHaveLength(30);
    expect(symmetry.primitive.sites).toHaveLength(10);
    expect(latticeParameters(symmetry.conventional.lattice).gammaDeg).toBeCloseTo(120, 6);
  });

  test("operations map the input sites on themselves, in a sheared cell too", () => {
    const shear = [
      [0, 0, 1],
      [1, 0, 0],
      [1, 1, 0],
    ] as const;
    // Inverse of `shear`, worked by hand: new fractional coordinates are frac · inverse.
    const inverse = [
      [0, 1, 0],
      [0, -1, 1],
      [1, 0, 0],
    ] as const;
    const sheared: Structure = {
      lattice: [
        vectorTimesMatrix(shear[0], rutile.lattice),
        vectorTimesMatrix(shear[1], rutile.lattice),
        vectorTimesMatrix(shear[2], rutile.lattice),
      ],
      sites: rutile.sites.map((site) => {
        const [x, y, z] = vectorTimesMatrix(site.frac, inverse);
        return { ...site, frac: [x + 0.1, y + 0.2, z + 0.3] };
      }),
    };
    const symmetry = analyzeSymmetry(sheared);
    expect(symmetry.number).toBe(136);
    expect(symmetry.operations).toHaveLength(16);
    for (const { rotation, translation } of symmetry.operations) {
      for (const site of sheared.sites) {
        const image = multiplyVector(rotation, site.frac).map(
          (value, axis) => value + (translation[axis] as number),
        );
        const hit = sheared.sites.find((other) =>
          other.frac.every((value, axis) => near(value, image[axis] as number)),
        );
        expect(hit?.species[0]?.element).toBe(site.species[0]?.element);
      }
    }
    const { basisRows, originShift } = symmetry.transformation;
    for (const site of symmetry.conventional.sites) {
      const back = vectorTimesMatrix(site.frac, basisRows).map(
        (value, axis) => value + (originShift[axis] as number),
      );
      expect(
        sheared.sites.some(
          (other) =>
            other.species[0]?.element === site.species[0]?.element &&
            other.frac.every((value, axis) => near(value, back[axis] as number)),
        ),
      ).toBe(true);
    }
  });

  test("sites of other occupancy are other kinds; labels and charges are not", () => {
    const cscl = structure(
      [4, 4, 4, 90, 90, 90],
      [
        ["Fe", 0, 0, 0],
        ["Fe", 0.5, 0.5, 0.5],
      ],
    );
    expect(analyzeSymmetry(cscl).pearson).toBe("cI2");
    const [first, second] = cscl.sites as [(typeof cscl.sites)[0], (typeof cscl.sites)[0]];
    const charged: Structure = {
      ...cscl,
      sites: [
        first,
        { ...second, label: "Fe2", species: [{ element: "Fe", occupancy: 1, oxidation: 3 }] },
      ],
    };
    expect(analyzeSymmetry(charged).pearson).toBe("cI2");
    const half: Structure = {
      ...cscl,
      sites: [first, { ...second, species: [{ element: "Fe", occupancy: 0.5 }] }],
    };
    expect(analyzeSymmetry(half).pearson).toBe("cP2");
  });

  test("the standard cells keep what the sites carried", () => {
    const mixed: Structure = {
      lattice: rutile.lattice,
      sites: rutile.sites.map((site, index) => ({
        ...site,
        label: `${site.species[0]?.element}${index}`,
        bIsoAngstrom2: site.species[0]?.element === "Ti" ? 0.5 : 0.7,
      })),
    };
    const { conventional } = analyzeSymmetry(mixed);
    for (const site of conventional.sites)
      expect(site.bIsoAngstrom2).toBe(site.label?.startsWith("Ti") ? 0.5 : 0.7);
  });

  test("answers are cached per structure and tolerance", () => {
    expect(analyzeSymmetry(rutile)).toBe(analyzeSymmetry(rutile));
    expect(analyzeSymmetry(rutile, { symprecAngstrom: 0.1 })).not.toBe(analyzeSymmetry(rutile));
  });

  test("what has no symmetry is refused with a type", () => {
    expect(code(() => analyzeSymmetry({ lattice: rutile.lattice, sites: [] }))).toBe(
      "symmetry/no-sites",
    );
    expect(code(() => analyzeSymmetry(ironAt(NaN)))).toBe("symmetry/not-finite");
    expect(code(() => analyzeSymmetry(ironAt(0)))).toBe("symmetry/not-found");
    expect(code(() => analyzeSymmetry(rutile, { symprecAngstrom: 0 }))).toBe("symmetry/tolerance");
  });
});

describe("space groups", () => {
  test("systems by number", () => {
    expect(
      [1, 2, 3, 15, 16, 74, 75, 142, 143, 167, 168, 194, 195, 230].map(crystalSystemOf),
    ).toEqual([
      "triclinic",
      "triclinic",
      "monoclinic",
      "monoclinic",
      "orthorhombic",
      "orthorhombic",
      "tetragonal",
      "tetragonal",
      "trigonal",
      "trigonal",
      "hexagonal",
      "hexagonal",
      "cubic",
      "cubic",
    ]);
    for (const number of [0, 231, 1.5, NaN])
      expect(code(() => crystalSystemOf(number))).toBe("symmetry/space-group-number");
  });

  test("the table's own system agrees with the ranges for all 230", () => {
    for (let number = 1; number <= 230; number++) {
      const type = spaceGroupType(number);
      expect(type.number).toBe(number);
      const family = {
        t: "tetragonal",
        o: "orthorhombic",
        m: "monoclinic",
        a: "triclinic",
        c: "cubic",
      };
      const expected = family[type.bravais[0] as keyof typeof family];
      if (expected !== undefined) expect(type.crystalSystem).toBe(expected);
      else expect(["trigonal", "hexagonal"]).toContain(type.crystalSystem);
    }
  });

  test("operations close under composition and count as the general position", () => {
    for (const number of [1, 14, 62, 136, 166, 227]) {
      const operations = spaceGroupOperations({ number });
      expect(wyckoffPositions({ number })[0]?.multiplicity).toBe(operations.length);
      const all = new Set(operations.map((op) => operationName(op.rotation, op.translation)));
      for (const p of operations.slice(0, 12)) {
        for (const q of operations) {
          const rotation = p.rotation.map((row) =>
            [0, 1, 2].map(
              (j) => row.reduce((sum, v, k) => sum + v * (q.rotation[k]?.[j] ?? 0), 0) + 0,
            ),
          );
          const moved = multiplyVector(p.rotation, q.translation);
          expect(
            all.has(
              operationName(rotation, [
                moved[0] + p.translation[0],
                moved[1] + p.translation[1],
                moved[2] + p.translation[2],
              ]),
            ),
          ).toBe(true);
        }
      }
    }
  });

  test("settings", () => {
    expect(spaceGroupSettings(166).map((entry) => entry.setting)).toEqual(["H", "R"]);
    expect(standardHallNumber(227)).toBe(525);
    expect(standardHallNumber(227, "international")).toBe(526);
    expect(standardHallNumber(14, "international")).toBe(standardHallNumber(14));
    expect(code(() => spaceGroupOperations({ hallNumber: 531 }))).toBe("symmetry/hall-number");
  });
});
