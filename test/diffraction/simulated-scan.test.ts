import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { prototypeById, prototypeStructure } from "../../src/crystal/types/prototypes.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { Random } from "../../src/math/random.ts";
import { CU_KA1_ANGSTROM, parseRadiation } from "../../src/radiation/radiation.ts";
import { Compounds, decodeCompounds, encodeCompounds } from "../../src/known/compounds.ts";
import { drawConditions } from "../../src/diffraction/scan-conditions.ts";
import { ElementModel } from "../../src/known/elements.ts";
import {
  membersOf,
  parseLibrary,
  type StructureTypeLibrary,
  typeOfKey,
} from "../../src/known/library.ts";
import { type LineList, lineList } from "../../src/diffraction/line-list.ts";
import {
  ROCKJOCK_PHASES,
  RRUFF_LABELS,
} from "../../src/reproduce/measured/measured-types.table.ts";
import {
  binOfTwoThetaDeg,
  type Pattern,
  patternOf,
  twoThetaDegOfBin,
} from "../../src/scan/log-pattern.ts";
import { levelsOf } from "../../src/scan/observe.ts";
import { PAPER_GRID, placeLines, simulateScan } from "../../src/diffraction/simulated-scan.ts";
import { fitCompound, peaksOfLines, targetOf } from "../../src/known/templates.ts";

const SYMPREC = 0.01;
const GRID_DEG = Float64Array.from(
  { length: PAPER_GRID.size },
  (_, i) => PAPER_GRID.startDeg + i * PAPER_GRID.stepDeg,
);

function patternOfCounts(
  intensity: Float64Array,
  values = GRID_DEG,
  wavelengthAngstrom = CU_KA1_ANGSTROM,
): Pattern {
  return patternOf(levelsOf({ axis: { kind: "twoTheta", values }, intensity }, wavelengthAngstrom));
}

let rutile: LineList;
let halite: LineList;

const QUIET = {
  ...drawConditions(Random.fromSeed(1)),
  isotropicStrain: 0,
  axialStrain: [0, 0, 0],
  bIsoAngstrom2: 0,
  march: 1,
  zeroShiftDeg: 0,
  displacementDeg: 0,
  kAlpha2: 0,
  peakCounts: Infinity,
  background: { constant: 0, air: 0, hump: 0 },
  rangeDeg: [5, 110],
  impurity: 0,
} as const;

beforeAll(async () => {
  await loadSymmetry();
  rutile = lineList(prototypeStructure(prototypeById("rutile")), SYMPREC);
  halite = lineList(prototypeStructure(prototypeById("rock-salt")), SYMPREC);
});

describe("line lists", () => {
  test("placed without disturbance they are the powder pattern", () => {
    const { peaks } = powderPattern(prototypeStructure(prototypeById("rutile")), {
      radiation: parseRadiation("CuKa1"),
      twoThetaRangeDeg: [10, 100],
    });
    const placed = placeLines(rutile, QUIET);
    const most = Math.max(...placed.area.subarray(0, placed.count));
    for (const peak of peaks.filter(({ intensity }) => intensity > 1)) {
      const nearest = [...placed.twoThetaDeg.subarray(0, placed.count).keys()].toSorted(
        (a, b) =>
          Math.abs(placed.twoThetaDeg[a]! - peak.twoThetaDeg) -
          Math.abs(placed.twoThetaDeg[b]! - peak.twoThetaDeg),
      )[0]!;
      expect(placed.twoThetaDeg[nearest]).toBeCloseTo(peak.twoThetaDeg, 3);
      expect((100 * placed.area[nearest]!) / most).toBeCloseTo(peak.intensity, 1);
    }
  });

  test("a texture along c raises 001 and lowers hk0 of a plate", () => {
    const plates = placeLines(rutile, { ...QUIET, march: 0.6, textureAxis: "001" });
    const ideal = placeLines(rutile, QUIET);
    const ratio = (h: number, k: number, l: number): number => {
      const i = [...rutile.strength.keys()].find(
        (j) =>
          rutile.hkl[3 * j] === h && rutile.hkl[3 * j + 1] === k && rutile.hkl[3 * j + 2] === l,
      )!;
      return plates.area[i]! / ideal.area[i]!;
    };
    expect(ratio(0, 0, 2) / ratio(1, 1, 0)).toBeGreaterThan(4);
  });

  test("strain keeps the crystal system: cubic lines stay single", () => {
    const strained = placeLines(halite, {
      ...QUIET,
      isotropicStrain: 0.02,
      axialStrain: [0.01, -0.01, 0.01],
    });
    const ideal = placeLines(halite, QUIET);
    for (let i = 0; i < Math.min(ideal.count, strained.count); i++) {
      const factor =
        Math.sin((ideal.twoThetaDeg[i]! * Math.PI) / 360) /
        Math.sin((strained.twoThetaDeg[i]! * Math.PI) / 360);
      expect(factor).toBeCloseTo(1.02, 6);
    }
  });
});

