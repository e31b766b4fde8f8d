/**
 * The radiation that a file states, from whatever it states: wavelengths of Kα1, Kα2 and Kβ, their
 * ratio, the anode, which line was meant. The file's own wavelengths are kept, not a table's.
 */
import {
  ANODE_WAVELENGTHS_ANGSTROM,
  monochromatic,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../../radiation/index.ts";

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

const UNIT_IN_ANGSTROM: Readonly<Record<string, number>> = {
  "": 1,
  a: 1,
  å: 1,
  ang: 1,
  angstrom: 1,
  angstroms: 1,
  ångström: 1,
  nm: 10,
  pm: 0.01,
  m: 1e10,
};

/**
 * A wavelength, an anode or a photon energy that stands in a line of free text: `Wavelength: 1.5406`,
 * `lambda = 0.8257 A`, `# wavelength 1.0e-10 m`, `radiation: CuKa`, `Anode = Cu`, `energy 60 keV`.
 */
export function radiationInText(line: string): Radiation | null {
  const wavelength =
    /(?:wave[\s_-]*length|lambda|λ)\d?[^\d\n=:]{0,24}[=:\s]\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(å|ångström|angstroms?|ang|a|nm|pm|m)?\b/iu.exec(
      line,
    );
  if (wavelength !== null) {
    const unit = UNIT_IN_ANGSTROM[(wavelength[2] ?? "").toLowerCase()] ?? 1;
    const value = Number((Number(wavelength[1]) * unit).toPrecision(12));
    const kind: RadiationKind = /neutron/i.test(line) ? "neutron" : "xray";
    return statedWavelength(value, kind);
  }
  const energy = /energy[^\d\n]{0,12}[=:\s]\s*(\d*\.?\d+)\s*keV/i.exec(line);
  // hc = 12.398419843 keV Å (exact, SI 2019).
  if (energy !== null) return statedWavelength(12.398419843 / Number(energy[1]));
  const anode =
    /(?:anode|target|radiation|x-?ray|wavelength)[^A-Za-z\n]{0,6}(?:material|source)?[\s:="']{1,6}(Cu|Co|Mo|Fe|Cr|Ag)(?![a-z]*[b-jl-z])[\s-]*(K[\s-]*(?:α|a|alpha)?[\s-]*[12]?)?/i.exec(
      line,
    );
  if (anode === null) return null;
  const symbol = anodeSymbol(anode[1]);
  const series = (anode[2] ?? "").replaceAll(/[\s-]/g, "");
  if (/[12]$/.test(series)) return parseRadiation(`${symbol}Ka${series.at(-1)}`);
  return /a|α/i.test(series) ? parseRadiation(`${symbol}Ka`) : anodeRadiation(symbol);
}
