/**
 * Undoing a supercell before its symmetry is searched: the finder's time grows with sites² times operations, and a supercell of
 * n cells has n times the operations (rock salt of 5 × 5 × 5 cells took minutes, now it takes milliseconds). Translations are
 * taken one after the other; each makes the cell smaller by its order.
 */
import {
  type Mat3,
  type Vec3,
  IDENTITY,
  invert,
  multiply,
  norm,
  transpose,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import { inCell } from "../lattice.ts";
import type { Structure } from "../structure.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";

/** No conventional cell repeats its content more often (face centring): below, a cell goes to the finder as it is. */
const MOST_CENTRINGS = 4;

export interface ReducedCell {
  /** The content of one repeated unit. */
  readonly structure: Structure;
  readonly numbers: readonly number[];
  /** Its axes in those of the whole cell: `basisRows · lattice`. */
  readonly basisRows: Mat3;
  /** Per site of the whole cell, its site in the unit. */
  readonly siteOf: readonly number[];
  /** All translations of the whole cell that repeat the unit, fractional, 0 first. */
  readonly translations: readonly Vec3[];
}

/** `null` unless translations (within the tolerance) repeat the cell's content more than four times. */
export function reduceSupercell(
  structure: Structure,
  numbers: readonly number[],
  toleranceAngstrom: number,
): ReducedCell | null {
  if (rarest(numbers).length <= MOST_CENTRINGS) return null;
  let cell: ReducedCell = {
    structure,
    numbers,
    basisRows: IDENTITY,
    siteOf: numbers.map((_, site) => site),
    translations: [[0, 0, 0]],
  };
  for (;;) {
    const found = findTranslation(cell, toleranceAngstrom);
    if (found === null) return cell.translations.length > MOST_CENTRINGS ? cell : null;
    cell = divide(cell, found);
  }
}

/** The operations of the unit as those of the whole cell, each with every translation; those that its lattice lacks left out. */
export function operationsOfSupercell(
  operations: readonly SymmetryOperation[],
  { basisRows, translations }: ReducedCell,
): SymmetryOperation[] {
  const toCell = transpose(basisRows);
  const toUnit = invert(toCell);
  return operations.flatMap(({ rotation, translation }) => {
    const turned = multiply(multiply(toCell, rotation), toUnit);
    const whole = turned.map((row) => row.map((x) => Math.round(x) + 0)) as unknown as Mat3;
    const isOfLattice = turned.every((row, i) =>
      row.every((x, j) => Math.abs(x - whole[i]![j]!) < 1e-6),
    );
    if (!isOfLattice) return [];
    const own = vectorTimesMatrix(translation, basisRows);
    return translations.map((shift) => ({ rotation: whole, translation: sumInCell(own, shift) }));
  });
}

interface Translation {
  /** The translation is `steps / order`, in fractions of the present cell. */
  readonly steps: Vec3;
  readonly order: number;
  /** Where it brings each site. */
  readonly image: readonly number[];
}

function findTranslation(cell: ReducedCell, tolerance: number): Translation | null {
  const { sites, lattice } = cell.structure;
  const candidates = rarest(cell.numbers);
  const from = sites[candidates[0]!]!.frac;
  const lengths = lattice.map(norm);
  for (const candidate of candidates.slice(1)) {
    const to = sites[candidate]!.frac;
    const shift: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    for (let order = 2; order <= candidates.length; order++) {
      const steps = shift.map((x) => Math.round(x * order)) as unknown as Vec3;
      const isOrder =
        candidates.length % order === 0 &&
        shift.every((x, i) => Math.abs(x - steps[i]! / order) * lengths[i]! <= tolerance);
      if (!isOrder) continue;
      const image = imagesUnder(cell, steps, order, tolerance);
      if (image !== null) return { steps, order, image };
      break;
    }
  }
  return null;
}

/** Indices of the sites of the kind that has fewest. */
function rarest(numbers: readonly number[]): number[] {
  const byKind = new Map<number, number[]>();
  numbers.forEach((kind, site) => {
    const sites = byKind.get(kind);
    if (sites === undefined) byKind.set(kind, [site]);
    else sites.push(site);
  });
  return [...byKind.values()].reduce((least, sites) =>
    sites.length < least.length ? sites : least,
  );
}

/** The site that the translation brings each site to, of the same kind, no two to one; `null` where one has none. */
function imagesUnder(
  { structure: { lattice, sites }, numbers }: ReducedCell,
  steps: Vec3,
  order: number,
  tolerance: number,
): number[] | null {
  const taken = new Uint8Array(sites.length);
  const images: number[] = [];
  for (const [site, { frac }] of sites.entries()) {
    const image = sites.findIndex(({ frac: other }, index) => {
      if (taken[index] === 1 || numbers[index] !== numbers[site]) return false;
      const offset = frac.map((x, i) => {
        const off = other[i]! - x - steps[i]! / order;
        return off - Math.round(off);
      }) as unknown as Vec3;
      return norm(vectorTimesMatrix(offset, lattice)) <= tolerance;
    });
    if (image === -1) return null;
    taken[image] = 1;
    images.push(image);
  }
  return images;
}

/** The cell whose lattice has the translation too; of each set of sites that it links the first stays. */
function divide(cell: ReducedCell, { steps, order, image }: Translation): ReducedCell {
  const { structure, numbers } = cell;
  const axes = basisWith(steps, order).map((row) => row.map((x) => x / order)) as unknown as Mat3;
  const toAxes = invert(axes);
  const unitOf = Array.from(numbers, () => -1);
  const kept: number[] = [];
  for (let first = 0; first < numbers.length; first++) {
    if (unitOf[first] !== -1) continue;
    for (let site = first; unitOf[site] === -1; site = image[site]!) unitOf[site] = kept.length;
    kept.push(first);
  }
  const step = vectorTimesMatrix(steps.map((x) => x / order) as unknown as Vec3, cell.basisRows);
  const multiples = Array.from(
    { length: order },
    (_, n) => step.map((x) => n * x) as unknown as Vec3,
  );
  return {
    structure: {
      ...structure,
      lattice: multiply(axes, structure.lattice),
      sites: kept.map((index) => {
        const site = structure.sites[index]!;
        const { fracEsd: _, ...others } = site;
        return { ...others, frac: vectorTimesMatrix(site.frac, toAxes) };
      }),
    },
    numbers: kept.map((index) => numbers[index]!),
    basisRows: multiply(axes, cell.basisRows),
    siteOf: cell.siteOf.map((site) => unitOf[site]!),
    translations: multiples.flatMap((shift) =>
      cell.translations.map((known) => sumInCell(known, shift)),
    ),
  };
}

/** Basis of the whole-number lattice of `order` times each axis and `steps`: triangular, by Euclid's algorithm per column. */
function basisWith(steps: Vec3, order: number): Mat3 {
  let rows: number[][] = [[order, 0, 0], [0, order, 0], [0, 0, order], [...steps]];
  const basis: number[][] = [];
  for (let column = 0; column < 3; column++) {
    let left = rows.filter((row) => row[column] !== 0);
    const done = rows.filter((row) => row[column] === 0);
    while (left.length > 1) {
      left.sort((a, b) => Math.abs(a[column]!) - Math.abs(b[column]!));
      const [least, ...others] = left as [number[], ...number[][]];
      const rest = others.map((row) => {
        const times = Math.round(row[column]! / least[column]!);
        return row.map((x, i) => x - times * least[i]!);
      });
      done.push(...rest.filter((row) => row[column] === 0));
      left = [least, ...rest.filter((row) => row[column] !== 0)];
    }
    const pivot = left[0]!;
    basis.push(pivot[column]! < 0 ? pivot.map((x) => 0 - x) : pivot);
    rows = done;
  }
  return basis as unknown as Mat3;
}

function sumInCell(a: Vec3, b: Vec3): Vec3 {
  return inCell([a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
}
