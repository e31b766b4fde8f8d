/**
 * A structure as a CIF with symmetry holds it: a cell whose operations stand in the tables, and one site of each orbit.
 * The cell is kept where it is in a tabulated setting of its space group: as it is where sites and metric are symmetric to
 * within what the digits of a file can hold, else made so, its origin moved to that of the table. Cells in no tabulated
 * setting become the symmetrised conventional cell.
 */
import { EwaldError } from "../errors.ts";
import { type Vec3, add, invert, multiplyVector, subtract } from "../math/matrix3.ts";
import { inCell, latticeFromParameters, metricTensor, turnedMetric } from "./lattice.ts";
import { type SiteContents, siteContents, speciesWithB } from "./site-contents.ts";
import {
  type TabulatedSetting,
  operationsOfSetting,
  settingByHallNumber,
} from "./symmetry/space-group-settings.ts";
import type { Site, Species, Structure } from "./structure.ts";
import type { SymmetryOperation } from "./symmetry/symmetry-engine.ts";
import { type Symmetry, analyzeSymmetry } from "./symmetry/symmetry.ts";
import { SAME_METRIC as READ_METRIC, orbitsUnder } from "./symmetry/stated-symmetry.ts";
import { imageOf, metricMisfit } from "./symmetry/symmetry-operation.ts";
import { TorusGrid } from "./torus-grid.ts";

export interface AsymmetricUnit {
  /** The cell that is described, with all its atoms. */
  readonly structure: Structure;
  /** Null where the operations that the source states are in no tabulated one. */
  readonly setting: TabulatedSetting | null;
  readonly operations: readonly SymmetryOperation[];
  /** One site per orbit. */
  readonly sites: readonly Site[];
}

/** One in a tabulated setting. */
export interface TabulatedUnit extends AsymmetricUnit {
  readonly setting: TabulatedSetting;
}

/** Atoms of a kept cell are images of each other to within this, Å. */
const SAME_PLACE_ANGSTROM = 1e-3;
/** An atom and its image are each off by the tolerance at most, and so is the origin. */
const SAME_PLACE_FACTOR = 3;
/** The operations stretch a kept cell by no more, as a fraction. */
const SAME_METRIC = 1e-5;

/**
 * By the symmetry that the source states, the cell as it is; null where none is stated, or cell or atoms do not obey it to within
 * what a reader of the file takes in silence.
 */
export function statedUnit(structure: Structure): AsymmetricUnit | null {
  const { statedSymmetry } = structure;
  if (statedSymmetry === undefined) return null;
  const { setting, operations } = statedSymmetry;
  if (metricMisfit(operations, structure.lattice) > READ_METRIC) return null;
  const sites = firstOfOrbits(structure, operations, contentsText);
  return sites && { structure, setting, operations, sites };
}

function firstOfOrbits(
  structure: Structure,
  operations: readonly SymmetryOperation[],
  kindOf: (site: Site) => string,
): readonly Site[] | null {
  const orbits = orbitsUnder(structure, operations, SAME_PLACE_ANGSTROM, kindOf);
  return orbits && structure.sites.filter((_, index) => orbits[index] === index);
}

/** @throws EwaldError `symmetry/not-standard` where the conventional cell is not symmetric by the tables */
export function asymmetricUnit(structure: Structure, symmetry: Symmetry): TabulatedUnit {
  const { tabulated, originShift } = symmetry.setting;
  const even = evenOrbits(structure, symmetry.orbits);
  if (tabulated !== null) {
    const placed = aboutOrigin(even, originShift);
    const kept = unitIn(placed, tabulated) ?? symmetrised(placed, tabulated, symmetry);
    if (kept !== null) return kept;
  }
  const { conventional } = even === structure ? symmetry : analyzeSymmetry(even, symmetry);
  const standard = settingByHallNumber(symmetry.hallNumber);
  const unit = unitIn(evenMetric(conventional, standard), standard);
  if (unit !== null) return unit;
  throw new EwaldError(
    "symmetry/not-standard",
    `the conventional cell of ${symmetry.symbol} does not have the symmetry of the tables`,
    {
      value: symmetry.symprecAngstrom,
      unit: "Å",
      hint: "Take a smaller tolerance, or write every atom.",
    },
  );
}

function aboutOrigin(structure: Structure, origin: Vec3): Structure {
  if (origin.every((x) => x === 0)) return structure;
  const sites = structure.sites.map((site): Site => ({
    ...site,
    frac: inCell(subtract(site.frac, origin)),
  }));
  return { ...structure, sites };
}

