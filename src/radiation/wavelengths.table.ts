/**
 * Characteristic X-ray lines, Å. `Ka` is the mean (2 Kα1 + Kα2)/3. The Cr, Fe, Co, Cu, Mo and Ag lines
 * are the 24 keys and values that pymatgen uses (materialsproject/pymatgen,
 * analysis/diffraction/xrd.py, MIT), kept for parity with what the five papers were built on.
 */
export const ANODE_WAVELENGTHS_ANGSTROM: Readonly<Record<string, number>> = {
  CuKa: 1.54184, CuKa1: 1.54056, CuKa2: 1.54439, CuKb1: 1.39222,
  MoKa: 0.71073, MoKa1: 0.7093, MoKa2: 0.71359, MoKb1: 0.63229,
  CrKa: 2.291, CrKa1: 2.2897, CrKa2: 2.29361, CrKb1: 2.08487,
  FeKa: 1.93735, FeKa1: 1.93604, FeKa2: 1.93998, FeKb1: 1.75661,
  CoKa: 1.79026, CoKa1: 1.78896, CoKa2: 1.79285, CoKb1: 1.63079,
  AgKa: 0.560885, AgKa1: 0.559421, AgKa2: 0.563813, AgKb1: 0.497082,
};
