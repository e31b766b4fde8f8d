/**
 * The net under the readers: what a file says of itself (formula and Z, formula weight, volume, density, number of atoms)
 * beside what was read of it. One warning holds all that differs, with both values. Tolerances are those of rounded
 * statements: on the 598 files of the CIF collection they leave the figures that docs/cif.md gives.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import { compositionOf, molarMassGPerMol } from "../composition/composition.ts";
import { massDensityGPerCm3 } from "../density.ts";
import { parseFormula } from "../composition/formula.ts";
import { cellVolume, latticeParameters } from "../lattice.ts";
import { speciesWithB } from "../site-contents.ts";
import type { Structure } from "../structure.ts";

export interface StatedFormula {
  /** As written. */
  readonly text: string;
  /** Atoms per formula unit by element. */
  readonly amounts: ReadonlyMap<string, number>;
}

/** A file's statements on the structure that it holds; all that it does not say is absent. */
export interface StatedContents {
  readonly formula?: StatedFormula;
  readonly formulaUnitsZ?: number;
  readonly formulaWeight?: number;
  readonly volumeAngstrom3?: number;
  readonly densityGPerCm3?: number;
  /** a, b, c (Å), α, β, γ (°) of a file that gives the lattice vectors too. */
  readonly cell?: readonly number[];
}

/** One quantity that the file states and that was read otherwise, both in words. */
export interface Difference {
  readonly what: string;
  readonly stated: string;
  readonly read: string;
}

/** Amounts may be apart by rounded occupancies. */
const AMOUNT = 0.03;
const SMALLEST_AMOUNT = 0.06;
const VOLUME = 0.003;
const DENSITY = 0.03;
const WEIGHT = 0.015;
const LENGTH = 0.002;
const ANGLE_DEG = 0.2;
/** Å². The median of a structure's atoms; U given for B, and B for U, lie beyond (8π² is 79). */
const LARGEST_B = 25;
const SMALLEST_B = 0.015;
const EIGHT_PI2 = 8 * Math.PI ** 2;

/** A formula in any notation; nothing where it is none. */
export function statedFormula(text: string): Pick<StatedContents, "formula"> {
  const amounts = parsedAmounts(text);
  return amounts === null ? {} : { formula: { text, amounts } };
}

export function parsedAmounts(text: string): ReadonlyMap<string, number> | null {
  try {
    const { amounts } = parseFormula(text);
    return new Map(amounts.map(({ element, amount }) => [element, amount]));
  } catch (error) {
    if (error instanceof EwaldError) return null;
    throw error;
  }
}

/** None or one warning. */
export function statedWarning(differences: readonly Difference[], at: Position = {}): Warning[] {
  if (differences.length === 0) return [];
  const words = differences.map(
    ({ what, stated, read }) => `${what} ${stated}, but ${read} was read`,
  );
  return [
    {
      code: "structure/stated",
      message: `what the file says of itself is not what was read: ${words.join("; ")}`,
      ...at,
    },
  ];
}

export function contentDifferences(stated: StatedContents, structure: Structure): Difference[] {
  return [
    ...formulaDifference(stated, structure),
    ...quantityDifferences(stated, structure),
    ...cellDifference(stated, structure),
    ...displacementDifference(structure),
  ];
}

/** Atoms of the cell by element; deuterium counts as hydrogen, as most formulas do. */
export function cellAmounts(structure: Structure): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { species } of structure.sites) {
    for (const { element, occupancy } of species) addAmount(amounts, element, occupancy);
  }
  return amounts;
}

function addAmount(amounts: Map<string, number>, element: string, amount: number): void {
  const name = element === "D" ? "H" : element;
  amounts.set(name, (amounts.get(name) ?? 0) + amount);
}

function amountWords(amounts: ReadonlyMap<string, number>): string {
  return [...amounts]
    .map(([element, amount]) => {
      const rounded = Number(amount.toFixed(2));
      return rounded === 1 ? element : `${element}${rounded}`;
    })
    .join(" ");
}