describe("patterns over ln sin θ", () => {
  test("bins and angles are each other's inverse", () => {
    for (const bin of [0, 100.5, 1535])
      expect(binOfTwoThetaDeg(twoThetaDegOfBin(bin))).toBeCloseTo(bin, 9);
  });

  test("a larger cell moves the whole pattern by the same number of bins", () => {
    const drawn = (strain: number) =>
      patternOfCounts(
        simulateScan(halite, { ...QUIET, isotropicStrain: strain }, PAPER_GRID, Random.fromSeed(1)),
      ).intensity;
    const [here, there] = [drawn(0), drawn(0.0192)];
    const top = (values: Float32Array): number => values.indexOf(Math.max(...values));
    expect(Math.abs(top(here) - top(there) - 10)).toBeLessThanOrEqual(1);
  });

  test("another wavelength gives the same pattern", () => {
    const counts = simulateScan(rutile, QUIET, PAPER_GRID, Random.fromSeed(1));
    const molybdenum = 0.709317;
    const angles = GRID_DEG.map(
      (angle) =>
        (Math.asin((Math.sin((angle * Math.PI) / 360) * molybdenum) / 1.540598) * 360) / Math.PI,
    );
    const [one, other] = [patternOfCounts(counts), patternOfCounts(counts, angles, molybdenum)];
    expect(other.intensity.indexOf(1)).toBe(one.intensity.indexOf(1));
    expect([...other.observed].reduce((a, b) => a + b)).toBe(
      [...one.observed].reduce((a, b) => a + b),
    );
  });

  test("a flat scan is refused", () => {
    expect(() => patternOfCounts(new Float64Array(PAPER_GRID.size).fill(50))).toThrow(
      expect.objectContaining({ code: "identify/flat" }),
    );
  });
});

describe("known compounds", () => {
  test("survive their file, and a strained scan finds its own with the cell factor", () => {
    const types = [[peaksOfLines(halite)], [peaksOfLines(rutile)]];
    const bytes = encodeCompounds(types);
    const compounds = new Compounds(decodeCompounds(bytes));
    const scan = simulateScan(
      rutile,
      { ...QUIET, isotropicStrain: 0.015, instrumentWidthDeg: 0.15, peakCounts: 5000 },
      PAPER_GRID,
      Random.fromSeed(3),
    );
    const [saltFit, rutileFit] = compounds.search(targetOf(patternOfCounts(scan)));
    expect(rutileFit!.similarity).toBeGreaterThan(0.9);
    expect(rutileFit!.similarity).toBeGreaterThan(saltFit!.similarity + 0.2);
    expect(rutileFit!.cellFactor).toBeCloseTo(1.015, 2);
    expect(() => decodeCompounds(bytes.subarray(0, bytes.length - 3))).toThrow(
      expect.objectContaining({ code: "compounds/damaged" }),
    );
  });

  test("a compound fits its own ideal pattern", () => {
    const scan = simulateScan(halite, QUIET, PAPER_GRID, Random.fromSeed(1));
    expect(
      fitCompound(peaksOfLines(halite), targetOf(patternOfCounts(scan))).similarity,
    ).toBeGreaterThan(0.97);
  });
});

describe("the library", () => {
  const library: StructureTypeLibrary = parseLibrary(
    readFileSync(new URL("../../models/structure-type/library.json", import.meta.url), "utf8"),
  );

  test("has at least 100 types, each formula once in a variant, and ten kept out for the test", () => {
    expect(library.types.length).toBeGreaterThanOrEqual(100);
    expect(library.unknown.test).toHaveLength(10);
    for (const type of library.types)
      for (const { members } of type.variants)
        expect(new Set(members.map(([, formula]) => formula)).size).toBe(members.length);
    const kept = new Set(
      [...library.unknown.test, ...library.unknown.threshold].flatMap(membersOf).map(([id]) => id),
    );
    expect(library.types.flatMap(membersOf).some(([id]) => kept.has(id))).toBe(false);
  });

  test("holds every type that the table of measured patterns names", () => {
    const keys = [
      ...Object.values(RRUFF_LABELS),
      ...Object.values(ROCKJOCK_PHASES).flatMap(({ key }) => (key === null ? [] : [key])),
    ];
    expect(keys.filter((key) => typeOfKey(library.types, key) < 0)).toEqual([]);
  });

  test("elements speak for the types that hold them", () => {
    const model = new ElementModel(library);
    const weigh = (must: string[]): Float64Array =>
      model.weigh({ constraints: { must, may: [], atLeastOneOf: [], never: [] } }).log;
    const at = (key: string): number => typeOfKey(library.types, key);
    const [salt, rutileType] = [at("AB|cF8|225|a b"), at("AB2|tP6|136|a f")];
    const spinel = at("AB2C4|cF56|227|a d e");
    expect(weigh(["Mg", "Al", "O"])[spinel]! - weigh(["Mg", "Al", "O"])[salt]!).toBeGreaterThan(1);
    expect(weigh(["Na", "Cl"])[salt]! - weigh(["Na", "Cl"])[rutileType]!).toBeGreaterThan(0.5);
    const sphalerite = at("AB|cF8|216|a c");
    expect(weigh(["Zn", "S"])[sphalerite]! - weigh(["Zn", "S"])[rutileType]!).toBeGreaterThan(1);
  });
});
