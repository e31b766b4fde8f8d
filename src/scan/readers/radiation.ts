/**
 * The radiation that a file states, from whatever it states: wavelengths of Kα1, Kα2 and Kβ, their
 * ratio, the anode, which line was meant. The file's own wavelengths are kept, not a table's.
 */
import {
  monochromatic,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../../radiation/radiation.ts";
import { ANODE_WAVELENGTHS_ANGSTROM } from "../../radiation/wavelengths.table.ts";

export interface StatedLines {
  readonly anode?: string | undefined;
  readonly alpha1?: number | undefined;
  readonly alpha2?: number | undefined;
  readonly beta?: number | undefined;
  /** Kα2 : Kα1. */
  readonly ratio?: number | undefined;
  /** Which line reaches the sample; both Kα where the file does not say. */
  readonly used?: "Ka" | "Ka1" | "Ka2" | "Kb" | undefined;
}

const DEFAULT_RATIO = 0.5;

function isWavelength(value: number | undefined): value is number {
  return value !== undefined && value >= 0.005 && value <= 30;
}

/** "CU", "Cu ", "copper" to "Cu"; undefined for what is no tube anode. */
export function anodeSymbol(text: string | undefined): string | undefined {
  const letters = /^[A-Za-z]+/.exec(text?.trim() ?? "")?.[0];
  if (letters === undefined) return undefined;
  const named: Record<string, string> = {
    copper: "Cu",
    cobalt: "Co",
    molybdenum: "Mo",
    iron: "Fe",
    chromium: "Cr",
    silver: "Ag",
  };
  const symbol =
    named[letters.toLowerCase()] ??
    letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
  return symbol.length <= 2 ? symbol : undefined;
}

const ANODE_BY_NUMBER: Readonly<Record<number, string>> = {
  24: "Cr",
  26: "Fe",
  27: "Co",
  28: "Ni",
  29: "Cu",
  42: "Mo",
  45: "Rh",
  47: "Ag",
  74: "W",
};

export function anodeOfNumber(atomicNumber: number): string | undefined {
  return ANODE_BY_NUMBER[atomicNumber];
}

/** Null where nothing usable is stated. */
export function statedRadiation(stated: StatedLines): Radiation | null {
  const anode = anodeSymbol(stated.anode);
  const named = (line: string): { name: string } | object =>
    anode === undefined ? {} : { name: `${anode}${line}` };
  const { used } = stated;
  if (used === "Kb") {
    return isWavelength(stated.beta) ? { ...monochromatic(stated.beta), ...named("Kb1") } : null;
  }
  if (used === "Ka2" && isWavelength(stated.alpha2)) {
    return { ...monochromatic(stated.alpha2), ...named("Ka2") };
  }
  const ratio = stated.ratio ?? DEFAULT_RATIO;
  const { alpha1, alpha2 } = stated;
  if (!isWavelength(alpha1)) return used === undefined ? anodeRadiation(anode) : null;
  if (used === "Ka1" || !isWavelength(alpha2) || !(ratio > 0) || alpha1 === alpha2) {
    const isAlpha1 = Math.abs((ANODE_WAVELENGTHS_ANGSTROM[`${anode}Ka1`] ?? 0) - alpha1) < 3e-4;
    return { ...monochromatic(alpha1), ...(used === "Ka1" || isAlpha1 ? named("Ka1") : {}) };
  }
  return {
    kind: "xray",
    ...(anode === undefined ? {} : { name: `${anode}Ka1+${anode}Ka2` }),
    lines: [
      { wavelengthAngstrom: alpha1, weight: 1 / (1 + ratio) },
      { wavelengthAngstrom: alpha2, weight: ratio / (1 + ratio) },
    ],
  };
}

/** A named anode without wavelengths: its tabulated Kα doublet. Null for an anode not in the table. */
export function anodeRadiation(anode: string | undefined): Radiation | null {
  if (anode === undefined || ANODE_WAVELENGTHS_ANGSTROM[`${anode}Ka1`] === undefined) return null;
  return parseRadiation(`${anode}Ka12`);
}

/** A single wavelength that a file states, or null where it is no wavelength. */
export function statedWavelength(
  wavelengthAngstrom: number | undefined,
  kind: RadiationKind = "xray",
): Radiation | null {
  return isWavelength(wavelengthAngstrom) ? monochromatic(wavelengthAngstrom, kind) : null;
}