/** Each site in the mean of where the operations say it is from its images; null where an image is no site of its orbit. */
function symmetrised(
  structure: Structure,
  setting: TabulatedSetting,
  { orbits, symprecAngstrom }: Symmetry,
): TabulatedUnit | null {
  const within = SAME_PLACE_FACTOR * symprecAngstrom;
  const operations = operationsOfSetting(setting);
  const grid = new TorusGrid(structure.lattice, Math.max(0.5, within));
  for (const { frac } of structure.sites) grid.add(inCell(frac));
  const sums = structure.sites.map((): [number, number, number] => [0, 0, 0]);
  for (const operation of operations) {
    const toOwn = invert(operation.rotation);
    const taken = new Set<number>();
    for (const [index, { frac }] of structure.sites.entries()) {
      const image = imageOf(operation, frac);
      const found = grid.nearest(inCell(image), within);
      if (found === -1 || orbits[found] !== orbits[index] || taken.has(found)) return null;
      taken.add(found);
      const off = subtract(structure.sites[found]!.frac, image);
      const back = multiplyVector(toOwn, off.map((x) => x - Math.round(x)) as unknown as Vec3);
      back.forEach((x, axis) => (sums[index]![axis]! += x / operations.length));
    }
  }
  const sites = structure.sites.map((site, index): Site => {
    const { fracEsd: _, ...kept } = site;
    return { ...kept, frac: inCell(add(site.frac, sums[index]!)) };
  });
  return unitIn(evenMetric({ ...structure, sites }, setting), setting);
}

function unitIn(structure: Structure, setting: TabulatedSetting): TabulatedUnit | null {
  const operations = operationsOfSetting(setting);
  if (metricMisfit(operations, structure.lattice) > SAME_METRIC) return null;
  // Contents are even already.
  const sites = firstOfOrbits(structure, operations, () => "");
  return sites && { structure, setting, operations, sites };
}

/** The cell with the mean of its metric under the operations: the symmetry finder leaves some of a distortion. */
function evenMetric(structure: Structure, setting: TabulatedSetting): Structure {
  const metric = metricTensor(structure.lattice);
  const operations = operationsOfSetting(setting);
  const sum = [0, 1, 2].map(() => [0, 0, 0]);
  for (const { rotation } of operations) {
    const turned = turnedMetric(metric, rotation);
    sum.forEach((row, i) => row.forEach((_, j) => (row[j]! += turned[i]![j]! / operations.length)));
  }
  const length = (i: number) => Math.sqrt(sum[i]![i]!);
  const angleDeg = (i: number, j: number) =>
    (Math.acos(sum[i]![j]! / (length(i) * length(j))) * 180) / Math.PI;
  const lattice = latticeFromParameters({
    a: length(0),
    b: length(1),
    c: length(2),
    alphaDeg: angleDeg(1, 2),
    betaDeg: angleDeg(0, 2),
    gammaDeg: angleDeg(0, 1),
  });
  return { ...structure, lattice };
}

/**
 * A structure whose orbits have the mean of what their members have in different amounts (oxidation states, B); the same
 * object where nothing differs.
 */
function evenOrbits(structure: Structure, orbits: readonly number[]): Structure {
  const members = new Map<number, Site[]>();
  for (const [i, site] of structure.sites.entries()) {
    const orbit = members.get(orbits[i]!);
    if (orbit === undefined) members.set(orbits[i]!, [site]);
    else orbit.push(site);
  }
  const contents = new Map([...members].map(([first, orbit]) => [first, meanContents(orbit)]));
  const sites = structure.sites.map((site, i): Site => {
    const { species: _, bIsoAngstrom2: __, ...place } = site;
    return { ...place, ...contents.get(orbits[i]!)! };
  });
  const isEven = structure.sites.every((site, i) => sameContents(site, sites[i]!));
  return isEven ? structure : { ...structure, sites };
}

function sameContents(a: SiteContents, b: SiteContents): boolean {
  return contentsText(a) === contentsText(b);
}

function contentsText(one: SiteContents): string {
  return JSON.stringify(inOrder(speciesWithB(one)));
}

function meanContents(members: readonly Site[]): SiteContents {
  const filled = members.map(speciesWithB);
  const first = filled[0]!;
  const fillings = filled.map(inOrder);
  return siteContents(
    first.map(({ element, occupancyEsd }, index): Species => {
      const i = fillings[0]!.indexOf(first[index]!);
      const meanOf = (key: "occupancy" | "oxidation" | "bIsoAngstrom2") =>
        mean(fillings.map((filling) => filling[i]![key]));
      return {
        element,
        occupancy: meanOf("occupancy")!,
        ...optional("occupancyEsd", occupancyEsd),
        ...optional("oxidation", meanOf("oxidation")),
        ...optional("bIsoAngstrom2", meanOf("bIsoAngstrom2")),
      };
    }),
  );
}

function optional<K extends string>(key: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: number });
}

/** Members of an orbit hold the same elements at the same occupancies, in any order. */
function inOrder(species: readonly Species[]): readonly Species[] {
  const thousandths = (one: Species) => Math.round(1000 * one.occupancy);
  return species.toSorted(
    (a, b) =>
      (a.element < b.element ? -1 : Number(a.element > b.element)) ||
      thousandths(b) - thousandths(a) ||
      (a.oxidation ?? 0) - (b.oxidation ?? 0) ||
      (a.bIsoAngstrom2 ?? 0) - (b.bIsoAngstrom2 ?? 0),
  );
}

/** The mean of the values, and of equal ones exactly that value; undefined where one is not known. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const first = values[0];
  if (values.every((value) => value === first)) return first;
  let sum = 0;
  for (const value of values) sum += value ?? Number.NaN;
  return Number.isNaN(sum) ? undefined : sum / values.length;
}
