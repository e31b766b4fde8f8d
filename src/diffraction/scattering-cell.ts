/**
 * A structure prepared for diffraction: its atoms grouped by what scatters the same (element or ion and displacement
 * parameter), in typed arrays. Every function of this folder that sums over atoms starts from here.
 */
import { cellVolume, reciprocalLattice } from "../crystal/lattice.ts";
import type { Structure } from "../crystal/structure.ts";
import { EwaldError } from "../errors.ts";
import type { Mat3 } from "../math/matrix3.ts";
import type { RadiationKind } from "../radiation/radiation.ts";
import {
  electronFormFactor,
  type FormFactor,
  type FormFactorTable,
  ionRow,
  xrayFormFactor,
} from "./form-factor.ts";
import { neutronLengthFm } from "./neutron.ts";

/** The anomalous part of an atom's form factor at one wavelength: f = f₀ + f' + i f''. */
export interface AnomalousFactor {
  /** f', electrons. */
  readonly real: number;
  /** f'', electrons. */
  readonly imaginary: number;
}

/** How atoms scatter. */
export interface ScatteringOptions {
  /** Default `"xray"`. */
  readonly radiation?: RadiationKind;
  /** X-ray table; default `"international-tables"`. */
  readonly formFactors?: FormFactorTable;
  /** Take the ion's row where a species states its oxidation; default false: neutral atoms. */
  readonly ions?: boolean;
  /** f' and f'' to add (X-rays only): `(element) => anomalousFactor(element, 1.28)` has Chantler's at 1.28 Å. */
  readonly anomalous?: (element: string) => AnomalousFactor;
  /** B = 8π²U in Å² per element; takes the place of the sites' own values. */
  readonly bIsoAngstrom2?: Readonly<Record<string, number>>;
}

/** Atoms that scatter alike: f(s²) = (form factor + f' + i f'') · exp(-B s²); a constant for neutrons. */
interface Scatterer {
  readonly element: string;
  /** `null` for neutrons, whose scattering does not depend on the angle. */
  readonly formFactor: FormFactor | null;
  /** Neutron length in fm, or f' of X-rays; 0 otherwise. */
  readonly constant: number;
  /** f'' */
  readonly imaginary: number;
  readonly bIsoAngstrom2: number;
}

export interface ScatteringCell {
  readonly reciprocal: Mat3;
  readonly volumeAngstrom3: number;
  readonly scatterers: readonly Scatterer[];
  /** Atoms of scatterer i are `start[i] ≤ j < start[i + 1]`. */
  readonly start: Int32Array;
  /** x, y, z of every atom, fractional; (atoms × 3). */
  readonly frac: Float64Array;
  readonly occupancy: Float64Array;
  /** Site of the structure that each atom came from, and its species there. */
  readonly site: Int32Array;
  readonly species: Int32Array;
}

/** Largest |B| that is still a displacement and not a unit mistake, Å². */
const LARGEST_B_ANGSTROM2 = 1000;

interface Group {
  readonly charge: number;
  readonly scatterer: Scatterer;
  atoms: number;
}

/**
 * @throws EwaldError `scattering/no-atoms`, `scattering/displacement`, and what the tables throw for elements they lack.
 */
export function scatteringCell(
  structure: Structure,
  options: ScatteringOptions = {},
): ScatteringCell {
  const { sites } = structure;
  const groups: Group[] = [];
  const groupOfAtom: number[] = [];
  for (const { species, bIsoAngstrom2 } of sites) {
    for (const { element, oxidation, bIsoAngstrom2: own } of species) {
      const charge = options.ions === true ? (oxidation ?? 0) : 0;
      const b = options.bIsoAngstrom2?.[element] ?? own ?? bIsoAngstrom2 ?? 0;
      const group = groupFor(groups, element, charge, b, options);
      groups[group]!.atoms++;
      groupOfAtom.push(group);
    }
  }
  const atoms = groupOfAtom.length;
  if (atoms === 0) {
    throw new EwaldError("scattering/no-atoms", "the structure has no atoms", {
      hint: "Give a structure with at least one site.",
    });
  }
  const start = new Int32Array(groups.length + 1);
  for (let i = 0; i < groups.length; i++) start[i + 1] = start[i]! + groups[i]!.atoms;
  const next = start.slice();
  const cell: ScatteringCell = {
    reciprocal: reciprocalLattice(structure.lattice),
    volumeAngstrom3: cellVolume(structure.lattice),
    scatterers: groups.map((group) => group.scatterer),
    start,
    frac: new Float64Array(3 * atoms),
    occupancy: new Float64Array(atoms),
    site: new Int32Array(atoms),
    species: new Int32Array(atoms),
  };
  let atom = 0;
  for (let site = 0; site < sites.length; site++) {
    const { frac, species } = sites[site]!;
    for (let which = 0; which < species.length; which++) {
      const at = next[groupOfAtom[atom++]!]!++;
      cell.frac[3 * at] = frac[0];
      cell.frac[3 * at + 1] = frac[1];
      cell.frac[3 * at + 2] = frac[2];
      cell.occupancy[at] = species[which]!.occupancy;
      cell.site[at] = site;
      cell.species[at] = which;
    }
  }
  return cell;
}

