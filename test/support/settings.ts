/** Crystals made in every tabulated setting of the space groups. */
import { ELEMENT_SYMBOLS } from "../../src/crystal/element.ts";
import { operationsFromHall } from "../../src/crystal/symmetry/hall-symbol.ts";
import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import {
  settingByHallNumber,
  type TabulatedSetting,
} from "../../src/crystal/symmetry/space-group-settings.ts";
import { wyckoffPositions } from "../../src/crystal/symmetry/space-group.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import type { SymmetryOperation } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { imageOf, sameOperations } from "../../src/crystal/symmetry/symmetry-operation.ts";
import type { Mat3, Vec3 } from "../../src/math/matrix3.ts";

export const TABULATED = 530;
export const ALL = 564;
const MOST_ATOMS = 260;
export const SYSTEMS = [
  ["triclinic", 1, 2],
  ["monoclinic", 3, 15],
  ["orthorhombic", 16, 74],
  ["tetragonal", 75, 142],
  ["trigonal and hexagonal", 143, 194],
  ["cubic", 195, 230],
] as const;

export function settingsOf(
  first: number,
  last: number,
  to = TABULATED,
): [number, TabulatedSetting][] {
  return Array.from({ length: to }, (_, i) => [i + 1, settingByHallNumber(i + 1)] as const)
    .filter(([, { number }]) => number >= first && number <= last)
    .map(([hallNumber, setting]) => [hallNumber, setting]);
}

/** The first of the table with the same operations: "C c c b :1" is "C c c a :1" by another name. */
export function firstOfSame(setting: TabulatedSetting): TabulatedSetting {
  const operations = operationsFromHall(setting.hall);
  return Array.from({ length: ALL }, (_, i) => settingByHallNumber(i + 1)).find(
    (one) =>
      one.number === setting.number &&
      sameOperations(operationsFromHall(one.hall), operations, 1e-6),
  )!;
}

/** The table holds some settings again with another origin: those are the plain ones, moved. */
export function isOtherOrigin({ hermannMauguin }: TabulatedSetting): boolean {
  return hermannMauguin.endsWith("(a)");
}

/** A cell of about 200 Å (the points lie anywhere, and atoms must not clash) with no more symmetry than the rotations ask for. */
function latticeFor(operations: readonly SymmetryOperation[]): Mat3 {
  const metric = [
    [40000, 2800, 2000],
    [2800, 48400, -3600],
    [2000, -3600, 60000],
  ];
  const even = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => {
      let sum = 0;
      for (const { rotation } of operations) {
        for (const k of [0, 1, 2] as const)
          for (const l of [0, 1, 2] as const)
            sum += rotation[k]![i]! * metric[k]![l]! * rotation[l]![j]!;
      }
      return sum / operations.length;
    }),
  );
  const length = (i: number) => Math.sqrt(even[i]![i]!);
  const angleDeg = (i: number, j: number) =>
    (Math.acos(even[i]![j]! / (length(i) * length(j))) * 180) / Math.PI;
  return latticeFromParameters({
    a: length(0),
    b: length(1),
    c: length(2),
    alphaDeg: angleDeg(1, 2),
    betaDeg: angleDeg(0, 2),
    gammaDeg: angleDeg(0, 1),
  });
}

export function orbitOf(point: Vec3, operations: readonly SymmetryOperation[]): Vec3[] {
  const found: Vec3[] = [];
  for (const operation of operations) {
    const image = imageOf(operation, point).map((x) => x - Math.floor(x + 1e-9)) as unknown as Vec3;
    const isKnown = found.some((one) => one.every((x, i) => isWhole(x - image[i]!)));
    if (!isKnown) found.push(image);
  }
  return found;
}

export function isWhole(x: number): boolean {
  return Math.abs(x - Math.round(x)) < 1e-6;
}

/** "x,2x,1/4" at x = 0.137 … */
function pointOf(coordinates: string): Vec3 {
  const free = { x: 0.1213, y: 0.2713, z: 0.4119 };
  return coordinates.split(",").map((part) =>
    [...part.matchAll(/([+-]?)(\d*)(?:\/(\d+))?([xyz]?)/g)].reduce(
      (sum, [all, sign, size, by, axis]) => {
        if (all === "") return sum;
        const amount = (size === "" ? 1 : Number(size)) / Number(by ?? 1);
        const value = axis === "" ? amount : amount * free[axis as "x"];
        return sign === "-" ? sum - value : sum + value;
      },
      0,
    ),
  ) as unknown as Vec3;
}

/** Points on no element of symmetry; three orbits of them have no more symmetry than the group. */
const GENERAL: readonly Vec3[] = [
  [0.0713, 0.1931, 0.3217],
  [0.2137, 0.0511, 0.4219],
  [0.3319, 0.1477, 0.0873],
];

interface Made {
  readonly structure: Structure;
  /** Coordinates in the tables of the special position of each orbit, undefined for the general one. */
  readonly letters: readonly string[];
  readonly first: readonly number[];
}

/** Atoms on general positions and on every special one for which there is room. */
export function crystalIn(hallNumber: number, { hall }: TabulatedSetting): Made {
  const operations = operationsFromHall(hall);
  const general = GENERAL.slice(0, operations.length > 48 ? 2 : 3).map((point) => ({
    point,
    letter: "",
  }));
  const special =
    hallNumber > TABULATED
      ? []
      : wyckoffPositions({ hallNumber })
          .slice(1)
          .map(({ coordinates, letter }) => ({ point: pointOf(coordinates), letter }))
          .toReversed();
  const sites: Structure["sites"][number][] = [];
  const letters: string[] = [];
  const first: number[] = [];
  for (const { point, letter } of [...general, ...special]) {
    const orbit = orbitOf(point, operations);
    if (
      letter !== "" &&
      sites.length + orbit.length > Math.max(MOST_ATOMS, 2 * operations.length + 40)
    )
      continue;
    letters.push(letter);
    first.push(sites.length);
    const element = ELEMENT_SYMBOLS[letters.length]!;
    for (const frac of orbit) sites.push({ species: [{ element, occupancy: 1 }], frac });
  }
  return { structure: { lattice: latticeFor(operations), sites }, letters, first };
}
