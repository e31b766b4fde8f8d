/**
 * Radiation in lines of free text: titles, comments, headers of exported tables. A wavelength or a
 * photon energy is a statement; an anode alone stands for its tabulated doublet.
 */
import { parseRadiation, type Radiation, type RadiationKind } from "../../radiation/index.ts";
import { anodeRadiation, anodeSymbol, statedWavelength } from "./radiation.ts";

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

/** What lines of free text state: a wavelength or an energy in any of them, else an anode. */
export function radiationInText(lines: readonly string[]): Radiation | null {
  return wavelengthInText(lines) ?? firstOf(lines, anodeInLine);
}

/** The first wavelength or photon energy that stands in the lines. */
export function wavelengthInText(lines: readonly string[]): Radiation | null {
  return firstOf(lines, wavelengthInLine);
}

function firstOf(
  lines: readonly string[],
  read: (line: string) => Radiation | null,
): Radiation | null {
  for (const line of lines) {
    const found = read(line);
    if (found !== null) return found;
  }
  return null;
}

/** `Wavelength: 1.5406`, `lambda = 0.8257 A`, `# wavelength 1.0e-10 m`, `energy 60 keV`. */
function wavelengthInLine(line: string): Radiation | null {
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
  return energy === null ? null : statedWavelength(12.398419843 / Number(energy[1]));
}

/** `radiation: CuKa`, `Anode = Cu`. */
function anodeInLine(line: string): Radiation | null {
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
