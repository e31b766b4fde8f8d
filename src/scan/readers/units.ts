/**
 * Units that files write beside their numbers, as factors to the units used here. No unit means the format's own; a unit that
 * is not known is never taken for the usual one.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import type { IntensityUnit } from "../scan.ts";

export type Quantity = "angle" | "wavelength" | "distance" | "time" | "voltage" | "current";

type Units = readonly (readonly [names: RegExp, factor: number])[];

/** To degrees, Å, mm, s, kV and mA. */
const UNITS: Readonly<Record<Quantity, Units>> = {
  angle: [
    [/^(?:°|deg\.?|degrees?|degs)$/, 1],
    [/^(?:['′]|arc[\s_-]?min(?:utes?)?|am|min(?:utes?)?)$/, 1 / 60],
    [/^(?:["″]|''|arc[\s_-]?sec(?:onds?)?|as|sec(?:onds?)?)$/, 1 / 3600],
    [/^(?:mdeg|milli[\s_-]?deg(?:rees?)?|m°)$/, 1e-3],
    [/^(?:centi[\s_-]?deg(?:rees?)?|cdeg)$/, 1e-2],
    [/^rad(?:ians?)?$/, 180 / Math.PI],
    [/^(?:mrad|milli[\s_-]?rad(?:ians?)?)$/, 0.18 / Math.PI],
    [/^(?:[µμu]rad|micro[\s_-]?rad(?:ians?)?)$/, 1.8e-4 / Math.PI],
    [/^gon$/, 0.9],
  ],
  wavelength: [
    [/^(?:å|a|ang\.?|angstr(?:ö|o|oe)ms?|ångstr(?:ö|o)ms?)$/, 1],
    [/^(?:nm|nanomet(?:er|re)s?)$/, 10],
    [/^(?:pm|picomet(?:er|re)s?)$/, 0.01],
    [/^(?:m|met(?:er|re)s?)$/, 1e10],
  ],
  distance: [
    [/^(?:mm|millimet(?:er|re)s?)$/, 1],
    [/^(?:cm|centimet(?:er|re)s?)$/, 10],
    [/^(?:m|met(?:er|re)s?)$/, 1000],
    [/^(?:[µμu]m|micromet(?:er|re)s?|microns?)$/, 1e-3],
    [/^(?:in|inch(?:es)?)$/, 25.4],
  ],
  time: [
    [/^(?:s|secs?|seconds?)$/, 1],
    [/^(?:ms|msecs?|milli[\s_-]?sec(?:ond)?s?)$/, 1e-3],
    [/^(?:[µμu]s|usecs?|micro[\s_-]?sec(?:ond)?s?)$/, 1e-6],
    [/^(?:min\.?|mins|minutes?)$/, 60],
    [/^(?:h|hrs?|hours?)$/, 3600],
  ],
  voltage: [
    [/^(?:kv|kilovolts?)$/, 1],
    [/^(?:v|volts?)$/, 1e-3],
  ],
  current: [
    [/^(?:ma|milliamp(?:ere)?s?)$/, 1],
    [/^(?:a|amp(?:ere)?s?)$/, 1000],
    [/^(?:[µμu]a|microamp(?:ere)?s?)$/, 1e-3],
  ],
};

/** The factor of a value in this unit: 1 without a unit, undefined for a unit that is not known. */
export function unitFactor(quantity: Quantity, unit: string | undefined): number | undefined {
  const name = unit?.normalize("NFC").trim().toLowerCase() ?? "";
  if (name === "") return 1;
  return UNITS[quantity].find(([names]) => names.test(name))?.[1];
}

/** Decimals stay decimals: 72000″ are 20°, 0.15406 nm are 1.5406 Å. */
export function scaledValue(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(12));
}

/**
 * Degrees of positions in a stated unit.
 * @throws EwaldError `scan/unknown-unit`: an axis in an unknown unit would be another pattern
 */
export function degreesFactor(unit: string | undefined, position: Position): number {
  const factor = unitFactor("angle", unit);
  if (factor !== undefined) return factor;
  throw new EwaldError("scan/unknown-unit", `angles in "${unit}", a unit that is not known here`, {
    value: unit,
    ...position,
    hint: "Export the scan in degrees.",
  });
}

/** A value beside the points in our units; in an unknown unit it is left out with a warning. */
export function valueInUnit(
  quantity: Quantity,
  value: number | undefined,
  unit: string | undefined,
  what: string,
  warnings: Warning[],
  position: Position = {},
): number | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined;
  const factor = unitFactor(quantity, unit);
  if (factor !== undefined) return scaledValue(value, factor);
  warnings.push({
    code: "scan/unknown-unit",
    message: `the ${what} of ${value} "${unit}" was left out: the unit is not known here`,
    ...position,
  });
  return undefined;
}

/** "counts", "cps", "counts per second", "Counts/s", "cts s-1". */
export function intensityUnitOf(text: string | undefined): IntensityUnit {
  if (text === undefined) return "unknown";
  const name = text.trim();
  if (/^(?:k|m|10\^?\d)\s*(?:cps|c(?:oun)?ts?)/i.test(name)) return "unknown";
  if (/cps|c(?:oun)?ts?\.?\s*(?:\/\s*s|s\s*\^?\s*[-−]1|per\s*s|sec)|per\s*sec/i.test(name)) {
    return "counts/s";
  }
  return /count|^ct?s?$|cts/i.test(name) ? "counts" : "unknown";
}
