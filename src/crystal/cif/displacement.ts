/**
 * Equivalent isotropic displacement B = 8π²U_eq, Å², of atoms that a CIF describes by a tensor:
 * U_eq = ⅓ Σᵢⱼ Uᵢⱼ a*ᵢ a*ⱼ aᵢ·aⱼ (Trueblood et al. 1996, Acta Cryst. A52, 770, equation 1.3.2 of the core
 * dictionary's U_equiv); B and β tensors (β = 2π² U a*ᵢ a*ⱼ) likewise.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import type { CifBlock, CifColumn } from "../../formats/cif-document.ts";
import { type Mat3, norm } from "../../math/matrix3.ts";
import type { CifItems } from "./tags.ts";
import { metricTensor, reciprocalLattice } from "../lattice.ts";

const ELEMENTS = ["11", "22", "33", "12", "13", "23"] as const;
const EIGHT_PI2 = 8 * Math.PI ** 2;

/** B by label. A tensor that cannot be read is passed over with a warning: positions do not depend on it. */
export function displacementsByLabel(
  block: CifBlock,
  items: CifItems,
  lattice: Mat3,
  warnings: Warning[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const label = items.column("_atom_site_aniso_label");
  if (label === undefined || block.columns.size === 0) return found;
  const kinds = [
    { tag: "U", toB: EIGHT_PI2 / 3, reciprocal: true },
    { tag: "B", toB: 1 / 3, reciprocal: true },
    { tag: "beta", toB: 4 / 3, reciprocal: false },
  ];
  for (const { tag, toB, reciprocal } of kinds) {
    const columns = ELEMENTS.map((element) => items.column(`_atom_site_aniso_${tag}_${element}`));
    if (columns.some((column) => column === undefined || column.length !== label.length)) continue;
    const weights = tensorWeights(lattice, reciprocal);
    try {
      readTensors(label, columns as CifColumn[], weights, toB, found);
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      warnings.push({
        code: "cif/displacement",
        message: `anisotropic displacements are passed over: ${error.message}`,
        ...label.position(0),
      });
    }
    break;
  }
  return found;
}

function readTensors(
  label: CifColumn,
  columns: readonly CifColumn[],
  weights: readonly number[],
  toB: number,
  found: Map<string, number>,
): void {
  for (let row = 0; row < label.length; row += 1) {
    const name = label.string(row)?.trim();
    if (name === undefined) continue;
    let sum = 0;
    for (const [index, column] of columns.entries()) {
      sum += (column.number(row)?.value ?? Number.NaN) * weights[index]!;
    }
    if (Number.isFinite(sum)) found.set(name, sum * toB);
  }
}

/** Weights with which U11, U22, U33, U12, U13, U23 add to the trace. */
function tensorWeights(lattice: Mat3, reciprocal: boolean): number[] {
  const metric = metricTensor(lattice);
  const lengths = reciprocalLattice(lattice).map((row) => (reciprocal ? norm(row) : 1));
  return ELEMENTS.map((element) => {
    const i = Number(element[0]) - 1;
    const j = Number(element[1]) - 1;
    return (i === j ? 1 : 2) * lengths[i]! * lengths[j]! * metric[i]![j]!;
  });
}
