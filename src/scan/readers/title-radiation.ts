/**
 * The radiation that a file names in its title, sample name or comment and nowhere else: "LaNi5 D1A 1.909 Å", "CuKa, 40 kV",
 * "60 keV". What such words say is taken with a warning that quotes them; where they could mean two things, nothing is taken.
 */
import type { Warning } from "../../errors.ts";
import {
  kAlphaDoublet,
  meanWavelength,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../../radiation/radiation.ts";
import type { Metadata } from "../scan.ts";
import { anodeInText, wavelengthInText } from "./radiation-text.ts";
import { anodeSymbol, statedWavelength } from "./radiation.ts";

/** Where people write it, in the order in which it is looked for. */
const PLACES = ["title", "sample", "sampleName", "comment", "memo", "site"] as const;

/** The file's own words and what they mean; null where they say nothing or more than one thing. */
export function radiationOfTitles(metadata: Metadata, warnings: Warning[]): Radiation | null {
  for (const place of PLACES) {
    const value = metadata[place];
    const lines =
      typeof value === "string" ? value.split(/[\r\n]+/) : Array.isArray(value) ? value : [];
    for (const line of lines as readonly string[]) {
      const radiation = radiationInTitle(line);
      if (radiation === null) continue;
      warnings.push(warningOf(radiation, place, line));
      return radiation;
    }
  }
  return null;
}

function warningOf(radiation: Radiation, place: string, line: string): Warning {
  const wavelength = `${Number(meanWavelength(radiation).toFixed(5))} Å`;
  const name = radiation.name === undefined ? wavelength : `${radiation.name} (${wavelength})`;
  const kind = isKindSaid(line)
    ? ""
    : `; it was taken as that of X-rays (--radiation neutron if it is not)`;
  return {
    code: "scan/wavelength-from-title",
    message: `the wavelength ${name} was read in the ${place === "sampleName" ? "sample name" : place} "${line.trim().slice(0, 80)}"${kind}`,
  };
}

const NEUTRON =
  /neutron|(?<![a-z\d])(?:D1[AB]|D2B|D20|HRPT|DMC|BT-?1|HB-?2[AC]|ECHIDNA|WOMBAT|SPODI|E9|ILL|FRM[\s-]?II|HIFAR|HANARO)(?![a-z])/i;
const XRAY =
  /x-?ray|synchrotron|keV|(?<![a-z])K[\s-]?(?:alpha|α|a)(?:[\s-]?[12]){0,2}(?![a-z])|anode|tube/i;

function isKindSaid(line: string): boolean {
  return NEUTRON.test(line) || XRAY.test(line);
}

/** Numbers of ångströms and of keV that are something else than a wavelength. */
const NO_WAVELENGTH =
  /cell|lattice|latt|param|spacing|(?<![a-z])d[\s_-]?(?:value|=)|resol|thick|film|layer|size|diam|radius|bond|dist|step|coat|(?<![a-z])[abc]\s*=|threshold|window|gap|edge|detector/i;
const ANGSTROMS =
  /(?<![\w.,+-])(\d[.,]\d{2,6})\s*(?:\(\d+\)\s*)?(?:Å|A|Ang\.?|[Aa]ngstr[oö]ms?)(?![\p{L}\d^*/⁻])/gu;
const KILOELECTRONVOLTS = /(?<![\w.,+-])(\d{1,3}(?:[.,]\d{1,5})?)\s*keV(?![\p{L}])/gu;
const HC_KEV_ANGSTROM = 12.398419843;
/** Diffractometers reach from here to there; outside, a number of Å is a length more often than a wavelength. */
const [SHORTEST, LONGEST] = [0.1, 3.2];

/** Case counts: "CuKa", "CU KALPHA1", "Mo Kα"; "Coka" is a word. */
const K_ALPHA =
  /(?<![A-Za-z])(Cu|CU|Co|CO|Mo|MO|Fe|FE|Cr|CR|Ag|AG)[\s_-]*K[\s_-]*(?:a|A|α|alpha|Alpha|ALPHA)[\s_-]*(1\s*[+,/&-]?\s*2|[12]|₁₂|[₁₂])?(?![A-Za-z\d])/gu;
const NO_TUBE = /fluor|absor|edge|XRF|EDX|EDS|strip|removed/i;

function radiationInTitle(line: string): Radiation | null {
  const number = NO_WAVELENGTH.test(line) ? undefined : onlyWavelength(line);
  const named = NO_TUBE.test(line) ? undefined : onlyLine(line);
  if (number === null || named === null) return null;
  const stated = wavelengthInText([line]);
  const wavelength = stated === null ? number : meanWavelength(stated);
  if (named !== undefined) {
    // A number beside the name of a line must be that line.
    const isSame =
      wavelength === undefined ||
      named.lines.some((one) => Math.abs(one.wavelengthAngstrom / wavelength - 1) < 3e-3);
    return isSame ? named : null;
  }
  const kind: RadiationKind = NEUTRON.test(line) && !XRAY.test(line) ? "neutron" : "xray";
  if (stated !== null) return { ...stated, kind };
  if (number !== undefined) return statedWavelength(number, kind);
  return NO_TUBE.test(line) ? null : anodeInText([line]);
}

/** The wavelength of the only number with a unit; null where there are several, undefined where there is none. */
function onlyWavelength(line: string): number | undefined | null {
  const decimal = (text: string): number => Number(text.replace(",", "."));
  const angstroms = [...line.matchAll(ANGSTROMS)].map((match) => decimal(match[1]!));
  const energies = [...line.matchAll(KILOELECTRONVOLTS)].map((match) =>
    Number((HC_KEV_ANGSTROM / decimal(match[1]!)).toPrecision(12)),
  );
  const all = [...angstroms, ...energies].filter((one) => one >= SHORTEST && one <= LONGEST);
  const [first] = all;
  if (first === undefined) return undefined;
  return all.every((one) => Math.abs(one / first - 1) < 3e-3) ? first : null;
}

/** The only characteristic line that is named; null where there are two. */
function onlyLine(line: string): Radiation | undefined | null {
  const found = [...line.matchAll(K_ALPHA)].map(([, anode, series]) => {
    const symbol = anodeSymbol(anode)!;
    const index = (series ?? "").normalize("NFKC").replaceAll(/\D/g, "");
    // "CuKa" of a tube is both lines: which of them a monochromator takes is said where it does.
    return index === "1" || index === "2"
      ? parseRadiation(`${symbol}Ka${index}`)
      : kAlphaDoublet(symbol);
  });
  const names = new Set(found.map(({ name }) => name));
  if (names.size > 1) return null;
  return found[0];
}
