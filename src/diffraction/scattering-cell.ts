/**
 * A structure prepared for diffraction: its atoms grouped by what scatters the same (element or ion and displacement
 * parameter), in typed arrays. Every function of this folder that sums over atoms starts from here.
 */
import { type Structure, cellVolume, reciprocalLattice } from "../crystal/index.ts";
import { EwaldError } from "../errors.ts";
import type { Mat3 } from "../math/index.ts";
import type { RadiationKind } from "../radiation/index.ts";
import { anomalousFactor } from "./anomalous.ts";
import {
  type FormFactor,
  type FormFactorTable,
  electronFormFactor,
  xrayFormFactor,
} from "./form-factor.ts";
import { neutronLengthFm } from "./neutron.ts";

/** How atoms scatter. */
export interface ScatteringOptions {
  /** Default `"xray"`. */
  readonly radiation?: RadiationKind;
  /** X-ray table; default `"international-tables"`. */
  readonly formFactors?: FormFactorTable;
  /** Take the ion's row where a species states its oxidation; default false: neutral atoms. */
  readonly ions?: boolean;
  /** Add f' and f'' at this wavelength, Å (X-rays only). */
  readonly anomalousAtAngstrom?: number;
  /** B = 8π²U in Å² per element; takes the place of the sites' own values. */
  readonly bIsoAngstrom2?: Readonly<Record<string, number>>;
}

/** Atoms that scatter alike: f(s²) = (form factor + f' + i f'') · exp(-B s²); a constant for neutrons. */
export interface Scatterer {
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

/**
 * @throws EwaldError `scattering/no-atoms`, `scattering/displacement`, and what the tables throw for elements they lack.
 */
export function scatteringCell(
  structure: Structure,
  options: ScatteringOptions = {},
): ScatteringCell {
  const groups = new Map<string, { scatterer: Scatterer; atoms: number[] }>();
  const flat: {
    x: number;
    y: number;
    z: number;
    occupancy: number;
    site: number;
    species: number;
  }[] = [];
  structure.sites.forEach((site, siteIndex) => {
    site.species.forEach((species, speciesIndex) => {
      const { element, occupancy } = species;
      const charge = options.ions === true ? (species.oxidation ?? 0) : 0;
      const b = options.bIsoAngstrom2?.[element] ?? site.bIsoAngstrom2 ?? 0;
      const key = `${element}|${charge}|${b}`;
      let group = groups.get(key);
      if (group === undefined) {
        group = { scatterer: scattererOf(element, charge, b, options), atoms: [] };
        groups.set(key, group);
      }
      const [x, y, z] = site.frac;
      group.atoms.push(flat.length);
      flat.push({ x, y, z, occupancy, site: siteIndex, species: speciesIndex });
    });
  });
  if (flat.length === 0) {
    throw new EwaldError("scattering/no-atoms", "the structure has no atoms", {
      hint: "Give a structure with at least one site.",
    });
  }
  const ordered = [...groups.values()];
  const atoms = ordered.flatMap((group) => group.atoms.map((index) => flat[index]!));
  const start = new Int32Array(ordered.length + 1);
  ordered.forEach((group, i) => (start[i + 1] = start[i]! + group.atoms.length));
  return {
    reciprocal: reciprocalLattice(structure.lattice),
    volumeAngstrom3: cellVolume(structure.lattice),
    scatterers: ordered.map((group) => group.scatterer),
    start,
    frac: Float64Array.from(atoms.flatMap(({ x, y, z }) => [x, y, z])),
    occupancy: Float64Array.from(atoms, (atom) => atom.occupancy),
    site: Int32Array.from(atoms, (atom) => atom.site),
    species: Int32Array.from(atoms, (atom) => atom.species),
  };
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
  const kind = options.radiation ?? "xray";
  const base = { element, constant: 0, imaginary: 0, bIsoAngstrom2 };
  if (kind === "neutron") {
    return { ...base, formFactor: null, constant: neutronLengthFm(element) };
  }
  if (kind === "electron") return { ...base, formFactor: electronFormFactor(element) };
  const formFactor = cachedXrayFormFactor(
    element,
    options.formFactors ?? "international-tables",
    charge,
  );
  if (options.anomalousAtAngstrom === undefined) return { ...base, formFactor };
  const { real, imaginary } = anomalousFactor(element, options.anomalousAtAngstrom);
  return { ...base, formFactor, constant: real, imaginary };
}

/** Rows never change: remembered, so that a stream of structures shares them (and the tables made of them). */
const xrayRows = new Map<string, FormFactor>();

function cachedXrayFormFactor(element: string, table: FormFactorTable, charge: number): FormFactor {
  const key = `${table}|${element}|${charge}`;
  let factor = xrayRows.get(key);
  if (factor === undefined) {
    factor = xrayFormFactor(element, table, charge);
    xrayRows.set(key, factor);
  }
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
