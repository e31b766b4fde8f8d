/**
 * The radiation that a diffractometer shines on a sample: the kind of radiation and its wavelengths with weights.
 * Of a measured scan it is never assumed; of a simulation it is Cu Kα unless said, and stated in
 * the output.
 */
import { EwaldError } from "../errors.ts";
import { ANODE_WAVELENGTHS_ANGSTROM } from "./wavelengths.table.ts";

/** X-rays, neutrons or electrons. */
export type RadiationKind = "xray" | "neutron" | "electron";

export interface SpectralLine {
  readonly wavelengthAngstrom: number;
  /** Relative intensity; the weights of a radiation sum to 1. */
  readonly weight: number;
}

/** Kind of radiation and its wavelengths in Å, with weights that sum to 1. */
export interface Radiation {
  readonly kind: RadiationKind;
  /** Strongest first. */
  readonly lines: readonly SpectralLine[];
  /** "CuKa", "CuKa1+CuKa2" where the radiation is a characteristic line. */
  readonly name?: string;
}

/** Intensity of Kα2 as a fraction of Kα1 (statistical weight of the 2p states). */
const KALPHA2_TO_KALPHA1 = 0.5;
/** Longer and shorter wavelengths are almost surely a unit mistake (nm, pm) rather than an experiment. */
const WAVELENGTH_RANGE_ANGSTROM = [0.005, 30] as const;

/** Radiation of one wavelength, in Å. */
export function monochromatic(wavelengthAngstrom: number, kind: RadiationKind = "xray"): Radiation {
  const [shortest, longest] = WAVELENGTH_RANGE_ANGSTROM;
  if (!(wavelengthAngstrom >= shortest && wavelengthAngstrom <= longest)) {
    throw new EwaldError(
      "radiation/wavelength",
      `wavelength ${wavelengthAngstrom} Å is outside ${shortest} to ${longest} Å`,
      { value: wavelengthAngstrom, unit: "Å", hint: "Give the wavelength in Ångström." },
    );
  }
  return { kind, lines: [{ wavelengthAngstrom, weight: 1 }] };
}

/** Kα1 and Kα2 of an anode ("Cu") as two lines, 2:1 unless another ratio is given. */
export function kAlphaDoublet(
  anode: string,
  alpha2ToAlpha1: number = KALPHA2_TO_KALPHA1,
): Radiation {
  const alpha1 = anodeWavelength(`${anode}Ka1`);
  const alpha2 = anodeWavelength(`${anode}Ka2`);
  const total = 1 + alpha2ToAlpha1;
  return {
    kind: "xray",
    name: `${anode}Ka1+${anode}Ka2`,
    lines: [
      { wavelengthAngstrom: alpha1, weight: 1 / total },
      { wavelengthAngstrom: alpha2, weight: alpha2ToAlpha1 / total },
    ],
  };
}

function anodeWavelength(name: string): number {
  const wavelengthAngstrom = ANODE_WAVELENGTHS_ANGSTROM[name];
  if (wavelengthAngstrom === undefined) {
    throw new EwaldError(
      "radiation/unknown-anode",
      `"${name}" is not a known characteristic line`,
      {
        value: name,
        hint: `Give a wavelength in Å, a doublet Kα1 + Kα2 such as CuKa12, or one of ${Object.keys(ANODE_WAVELENGTHS_ANGSTROM).join(", ")}.`,
      },
    );
  }
  return wavelengthAngstrom;
}

/**
 * Radiation from what people write: `CuKa` (weighted mean line), `CuKa1`, `Cu Kα1`, `CuKa1+CuKa2` or
 * `CuKa12` (doublet 2:1), or a wavelength in Å (`1.5406`).
 *
 * @throws EwaldError `radiation/unknown-anode`, `radiation/wavelength`, and `radiation/contradiction`
 * for an anode together with neutrons or electrons.
 */
export function parseRadiation(text: string, kind: RadiationKind = "xray"): Radiation {
  const trimmed = text.trim();
  if (/^[0-9.+\-eE]+$/.test(trimmed)) return monochromatic(Number(trimmed), kind);
  if (kind !== "xray") {
    throw new EwaldError(
      "radiation/contradiction",
      `"${text}" is an X-ray line and cannot be the wavelength of ${kind}s`,
      { value: text, hint: "Give the wavelength in Å." },
    );
  }
  const plain = trimmed
    .replaceAll(/[\s_-]/g, "")
    .replaceAll(/α|alpha/gi, "a")
    .replaceAll(/β|beta/gi, "b")
    .replaceAll("₁", "1")
    .replaceAll("₂", "2");
  const match = /^([A-Za-z]{1,2}?)K?(a|b)?(1\+?(?:(?!Ka?2)([A-Za-z]{1,2}))?K?a?2|1|2)?$/i.exec(
    plain,
  );
  const [, anode = "", series = "a", index = "", second = anode] = match ?? [];
  const isDoublet = index.length > 1;
  const isMixed = second.toLowerCase() !== anode.toLowerCase();
  // Kβ1 and Kβ2 are no doublet, nor are the lines of two anodes.
  if (match === null || (isDoublet && (isMixed || /b/i.test(series)))) anodeWavelength(plain);
  const element = anode.charAt(0).toUpperCase() + anode.slice(1).toLowerCase();
  if (isDoublet) return kAlphaDoublet(element);
  const suffix = series.toLowerCase() === "b" && index === "" ? "1" : index;
  const name = `${element}K${series.toLowerCase()}${suffix}`;
  return { ...monochromatic(anodeWavelength(name)), name };
}

/** Weighted mean wavelength, Å: one number for a radiation of several lines. */
export function meanWavelength(radiation: Radiation): number {
  let sum = 0;
  let weights = 0;
  for (const { wavelengthAngstrom, weight } of radiation.lines) {
    sum += wavelengthAngstrom * weight;
    weights += weight;
  }
  return sum / weights;
}

export const CU_KA1_ANGSTROM = meanWavelength(parseRadiation("CuKa1"));
