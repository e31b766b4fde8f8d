/**
 * From structures to phases as a library keeps them. The highest symmetry is taken at which the atoms stay where the source has
 * them, to 1e-4 of an edge; of relaxed cells, 96 of 100 keep it at 0.1 Å. Needs `await loadSymmetry()`.
 */
import { asymmetricUnit, statedUnit, type TabulatedUnit } from "../../crystal/asymmetric-unit.ts";
import { latticeParameters, metricTensor } from "../../crystal/lattice.ts";
import type { Site, Structure } from "../../crystal/structure.ts";
import { analyzeSymmetry, type Symmetry } from "../../crystal/symmetry/symmetry.ts";
import type { CellParameters } from "../../diffraction/line-list.ts";
import { EwaldError } from "../../errors.ts";
import { multiply, transpose, type Vec3, vectorTimesMatrix } from "../../math/matrix3.ts";
import { orbitOf, type PhaseRecord, structureOf, type UnitSite } from "./phase.ts";

/** What a source says of a phase beside its atoms. */
export type PhaseDescription = Pick<
  PhaseRecord,
  "id" | "source" | "name" | "reference" | "isMeasured" | "energyAboveHullEvPerAtom"
>;

/** Tolerances tried in turn, Å. The first says the phase's space group. */
const TOLERANCES = [0.1, 0.01, 1e-3, 1e-4];
/** Where refinements are the source: 0.1 Å would make real distortions disappear. */
const MEASURED_TOLERANCES = TOLERANCES.slice(1);
/** Largest change of a coordinate, and of an edge as a fraction of it. */
const LARGEST_CHANGE = 1e-4;

/**
 * A structure as a phase.
 * @throws EwaldError `known/not-kept` where no symmetry gives the structure back; `symmetry/…`
 */
export function phaseOf(structure: Structure, description: PhaseDescription): PhaseRecord {
  const stated = statedUnit(structure);
  const setting = stated?.setting ?? null;
  if (stated !== null && setting !== null) {
    const kept = keptUnit(structure, { ...stated, setting }, [OWN_AXES]);
    if (kept !== null) return { ...description, spaceGroup: setting.number, ...kept };
  }
  const tolerances = description.isMeasured ? MEASURED_TOLERANCES : TOLERANCES;
  let spaceGroup: number | undefined;
  for (const symprecAngstrom of tolerances) {
    const symmetry = analyzeSymmetry(structure, { symprecAngstrom });
    spaceGroup ??= symmetry.number;
    const ownCell = { ...OWN_AXES, originShift: symmetry.setting.originShift };
    const kept = keptUnit(structure, asymmetricUnit(structure, symmetry), [
      ownCell,
      symmetry.transformation,
    ]);
    if (kept !== null) return { ...description, spaceGroup, ...kept };
  }
  throw new EwaldError(
    "known/not-kept",
    `${description.id} cannot be kept as a cell with symmetry: its atoms would move by more than ${LARGEST_CHANGE} of an edge`,
    { value: description.id, hint: "Give the structure with its symmetry, or all of its atoms." },
  );
}

type Transformation = Symmetry["transformation"];

/**
 * The asymmetric unit as it is kept, null where it does not give the structure back.
 * @param transformations those that may lead from the structure's cell to that of the unit
 */
function keptUnit(
  structure: Structure,
  unit: TabulatedUnit,
  transformations: readonly Transformation[],
): Pick<PhaseRecord, "setting" | "cell" | "sites"> | null {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(unit.structure.lattice);
  const cell: CellParameters = [a, b, c, alphaDeg, betaDeg, gammaDeg];
  const sites = unit.sites.map((site): UnitSite => {
    const bIsoAngstrom2 = meanB(site);
    const species = site.species.map(({ element, occupancy, oxidation }) => ({
      element,
      occupancy,
      ...(oxidation === undefined ? {} : { oxidation }),
    }));
    return {
      species,
      multiplicity: orbitOf(site.frac, unit.operations, cell).length,
      frac: site.frac,
      ...(bIsoAngstrom2 === undefined ? {} : { bIsoAngstrom2 }),
    };
  });
  const kept = { setting: unit.setting, cell, sites };
  const written = structureOf(kept);
  if (written.sites.length !== unit.structure.sites.length) return null;
  const isKept = transformations.some(
    (transformation) => changeOf(structure, written, transformation) <= LARGEST_CHANGE,
  );
  return isKept ? kept : null;
}

const OWN_AXES: Transformation = {
  basisRows: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  originShift: [0, 0, 0],
};

/** B of a site; of a mixed one whose elements differ, their mean. */
function meanB({ species, bIsoAngstrom2 }: Site): number | undefined {
  const stated = species.flatMap((one) => one.bIsoAngstrom2 ?? bIsoAngstrom2 ?? []);
  return stated.length < species.length
    ? undefined
    : stated.reduce((sum, b) => sum + b, 0) / stated.length;
}

/** The largest change of a coordinate or, as a fraction, of an edge between a structure and what is written of it. */
function changeOf(
  structure: Structure,
  written: Structure,
  { basisRows, originShift }: Transformation,
): number {
  const metric = multiply(
    multiply(basisRows, metricTensor(structure.lattice)),
    transpose(basisRows),
  );
  const writtenMetric = metricTensor(written.lattice);
  let most = 0;
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const change = writtenMetric[i]![j]! - metric[i]![j]!;
      const edges = Math.sqrt(metric[i]![i]! * metric[j]![j]!);
      most = Math.max(most, Math.abs(change / edges) / 2);
    }
  for (const site of written.sites) {
    if (most > LARGEST_CHANGE) break;
    const place = vectorTimesMatrix(site.frac, basisRows).map((x, i) => x + originShift[i]!);
    most = Math.max(most, distanceToNearest(structure, site, place as unknown as Vec3));
  }
  return most;
}

/** Largest difference of a coordinate to the nearest site that holds the same; 1 where there is none. */
function distanceToNearest({ sites }: Structure, { species }: Site, place: Vec3): number {
  let nearest = 1;
  for (const site of sites) {
    if (!holdsSame(site.species, species)) continue;
    let largest = 0;
    for (let i = 0; i < 3; i++) {
      const off = place[i]! - site.frac[i]!;
      largest = Math.max(largest, Math.abs(off - Math.round(off)));
    }
    if (largest < nearest) nearest = largest;
  }
  return nearest;
}

function holdsSame(one: Site["species"], other: Site["species"]): boolean {
  return (
    one.length === other.length &&
    one.every(({ element, occupancy }) =>
      other.some((twin) => twin.element === element && Math.abs(twin.occupancy - occupancy) < 1e-3),
    )
  );
}
