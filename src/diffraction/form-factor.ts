/**
 * X-ray and electron form factors of free atoms and ions as functions of s² = (sinθ/λ)² = (g/2)², 1/Å². Every table is kept
 * in one shape, `f = offset + s2Scale · s² · Σ + Σ aᵢ exp(-bᵢ s²)`, so that one loop serves all of them.
 *
 * Which table: International Tables C 6.1.1.4 is the default, because the other programs that people compare with (gemmi,
 * cctbx, SHELX) use it and because its range, s < 2 1/Å, holds every laboratory tube up to Ag. Waasmaier & Kirfel reach
 * s < 6 1/Å. The four-Gaussian table is what pymatgen and the papers that Ewald unites were built on; outside the range of
 * its fit it rises back to Z, which grows false peaks for Mo and Ag radiation: the clamped variant holds it at its minimum.
 */
import { atomicNumber } from "../crystal/element.ts";
import { EwaldError } from "../errors.ts";
import { ELECTRON_C_4_3_2_2 } from "./tables/electron.table.ts";
import { FOUR_GAUSSIAN } from "./tables/four-gaussian.table.ts";
import { INTERNATIONAL_TABLES_C_6_1_1_4 } from "./tables/international-tables.table.ts";
import { WAASMAIER_KIRFEL } from "./tables/waasmaier-kirfel.table.ts";

export type FormFactorTable =
  /** International Tables C (1992) 6.1.1.4, s < 2 1/Å, with ions. The default. */
  | "international-tables"
  /** Waasmaier & Kirfel (1995), s < 6 1/Å, with ions. */
  | "waasmaier-kirfel"
  /** pymatgen's table exactly as pymatgen evaluates it, at any s. */
  | "four-gaussian"
  /** The same, held at its smallest value beyond the turning point. */
  | "four-gaussian-clamped";

/** A form factor ready to be evaluated: f(s²) = constant + (s2Factor · s² or 1) · Σ aᵢ exp(-bᵢ s²). */
export interface FormFactor {
  /** Element or ion whose row was taken: "Fe", "Fe3+". */
  readonly row: string;
  readonly constant: number;
  /** -41.78214 for the four-Gaussian form, where the sum is multiplied by s²; 0 elsewhere. */
  readonly s2Factor: number;
  readonly amplitudes: readonly number[];
  readonly decaysAngstrom2: readonly number[];
  /** Largest s that the fit covers, 1/Å. */
  readonly sMaxInvAngstrom: number;
  /** s² from which the value is held (clamped four-Gaussian); Infinity elsewhere. */
  readonly clampS2: number;
}

/** Å² to electrons in the Mott-Bethe relation, 8π²·mₑe²/h²-units as pymatgen rounds it. */
const MOTT_BETHE = -41.78214;
const CLAMP_SEARCH_S2 = { step: 1 / 512, last: 40 };

/** Name of an ion's row: charge 3 of Fe is "Fe3+", charge -2 of O is "O2-", 0 the element itself. */
export function ionRow(element: string, charge: number): string {
  return charge === 0 ? element : `${element}${Math.abs(charge)}${charge > 0 ? "+" : "-"}`;
}

/**
 * Coefficients of an element's X-ray form factor f(s), in electrons, from the named table.
 * @param charge formal charge whose row is wanted; an ion that the table lacks falls back to the neutral atom, as is usual.
 * @throws EwaldError `scattering/no-form-factor` for an element that the table lacks.
 */
