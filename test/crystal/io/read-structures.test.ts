import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readJsonStructures } from "../../../src/crystal/io/json-structure.ts";
import { latticeFromParameters, latticeParameters } from "../../../src/crystal/lattice.ts";
import { readPoscar } from "../../../src/crystal/io/poscar.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import {
  writeCif,
  writePoscar,
  writePymatgenJson,
} from "../../../src/crystal/io/write-structure.ts";
import { EwaldError } from "../../../src/errors.ts";

beforeAll(() => loadSymmetry());

const poscar = readFileSync("examples/perovskite.vasp", "utf8");

function formulaOf({ sites }: Structure): string {
  return sites.map((site) => site.species.map(({ element }) => element).join("/")).join(" ");
}

describe("POSCAR", () => {
  test("version 5", () => {
    const { structure, name } = readPoscar(poscar);
    expect(formulaOf(structure)).toBe("Sr Ti O O O");
    expect(latticeParameters(structure.lattice).a).toBe(3.905);
    expect(name).toContain("SrTiO3");
  });

  test("version 4 takes the elements from the comment, or from every position line, or asks", () => {
    const lines = poscar.split("\n");
    const without = (comment: string, suffix = (_i: number): string => ""): string =>
      [
        comment,
        ...lines.slice(1, 5),
        ...lines.slice(6, 8),
        ...lines.slice(8, 13).map((row, i) => row + suffix(i)),
      ].join("\n");
    expect(formulaOf(readPoscar(without("Sr Ti O")).structure)).toBe("Sr Ti O O O");
    const symbols = ["Sr", "Ti", "O", "O", "O"];
    expect(formulaOf(readPoscar(without("mine", (i) => ` ${symbols[i]}`)).structure)).toBe(
      "Sr Ti O O O",
    );
    expect(() => readPoscar(without("my perovskite"))).toThrow(
      expect.objectContaining({ code: "poscar/no-elements" }),
    );
  });

  test("scales: a volume, three factors, Cartesian, selective dynamics, Fortran numbers, hashes", () => {
    const volume = readPoscar(poscar.replace("\n1.0\n", "\n-100\n")).structure;
    expect(latticeParameters(volume.lattice).a).toBeCloseTo(Math.cbrt(100), 12);
    const three = readPoscar(poscar.replace("\n1.0\n", "\n1 2 3\n")).structure;
    expect(latticeParameters(three.lattice)).toMatchObject({ a: 3.905, b: 7.81, c: 3.905 * 3 });
    const cartesian = readPoscar(
      poscar
        .replace("Direct", "Selective dynamics\nCartesian")
        .replace("0.5 0.5 0.5", "1.9525d0 1.9525 1.9525 T T F")
        .replace("Sr Ti O", "Sr_sv Ti/1f2e O_h"),
    ).structure;
    for (const value of cartesian.sites[1]!.frac) expect(value).toBeCloseTo(0.5, 12);
    const scaled = readPoscar(
      "x\n2.0\n2 0 0\n0 2 0\n0 0 2\nCs Cl\n1 1\nCartesian\n0 0 0\n1 1 1\n",
    ).structure;
    expect(scaled.sites[1]!.frac).toEqual([0.5, 0.5, 0.5]);
  });

  test.each([
    [poscar.split("\n").slice(0, 10).join("\n"), "poscar/truncated", 10],
    [poscar.replace("Sr Ti O", "Sr Xx O"), "poscar/unknown-element", 6],
    [poscar.replace("1 1 3", "1 3"), "poscar/counts", 7],
    [poscar.replace("1 1 3", "1 1 99999999"), "poscar/counts", 7],
    [poscar.replace("0.5 0.5 0.5", "0.5 half 0.5"), "poscar/number", 10],
    [poscar.replace("0.0 3.905 0.0", "3.905 0.0 0.0"), "lattice/zero-volume", 2],
    [poscar.replace("\n1.0\n", "\n0\n"), "poscar/scale", 5],
    [poscar.replace("0.5 0.5 0.5", "0.01 0.0 0.0"), "structure/clash", 10],
  ])("refuses with the line (%#)", (text, code, line) => {
    let error: unknown;
    try {
      readPoscar(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EwaldError);
    expect((error as EwaldError).code).toBe(code);
    expect((error as EwaldError).details.line).toBe(line);
  });
});

const optimade = {
  data: [
    {
      id: "rock-salt",
      type: "structures",
      attributes: {
        lattice_vectors: [
          [0, 2.82, 2.82],
          [2.82, 0, 2.82],
          [2.82, 2.82, 0],
        ],
        cartesian_site_positions: [
          [0, 0, 0],
          [2.82, 0, 0],
        ],
        species_at_sites: ["metal", "Cl"],
        species: [
          {
            name: "metal",
            chemical_symbols: ["Na", "K", "vacancy"],
            concentration: [0.7, 0.2, 0.1],
          },
          { name: "Cl", chemical_symbols: ["Cl"], concentration: [1] },
        ],
        nperiodic_dimensions: 3,
      },
    },
    { id: "slab", type: "structures", attributes: {} },
  ],
};

describe("JSON", () => {
  test("OPTIMADE keeps mixtures and vacancies, and reports the item that is broken", () => {
    const { format, structures, failures } = readJsonStructures(JSON.stringify(optimade));
    expect(format).toBe("optimade-json");
    expect(structures).toHaveLength(1);
    expect(structures[0]!.name).toBe("rock-salt");
    expect(structures[0]!.structure.sites[0]!.species).toEqual([
      { element: "Na", occupancy: 0.7 },
      { element: "K", occupancy: 0.2 },
    ]);
    for (const x of structures[0]!.structure.sites[1]!.frac)
      expect(Math.abs(x)).toBeCloseTo(0.5, 12);
    expect(failures.map(({ code }) => code)).toEqual(["json/shape"]);
    expect(failures[0]!.message).toContain("data[1]");
  });

  test("a single resource, and one that is no crystal", () => {
    const [first] = optimade.data;
    expect(readJsonStructures(JSON.stringify({ data: first })).structures).toHaveLength(1);
    const slab = { ...first, attributes: { ...first!.attributes, nperiodic_dimensions: 2 } };
    expect(() => readJsonStructures(JSON.stringify({ data: slab }))).toThrow(
      expect.objectContaining({ code: "optimade/not-a-crystal" }),
    );
  });

  test.each([
    ['{"a": 1,}', "json/syntax"],
    ['{"a": 1}', "json/no-structure"],
    ["[]", "json/no-structure"],
    ['{"lattice": {"matrix": [[1,0],[0,1]]}, "sites": []}', "json/shape"],
    ['{"lattice": {"matrix": [[3,0,0],[0,3,0],[0,0,3]]}, "sites": []}', "structure/no-sites"],
    [
      '{"lattice": {"matrix": [[3,0,0],[0,3,0],[0,0,3]]}, "sites": [{"species":[{"element":"Qq","occu":1}],"abc":[0,0,0]}]}',
      "json/unknown-element",
    ],
    ['{"@class": "Molecule", "sites": []}', "json/no-structure"],
  ])("refuses %s", (text, code) => {
    expect(() => readJsonStructures(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("readStructures", () => {
  test("recognises by content", () => {
    expect(readStructures(poscar).format).toBe("poscar");
    expect(readStructures(readFileSync("examples/quartz.cif")).format).toBe("cif");
    expect(readStructures(gzipSync(readFileSync("examples/quartz.cif"))).format).toBe("cif");
    expect(readStructures(JSON.stringify(optimade)).format).toBe("optimade-json");
    expect(readStructures(writePymatgenJson(readPoscar(poscar).structure)).format).toBe(
      "pymatgen-json",
    );
  });

  test.each([
    ["", "read/empty"],
    ["  \n \n", "read/empty"],
    ["Dear reader,\nthis is a letter.\n", "read/unrecognised"],
    ["\u0089PNG\r\n", "read/other-file"],
    ["%PDF-1.7", "read/other-file"],
    ["<?xml version='1.0'?>", "read/other-file"],
  ])("refuses %j", (text, code) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(() => readStructures(bytes)).toThrow(expect.objectContaining({ code }));
  });

  test("three columns of a scan are no POSCAR", () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${10 + i / 50} ${100 + i} 10.0`).join("\n");
    expect(() => readStructures(rows)).toThrow(
      expect.objectContaining({ code: "read/unrecognised" }),
    );
    const counts = Array.from({ length: 50 }, (_, i) => `${10 + i} ${100 + i} 10`).join("\n");
    expect(() => readStructures(counts)).toThrow(
      expect.objectContaining({ code: "read/unrecognised" }),
    );
  });

  test("names its input in errors", () => {
    expect(() => readStructures("nothing", { name: "a.txt" })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ source: "a.txt" }) }),
    );
  });
});

const coordinate = fc.integer({ min: 0, max: 9 }).map((i) => i / 10);
const structureArbitrary = fc
  .record({
    a: fc.double({ min: 6, max: 12, noNaN: true }),
    c: fc.double({ min: 6, max: 12, noNaN: true }),
    betaDeg: fc.double({ min: 80, max: 110, noNaN: true }),
    atoms: fc.uniqueArray(fc.tuple(coordinate, coordinate, coordinate), {
      minLength: 1,
      maxLength: 6,
      selector: String,
    }),
    elements: fc.array(fc.constantFrom("Na", "Cl", "D", "Ti", "O"), { minLength: 6, maxLength: 6 }),
    occupancy: fc.constantFrom(1, 0.5, 0.25),
    oxidation: fc.constantFrom(undefined, 2, -1),
  })
  .map(({ a, c, betaDeg, atoms, elements, occupancy, oxidation }): Structure => ({
    lattice: latticeFromParameters({ a, b: 9, c, alphaDeg: 90, betaDeg, gammaDeg: 90 }),
    sites: atoms.map((frac, i) => ({
      frac,
      species: [
        { element: elements[i]!, occupancy, ...(oxidation === undefined ? {} : { oxidation }) },
      ],
    })),
  }));

function expectSame(read: Structure, written: Structure): void {
  const [one, other] = [latticeParameters(read.lattice), latticeParameters(written.lattice)];
  for (const key of Object.keys(one) as (keyof typeof one)[])
    expect(one[key]).toBeCloseTo(other[key], 6);
  expect(read.sites).toHaveLength(written.sites.length);
  const left = [...read.sites];
  for (const site of written.sites) {
    const index = left.findIndex(
      ({ frac, species }) =>
        frac.every(
          (x, axis) => Math.abs(x - site.frac[axis]! - Math.round(x - site.frac[axis]!)) < 1e-7,
        ) && JSON.stringify(species) === JSON.stringify(site.species),
    );
    expect(index).toBeGreaterThanOrEqual(0);
    left.splice(index, 1);
  }
}

describe("what is written reads back", () => {
  test("CIF and pymatgen JSON: any structure", () => {
    fc.assert(
      fc.property(structureArbitrary, (structure) => {
        expectSame(readStructures(writeCif(structure)).structures[0]!.structure, structure);
        expectSame(
          readStructures(writePymatgenJson(structure)).structures[0]!.structure,
          structure,
        );
      }),
      { numRuns: 60 },
    );
  });

  test("POSCAR: ordered structures; others are refused", () => {
    fc.assert(
      fc.property(structureArbitrary, (structure) => {
        const { occupancy, oxidation } = structure.sites[0]!.species[0]!;
        if (occupancy < 1) {
          expect(() => writePoscar(structure)).toThrow(
            expect.objectContaining({ code: "poscar/partial-occupancy" }),
          );
        } else if (oxidation === undefined) {
          expectSame(readStructures(writePoscar(structure)).structures[0]!.structure, structure);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(["quartz", "rutile", "halite", "calcite", "olivine", "anatase"])(
    "CIF with symmetry: %s",
    (name) => {
      const { structure } = readStructures(readFileSync(`examples/${name}.cif`)).structures[0]!;
      const text = writeCif(structure, { name, symmetry: analyzeSymmetry(structure) });
      const [again] = readStructures(text).structures;
      expect(again!.warnings).toEqual([]);
      expect(text.match(/^[A-Z][a-z]?\d+ /gm)!.length).toBeLessThan(structure.sites.length);
      const strip = (s: Structure): Structure => ({
        ...s,
        sites: s.sites.map(({ frac, species }) => ({ frac, species })),
      });
      expectSame(strip(again!.structure), strip(structure));
    },
  );

  test("uncertainties survive", () => {
    const { structure } = readStructures(readFileSync("examples/quartz.cif")).structures[0]!;
    const text = writeCif(structure, { symmetry: analyzeSymmetry(structure) });
    expect(text).toContain("_cell_length_a 4.9160(1)");
    expect(text).toMatch(/Si1 Si 0\.4697\d*\(1/);
  });
});
