/**
 * Structure factors with phases, F(hkl) = Σⱼ oⱼ fⱼ exp(-Bⱼ s²) exp(2πi h·xⱼ), s = 1/2d, and their derivatives to every atom's
 * coordinates, occupancy and B. Exact form factors, any list of hkl; `powder.ts` has its own faster loop for whole patterns.
 */
import type { Structure } from "../crystal/structure.ts";
import { norm, type Vec3, vectorTimesMatrix } from "../math/matrix3.ts";
import { evaluateFormFactor } from "./form-factor.ts";
import {
  checkFormFactorRange,
  type ScatteringCell,
  scatteringCell,
  type ScatteringOptions,
} from "./scattering-cell.ts";

/** Complex numbers as two columns. Units: electrons for X-rays, fm for neutrons, Å for electrons. */
export interface ComplexColumn {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export interface StructureFactors extends ComplexColumn {
  readonly count: number;
}

/**
 * ∂F/∂parameter for every atom (site and species); each (reflections × atoms). Atoms are ordered as `site` and `species` say.
 */
export interface StructureFactorDerivatives extends StructureFactors {
  readonly atoms: number;
  readonly site: Int32Array;
  readonly species: Int32Array;
  /** Per unit of fractional coordinate. */
  readonly x: ComplexColumn;
  readonly y: ComplexColumn;
  readonly z: ComplexColumn;
  readonly occupancy: ComplexColumn;
  /** Per Å². */
  readonly bIso: ComplexColumn;
}

/** hkl as rows of three, or as the columns of {@link Reflections}. */
export type HklList = readonly Vec3[] | Int32Array;

function hklAt(hkls: HklList, i: number): Vec3 {
  return hkls instanceof Int32Array ? [hkls[3 * i]!, hkls[3 * i + 1]!, hkls[3 * i + 2]!] : hkls[i]!;
}

function countOf(hkls: HklList): number {
  return hkls instanceof Int32Array ? hkls.length / 3 : hkls.length;
}

function complexColumn(length: number): ComplexColumn {
  return { real: new Float64Array(length), imaginary: new Float64Array(length) };
}

/**
 * The structure factor F of every hkl.
 * @throws EwaldError `scattering/…` for elements or ranges that the tables lack.
 */
export function structureFactors(
  structure: Structure,
  hkls: HklList,
  options: ScatteringOptions = {},
): StructureFactors {
  const cell = scatteringCell(structure, options);
  const out = { count: countOf(hkls), ...complexColumn(countOf(hkls)) };
  forEachTerm(cell, hkls, (i, _atom, _hkl, _s2, re, im) => {
    out.real[i]! += re;
    out.imaginary[i]! += im;
  });
  return out;
}

/** F of every hkl with its derivatives to every atom. Throws as {@link structureFactors}. */
export function structureFactorDerivatives(
  structure: Structure,
  hkls: HklList,
  options: ScatteringOptions = {},
): StructureFactorDerivatives {
  const cell = scatteringCell(structure, options);
  const count = countOf(hkls);
  const atoms = cell.occupancy.length;
  const columns = (): ComplexColumn => complexColumn(count * atoms);
  const out = {
    count,
    atoms,
    site: cell.site,
    species: cell.species,
    ...complexColumn(count),
    x: columns(),
    y: columns(),
    z: columns(),
    occupancy: columns(),
    bIso: columns(),
  };
  const axes = [out.x, out.y, out.z] as const;
  forEachTerm(cell, hkls, (i, atom, hkl, s2, re, im) => {
    const at = i * atoms + atom;
    out.real[i]! += re;
    out.imaginary[i]! += im;
    axes.forEach((column, axis) => {
      const factor = 2 * Math.PI * hkl[axis]!;
      column.real[at] = -factor * im;
      column.imaginary[at] = factor * re;
    });
    out.occupancy.real[at] = re / cell.occupancy[atom]!;
    out.occupancy.imaginary[at] = im / cell.occupancy[atom]!;
    out.bIso.real[at] = -s2 * re;
    out.bIso.imaginary[at] = -s2 * im;
  });
  return out;
}

/** Calls `use` with every atom's term of every reflection. */
function forEachTerm(
  cell: ScatteringCell,
  hkls: HklList,
  use: (i: number, atom: number, hkl: Vec3, s2: number, real: number, imaginary: number) => void,
): void {
  const count = countOf(hkls);
  for (let i = 0; i < count; i++) {
    const hkl = hklAt(hkls, i);
    const g = norm(vectorTimesMatrix(hkl, cell.reciprocal));
    checkFormFactorRange(cell, g);
    const s2 = (g * g) / 4;
    cell.scatterers.forEach(({ formFactor, constant, imaginary, bIsoAngstrom2 }, kind) => {
      const damping = Math.exp(-bIsoAngstrom2 * s2);
      const f = (formFactor === null ? 0 : evaluateFormFactor(formFactor, s2)) + constant;
      for (let atom = cell.start[kind]!; atom < cell.start[kind + 1]!; atom++) {
        const [x, y, z] = [
          cell.frac[3 * atom]!,
          cell.frac[3 * atom + 1]!,
          cell.frac[3 * atom + 2]!,
        ];
        const angle = 2 * Math.PI * (hkl[0] * x + hkl[1] * y + hkl[2] * z);
        const weight = cell.occupancy[atom]! * damping;
        const cos = weight * Math.cos(angle);
        const sin = weight * Math.sin(angle);
        use(i, atom, hkl, s2, f * cos - imaginary * sin, f * sin + imaginary * cos);
      }
    });
  }
}
