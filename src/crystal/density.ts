/** Mass density of a structure, from its cell and standard atomic weights. */
import { compositionOf, molarMassGPerMol } from "./composition/composition.ts";
import { cellVolume } from "./lattice.ts";
import type { Structure } from "./structure.ts";

/** Mass of one unified atomic mass unit, 10⁻²⁴ g (CODATA 2018): u/Å³ in g/cm³. */
const G_PER_CM3_OF_U_PER_ANGSTROM3 = 1.6605390666;

/**
 * The density of a structure in g/cm³. Partial occupancies count as such, deuterium as deuterium.
 * @throws EwaldError `composition/empty` for a cell without atoms, `element/unknown`
 */
export function massDensityGPerCm3(structure: Structure): number {
  const mass = molarMassGPerMol(compositionOf(structure));
  return (G_PER_CM3_OF_U_PER_ANGSTROM3 * mass) / cellVolume(structure.lattice);
}
