/**
 * Centres of inversion, for speed alone: measured from one, every F is a sum of cosines over half of the atoms, a quarter of
 * the work (two crystals in three of a large collection have one). Positions that pair up only within the tolerance are
 * replaced by their symmetric mean, which changes |F|² by (2π h δ)², under 10⁻⁶ of the strongest for δ = 10⁻⁵.
 */
import type { ScatteringCell } from "./scattering-cell.ts";

/** Fractional coordinates this close are the same. */
const TOLERANCE = 1e-5;

/** The same crystal with half of the atoms: F = Σ 2·occupancy·f·cos 2πh·x, 1 instead of 2 for atoms on the centre. */
export interface CentricCell extends ScatteringCell {
  readonly isCentric: true;
}

/** The cell seen from a centre of inversion, each pair of atoms as one of twice the weight; `null` where there is none. */
export function centricCell(cell: ScatteringCell): CentricCell | null {
  const { start, frac, scatterers } = cell;
  // Candidates come from the rarest scatterer: the centre maps its first atom on one of its atoms.
  let rarest = 0;
  for (let kind = 1; kind < scatterers.length; kind++) {
    if (start[kind + 1]! - start[kind]! < start[rarest + 1]! - start[rarest]!) rarest = kind;
  }
  const first = start[rarest]!;
  const partner = new Int32Array(cell.occupancy.length);
  for (let other = first; other < start[rarest + 1]!; other++) {
    const x = frac[3 * first]! + frac[3 * other]!;
    const y = frac[3 * first + 1]! + frac[3 * other + 1]!;
    const z = frac[3 * first + 2]! + frac[3 * other + 2]!;
    if (pairUp(cell, x, y, z, partner)) return halved(cell, x / 2, y / 2, z / 2, partner);
  }
  return null;
}

/** Distance of a number from the nearest integer. */
function offWhole(value: number): number {
  return Math.abs(value - Math.round(value));
}

/** True where every atom has one of its kind at (x y z) minus its own position; fills `partner`. */
function pairUp(
  { start, frac, occupancy, scatterers }: ScatteringCell,
  x: number,
  y: number,
  z: number,
  partner: Int32Array,
): boolean {
  partner.fill(-1);
  for (let kind = 0; kind < scatterers.length; kind++) {
    const end = start[kind + 1]!;
    for (let i = start[kind]!; i < end; i++) {
      if (partner[i]! >= 0) continue;
      const wantX = x - frac[3 * i]!;
      const wantY = y - frac[3 * i + 1]!;
      const wantZ = z - frac[3 * i + 2]!;
      let found = -1;
      for (let j = i; j < end && found < 0; j++) {
        if (partner[j]! >= 0 || occupancy[j] !== occupancy[i]) continue;
        if (offWhole(frac[3 * j]! - wantX) > TOLERANCE) continue;
        if (offWhole(frac[3 * j + 1]! - wantY) > TOLERANCE) continue;
        if (offWhole(frac[3 * j + 2]! - wantZ) > TOLERANCE) continue;
        found = j;
      }
      if (found < 0) return false;
      partner[i] = found;
      partner[found] = i;
    }
  }
  return true;
}

function halved(
  cell: ScatteringCell,
  centreX: number,
  centreY: number,
  centreZ: number,
  partner: Int32Array,
): CentricCell {
  const centre = [centreX, centreY, centreZ];
  const kinds = cell.scatterers.length;
  const start = new Int32Array(kinds + 1);
  const kept: number[] = [];
  for (let kind = 0; kind < kinds; kind++) {
    for (let i = cell.start[kind]!; i < cell.start[kind + 1]!; i++)
      if (partner[i]! >= i) kept.push(i);
    start[kind + 1] = kept.length;
  }
  const frac = new Float64Array(3 * kept.length);
  const occupancy = new Float64Array(kept.length);
  for (let at = 0; at < kept.length; at++) {
    const i = kept[at]!;
    const mate = partner[i]!;
    occupancy[at] = (mate === i ? 1 : 2) * cell.occupancy[i]!;
    for (let axis = 0; axis < 3; axis++) {
      const own = cell.frac[3 * i + axis]! - centre[axis]!;
      const other = cell.frac[3 * mate + axis]! - centre[axis]!;
      // other = -own + a whole number, but for noise: take the mean of own and its mirror image.
      frac[3 * at + axis] = (own - other + Math.round(own + other)) / 2;
    }
  }
  return { ...cell, start, frac, occupancy, isCentric: true };
}
