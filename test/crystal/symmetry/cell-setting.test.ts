/** Symbol, Wyckoff letters and site symmetries in the setting of the axes, in every tabulated setting. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { operationsFromHall } from "../../../src/crystal/symmetry/hall-symbol.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { settingSymbol } from "../../../src/crystal/symmetry/setting-symbol.ts";
import { spaceGroupRecord } from "../../../src/crystal/symmetry/space-group-record.ts";
import {
  settingByHallNumber,
  settingsBySymbol,
  type TabulatedSetting,
} from "../../../src/crystal/symmetry/space-group-settings.ts";
import { wyckoffPositions } from "../../../src/crystal/symmetry/space-group.ts";
import {
  changeAxes,
  primitiveCell,
  shiftOrigin,
  supercell,
} from "../../../src/crystal/structure-transform.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import {
  loadSymmetry,
  type SymmetryOperation,
} from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { imageOf, sameOperations } from "../../../src/crystal/symmetry/symmetry-operation.ts";
import { analyzeSymmetry, type Symmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import {
  add,
  IDENTITY,
  invert,
  type Mat3,
  multiply,
  multiplyVector,
  subtract,
  transpose,
  type Vec3,
} from "../../../src/math/matrix3.ts";
import { settingWords } from "../../../src/report/space-group-words.ts";
import {
  ALL,
  crystalIn,
  firstOfSame,
  isOtherOrigin,
  isWhole,
  orbitOf,
  settingsOf,
  SYSTEMS,
  TABULATED,
} from "../../support/settings.ts";

beforeAll(() => loadSymmetry());

/** "..m" by the operations that leave the point where it is: along each axis a rotation, across it a mirror. */
function orthorhombicSymbol(point: Vec3, operations: readonly SymmetryOperation[]): string {
  const kept = new Set(
    operations
      .filter((one) => imageOf(one, point).every((x, i) => isWhole(x - point[i]!)))
      .map(({ rotation }) => [rotation[0][0], rotation[1][1], rotation[2][2]].join()),
  );
  const parts = [
    ["1,-1,-1", "-1,1,1"],
    ["-1,1,-1", "1,-1,1"],
    ["-1,-1,1", "1,1,-1"],
  ].map(([rotation, mirror]) => {
    const both = [kept.has(rotation!) ? "2" : "", kept.has(mirror!) ? "m" : ""];
    return both.filter((part) => part !== "").join("/") || ".";
  });
  const symbol = parts.join("").replace("2/m2/m2/m", "mmm");
  if (symbol !== "...") return symbol;
  return kept.has("-1,-1,-1") ? "-1" : "1";
}

/** The operations of the cell in the axes and about the origin that are named are those of the standard setting. */
function isPathToStandard({ operations, setting }: Symmetry): boolean {
  const { basisRows, originShift, setting: standard } = setting.standard;
  const toStandard = invert(transpose(basisRows));
  const points = orbitOf(
    [0, 0, 0],
    operationsFromHall(standard.hall).filter(({ rotation }) => `${rotation}` === `${IDENTITY}`),
  );
  const turned = operations.map(({ rotation, translation }): SymmetryOperation => {
    const moved = add(translation, subtract(multiplyVector(rotation, originShift), originShift));
    const inStandard = multiply(multiply(toStandard, rotation), transpose(basisRows));
    return {
      rotation: inStandard.map((row) => row.map((x) => Math.round(x) + 0)) as unknown as Mat3,
      translation: multiplyVector(toStandard, moved),
    };
  });
  const known = operationsFromHall(standard.hall);
  // A smaller cell lacks the centring translations of the standard one, a larger one has others besides.
  const all = turned.flatMap((one) =>
    points.map((point) => ({ ...one, translation: add(one.translation, point) })),
  );
  return (
    all.every((one) => known.some((other) => sameOperations([one], [other], 1e-4))) &&
    known.every((one) => all.some((other) => sameOperations([one], [other], 1e-4)))
  );
}

