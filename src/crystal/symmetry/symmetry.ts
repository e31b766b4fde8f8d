/**
 * The space group of a structure and all that follows from it: per-site Wyckoff letters, orbits and
 * site symmetries, operations, the standardised conventional and primitive cells.
 *
 * Found by moyo (spglib's method, in Rust) within a distance tolerance. Symbol, letters and site symmetries are those of the
 * structure's own axes (`cell-setting.ts`); the conventional cell is standardised as spglib does, in the setting of the
 * lowest Hall number (see `space-group.ts`). Needs `await loadSymmetry()` once per thread.
 *
 * Which sites count as alike: those with the same elements at the same occupancies (to 1e-3). Oxidation
 * states, labels and displacement parameters do not lower a symmetry; D is not H.
 */
import { EwaldError } from "../../errors.ts";
import {
  type Mat3,
  type Vec3,
  determinant,
  multiply,
  multiplyVector,
  transpose,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import { type CellSetting, symmetryInCell } from "./cell-setting.ts";
import { type CrystalSystem, crystalSystemOf } from "./space-group.ts";
import type { Site, Structure } from "../structure.ts";
import { type ReducedCell, operationsOfSupercell, reduceSupercell } from "./supercell-reduction.ts";
import {
  type SymmetryOperation,
  matrixFromColumns,
  moyoEngine,
  operationFromMoyo,
} from "./symmetry-engine.ts";

/**
 * 0.01 Å: coordinates of refinements (usually known to 0.001-0.01 Å) and of relaxed calculations keep their
 * symmetry at it, while real distortions (0.05 Å and up) are not blurred away. It is also the default of
 * spglib's Python callers (pymatgen). Databases of relaxed structures often use 0.1 Å.
 */
export const DEFAULT_SYMPREC_ANGSTROM = 0.01;

/** Where the search fails at a tolerance, smaller ones may succeed: fewer false near-symmetries. */
const TOLERANCE_STEPS = [1, 0.5, 0.2, 0.1, 0.01];

/** Share of the tolerance within which a cell is undone as a supercell: one of its units then stands for all. */
const SUPERCELL_SHARE = 0.1;

export interface SymmetryOptions {
  /** Largest distance in Å by which a site may miss its image. Default 0.01. */
  readonly symprecAngstrom?: number;
}

/** The symmetry that {@link analyzeSymmetry} found: space group, setting, operations, Wyckoff letters. */
export interface Symmetry {
  /** Number in International Tables A, 1-230. */
  readonly number: number;
  /**
   * Short Hermann-Mauguin symbol without spaces in the axes of the input cell: "P4_2/mnm", "Pbnm", "P2_1/n"; the
   * standard symbol where that cell is in no tabulated setting.
   */
  readonly symbol: string;
  /** The tabulated setting of the input cell, or that it is in none, and the way to the standard setting. */
  readonly setting: CellSetting;
  /** 1-530; says the setting of the conventional cell. */
  readonly hallNumber: number;
  readonly crystalSystem: CrystalSystem;
  /** Pearson symbol by sites of the conventional cell, rhombohedral as hexagonal cell: "hR30". */
  readonly pearson: string;
  /** Tolerance that was used in the end, Å; smaller than asked for where the search failed at that. */
  readonly symprecAngstrom: number;
  /** Per site of the input cell: letter of its position in `setting`. */
  readonly wyckoffLetters: readonly string[];
  /** Per site of the input cell: letter of its position in the conventional cell, which may have another origin. */
  readonly conventionalLetters: readonly string[];
  /** Per site of the input cell: index of the first site of its orbit. */
  readonly orbits: readonly number[];
  /** Per site of the input cell: symbol oriented to its axes, "m.2m" (to those of the standard setting where it is in none). */
  readonly siteSymmetries: readonly string[];
  /** In fractional coordinates of the input cell, identity first. */
  readonly operations: readonly SymmetryOperation[];
  /** Symmetrised conventional cell in standard orientation (a along x, b in the xy plane). */
  readonly conventional: Structure;
  /** Symmetrised primitive cell of the conventional one. */
  readonly primitive: Structure;
  /**
   * To the conventional cell: its basis is `basisRows · lattice` (up to a rotation of space and the removed
   * distortion), and `x_input = x_conventional · basisRows + originShift`.
   */
  readonly transformation: { readonly basisRows: Mat3; readonly originShift: Vec3 };
}

const cache = new WeakMap<Structure, Map<number, Symmetry>>();

/**
 * The symmetry of a structure. Synchronous and pure; the same structure object with the same tolerance is
 * answered from a cache. About 0.3 ms for 10 atoms; call it in a worker for cells of hundreds.
 *
 * @throws EwaldError `symmetry/tolerance`, `symmetry/no-sites`, `symmetry/not-finite`,
 * `symmetry/overlapping-sites`, `symmetry/not-found`, `symmetry/not-loaded`
 */
export function analyzeSymmetry(structure: Structure, options: SymmetryOptions = {}): Symmetry {
  const symprec = options.symprecAngstrom ?? DEFAULT_SYMPREC_ANGSTROM;
  let known = cache.get(structure);
  if (known === undefined) cache.set(structure, (known = new Map<number, Symmetry>()));
  let symmetry = known.get(symprec);
  if (symmetry === undefined) known.set(symprec, (symmetry = findSymmetry(structure, symprec)));
  return symmetry;
}

/** The key by which two sites are alike: their elements and occupancies, in no order. */
export function siteKind(site: Site): string {
  return site.species
    .map(({ element, occupancy }) => `${element}:${Math.round(occupancy * 1000)}`)
    .toSorted()
    .join("+");
}

type Dataset = ReturnType<ReturnType<typeof moyoEngine>["analyze_cell"]>;
type Cell = Dataset["std_cell"];

function findSymmetry(structure: Structure, symprec: number): Symmetry {
  checkInput(structure, symprec);
  const kinds = new Map<string, number>();
  const numbers = structure.sites.map((site) => {
    const kind = siteKind(site);
    if (!kinds.has(kind)) kinds.set(kind, kinds.size + 1);
    return kinds.get(kind) as number;
  });
  const unit = reduceSupercell(structure, numbers, symprec * SUPERCELL_SHARE);
  const found =
    unit === null
      ? symmetryOfCell(structure, numbers, symprec)
      : ofSupercell(symmetryOfCell(unit.structure, unit.numbers, symprec), unit);
  return {
    ...found,
    ...symmetryInCell(structure, found),
    conventionalLetters: found.wyckoffLetters,
  };
}

/** As the finder tells it, letters and site symmetries in the conventional cell. */
type Found = Omit<Symmetry, "symbol" | "setting" | "conventionalLetters">;

/** The symmetry of the repeated unit, said of the whole cell. */
function ofSupercell(symmetry: Found, unit: ReducedCell): Found {
  const { siteOf, basisRows } = unit;
  const { wyckoffLetters, orbits, siteSymmetries, transformation } = symmetry;
  const firstOfOrbit = new Map<number, number>();
  siteOf.forEach((site, index) => {
    const orbit = orbits[site] as number;
    if (!firstOfOrbit.has(orbit)) firstOfOrbit.set(orbit, index);
  });
  return {
    ...symmetry,
    wyckoffLetters: siteOf.map((site) => wyckoffLetters[site] as string),
    orbits: siteOf.map((site) => firstOfOrbit.get(orbits[site] as number) as number),
    siteSymmetries: siteOf.map((site) => siteSymmetries[site] as string),
    operations: operationsOfSupercell(symmetry.operations, unit),
    transformation: {
      basisRows: multiply(transformation.basisRows, basisRows),
      originShift: vectorTimesMatrix(transformation.originShift, basisRows),
    },
  };
}

function symmetryOfCell(structure: Structure, numbers: readonly number[], symprec: number): Found {
  const dataset = search(structure, numbers, symprec);
  const basisRows = transpose(matrixFromColumns(dataset.std_linear));
  const originShift = dataset.std_origin_shift;
  const primitiveRows = transpose(matrixFromColumns(dataset.prim_std_linear));
  return {
    number: dataset.number,
    hallNumber: dataset.hall_number,
    crystalSystem: crystalSystemOf(dataset.number),
    pearson: dataset.pearson_symbol,
    symprecAngstrom: dataset.symprec,
    wyckoffLetters: dataset.wyckoffs,
    orbits: dataset.orbits,
    siteSymmetries: dataset.site_symmetry_symbols,
    operations: dataset.operations.map(operationFromMoyo),
    conventional: standardCell(structure, numbers, dataset.std_cell, basisRows, originShift),
    primitive: standardCell(
      structure,
      numbers,
      dataset.prim_std_cell,
      primitiveRows,
      dataset.prim_std_origin_shift,
    ),
    transformation: { basisRows, originShift },
  };
}

function checkInput({ lattice, sites }: Structure, symprec: number): void {
  if (!(symprec > 0 && Number.isFinite(symprec))) {
    throw new EwaldError("symmetry/tolerance", `tolerance ${symprec} Å is not positive`, {
      value: symprec,
      unit: "Å",
    });
  }
  if (sites.length === 0)
    throw new EwaldError("symmetry/no-sites", "a structure without atoms has no symmetry to find");
  const odd = sites.findIndex((site) => !site.frac.every(Number.isFinite));
  if (odd !== -1 || !lattice.flat().every(Number.isFinite) || determinant(lattice) === 0) {
    const where = odd === -1 ? "the lattice" : `site ${odd + 1}`;
    throw new EwaldError("symmetry/not-finite", `${where} holds values that are no numbers`, {
      value: odd === -1 ? lattice : sites[odd]?.frac,
    });
  }
}

function search(structure: Structure, numbers: readonly number[], symprec: number): Dataset {
  const engine = moyoEngine();
  const json = JSON.stringify({
    lattice: { basis: structure.lattice.flat() },
    positions: structure.sites.map((site) => site.frac),
    numbers,
  });
  let cause: unknown;
  for (const step of TOLERANCE_STEPS) {
    try {
      return engine.analyze_cell(json, symprec * step, "Spglib");
    } catch (thrown) {
      cause ??= thrown;
    }
  }
  throw new EwaldError(
    "symmetry/not-found",
    `no consistent symmetry was found at ${symprec} Å nor at smaller tolerances (${String(cause)})`,
    {
      value: symprec,
      unit: "Å",
      cause,
      hint: "Look for sites that lie on top of each other, or try another tolerance.",
    },
  );
}

/** Coordinates in [0, 1), with the rounding noise of the standardisation off the faces of the cell. */
function wrapped(x: number): number {
  const inside = x - Math.floor(x);
  return inside < 1e-10 || inside > 1 - 1e-10 ? 0 : inside;
}

/** A cell of moyo's as a structure: each site takes species, label and B of the input site it came from. */
function standardCell(
  structure: Structure,
  numbers: readonly number[],
  cell: Cell,
  basisRows: Mat3,
  originShift: Vec3,
): Structure {
  const flat = cell.lattice.basis;
  const row = (index: number): Vec3 => {
    const [x, y, z] = flat.slice(3 * index, 3 * index + 3) as [number, number, number];
    const noise = 1e-12 * (Math.abs(x) + Math.abs(y) + Math.abs(z));
    const clean = (value: number): number => (Math.abs(value) < noise ? 0 : value);
    return [clean(x), clean(y), clean(z)];
  };
  const sites = cell.positions.map((position, index): Site => {
    const [x, y, z] = vectorTimesMatrix(position, basisRows);
    const inInput: Vec3 = [x + originShift[0], y + originShift[1], z + originShift[2]];
    const source = nearestOfKind(structure, numbers, cell.numbers[index] as number, inInput);
    const { fracEsd: _, ...kept } = structure.sites[source] as Site;
    return { ...kept, frac: [wrapped(position[0]), wrapped(position[1]), wrapped(position[2])] };
  });
  return { lattice: [row(0), row(1), row(2)], sites };
}

function nearestOfKind(
  { lattice, sites }: Structure,
  numbers: readonly number[],
  kind: number,
  frac: Vec3,
): number {
  let nearest = -1;
  let shortest = Infinity;
  const columns = transpose(lattice);
  for (const [index, site] of sites.entries()) {
    if (numbers[index] !== kind) continue;
    const dx = site.frac[0] - frac[0];
    const dy = site.frac[1] - frac[1];
    const dz = site.frac[2] - frac[2];
    const [x, y, z] = multiplyVector(columns, [
      dx - Math.round(dx),
      dy - Math.round(dy),
      dz - Math.round(dz),
    ]);
    const squared = x * x + y * y + z * z;
    if (squared < shortest) {
      shortest = squared;
      nearest = index;
    }
  }
  return nearest;
}
