/**
 * The columns of a structure table and what the library calls them. Cell, species and coordinates are
 * required; everything else may be absent. Units stand in the library's names.
 */
import type { ColumnSpec } from "./parquet.ts";

/** Columns every structure table shares. `lattice` is a, b, c (Å), alpha, beta, gamma (°). */
export const STRUCTURE_COLUMNS = {
  material_id: "string",
  source: "string?",
  formula: "string?",
  formula_anonymous: "string?",
  lattice: "numbers",
  species: "strings",
  frac_coords: "numbers",
  /** One per entry of `species`; absent where every site is full. */
  occupancies: "numbers?",
  /** Hall symbol of the space group that the source states, in the axes of this cell. */
  space_group_stated: "string?",
  space_group: "integer?",
  space_group_tight: "integer?",
  crystal_system: "string?",
  pearson: "string?",
  structure_type: "string?",
  n_inequivalent_sites: "integer?",
  in_icsd: "boolean?",
  split: "string?",
} as const satisfies Record<string, ColumnSpec>;

export interface LabelColumn {
  /** Column in the file. */
  readonly column: string;
  /** Unit as printed; "" for plain numbers. */
  readonly unit: string;
  readonly title: string;
}

/** Library name of a label → its column. */
export const LABEL_COLUMNS = {
  formationEnergyEvPerAtom: { column: "formation_energy_per_atom", unit: "eV/atom", title: "formation energy" },
  bandGapEv: { column: "band_gap", unit: "eV", title: "band gap" },
  energyAboveHullEvPerAtom: { column: "e_above_hull", unit: "eV/atom", title: "energy above hull" },
  bulkModulusGpa: { column: "bulk_modulus", unit: "GPa", title: "bulk modulus" },
  shearModulusGpa: { column: "shear_modulus", unit: "GPa", title: "shear modulus" },
  poissonRatio: { column: "poisson_ratio", unit: "", title: "Poisson ratio" },
  debyeTemperatureK: { column: "debye_temperature", unit: "K", title: "Debye temperature" },
  thermalConductivityWPerMK: { column: "thermal_conductivity", unit: "W/(m K)", title: "thermal conductivity" },
  thermalExpansionPerK: { column: "thermal_expansion", unit: "1/K", title: "thermal expansion" },
  heatOfFormationReferenceRelative: { column: "heat_ref", unit: "", title: "heat of formation (reference phases; scale of the source)" },
  heatOfFormationAllRelative: { column: "heat_all", unit: "", title: "heat of formation (all phases; scale of the source)" },
  directGapEv: { column: "dir_gap", unit: "eV", title: "direct gap" },
  indirectGapEv: { column: "ind_gap", unit: "eV", title: "indirect gap" },
} as const satisfies Record<string, LabelColumn>;

/** Values that a source cannot mean: outside [min, max]; `open` excludes the lower end itself. */
export const LABEL_LIMITS: Partial<Record<keyof typeof LABEL_COLUMNS, { readonly min: number; readonly max: number; readonly open?: boolean }>> = {
  bulkModulusGpa: { min: 0, max: 500, open: true },
  shearModulusGpa: { min: 0, max: 500, open: true },
  poissonRatio: { min: -1, max: 0.5 },
  bandGapEv: { min: 0, max: 30 },
  directGapEv: { min: 0, max: 30 },
  indirectGapEv: { min: 0, max: 30 },
  formationEnergyEvPerAtom: { min: -10, max: 10 },
  debyeTemperatureK: { min: 0, max: 3000, open: true },
  thermalConductivityWPerMK: { min: 0, max: 5000, open: true },
};