describe("every tabulated setting", () => {
  test.each(SYSTEMS)("%s: symbol, letters, site symmetries", (system, first, last) => {
    for (const [hallNumber, setting] of settingsOf(first, last)) {
      const { structure, letters, first: sites } = crystalIn(hallNumber, setting);
      const symmetry = analyzeSymmetry(structure);
      const expected = firstOfSame(setting);
      const name = `${hallNumber} ${setting.hermannMauguin}:${setting.choice}`;
      expect([name, symmetry.number, symmetry.symbol]).toEqual([
        name,
        setting.number,
        settingSymbol(expected),
      ]);
      expect([name, symmetry.setting.tabulated]).toEqual([name, expected]);
      expect(symmetry.setting.originShift).toEqual([0, 0, 0]);
      if (expected !== setting) continue;
      const positions = wyckoffPositions({ hallNumber });
      for (const [orbit, letter] of letters.entries()) {
        const site = sites[orbit]!;
        const position = positions.find((one) => one.letter === letter) ?? positions[0]!;
        expect([name, symmetry.wyckoffLetters[site]]).toEqual([name, position.letter]);
        const siteSymmetry =
          system === "orthorhombic"
            ? orthorhombicSymbol(structure.sites[site]!.frac, operationsFromHall(setting.hall))
            : position.siteSymmetry;
        expect([name, letter, symmetry.siteSymmetries[site]]).toEqual([name, letter, siteSymmetry]);
      }
    }
  });

  test("those that table A1.4.2.7 leaves out, multiple cells among them", () => {
    for (let index = TABULATED + 1; index <= ALL; index++) {
      const setting = settingByHallNumber(index);
      const symmetry = analyzeSymmetry(crystalIn(index, setting).structure);
      const { tabulated, originShift, standard } = symmetry.setting;
      const name = setting.hermannMauguin;
      if (isOtherOrigin(setting)) {
        expect([name, tabulated!.number]).toEqual([name, setting.number]);
        expect(originShift).not.toEqual([0, 0, 0]);
        expect(name.replace(/[ ]|\(a\)/g, "")).toContain(symmetry.symbol.replaceAll("_", ""));
      } else {
        expect([name, tabulated]).toEqual([name, firstOfSame(setting)]);
      }
      expect(standard.symbol).toBe(settingSymbol(standard.setting));
      expect([name, isPathToStandard(symmetry)]).toEqual([name, true]);
    }
  });

  test.each(SYSTEMS)("%s: the change of axes leads to the standard setting", (_, first, last) => {
    for (const [hallNumber, setting] of settingsOf(first, last)) {
      const { structure } = crystalIn(hallNumber, setting);
      const name = `${hallNumber} ${setting.hermannMauguin}:${setting.choice}`;
      expect([name, isPathToStandard(analyzeSymmetry(structure))]).toEqual([name, true]);
    }
  });

  test("symbols name their setting, and are read again", () => {
    const names = new Map<string, TabulatedSetting>();
    for (const [, setting] of settingsOf(1, 230, ALL)) {
      if (isOtherOrigin(setting)) continue;
      const symbol = settingSymbol(setting);
      expect(settingsBySymbol(symbol).map(({ hall }) => hall)).toContain(setting.hall);
      const other = names.get(symbol);
      // Origins and axes share their symbol, and two glide planes one operation: nothing else does.
      if (other !== undefined && other.choice === setting.choice)
        expect([
          symbol,
          sameOperations(operationsFromHall(other.hall), operationsFromHall(setting.hall)),
        ]).toEqual([symbol, true]);
      names.set(symbol, setting);
    }
  });
});

function example(name: string): Structure {
  return readStructures(readFileSync(`examples/${name}.cif`)).structures[0]!.structure;
}

function said(structure: Structure): [string, string] {
  const record = spaceGroupRecord(analyzeSymmetry(structure));
  return [record.symbol, settingWords(record)];
}

