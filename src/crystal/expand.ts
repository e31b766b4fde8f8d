/**
 * From the sites that a file lists to every atom of the cell. Images that fall together are one atom, on
 * its special position exactly; sites that coincide are one mixed site; atoms that stand impossibly close are
 * refused. All distances are taken on the torus. Work grows with atoms × operations.
 */
import { EwaldError, type Position, type Warning } from "../errors.ts";
import type { Mat3, Vec3 } from "../math/matrix3.ts";
import { inCell } from "./lattice.ts";
import { siteContents } from "./site-contents.ts";
import type { Site, Species } from "./structure.ts";
import type { SymmetryOperation } from "./symmetry/symmetry-engine.ts";
import { imageOf } from "./symmetry/symmetry-operation.ts";
import { TorusGrid } from "./torus-grid.ts";

export interface ListedSite {
  readonly species: Species;
  readonly frac: Vec3;
  readonly fracEsd?: Vec3;
  readonly label?: string;
  readonly bIsoAngstrom2?: number;
  /** How far rounding may have moved the coordinates, as a fraction of the cell; 0 unless said. */
  readonly rounding?: number;
  readonly at?: Position;
}

export interface ExpandOptions {
  /** Images and sites closer than this are one, Å. */
  readonly mergeAngstrom?: number;
  /** Most atoms in the cell. */
  readonly maxSites?: number;
}

export interface Expansion {
  readonly sites: readonly Site[];
  /** Atoms in the cell of each listed site, in order; 0 where it was a duplicate. */
  readonly multiplicities: readonly number[];
  readonly warnings: readonly Warning[];
}

const DEFAULT_MERGE_ANGSTROM = 0.05;
export const DEFAULT_MAX_SITES = 200_000;
/** Two full atoms are never closer: H-H is 0.74 Å. */
const CLASH_ANGSTROM = 0.5;
/** Atoms this close to their own images that cannot all be there sit on the special position (0.33 for 1/3). */
const NEAR_SPECIAL_ANGSTROM = 0.25;
/**
 * A partly occupied atom is taken for its image only within this and the rounding of its coordinates: split positions
 * a few hundredths of an ångström off a mirror are refined, with occupancies that count on their not being one.
 */
const PARTIAL_MERGE_ANGSTROM = 0.01;
/** Rounding by half a last digit parts the images at a hexagonal mirror by up to 3 times that of the axis. */
const ROUNDED_APART = 3;
/** A sum of occupancies up to here is a rounded or freely refined 1. */
const LARGEST_OCCUPANCY = 1.1;
const EXACT_SUM = 1.0005;

const MOST_WARNINGS = 100;

interface Orbit {
  readonly species: Species[];
  readonly listed: ListedSite;
  readonly index: number;
}

/**
 * @throws EwaldError `structure/too-many-sites`, `structure/clash`, `structure/occupancy-sum`
 */
export function expandSites(
  listed: readonly ListedSite[],
  operations: readonly SymmetryOperation[],
  lattice: Mat3,
  options: ExpandOptions = {},
): Expansion {
  const merge = options.mergeAngstrom ?? DEFAULT_MERGE_ANGSTROM;
  const maxSites = options.maxSites ?? DEFAULT_MAX_SITES;
  const cell = new TorusGrid(lattice, Math.max(CLASH_ANGSTROM, merge));
  const orbits: Orbit[] = [];
  const positions: Vec3[] = [];
  const orbitOf: Orbit[] = [];
  const rotations: Mat3[] = [];
  const multiplicities: number[] = [];
  const warnings: Warning[] = [];
  if (listed.length > maxSites) tooMany(listed.length, maxSites);
  const filled = fillings(listed);
  for (const [index, site] of listed.entries()) {
    const images = placeSite(site, filled[index]!, operations, cell, merge, warnings);
    const twin = cell.nearest(images.positions[0]!, merge);
    if (twin >= 0) {
      const kept = mergeSpecies(orbitOf[twin]!, site, warnings);
      multiplicities.push(kept ? images.positions.length : 0);
      continue;
    }
    if (positions.length + images.positions.length > maxSites) {
      tooMany(positions.length + images.positions.length, maxSites, site.at);
    }
    const orbit = { species: [...listedSpecies(site)], listed: site, index: orbits.length };
    orbits.push(orbit);
    images.positions.forEach((position, index) => {
      cell.add(position, site.at);
      positions.push(position);
      orbitOf.push(orbit);
      rotations.push(images.rotations[index]!);
    });
    multiplicities.push(images.positions.length);
  }
  const species = orbits.map((orbit) => checkedOccupancies(orbit, warnings));
  refuseClashes(cell, positions, orbitOf, warnings);
  const sites = positions.map((frac, index) => {
    const orbit = orbitOf[index]!;
    return siteRecord(orbit.listed, species[orbit.index]!, frac, rotations[index]!);
  });
  return { sites, multiplicities, warnings };
}

function tooMany(count: number, most: number, at: Position = {}): never {
  throw new EwaldError(
    "structure/too-many-sites",
    `${count} atoms in the cell, more than ${most}`,
    {
      value: count,
      ...at,
      hint: "Raise the limit (maxSites) if the structure is really that large.",
    },
  );
}

