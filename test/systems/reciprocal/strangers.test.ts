/** Crystals that are told by their bonds to be no kin of the training data, and salts, metals and frameworks that are not taken for such. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bonding } from "../../../src/crystal/bonded-units.ts";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { strangeBonds } from "../../../src/systems/reciprocal/strangers.ts";

type Atom = readonly [element: string, x: number, y: number, z: number];

function crystal(edges: readonly [number, number, number], atoms: readonly Atom[]): Structure {
  const [a, b, c] = edges;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 }),
    sites: atoms.map(([element, ...frac]) => ({ species: [{ element, occupancy: 1 }], frac })),
  };
}
const cube = (a: number, ...atoms: Atom[]): Structure => crystal([a, a, a], atoms);

const FACES = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
] as const;
/** Axis of the molecule on each corner of the faces (Pa-3). */
const AXES = [
  [1, 1, 1],
  [-1, 1, -1],
  [-1, -1, 1],
  [1, -1, -1],
] as const;
const faces = (element: string): Atom[] => FACES.map((frac) => [element, ...frac] as const);
const carbonDioxide = cube(
  5.624,
  ...FACES.flatMap((at, i) =>
    [1, -1].map(
      (sign) =>
        ["O", ...at.map((x, axis) => x + sign * 0.1185 * AXES[i]![axis]!)] as unknown as Atom,
    ),
  ),
  ...faces("C"),
);
const tetrahedron = (a: number): Atom[] =>
  (
    [
      [1, 1, 1],
      [1, -1, -1],
      [-1, 1, -1],
      [-1, -1, 1],
    ] as const
  ).map(([x, y, z]) => ["H", x * a, y * a, z * a] as const);
const example = (name: string): Structure =>
  readStructures(readFileSync(`examples/${name}`)).structures[0]!.structure;

describe("outside, with the reason", () => {
  test.each([
    ["solid xenon", cube(6.13, ...faces("Xe")), /atoms of Xe without a bond/],
    ["solid helium", cube(4.24, ...faces("He")), /atoms of He without a bond/],
    ["dry ice", carbonDioxide, /a molecular crystal \(CO2\)/],
    ["methane", cube(4.2, ["C", 0, 0, 0], ...tetrahedron(0.15)), /carbon and hydrogen/],
    [
      "hydrogen fluoride",
      cube(4.3, ["F", 0, 0, 0], ["H", 0.22, 0, 0]),
      /a molecular crystal \(FH\)/,
    ],
    [
      "phosphorus pentafluoride and so on: SF6",
      cube(
        5.9,
        ["S", 0, 0, 0],
        ...([1, -1] as const).flatMap((s): Atom[] => [
          ["F", s * 0.265, 0, 0],
          ["F", 0, s * 0.265, 0],
          ["F", 0, 0, s * 0.265],
        ]),
      ),
      /a molecular crystal \(F6S\)/,
    ],
    [
      "a deuterated one",
      cube(4.2, ["C", 0, 0, 0], ...tetrahedron(0.15).map(([, ...at]): Atom => ["D", ...at])),
      /carbon and hydrogen/,
    ],
    [
      "two kinds of molecules: water and hydrogen",
      cube(
        6,
        ["O", 0, 0, 0],
        ["H", 0.16, 0, 0],
        ["H", 0, 0.16, 0],
        ["H", 0.5, 0.5, 0.5],
        ["H", 0.62, 0.5, 0.5],
      ),
      /a molecular crystal/,
    ],
  ] as const)("%s", (_, structure, reason) => {
    expect(strangeBonds(structure)).toMatch(reason);
  });

  test("in any cell: a bond over the wall is one", () => {
    const shifted = {
      ...carbonDioxide,
      sites: carbonDioxide.sites.map((site) => ({
        ...site,
        frac: site.frac.map(
          (x) => (((x + 0.97) % 1) + 1) % 1,
        ) as unknown as Structure["sites"][0]["frac"],
      })),
    };
    expect(strangeBonds(shifted)).toMatch(/CO2/);
    expect(bonding(shifted).units.map(({ sites }) => sites.length)).toEqual([3, 3, 3, 3]);
  });
});

describe("not taken for one", () => {
  test.each([
    [
      "rock salt",
      cube(5.64, ...faces("Na"), ...FACES.map(([x, y, z]): Atom => ["Cl", x + 0.5, y, z])),
    ],
    ["caesium iodide", cube(4.567, ["Cs", 0, 0, 0], ["I", 0.5, 0.5, 0.5])],
    ["copper", cube(3.615, ...faces("Cu"))],
    ["caesium", cube(6.14, ["Cs", 0, 0, 0], ["Cs", 0.5, 0.5, 0.5])],
    [
      "diamond",
      cube(
        3.567,
        ...faces("C"),
        ...FACES.map(([x, y, z]): Atom => ["C", x + 0.25, y + 0.25, z + 0.25]),
      ),
    ],
    [
      "lithium hydride",
      cube(4.08, ...faces("Li"), ...FACES.map(([x, y, z]): Atom => ["H", x + 0.5, y, z])),
    ],
    [
      "sal ammoniac, whose ammonium is an ion beside chloride",
      cube(3.876, ["Cl", 0.5, 0.5, 0.5], ["N", 0, 0, 0], ...tetrahedron(0.153)),
    ],
    [
      "potassium hexachloroplatinate",
      cube(
        9.755,
        ...faces("Pt"),
        ...FACES.flatMap(([x, y, z]): Atom[] => [
          ["K", x + 0.25, y + 0.25, z + 0.25],
          ["K", x + 0.75, y + 0.25, z + 0.25],
          ...([1, -1] as const).flatMap((s): Atom[] => [
            ["Cl", x + s * 0.238, y, z],
            ["Cl", x, y + s * 0.238, z],
            ["Cl", x, y, z + s * 0.238],
          ]),
        ]),
      ),
    ],
  ] as const)("%s", (_, structure) => {
    expect(strangeBonds(structure)).toBeNull();
  });

  test.each([
    "quartz.cif",
    "calcite.cif",
    "anatase.cif",
    "rutile.cif",
    "olivine.cif",
    "halite.cif",
  ])("the example %s", (name) => expect(strangeBonds(example(name))).toBeNull());
});
