/** The lines of a phase drawn over the points of a scan, and how the curve changes with every parameter. */
import type { CellParameters } from "../../diffraction/line-list.ts";
import {
  reciprocalOf,
  squaredLengths,
  squaredLengthSlopes,
} from "../../diffraction/line-places.ts";
import { marchDollase, marchDollaseSlope } from "../../diffraction/texture.ts";
import {
  addLine,
  addLineChange,
  type Line,
  type LineChange,
  type LineSlopes,
  lineSlopes,
} from "../../math/pseudo-voigt.ts";
import { twoThetaDegOfG, twoThetaDegPerG2 } from "../../radiation/angles.ts";
import type { Frame, FramedPhase } from "./frame.ts";
import { cellAt, type Layout, type PhasePlaces, SHARED } from "./parameters.ts";
import { shapeAt, shapeSlopesAt, STRAIN_DEG, times } from "./widths.ts";

/** A line with one wavelength, or a part of it, as it is drawn. */
export interface DrawnLine extends Line {
  /** Among the drawn lines of its phase. */
  readonly at: number;
  /** Which wavelength. */
  readonly s: number;
  readonly g2: number;
  readonly reach: number;
  /** Derivative of its place to the axial divergence. */
  readonly perAxial: number;
}

/** Calls `use` with every line of a phase, part by part, at scale 1. */
export function forEachLine(
  frame: Frame,
  framed: FramedPhase,
  places: PhasePlaces,
  p: ArrayLike<number>,
  use: (line: DrawnLine) => void,
): void {
  const g2 = squaredLengths(framed.hkl, reciprocalOf(cellAt(framed.phase, places, p)));
  for (let at = 0; at < g2.length; at++) {
    const shape = shapeAt(p, places, framed.angles[at]!);
    const shift = framed.fixedShiftDeg[at]! + p[SHARED.shift]! * framed.perShift[at]!;
    const factor =
      Math.exp((-p[places.b]! * g2[at]!) / 2) * textureOf(framed, at, p[places.march]!);
    const reach = frame.reachOf(shape.eta);
    for (const [s, wavelength] of frame.wavelengths.entries()) {
      const position = twoThetaDegOfG(Math.sqrt(g2[at]!), wavelength) + shift;
      // A cell that grows smaller may bring a line beyond 180°.
      if (Number.isNaN(position)) continue;
      const parts = framed.parts[at]!;
      const area = (framed.strength[s]![at]! * factor) / parts.length;
      for (const part of parts) {
        const perAxial = framed.perAxial[at]! * part;
        const place = position + p[SHARED.axial]! * perAxial;
        use({ ...shape, position: place, area, at, s, g2: g2[at]!, reach, perAxial });
      }
    }
  }
}

/** Mean of March and Dollase's factor (or its slope) over the equivalents of a line; 1 without texture. */
function textureOf(
  { cosSquared }: FramedPhase,
  at: number,
  r: number,
  weight = marchDollase,
): number {
  const angles = cosSquared[at];
  if (angles === undefined) return 1;
  return angles.reduce((sum, cos2) => sum + weight(cos2, r), 0) / angles.length;
}

/** Fills `out` with a phase at scale 1. */
export function drawPhase(
  out: Float64Array,
  frame: Frame,
  framed: FramedPhase,
  places: PhasePlaces,
  p: ArrayLike<number>,
): void {
  out.fill(0);
  forEachLine(frame, framed, places, p, (line) => addLine(out, frame.x, line, line.reach));
}

/** Derivatives of the whole curve: the columns of the free parameters, by their places; others are null. */
export type Columns = readonly (Float64Array | null)[];

/** Adds a phase's derivatives to the columns. */
export function addSlopes(
  columns: Columns,
  frame: Frame,
  which: number,
  layout: Layout,
  p: ArrayLike<number>,
  scale: number,
  slopes: LineSlopes,
): void {
  if (scale === 0) return;
  const framed = frame.phases[which]!;
  const places = layout.places[which]!;
  const cell = cellAt(framed.phase, places, p);
  const byCell = cellSlopes(framed, cell);
  // By line: its parts and wavelengths share them.
  const byShape = framed.angles.map((angles) => shapeSlopesAt(p, places, angles));
  const byTexture = columns[places.march] ? textureSlopes(framed, p[places.march]!) : null;
  forEachLine(frame, framed, places, p, (line) => {
    const { at, s, g2 } = line;
    const area = line.area * scale;
    lineSlopes(slopes, frame.x, { ...line, area }, line.reach);
    const add = (place: number, by: LineChange): void => {
      const column = columns[place];
      if (column) addLineChange(column, slopes, by);
    };
    const { tan, perCos } = framed.angles[at]!;
    const { byGauss2, byLorentz } = byShape[at]!;
    add(SHARED.shift, { position: framed.perShift[at]! });
    add(SHARED.axial, { position: line.perAxial });
    add(SHARED.u, times(byGauss2, tan * tan));
    add(SHARED.v, times(byGauss2, tan));
    add(SHARED.w, byGauss2);
    add(places.size, times(byLorentz, perCos));
    add(places.strain, times(byLorentz, STRAIN_DEG * tan));
    add(places.b, { area: (-area * g2) / 2 });
    if (byTexture !== null) add(places.march, { area: area * byTexture[at]! });
    const perG2 = twoThetaDegPerG2((g2 * frame.wavelengths[s]! ** 2) / 4, frame.wavelengths[s]!);
    for (const [j, column] of byCell.entries())
      add(places.cell + j, {
        position: perG2 * column[at]!,
        area: (-area * p[places.b]! * column[at]!) / 2,
      });
  });
}

/** Relative change of each line's height with the March parameter. */
function textureSlopes(framed: FramedPhase, r: number): Float64Array {
  return Float64Array.from(
    framed.angles,
    (_, at) => textureOf(framed, at, r, marchDollaseSlope) / textureOf(framed, at, r),
  );
}

/** ∂|g|² of each drawn line to each free parameter of the cell. */
function cellSlopes({ phase, hkl }: FramedPhase, cell: CellParameters): Float64Array[] {
  const all = squaredLengthSlopes(hkl, cell);
  const { edges, edgeOf, angles } = phase.freeCell;
  const groups = [
    ...edges.map((_, edge) => [0, 1, 2].filter((axis) => edgeOf[axis] === edge)),
    ...angles.map((at) => [at]),
  ];
  return groups.map((group) =>
    Float64Array.from({ length: hkl.length / 3 }, (_, i) =>
      group.reduce((sum, axis) => sum + all[6 * i + axis]!, 0),
    ),
  );
}