export function xrayFormFactor(element: string, table: FormFactorTable, charge = 0): FormFactor {
  // Electrons do not see the nucleus' mass.
  const symbol = element === "D" ? "H" : element;
  if (table === "four-gaussian" || table === "four-gaussian-clamped") {
    const coefficients = row(FOUR_GAUSSIAN, symbol, "the four-Gaussian table");
    const free = gaussians(coefficients, symbol, atomicNumber(symbol), MOTT_BETHE, Infinity);
    return table === "four-gaussian" ? free : { ...free, clampS2: turningPointS2(free) };
  }
  const isWide = table === "waasmaier-kirfel";
  const rows = isWide ? WAASMAIER_KIRFEL : INTERNATIONAL_TABLES_C_6_1_1_4;
  const ion = ionRow(symbol, charge);
  const name = charge !== 0 && Object.hasOwn(rows, ion) ? ion : symbol;
  const source = isWide ? "Waasmaier & Kirfel" : "International Tables C 6.1.1.4";
  const coefficients = row(rows, name, source);
  return gaussians(coefficients, name, coefficients.at(-1)!, 0, isWide ? 6 : 2);
}

/** Electron form factor in Å (rest mass); range s < 2 1/Å. Throws as {@link xrayFormFactor}. */
export function electronFormFactor(element: string): FormFactor {
  const symbol = element === "D" ? "H" : element;
  const coefficients = row(ELECTRON_C_4_3_2_2, symbol, "International Tables C 4.3.2.2");
  return gaussians(coefficients, symbol, 0, 0, 2);
}

function row(
  rows: Readonly<Record<string, readonly number[]>>,
  name: string,
  source: string,
): readonly number[] {
  if (Object.hasOwn(rows, name)) return rows[name]!;
  atomicNumber(name.replace(/[0-9+-]+$/, ""));
  throw new EwaldError("scattering/no-form-factor", `${source} has no form factor of ${name}`, {
    value: name,
    hint: "The tables end at Cf; leave the element out or replace it.",
  });
}

function gaussians(
  coefficients: readonly number[],
  name: string,
  constant: number,
  s2Factor: number,
  sMaxInvAngstrom: number,
): FormFactor {
  const count = coefficients.length >> 1;
  const pairs = Array.from({ length: count }, (_, i) => [
    coefficients[2 * i]!,
    coefficients[2 * i + 1]!,
  ]);
  const used = pairs.filter(([a]) => a !== 0);
  return {
    row: name,
    constant,
    s2Factor,
    amplitudes: used.map(([a]) => a!),
    decaysAngstrom2: used.map(([, b]) => b!),
    sMaxInvAngstrom,
    clampS2: Infinity,
  };
}

/** The form factor at s² (1/Å²): electrons for X-rays, Å for electrons. The range is the caller's to keep. */
export function evaluateFormFactor(factor: FormFactor, s2: number): number {
  const at = s2 < factor.clampS2 ? s2 : factor.clampS2;
  const { amplitudes, decaysAngstrom2 } = factor;
  let sum = 0;
  for (let i = 0; i < amplitudes.length; i++) {
    sum += amplitudes[i]! * Math.exp(-decaysAngstrom2[i]! * at);
  }
  return factor.constant + (factor.s2Factor === 0 ? sum : factor.s2Factor * at * sum);
}

/** df/ds². */
export function formFactorSlope(factor: FormFactor, s2: number): number {
  if (s2 >= factor.clampS2) return 0;
  const { amplitudes, decaysAngstrom2, s2Factor } = factor;
  let sum = 0;
  for (let i = 0; i < amplitudes.length; i++) {
    const b = decaysAngstrom2[i]!;
    const gaussian = amplitudes[i]! * Math.exp(-b * s2);
    sum += s2Factor === 0 ? -b * gaussian : s2Factor * gaussian * (1 - b * s2);
  }
  return sum;
}

/** First s² where f stops to fall, by bisection of the slope; Infinity where it falls for ever. */
function turningPointS2(factor: FormFactor): number {
  const { step, last } = CLAMP_SEARCH_S2;
  for (let s2 = step; s2 <= last; s2 += step) {
    if (formFactorSlope(factor, s2) < 0) continue;
    let low = s2 - step;
    let high = s2;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (formFactorSlope(factor, middle) < 0) low = middle;
      else high = middle;
    }
    return low;
  }
  return Infinity;
}