/** Index of the group of atoms that scatter like this one; a new group where there is none. */
function groupFor(
  groups: Group[],
  element: string,
  charge: number,
  b: number,
  options: ScatteringOptions,
): number {
  for (let i = 0; i < groups.length; i++) {
    const { scatterer, charge: other } = groups[i]!;
    const isSame = scatterer.element === element && scatterer.bIsoAngstrom2 === b;
    if (isSame && other === charge) return i;
  }
  const scatterer = scattererOf(element, charge, b, options);
  return groups.push({ charge, scatterer, atoms: 0 }) - 1;
}

function scattererOf(
  element: string,
  charge: number,
  bIsoAngstrom2: number,
  options: ScatteringOptions,
): Scatterer {
  if (!(Math.abs(bIsoAngstrom2) <= LARGEST_B_ANGSTROM2)) {
    throw new EwaldError(
      "scattering/displacement",
      `displacement parameter B = ${bIsoAngstrom2} Å² of ${element} is no displacement`,
      { value: bIsoAngstrom2, unit: "Å²", hint: "Give B = 8π²U in Å²." },
    );
  }
  const scatterer = {
    element,
    formFactor: null as FormFactor | null,
    constant: 0,
    imaginary: 0,
    bIsoAngstrom2,
  };
  const kind = options.radiation ?? "xray";
  if (kind === "neutron") scatterer.constant = neutronLengthFm(element);
  else if (kind === "electron") scatterer.formFactor = electronFormFactor(element);
  else scatterer.formFactor = xrayRow(element, options.formFactors ?? DEFAULT_TABLE, charge);
  if (kind === "xray" && options.anomalous !== undefined) {
    const { real, imaginary } = options.anomalous(element);
    scatterer.constant = real;
    scatterer.imaginary = imaginary;
  }
  return scatterer;
}

const DEFAULT_TABLE: FormFactorTable = "international-tables";

/** Rows never change: remembered, so that a stream of structures shares them (and the grids made of them). */
const xrayRows = new Map<FormFactorTable, Map<string, FormFactor>>();

function xrayRow(element: string, table: FormFactorTable, charge: number): FormFactor {
  let rows = xrayRows.get(table);
  if (rows === undefined) xrayRows.set(table, (rows = new Map<string, FormFactor>()));
  const key = ionRow(element, charge);
  let factor = rows.get(key);
  if (factor === undefined) rows.set(key, (factor = xrayFormFactor(element, table, charge)));
  return factor;
}

/** @throws EwaldError `scattering/range` where g (1/Å) goes beyond the fit of a form factor: g = 2s. */
export function checkFormFactorRange(cell: ScatteringCell, gMaxInvAngstrom: number): void {
  for (const { formFactor } of cell.scatterers) {
    if (formFactor === null || gMaxInvAngstrom / 2 <= formFactor.sMaxInvAngstrom) continue;
    const { row, sMaxInvAngstrom } = formFactor;
    throw new EwaldError(
      "scattering/range",
      `sinθ/λ = ${(gMaxInvAngstrom / 2).toFixed(3)} 1/Å is beyond the table of ${row}, which ends at ${sMaxInvAngstrom} 1/Å`,
      {
        value: gMaxInvAngstrom / 2,
        unit: "1/Å",
        hint: "Narrow the range of angles, or for X-rays use the table waasmaier-kirfel (to 6 1/Å).",
      },
    );
  }
}
