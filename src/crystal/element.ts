/**
 * Chemical elements by symbol. `D` (deuterium) is kept apart from `H`: neutrons tell them apart. The
 * numbers stand in element.table.ts and ionic-radius.table.ts, each with its source; `null` where the
 * source has none.
 */
import { EwaldError } from "../errors.ts";
import { ELEMENT_ROWS } from "./element.table.ts";
import { IONIC_RADIUS_ROWS } from "./ionic-radius.table.ts";

export interface Element {
  readonly symbol: string;
  /** IUPAC English name. */
  readonly name: string;
  readonly atomicNumber: number;
  readonly period: number;
  /** 1 … 18; `null` in the f-block (La-Yb, Ac-No). */
  readonly group: number | null;
  /** u, numerically g/mol; the mass number of the longest-lived isotope where no standard weight exists. */
  readonly standardAtomicWeight: number;
  readonly covalentRadiusAngstrom: number | null;
  readonly atomicRadiusAngstrom: number | null;
  /** For coordination 12. */
  readonly metallicRadiusAngstrom: number | null;
  readonly vanDerWaalsRadiusAngstrom: number | null;
  readonly paulingElectronegativity: number | null;
  readonly mendeleevNumber: number | null;
  readonly commonOxidationStates: readonly number[];
  /** Every one that compounds are known of, the common ones among them. */
  readonly oxidationStates: readonly number[];
}

/** Names of the numeric columns that may be missing for an element. */
export type ElementProperty = {
  [K in keyof Element]: Element[K] extends number | null ? K : never;
}[keyof Element];

export interface IonicRadius {
  readonly oxidation: number;
  readonly coordination: number;
  readonly geometry: "" | "square planar" | "pyramidal";
  /** The spin state of the d electrons, where the radius depends on it. */
  readonly spin: "" | "high" | "low";
  /** Shannon's effective ionic radius (O²⁻ in coordination VI: 1.40 Å); a bare proton's is negative. */
  readonly ionicRadiusAngstrom: number;
}

const ELEMENTS = new Map<string, Element>(
  ELEMENT_ROWS.map((row, index) => [
    row[0],
    {
      symbol: row[0],
      name: row[1],
      atomicNumber: index + 1,
      period: row[2],
      group: row[3],
      standardAtomicWeight: row[4],
      covalentRadiusAngstrom: row[5],
      atomicRadiusAngstrom: row[6],
      metallicRadiusAngstrom: row[7],
      vanDerWaalsRadiusAngstrom: row[8],
      paulingElectronegativity: row[9],
      mendeleevNumber: row[10],
      commonOxidationStates: row[11],
      oxidationStates: row[12],
    },
  ]),
);
ELEMENTS.set("D", {
  ...ELEMENTS.get("H")!,
  symbol: "D",
  name: "Deuterium",
  // AME2020 (Wang et al., Chinese Phys. C 45 (2021) 030003).
  standardAtomicWeight: 2.014101778,
});

/** Symbols in order of atomic number; index 0 is Z = 1. */
export const ELEMENT_SYMBOLS: readonly string[] = ELEMENT_ROWS.map((row) => row[0]);

export function isElement(symbol: string): boolean {
  return ELEMENTS.has(symbol);
}

/**
 * The properties of an element by its symbol, "Si"; "D" is deuterium.
 * @throws EwaldError `element/unknown`
 */
export function element(symbol: string): Element {
  const found = ELEMENTS.get(symbol);
  if (found !== undefined) return found;
  throw new EwaldError("element/unknown", `"${symbol}" is not a chemical element`, {
    value: symbol,
    hint: "Use an IUPAC symbol such as Si, or D for deuterium.",
  });
}

/** @throws EwaldError `element/unknown` */
export function atomicNumber(symbol: string): number {
  return element(symbol).atomicNumber;
}

/**
 * A number that must be there.
 * @throws EwaldError `element/unknown`, `element/no-value` where the source of the column has none
 */
export function elementValue(symbol: string, property: ElementProperty): number {
  const value = element(symbol)[property];
  if (value !== null) return value;
  throw new EwaldError("element/no-value", `no ${property} is known of ${symbol}`, {
    value: symbol,
  });
}

const GEOMETRY = { "": "", SQ: "square planar", PY: "pyramidal" } as const;
const SPIN = { "": "", HS: "high", LS: "low" } as const;

const IONIC_RADII = new Map<string, IonicRadius[]>();
for (const [
  symbol,
  oxidation,
  coordination,
  geometry,
  spin,
  ionicRadiusAngstrom,
] of IONIC_RADIUS_ROWS) {
  const radii = IONIC_RADII.get(symbol) ?? [];
  radii.push({
    oxidation,
    coordination,
    geometry: GEOMETRY[geometry],
    spin: SPIN[spin],
    ionicRadiusAngstrom,
  });
  IONIC_RADII.set(symbol, radii);
}

/** All of Shannon's radii of an element; empty where he gives none. @throws EwaldError `element/unknown` */
export function ionicRadii(symbol: string): readonly IonicRadius[] {
  return IONIC_RADII.get(element(symbol).symbol) ?? [];
}

export interface RadiusEstimate {
  readonly ionicRadiusAngstrom: number;
  /** `table`: as Shannon gives it; `interpolated` between, `nearest` outside the coordinations he gives. */
  readonly origin: "table" | "interpolated" | "nearest";
}

/**
 * The radius of an ion in a coordination, linear between the neighbouring coordinations of the table
 * and the nearest one's outside them. Of several entries for one coordination high spin and the
 * unmarked geometry come first.
 *
 * @throws EwaldError `element/unknown`, `element/no-ionic-radius` for an oxidation state the table lacks
 */
export function ionicRadius(
  symbol: string,
  oxidation: number,
  coordination: number,
  spin: "high" | "low" = "high",
): RadiusEstimate {
  const byCoordination = new Map<number, number>();
  const states = ionicRadii(symbol).filter((radius) => radius.oxidation === oxidation);
  const rank = (radius: IonicRadius) =>
    (radius.geometry === "" ? 0 : 2) + (radius.spin === "" || radius.spin === spin ? 0 : 1);
  for (const radius of [...states].sort((a, b) => rank(b) - rank(a))) {
    byCoordination.set(radius.coordination, radius.ionicRadiusAngstrom);
  }
  const known = [...byCoordination].sort((a, b) => a[0] - b[0]);
  const upper = known.find(([number]) => number >= coordination);
  const lower = known.findLast(([number]) => number <= coordination);
  const nearest = lower ?? upper;
  if (nearest === undefined || !Number.isFinite(coordination)) {
    const given = [...new Set(ionicRadii(symbol).map((radius) => radius.oxidation))];
    throw new EwaldError(
      "element/no-ionic-radius",
      `Shannon gives no radius of ${symbol} with oxidation state ${oxidation}, coordination ${coordination}`,
      {
        value: [symbol, oxidation, coordination],
        hint: `Oxidation states given: ${given.length === 0 ? "none" : given.join(", ")}.`,
      },
    );
  }
  if (lower === undefined || upper === undefined) {
    return { ionicRadiusAngstrom: nearest[1], origin: "nearest" };
  }
  if (lower === upper) return { ionicRadiusAngstrom: lower[1], origin: "table" };
  const part = (coordination - lower[0]) / (upper[0] - lower[0]);
  return {
    ionicRadiusAngstrom: lower[1] + part * (upper[1] - lower[1]),
    origin: "interpolated",
  };
}
