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
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { imageOf } from "./symmetry-operation.ts";
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
/** A full atom this close to its own image sits on the special position, with rounded coordinates (0.33 for 1/3). */
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
  for (const site of listed) {
    const images = placeSite(site, operations, cell, merge, warnings);
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
  refuseClashes(cell, positions, orbitOf);
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

function placeSite(
  site: ListedSite,
  operations: readonly SymmetryOperation[],
  cell: TorusGrid,
  merge: number,
  warnings: Warning[],
): Images {
  if (2 * site.species.occupancy <= LARGEST_OCCUPANCY) {
    return placePartial(site, operations, cell, merge, warnings);
  }
  const images = orbitOfPosition(site.frac, operations, cell, merge);
  if (images.positions.length < 2) return images;
  const first = images.positions[0]!;
  const near = images.positions.some(
    (other, index) => index > 0 && cell.distance(first, other) < NEAR_SPECIAL_ANGSTROM,
  );
  if (!near) return images;
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
  operations: readonly SymmetryOperation[],
  cell: TorusGrid,
  merge: number,
  warnings: Warning[],
): Images {
  const rounded = ROUNDED_APART * (site.rounding ?? 0) * cell.longestAxis;
  const tolerance = Math.min(merge, Math.max(PARTIAL_MERGE_ANGSTROM, rounded));
  const narrow = orbitOfPosition(site.frac, operations, cell, tolerance);
  const first = narrow.positions[0]!;
  const crowd = narrow.positions.filter((other) => cell.distance(first, other) <= merge).length;
  const isOrbit = (images: Images) => operations.length % images.positions.length === 0;
  const fits = crowd * site.species.occupancy <= LARGEST_OCCUPANCY && isOrbit(narrow);
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

function refuseClashes(
  cell: TorusGrid,
  positions: readonly Vec3[],
  orbitOf: readonly Orbit[],
): void {
  const totals = new Map<Orbit, number>();
  for (const orbit of orbitOf) {
    if (totals.has(orbit)) continue;
    totals.set(
      orbit,
      orbit.species.reduce((sum, one) => sum + one.occupancy, 0),
    );
  }
  positions.forEach((position, index) => {
    const mine = orbitOf[index]!;
    const other = cell.find(
      position,
      CLASH_ANGSTROM,
      (candidate) =>
        candidate > index &&
        totals.get(mine)! + totals.get(orbitOf[candidate]!)! > LARGEST_OCCUPANCY,
    );
    if (other < 0) return;
    const names = [mine, orbitOf[other]!].map(
      (orbit) => orbit.listed.label ?? orbit.listed.species.element,
    );
    const distance = cell.distance(position, positions[other]!);
    throw new EwaldError(
      "structure/clash",
      `${names[0]} and ${names[1]} stand ${distance.toFixed(3)} Å apart`,
      {
        value: distance,
        unit: "Å",
        ...orbitOf[other]!.listed.at,
        hint: "Check the coordinates, the symmetry and the occupancies of disordered atoms.",
      },
    );
  });
}
