/**
 * Anomalous dispersion: f = f₀ + f' + i f''. Chantler's table (FFAST), 1.5 to 60 keV (0.207 to 8.27 Å), H to U. Near an edge
 * the table is that of free atoms: the white lines of a solid are not in it. Patterns are given it as `{ anomalous: anomalousFactor }`
 * and never ask for it themselves: it is as large as all other tables together, and whoever does without is not to load it.
 */
import { EwaldError } from "../errors.ts";
import type { AnomalousFactor } from "./scattering-cell.ts";
import { FFAST } from "./tables/anomalous.table.ts";

/** h·c in eV·Å (CODATA 2018, exact). */
const PHOTON_EV_ANGSTROM = 12398.41984332;
const RANGE_EV = [1500, 60_000] as const;

/** Running differences of the table, summed. */
function decode(differences: string, scale: number): Float64Array {
  const values = Float64Array.from(differences.split(" "), Number);
  for (let i = 1; i < values.length; i++) values[i]! += values[i - 1]!;
  return values.map((value) => value * scale);
}

/**
 * f′ and f″ of an element at an X-ray wavelength (Å), in electrons.
 * @throws EwaldError `scattering/no-anomalous` for elements beyond U, `scattering/anomalous-range` outside 1.5 to 60 keV.
 */
export function anomalousFactor(element: string, wavelengthAngstrom: number): AnomalousFactor {
  const symbol = element === "D" ? "H" : element;
  if (!Object.hasOwn(FFAST, symbol)) {
    throw new EwaldError(
      "scattering/no-anomalous",
      `no anomalous factors of ${element} (H to U only)`,
      { value: element, hint: "Switch anomalous dispersion off." },
    );
  }
  const energy = PHOTON_EV_ANGSTROM / wavelengthAngstrom;
  if (!(energy >= RANGE_EV[0] && energy <= RANGE_EV[1])) {
    throw new EwaldError(
      "scattering/anomalous-range",
      `anomalous factors reach from ${RANGE_EV[0]} to ${RANGE_EV[1]} eV; ${wavelengthAngstrom} Å is ${energy.toFixed(0)} eV`,
      { value: wavelengthAngstrom, unit: "Å", hint: "Switch anomalous dispersion off." },
    );
  }
  const [energyText, realText, imaginaryText] = FFAST[symbol]!;
  const energies = decode(energyText, 1);
  const real = decode(realText, 0.01);
  const imaginary = decode(imaginaryText, 0.01);
  let after = 1;
  while (after < energies.length - 1 && energies[after]! < energy) after++;
  const weight = (energy - energies[after - 1]!) / (energies[after]! - energies[after - 1]!);
  return {
    real: real[after - 1]! + weight * (real[after]! - real[after - 1]!),
    imaginary: imaginary[after - 1]! + weight * (imaginary[after]! - imaginary[after - 1]!),
  };
}