function formulaDifference(
  { formula, formulaUnitsZ }: StatedContents,
  structure: Structure,
): Difference[] {
  if (formula === undefined) return [];
  const read = cellAmounts(structure);
  const unit = new Map<string, number>();
  for (const [element, amount] of formula.amounts) addAmount(unit, element, amount);
  const z = formulaUnitsZ ?? unitsOf(read, unit);
  const holds = (units: number): boolean =>
    [...new Set([...unit.keys(), ...read.keys()])].every((element) => {
      const expected = units * (unit.get(element) ?? 0);
      const tolerance = Math.max(SMALLEST_AMOUNT, AMOUNT * expected);
      return Math.abs((read.get(element) ?? 0) - expected) <= tolerance;
    });
  // pymatgen and others write the sum of the whole cell ("Al12 O18") beside the Z of the reduced formula (6).
  const isOfCell = [...unit.values()].every((amount) => Number.isInteger(amount / z));
  if (holds(z) || (isOfCell && holds(1))) return [];
  const times = formulaUnitsZ === undefined ? "" : ` with Z = ${formulaUnitsZ}`;
  return [
    {
      what: "formula",
      stated: `${formula.text}${times}`,
      read: `${amountWords(read)} in the cell`,
    },
  ];
}

/** Formula units in the cell where the file does not say: by the element that is most of it. */
function unitsOf(read: ReadonlyMap<string, number>, unit: ReadonlyMap<string, number>): number {
  const common = [...unit]
    .filter(([element, amount]) => element !== "H" && amount > 0 && read.has(element))
    .sort(([, a], [, b]) => b - a)[0];
  return common === undefined ? 1 : read.get(common[0])! / common[1];
}

function quantityDifferences(stated: StatedContents, structure: Structure): Difference[] {
  const { volumeAngstrom3, densityGPerCm3, formulaWeight, formulaUnitsZ } = stated;
  const differences: Difference[] = [];
  const compare = (
    what: string,
    unit: string,
    tolerance: number,
    said: number | undefined,
    read: () => number,
  ): void => {
    if (said === undefined || !(said > 0)) return;
    const found = read();
    if (Math.abs(found - said) <= tolerance * Math.max(found, said)) return;
    const shown = (value: number): string => `${Number(value.toPrecision(5))} ${unit}`;
    differences.push({ what, stated: shown(said), read: shown(found) });
  };
  compare("volume", "Å³", VOLUME, volumeAngstrom3, () => cellVolume(structure.lattice));
  // kg/m³ are read as such: 1000 of them are one g/cm³.
  const density = massDensityGPerCm3(structure);
  const isSi = densityGPerCm3 !== undefined && densityGPerCm3 > 100;
  compare(
    "density",
    "g/cm³",
    DENSITY,
    isSi ? densityGPerCm3 / 1000 : densityGPerCm3,
    () => density,
  );
  if (formulaUnitsZ !== undefined && formulaUnitsZ > 0) {
    compare(
      "formula weight",
      "g/mol",
      WEIGHT,
      formulaWeight,
      () => molarMassGPerMol(compositionOf(structure)) / formulaUnitsZ,
    );
  }
  return differences;
}

function cellDifference({ cell }: StatedContents, structure: Structure): Difference[] {
  if (cell === undefined) return [];
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(structure.lattice);
  const read = [a, b, c, alphaDeg, betaDeg, gammaDeg];
  const differs = read.some(
    (value, index) => Math.abs(value - cell[index]!) > (index < 3 ? LENGTH * value : ANGLE_DEG),
  );
  const words = (values: readonly number[]): string =>
    values.map((value) => Number(value.toFixed(3))).join(" ");
  return differs ? [{ what: "cell", stated: words(cell), read: words(read) }] : [];
}

/** B and U that have changed places: the median of all atoms but hydrogen is beyond what a crystal can have. */
function displacementDifference({ sites }: Structure): Difference[] {
  const values = sites
    .flatMap((site) => speciesWithB(site))
    .filter(({ element }) => element !== "H" && element !== "D")
    .map(({ bIsoAngstrom2 }) => bIsoAngstrom2)
    .filter((value) => value !== undefined && value !== 0)
    .sort((one, other) => one! - other!);
  const median = values[values.length >> 1];
  if (median === undefined || (median >= SMALLEST_B && median <= LARGEST_B)) return [];
  const shown = (b: number): string => {
    const both = [b, b / EIGHT_PI2].map((value) => Number(value.toPrecision(3)));
    return `B = ${both[0]} Å² (U = ${both[1]} Å²)`;
  };
  const hint =
    median > LARGEST_B
      ? " (is it B that is given as U?)"
      : median > 0
        ? " (is it U that is given as B?)"
        : "";
  return [
    {
      what: "displacements, which are about",
      stated: `${shown(0.5)} in a crystal`,
      read: `${shown(median)}${hint}`,
    },
  ];
}
