/** Chemical elements by symbol. `D` (deuterium) is kept apart from `H`: neutrons tell them apart. */
import { EwaldError } from "../errors.ts";

/** Symbols in order of atomic number; index 0 is Z = 1. */
export const ELEMENT_SYMBOLS: readonly string[] =
  `H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
  Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
  Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
  Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og`.split(/\s+/);

const ATOMIC_NUMBERS = new Map(ELEMENT_SYMBOLS.map((symbol, index) => [symbol, index + 1]));
ATOMIC_NUMBERS.set("D", 1);

export function isElement(symbol: string): boolean {
  return ATOMIC_NUMBERS.has(symbol);
}

/** @throws EwaldError `element/unknown` */
export function atomicNumber(symbol: string): number {
  const z = ATOMIC_NUMBERS.get(symbol);
  if (z === undefined) {
    throw new EwaldError("element/unknown", `"${symbol}" is not a chemical element`, {
      value: symbol,
      hint: "Use an IUPAC symbol such as Si, or D for deuterium.",
    });
  }
  return z;
}
