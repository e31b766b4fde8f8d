/** Numbers of CIF and their uncertainties: `1.234(5)` is 1.234 ± 0.005. */
import { plainNumber } from "./typography.ts";

export interface CifNumber {
  readonly value: number;
  /** Standard uncertainty, in units of the value. */
  readonly esd?: number;
}

/** No honest number is longer; it bounds the work on a hostile one. */
const LONGEST = 80;
// One way to match each character, so that no input makes the expression go back.
const PATTERN = /^([+-]?)(\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?(?:\(([^()]*)\)?)?$/;

/**
 * The number in a CIF value, with or without uncertainty; undefined where the text is none. An uncertainty that cannot
 * be understood (`1.2(x)`, `1.2()`) leaves the value standing without one; digits cut off by a lost
 * bracket (`1.2(3`) do too. Typographic signs count as what they stand for.
 */
export function parseCifNumber(text: string): CifNumber | undefined {
  if (text.length > LONGEST) return undefined;
  const match = PATTERN.exec(text) ?? PATTERN.exec(plainNumber(text));
  if (match === null) return undefined;
  const [whole, sign, digits, decimalsA, decimalsB, exponent, uncertainty] = match;
  const magnitude = Number(exponent === undefined ? digits : `${digits}e${exponent}`);
  const value = sign === "-" ? -magnitude : magnitude;
  if (!Number.isFinite(value)) return undefined;
  if (uncertainty === undefined || !whole.endsWith(")")) return { value };
  const esd = parseEsd(uncertainty, (decimalsA ?? decimalsB ?? "").length, Number(exponent ?? 0));
  return esd === undefined ? { value } : { value, esd };
}

function parseEsd(text: string, decimals: number, exponent: number): number | undefined {
  // With its own decimal point the uncertainty is in units of the value: 12.3(1.5).
  if (/^\d+$/.test(text)) return Number(`${text}e${exponent - decimals}`);
  return /^\d*\.\d+$/.test(text) ? Number(`${text}e${exponent}`) : undefined;
}

/**
 * A number as CIF writes it, `decimals` places at most, trailing zeros cut. With an uncertainty the
 * value keeps the places that it has, so that reading gives the same number back: 0.333333(2000).
 */
export function formatCifNumber(value: number, esd?: number, decimals = 6): string {
  const plain = trimZeros(value.toFixed(decimals));
  if (esd === undefined || !(esd > 0) || !Number.isFinite(esd)) return plain;
  // Two digits of the uncertainty are kept, the second only where it is not zero.
  const rounded = Number(esd.toPrecision(2));
  const places = Math.max(places10(plain), places10(trimZeros(rounded.toFixed(decimals))));
  const units = Math.round(esd * 10 ** places);
  return units === 0 ? plain : `${value.toFixed(places)}(${units})`;
}

/** Digits after the decimal point. */
function places10(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

function trimZeros(text: string): string {
  const trimmed = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  return trimmed === "-0" ? "0" : trimmed;
}