describe("a cell", () => {
  test("of olivine is Pbnm with the mirror across c: Pnma and .m. stood beside it", () => {
    const symmetry = analyzeSymmetry(example("olivine"));
    expect(symmetry.symbol).toBe("Pbnm");
    expect(new Set(symmetry.siteSymmetries)).toEqual(new Set(["-1", "..m", "1"]));
    expect(spaceGroupRecord(symmetry)).toEqual({
      number: 62,
      symbol: "Pbnm",
      setting: { hermannMauguin: "P b n m", choice: "", hall: "-P 2c 2ab", originShift: [0, 0, 0] },
      standard: { symbol: "Pnma", choice: "", hall: "-P 2ac 2n", transformation: "b,c,a;0,0,0" },
    });
    expect(said(example("olivine"))).toEqual(["Pbnm", "standard setting Pnma: a,b,c → b,c,a"]);
  });

  test("in the standard setting needs no words", () => {
    for (const [name, symbol] of [
      ["quartz", "P3_221"],
      ["rutile", "P4_2/mnm"],
      ["calcite", "R-3c"],
      ["halite", "Fm-3m"],
    ] as const)
      expect(said(example(name))).toEqual([symbol, ""]);
  });

  test("in no tabulated setting is said to be in none, and the way to the standard one is named", () => {
    const halite = example("halite");
    const [, primitive] = said(primitiveCell(halite));
    expect(primitive).toBe(
      "a primitive cell in no tabulated setting: symbol, Wyckoff letters and site symmetries are those of the standard setting Fm-3m: a,b,c → a+b-c,-a+b+c,a-b+c",
    );
    const [symbol, twice] = said(supercell(example("olivine"), [2, 1, 1]));
    expect(symbol).toBe("Pnma");
    expect(twice).toMatch(/^a supercell in no tabulated setting: .* Pnma: a,b,c → .*1\/2a/);
    expect(said(supercell(halite, [3, 3, 3]))[1]).toMatch(/^a supercell .* → 1\/3a,1\/3b,1\/3c$/);
    const calcite = example("calcite");
    const reverse = changeAxes(calcite, [
      [-1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
    ]);
    expect(said(reverse)[1]).toMatch(/^axes in no tabulated setting: .* R-3c: a,b,c → -a,-b,c$/);
    const [, skewed] = said(
      changeAxes(example("olivine"), [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    );
    expect(skewed).toMatch(/^axes in no tabulated setting: /);
  });

  test("moved along its axes keeps symbol, letters and site symmetries, and says where the origin is", () => {
    const olivine = example("olivine");
    const symmetry = analyzeSymmetry(olivine);
    const moved = analyzeSymmetry(shiftOrigin(olivine, [0.1, 0.2, 0.05]));
    expect(moved.symbol).toBe("Pbnm");
    expect(moved.siteSymmetries).toEqual(symmetry.siteSymmetries);
    expect(moved.wyckoffLetters).toEqual(symmetry.wyckoffLetters);
    expect(said(shiftOrigin(olivine, [0.1, 0.2, 0.05]))[1]).toBe(
      "standard setting Pnma: a,b,c → b,c,a, its origin at 0.1,0.2,0.05 of this cell",
    );
    const [, rutile] = said(shiftOrigin(example("rutile"), [0.1, 0.2, 0.05]));
    expect(rutile).toBe("origin of the tables at 0.1,0.2,0.05 of this cell");
    // A polar axis has no origin of its own.
    const wurtzite = crystalIn(479, settingByHallNumber(479)).structure;
    expect(said(shiftOrigin(wurtzite, [0, 0, 0.123]))[1]).toBe("");
  });

  test("keeps the letters of its own origin: Mg of spinel is 8a at 1/8 of choice 2 and at 0 of choice 1", () => {
    const atoms = (points: readonly (readonly [string, Vec3])[], hall: string): Structure => ({
      lattice: [
        [8.08, 0, 0],
        [0, 8.08, 0],
        [0, 0, 8.08],
      ],
      sites: points.flatMap(([element, point]) =>
        orbitOf(point, operationsFromHall(hall)).map((frac) => ({
          species: [{ element, occupancy: 1 }],
          frac,
        })),
      ),
    });
    const second = atoms(
      [
        ["Mg", [0.125, 0.125, 0.125]],
        ["Al", [0.5, 0.5, 0.5]],
        ["O", [0.2624, 0.2624, 0.2624]],
      ],
      "-F 4vw 2vw 3",
    );
    const first = atoms(
      [
        ["Mg", [0, 0, 0]],
        ["Al", [0.625, 0.625, 0.625]],
        ["O", [0.3874, 0.3874, 0.3874]],
      ],
      "F 4d 2 3 -1d",
    );
    for (const [structure, words] of [
      [second, "origin choice 2"],
      [first, "origin choice 1"],
    ] as const) {
      expect(said(structure)).toEqual(["Fd-3m", words]);
      const { wyckoffLetters } = analyzeSymmetry(structure);
      expect([wyckoffLetters[0], wyckoffLetters[8], wyckoffLetters[24]]).toEqual(["a", "d", "e"]);
    }
  });

  test("twice as large as the tetragonal one turns the symbols by 45°: m2m. on a is m.2m on a diagonal", () => {
    const index = Array.from({ length: ALL }, (_, i) => i + 1).find(
      (one) => settingByHallNumber(one).hermannMauguin === "F 4/m m m",
    )!;
    const { structure } = crystalIn(index, settingByHallNumber(index));
    const sites = orbitOf([0.17, 0.17, 0], operationsFromHall("-F 4 2")).map((frac) => ({
      species: [{ element: "Xe", occupancy: 1 }],
      frac,
    }));
    const { symbol, siteSymmetries } = analyzeSymmetry({
      ...structure,
      sites: [...sites, ...structure.sites],
    });
    expect([symbol, siteSymmetries[0], siteSymmetries[sites.length]]).toEqual([
      "F4/mmm",
      "m.2m",
      "1",
    ]);
  });

  test("of rhombohedral axes names the hexagonal ones", () => {
    const [hallNumber, setting] = settingsOf(167, 167).find(([, { choice }]) => choice === "R")!;
    expect(said(crystalIn(hallNumber, setting).structure)).toEqual([
      "R-3c",
      "rhombohedral axes, standard setting R-3c: a,b,c → a-b,b-c,a+b+c",
    ]);
  });

  test("by any other small noise stays in its setting", () => {
    const olivine = example("olivine");
    const sites = olivine.sites.map((site, i) => ({
      ...site,
      frac: site.frac.map((x, axis) => x + 0.0003 * Math.sin(7 * i + axis)) as unknown as Vec3,
    }));
    expect(said({ ...olivine, sites })).toEqual(["Pbnm", "standard setting Pnma: a,b,c → b,c,a"]);
  });
});
