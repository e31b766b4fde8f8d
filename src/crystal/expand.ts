/**
 * From the sites that a file lists to every atom of the cell. Images that fall together are one atom, on
 * its special position exactly; sites that coincide are one mixed site; atoms that stand impossibly close are
 * refused. All distances are taken on the torus. Work grows with atoms × operations.
 */
import { EwaldError, type Position, type Warning } from "../errors.ts";
import { type Mat3, type Vec3, norm } from "../math/matrix3.ts";
import { reciprocalLattice } from "./lattice.ts";
import type { Site, Species } from "./structure.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";

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
/** A sum of occupancies up to here is a rounded or freely refined 1. */
const LARGEST_OCCUPANCY = 1.1;
const EXACT_SUM = 1.0005;
/** More atoms than this within half an ångström are no structure; bounds the search for neighbours. */
const CROWD = 64;

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
    const orbit = { species: [site.species], listed: site, index: orbits.length };
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
  const { fracEsd, label, bIsoAngstrom2 } = listed;
  return {
    species,
    frac,
    ...(fracEsd === undefined ? {} : { fracEsd: rotatedEsd(rotation, fracEsd) }),
    ...(label === undefined ? {} : { label }),
    ...(bIsoAngstrom2 === undefined ? {} : { bIsoAngstrom2 }),
  };
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
    const rounded = 1.5 * (site.rounding ?? 0) * cell.longestAxis;
    const tolerance = Math.min(merge, Math.max(PARTIAL_MERGE_ANGSTROM, rounded));
    return orbitOfPosition(site.frac, operations, cell, tolerance);
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

function image({ rotation, translation }: SymmetryOperation, [x, y, z]: Vec3): Vec3 {
  const [a, b, c] = rotation;
  return [
    a[0] * x + a[1] * y + a[2] * z + translation[0],
    b[0] * x + b[1] * y + b[2] * z + translation[1],
    c[0] * x + c[1] * y + c[2] * z + translation[2],
  ];
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
    const moved = image(operation, frac);
    if (cell.distance(moved, frac) > tolerance) continue;
    for (let i = 0; i < 3; i += 1) sum[i]! += moved[i]! - Math.round(moved[i]! - frac[i]!);
    count += 1;
  }
  const centre: Vec3 = count > 1 ? [sum[0]! / count, sum[1]! / count, sum[2]! / count] : frac;
  const positions: Vec3[] = [];
  const rotations: Mat3[] = [];
  for (const operation of operations) {
    const moved = image(operation, centre);
    if (positions.some((other) => cell.within(moved, other, tolerance))) continue;
    positions.push([wrap(moved[0]), wrap(moved[1]), wrap(moved[2])]);
    rotations.push(operation.rotation);
  }
  return { positions, rotations };
}

/** In [0, 1); what rounding put a hair below 1 is 0. */
function wrap(x: number): number {
  const wrapped = x - Math.floor(x);
  return wrapped > 1 - 1e-9 ? 0 : wrapped;
}

/** Puts a site onto the one it coincides with; false where it repeats an atom that stands there already. */
function mergeSpecies(orbit: Orbit, site: ListedSite, warnings: Warning[]): boolean {
  const { species } = orbit;
  const added = site.species;
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
    species[index] = { ...present, occupancy: present.occupancy + added.occupancy };
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

/** Points of the cell in boxes no smaller than the search radius. */
class TorusGrid {
  readonly longestAxis: number;
  readonly #lattice: Mat3;
  readonly #boxes = new Map<number, number[]>();
  readonly #points: Vec3[] = [];
  readonly #counts: Vec3;

  constructor(lattice: Mat3, radius: number) {
    this.#lattice = lattice;
    this.longestAxis = Math.max(...lattice.map(norm));
    this.#counts = reciprocalLattice(lattice).map((row) =>
      Math.max(1, Math.min(1024, Math.floor(1 / (norm(row) * radius)))),
    ) as unknown as Vec3;
  }

  /** Å; exact for distances below half of the shortest height of the cell. */
  distance(a: Vec3, b: Vec3): number {
    const u = nearestDifference(a[0], b[0]);
    const v = nearestDifference(a[1], b[1]);
    const w = nearestDifference(a[2], b[2]);
    const [p, q, r] = this.#lattice;
    const x = u * p[0] + v * q[0] + w * r[0];
    const y = u * p[1] + v * q[1] + w * r[1];
    const z = u * p[2] + v * q[2] + w * r[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  /** The same as `distance(a, b) <= radius`, most often decided on the first coordinate. */
  within(a: Vec3, b: Vec3, radius: number): boolean {
    // A fractional difference u keeps two points at least u times the height of the cell apart.
    if (Math.abs(nearestDifference(a[0], b[0])) * this.#counts[0] > 1.01) return false;
    if (Math.abs(nearestDifference(a[1], b[1])) * this.#counts[1] > 1.01) return false;
    return this.distance(a, b) <= radius;
  }

  #box(i: number, axis: 0 | 1 | 2): number {
    return Math.min(this.#counts[axis] - 1, Math.floor(i * this.#counts[axis]));
  }

  #key(i: number, j: number, k: number): number {
    return (i * this.#counts[1] + j) * this.#counts[2] + k;
  }

  add(point: Vec3, at: Position = {}): void {
    const key = this.#key(this.#box(point[0], 0), this.#box(point[1], 1), this.#box(point[2], 2));
    const box = this.#boxes.get(key);
    const index = this.#points.push(point) - 1;
    if (box === undefined) this.#boxes.set(key, [index]);
    else if (box.push(index) > CROWD) {
      throw new EwaldError(
        "structure/clash",
        `more than ${CROWD} atoms within a box of ${CLASH_ANGSTROM} Å`,
        { ...at },
      );
    }
  }

  /** Index of the nearest point within the radius, or −1. */
  nearest(point: Vec3, radius: number): number {
    let best = -1;
    let least = radius;
    this.find(point, radius, (index) => {
      const distance = this.distance(point, this.#points[index]!);
      if (distance <= least) {
        least = distance;
        best = index;
      }
      return false;
    });
    return best;
  }

  /** The first point within the radius that is accepted, or −1. */
  find(point: Vec3, radius: number, accept: (index: number) => boolean): number {
    const [n0, n1, n2] = this.#counts;
    const [i, j, k] = [this.#box(point[0], 0), this.#box(point[1], 1), this.#box(point[2], 2)];
    for (const a of around(i, n0)) {
      for (const b of around(j, n1)) {
        for (const c of around(k, n2)) {
          const box = this.#boxes.get(this.#key(a, b, c));
          if (box === undefined) continue;
          for (const index of box) {
            if (this.distance(point, this.#points[index]!) <= radius && accept(index)) return index;
          }
        }
      }
    }
    return -1;
  }
}

function nearestDifference(a: number, b: number): number {
  const difference = a - b;
  return difference - Math.round(difference);
}

function around(i: number, count: number): readonly number[] {
  if (count === 1) return [0];
  if (count === 2) return [0, 1];
  return [(i + count - 1) % count, i, (i + 1) % count];
}