function siteRecord(
  listed: ListedSite,
  species: readonly Species[],
  frac: Vec3,
  rotation: Mat3,
): Site {
  const { fracEsd, label } = listed;
  return {
    ...siteContents(species),
    frac,
    ...(fracEsd === undefined ? {} : { fracEsd: rotatedEsd(rotation, fracEsd) }),
    ...(label === undefined ? {} : { label }),
  };
}

function listedSpecies({ species, bIsoAngstrom2 }: ListedSite): readonly [Species] {
  return [bIsoAngstrom2 === undefined ? species : { ...species, bIsoAngstrom2 }];
}

function rotatedEsd(rotation: Mat3, esd: Vec3): Vec3 {
  return rotation.map((row) =>
    Math.hypot(row[0] * esd[0], row[1] * esd[1], row[2] * esd[2]),
  ) as unknown as Vec3;
}

interface Images {
  readonly positions: readonly Vec3[];
  readonly rotations: readonly Mat3[];
}

/**
 * How full the place of each site is, with all that the list puts at the same coordinates: half an atom of each of two
 * kinds is no split position.
 */
function fillings(listed: readonly ListedSite[]): readonly number[] {
  const totals = new Map<string, number>();
  const keys = listed.map(({ frac }) => frac.map((value) => (value + 0).toFixed(6)).join());
  for (const [index, { species }] of listed.entries()) {
    totals.set(keys[index]!, (totals.get(keys[index]!) ?? 0) + species.occupancy);
  }
  return keys.map((key) => totals.get(key)!);
}

function placeSite(
  site: ListedSite,
  filled: number,
  operations: readonly SymmetryOperation[],
  cell: TorusGrid,
  merge: number,
  warnings: Warning[],
): Images {
  const images =
    2 * filled <= LARGEST_OCCUPANCY
      ? placePartial(site, filled, operations, cell, merge, warnings)
      : orbitOfPosition(site.frac, operations, cell, merge);
  const first = images.positions[0]!;
  const near = images.positions.filter(
    (other) => cell.distance(first, other) < NEAR_SPECIAL_ANGSTROM,
  ).length;
  if (near === 1 || near * filled <= LARGEST_OCCUPANCY) return images;
  if (warnings.length < MOST_WARNINGS)
    warnings.push({
      code: "structure/near-special",
      message: `${site.label ?? site.species.element} stands within ${NEAR_SPECIAL_ANGSTROM} Å of its own image: moved onto the special position`,
      ...site.at,
    });
  return orbitOfPosition(site.frac, operations, cell, NEAR_SPECIAL_ANGSTROM);
}

/** Images fall together within the rounding of the coordinates; further apart only where they cannot all be there. */
function placePartial(
  site: ListedSite,
  filled: number,
  operations: readonly SymmetryOperation[],
  cell: TorusGrid,
  merge: number,
  warnings: Warning[],
): Images {
  const rounded = ROUNDED_APART * (site.rounding ?? 0) * cell.longestAxis;
  const tolerance = Math.min(NEAR_SPECIAL_ANGSTROM, Math.max(PARTIAL_MERGE_ANGSTROM, rounded));
  const narrow = orbitOfPosition(site.frac, operations, cell, tolerance);
  const first = narrow.positions[0]!;
  const crowd = narrow.positions.filter((other) => cell.distance(first, other) <= merge).length;
  const isOrbit = (images: Images) => operations.length % images.positions.length === 0;
  const fits = crowd * filled <= LARGEST_OCCUPANCY && isOrbit(narrow);
  const images = fits ? narrow : orbitOfPosition(site.frac, operations, cell, merge);
  if (!isOrbit(images) && warnings.length < MOST_WARNINGS) {
    warnings.push({
      code: "structure/orbit-size",
      message: `${site.label ?? site.species.element} gives ${images.positions.length} atoms, which no position under ${operations.length} operations has: its coordinates are too coarse`,
      ...site.at,
    });
  }
  return images;
}

/** The mean of the images that fall on the position itself, then its distinct images within the cell. */
function orbitOfPosition(
  frac: Vec3,
  operations: readonly SymmetryOperation[],
  cell: TorusGrid,
  tolerance: number,
): Images {
  const sum = [0, 0, 0];
  let count = 0;
  for (const operation of operations) {
    const moved = imageOf(operation, frac);
    if (cell.distance(moved, frac) > tolerance) continue;
    for (let i = 0; i < 3; i += 1) sum[i]! += moved[i]! - Math.round(moved[i]! - frac[i]!);
    count += 1;
  }
  const centre: Vec3 = count > 1 ? [sum[0]! / count, sum[1]! / count, sum[2]! / count] : frac;
  const positions: Vec3[] = [];
  const rotations: Mat3[] = [];
  for (const operation of operations) {
    const moved = imageOf(operation, centre);
    if (positions.some((other) => cell.within(moved, other, tolerance))) continue;
    positions.push(inCell(moved));
    rotations.push(operation.rotation);
  }
  return { positions, rotations };
}

