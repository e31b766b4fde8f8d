/** Builds the structures whose facts `prototypes.table.ts` lists. Needs `await loadSymmetry()` first. */
import { EwaldError } from "../../errors.ts";
import {
  type Mat3,
  type Vec3,
  multiplyVector,
  norm,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import { cellOfFree } from "../free-cell.ts";
import { latticeFromParameters } from "../lattice.ts";
import { PROTOTYPES, type Prototype } from "./prototypes.table.ts";
import {
  compactSymbol,
  crystalSystemOf,
  spaceGroupOperations,
  spaceGroupSettings,
  standardHallNumber,
} from "../symmetry/space-group.ts";
import type { Site, Structure } from "../structure.ts";

/** Images closer than this are one atom: the tables round coordinates to 1e-4 or so. */
const SAME_SITE_ANGSTROM = 0.02;

function hallNumberOf({ id, spaceGroup, setting }: Prototype): number {
  if (setting === undefined || setting === "international")
    return standardHallNumber(spaceGroup, setting);
  const found = spaceGroupSettings(spaceGroup).find(
    ({ symbolShort, symbolFull }) =>
      compactSymbol(symbolShort) === compactSymbol(setting) ||
      compactSymbol(symbolFull) === compactSymbol(setting),
  );
  if (found === undefined) {
    throw new EwaldError("prototype/setting", `prototype ${id}: no setting "${setting}"`, {
      value: setting,
    });
  }
  return found.hallNumber;
}

/** "1/3" or "0.25" */
function coordinate(text: string): number {
  const [over, under] = text.split("/");
  return Number(over) / Number(under ?? 1);
}

function parseSites({ id, sites }: Prototype): { element: string; frac: Vec3 }[] {
  return sites.split(",").map((text) => {
    const [element, ...rest] = text.trim().split(/\s+/);
    const frac = rest.map(coordinate);
    if (element === undefined || frac.length !== 3 || !frac.every(Number.isFinite))
      throw new EwaldError("prototype/site", `prototype ${id}: "${text}"`, { value: text });
    return { element, frac: frac as unknown as Vec3 };
  });
}

/** All distinct images of a point, coordinates in [0, 1). */
function orbit(
  frac: Vec3,
  operations: ReturnType<typeof spaceGroupOperations>,
  lattice: Mat3,
): Vec3[] {
  const images: Vec3[] = [];
  for (const { rotation, translation } of operations) {
    const moved = multiplyVector(rotation, frac).map((x, axis) => {
      const inside = x + (translation[axis] as number);
      return inside - Math.floor(inside + 1e-9);
    }) as unknown as Vec3;
    const isNew = images.every((other) => {
      const apart = moved.map((x, axis) => {
        const d = x - (other[axis] as number);
        return d - Math.round(d);
      }) as unknown as Vec3;
      return norm(vectorTimesMatrix(apart, lattice)) > SAME_SITE_ANGSTROM;
    });
    if (isNew) images.push(moved);
  }
  return images;
}

/**
 * The whole conventional cell of a prototype, in the setting of the table.
 *
 * @throws EwaldError `prototype/setting`, `prototype/site`, `symmetry/not-loaded`
 */
export function prototypeStructure(prototype: Prototype): Structure {
  const lattice = latticeFromParameters(
    cellOfFree(crystalSystemOf(prototype.spaceGroup), prototype.cell),
  );
  const operations = spaceGroupOperations({ hallNumber: hallNumberOf(prototype) });
  const sites = parseSites(prototype).flatMap(({ element, frac }) =>
    orbit(frac, operations, lattice).map((image): Site => ({
      species: [{ element, occupancy: 1 }],
      frac: image,
    })),
  );
  return { lattice, sites };
}

const byId = new Map(PROTOTYPES.map((prototype) => [prototype.id, prototype]));

/** @throws EwaldError `prototype/unknown` */
export function prototypeById(id: string): Prototype {
  const prototype = byId.get(id);
  if (prototype === undefined)
    throw new EwaldError("prototype/unknown", `no prototype "${id}"`, { value: id });
  return prototype;
}