/** Puts a site onto the one it coincides with; false where it repeats an atom that stands there already. */
function mergeSpecies(orbit: Orbit, site: ListedSite, warnings: Warning[]): boolean {
  const { species } = orbit;
  const [added] = listedSpecies(site);
  const index = species.findIndex(
    (one) => one.element === added.element && one.oxidation === added.oxidation,
  );
  const total = species.reduce((sum, one) => sum + one.occupancy, added.occupancy);
  if (index < 0) {
    if (total > LARGEST_OCCUPANCY) occupancyError(total, orbit, site);
    species.push(added);
    return true;
  }
  const present = species[index]!;
  if (total <= LARGEST_OCCUPANCY) {
    if (present.bIsoAngstrom2 !== added.bIsoAngstrom2) species.push(added);
    else species[index] = { ...present, occupancy: present.occupancy + added.occupancy };
    return true;
  }
  if (Math.abs(present.occupancy - added.occupancy) > 1e-6) occupancyError(total, orbit, site);
  if (warnings.length < MOST_WARNINGS) {
    warnings.push({
      code: "structure/duplicate-site",
      message: `${site.label ?? added.element} repeats ${orbit.listed.label ?? "an atom"} at the same place: left out`,
      ...site.at,
    });
  }
  return false;
}

function occupancyError(total: number, orbit: Orbit, site: ListedSite = orbit.listed): never {
  throw new EwaldError(
    "structure/occupancy-sum",
    `the site of ${site.label ?? site.species.element} holds ${Number(total.toFixed(4))} atoms in all`,
    {
      value: total,
      ...site.at,
      hint: "Give each atom of a mixed or disordered site its occupancy.",
    },
  );
}

function checkedOccupancies(orbit: Orbit, warnings: Warning[]): readonly Species[] {
  const total = orbit.species.reduce((sum, one) => sum + one.occupancy, 0);
  if (total <= 1) return orbit.species;
  if (total > LARGEST_OCCUPANCY) occupancyError(total, orbit);
  if (total > EXACT_SUM && warnings.length < MOST_WARNINGS) {
    warnings.push({
      code: "structure/occupancy-sum",
      message: `the occupancies of ${orbit.listed.label ?? orbit.listed.species.element} sum to ${Number(total.toFixed(4))}: scaled to 1`,
      ...orbit.listed.at,
    });
  }
  return orbit.species.map((one) => ({ ...one, occupancy: Math.min(1, one.occupancy / total) }));
}

/** Atoms too close, one warning for all that are hydrogen: nothing else is affected by where those are. */
function refuseClashes(
  cell: TorusGrid,
  positions: readonly Vec3[],
  orbitOf: readonly Orbit[],
  warnings: Warning[],
): void {
  const totals = new Map<Orbit, number>();
  for (const orbit of orbitOf) {
    if (totals.has(orbit)) continue;
    totals.set(
      orbit,
      orbit.species.reduce((sum, one) => sum + one.occupancy, 0),
    );
  }
  let isWarned = false;
  for (const [index, position] of positions.entries()) {
    const mine = orbitOf[index]!;
    const isCrowded = (candidate: number): boolean =>
      candidate > index && totals.get(mine)! + totals.get(orbitOf[candidate]!)! > LARGEST_OCCUPANCY;
    const other = cell.find(position, CLASH_ANGSTROM, isCrowded);
    if (other < 0) continue;
    const isHeavy = (candidate: number): boolean =>
      isCrowded(candidate) && !isHydrogen(orbitOf[candidate]!);
    const heavy = isHydrogen(mine) ? -1 : cell.find(position, CLASH_ANGSTROM, isHeavy);
    if (heavy >= 0) {
      const { message, distance, at } = closePair(cell, positions, orbitOf, index, heavy);
      throw new EwaldError("structure/clash", message, {
        value: distance,
        unit: "Å",
        ...at,
        hint: "Check the coordinates, the symmetry and the occupancies of disordered atoms.",
      });
    }
    if (isWarned) continue;
    isWarned = true;
    const { message, at } = closePair(cell, positions, orbitOf, index, other);
    warnings.push({
      code: "structure/hydrogen-clash",
      message: `${message}, closer than a hydrogen atom can be: disordered hydrogen without its occupancies? Other atoms are not affected`,
      ...at,
    });
  }
}

function isHydrogen({ species }: Orbit): boolean {
  return species.every(({ element }) => element === "H" || element === "D");
}

function closePair(
  cell: TorusGrid,
  positions: readonly Vec3[],
  orbitOf: readonly Orbit[],
  ...pair: readonly [number, number]
): { readonly message: string; readonly distance: number; readonly at: Position } {
  const [one, other] = pair.map((index) => orbitOf[index]!.listed) as [ListedSite, ListedSite];
  const distance = cell.distance(positions[pair[0]]!, positions[pair[1]]!);
  const names = [one, other].map(({ label, species }) => label ?? species.element);
  return {
    message: `${names[0]} and ${names[1]} stand ${distance.toFixed(3)} Å apart`,
    distance,
    at: other.at ?? {},
  };
}
