/**
 * Measured compositions: readings in at%, wt% or mol% with standard uncertainties, normalised to atomic
 * fractions. With νₖₑ the atoms of element e in component k, Mₖ its molar mass (1 for at% and mol%) and
 * vₖ ± σₖ the readings, taken as independent:
 *
 *     aₑ = Σₖ νₖₑ vₖ / Mₖ      A = Σₑ aₑ      xₑ = aₑ / A
 *     ∂xₑ/∂vₖ = (νₖₑ − xₑ Nₖ) / (Mₖ A)      Nₖ = Σₑ νₖₑ
 *     cov(xₑ, x_f) = Σₖ ∂xₑ/∂vₖ · ∂x_f/∂vₖ · σₖ²
 *
 * Because of the normalisation the fractions are correlated: every row of the covariance sums to 0.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import type { Random } from "../../math/random.ts";
import {
  type Composition,
  type ElementAmount,
  molarMassGPerMol,
  totalAmount,
} from "./composition.ts";
import { parseFormula } from "./formula.ts";

/** `formula`: atoms per formula unit, for formulas with uncertainties. */
export type CompositionUnit = "at%" | "wt%" | "mol%" | "formula";

export interface Reading {
  /** Element or compound: `Sr`, `SiO2`. */
  readonly component: string;
  readonly value: number;
  /** Standard uncertainty of `value` where stated. */
  readonly esd?: number;
  /** `value` is what the others leave of 100: as uncertain as they are together. */
  readonly isBalance?: true;
}

/** An element or compound looked for and not found. */
export interface BelowDetection {
  readonly component: string;
  /** In the unit of the readings, where stated ("<0.5"). */
  readonly limit?: number;
}

/**
 * A measured composition in atomic fractions: `amounts` sum to 1 and carry an uncertainty where any reading does. A reading of 0 stays as an
 * amount of 0.
 */
export interface MeasuredComposition extends Composition {
  /** cov(xₑ, x_f), in the order of `amounts`; zeros where no reading has an uncertainty. */
  readonly covariance: readonly (readonly number[])[];
  /** The amounts as read, before normalisation. */
  readonly readings: readonly Reading[];
  readonly unit: CompositionUnit;
  /** Sum of the readings. */
  readonly total: number;
  readonly belowDetection: readonly BelowDetection[];
  readonly warnings: readonly Warning[];
}

interface Component {
  readonly amounts: readonly ElementAmount[];
  readonly atoms: number;
  /** Mₖ above. */
  readonly divisor: number;
}

/** A total further from 100 % than this is reported. */
const USUAL_TOTAL_DEVIATION = 10;
/** Counts of a detector are far below; beyond 1e154 squares are no numbers any more. */
const LARGEST_READING = 1e12;

/**
 * @throws EwaldError `composition/reading` for a value or uncertainty that is negative, not finite or above 1e12,
 * `composition/repeated`, `composition/unit` for a compound in at%, `composition/empty`, and what
 * `parseFormula` throws for a component
 */
export function measuredComposition(
  readings: readonly Reading[],
  unit: CompositionUnit,
  {
    belowDetection = [],
    warnings = [],
  }: Partial<Pick<MeasuredComposition, "belowDetection" | "warnings">> = {},
): MeasuredComposition {
  const components = readings.map((reading) => componentOf(reading, unit));
  checkRepeats([...readings, ...belowDetection].map((one) => one.component));
  for (const { component } of belowDetection) parseFormula(component);
  const total = readings.reduce((sum, reading) => sum + reading.value, 0);
  if (total === 0) throw new EwaldError("composition/empty", "every reading is 0");
  const values = readings.map((reading) => reading.value);
  const fractions = atomicFractionsOf(components, values);
  const elements = [...fractions.keys()];
  const covariance = propagate(components, readings, fractions);
  const isUncertain = readings.some((reading) => reading.esd !== undefined);
  return {
    amounts: elements.map((element, e) => {
      const amount = fractions.get(element)!;
      return isUncertain
        ? { element, amount, amountEsd: Math.sqrt(covariance[e]![e]!) }
        : { element, amount };
    }),
    covariance,
    readings,
    unit,
    total,
    belowDetection,
    warnings: [...warnings, ...oddities(readings, unit, total)],
  };
}

/** A formula with uncertainties, `Sr1.02(3)TiO3`, as a measured composition. */
export function measuredFromFormula(formula: Composition): MeasuredComposition {
  const readings = formula.amounts.map(({ element, amount, amountEsd }) =>
    amountEsd === undefined
      ? { component: element, value: amount }
      : { component: element, value: amount, esd: amountEsd },
  );
  return measuredComposition(readings, "formula");
}

/**
 * One composition as it may have been: each reading drawn from its normal distribution (again where
 * negative), then normalised. Readings without uncertainty stay.
 */
export function sampleComposition(measured: MeasuredComposition, random: Random): Composition {
  const components = measured.readings.map((reading) => componentOf(reading, measured.unit));
  for (;;) {
    const drawn = measured.readings.map(({ value, esd = 0, isBalance }) =>
      isBalance === true ? 0 : positiveNormal(random, value, esd),
    );
    const rest = 100 - drawn.reduce((sum, value) => sum + value, 0);
    const values = measured.readings.map(({ isBalance }, k) =>
      isBalance === true ? Math.max(0, rest) : drawn[k]!,
    );
    if (values.every((value) => value === 0)) continue;
    const fractions = [...atomicFractionsOf(components, values)];
    return {
      amounts: fractions
        .filter(([, amount]) => amount > 0)
        .map(([element, amount]) => ({ element, amount })),
    };
  }
}

function positiveNormal(random: Random, mean: number, esd: number): number {
  if (esd === 0) return mean;
  for (;;) {
    // The mean is not negative, so at least half of all draws are kept.
    const value = random.normal(mean, esd);
    if (value >= 0) return value;
  }
}

function componentOf({ component, value, esd }: Reading, unit: CompositionUnit): Component {
  const isAmount = (x: number): boolean => x >= 0 && x <= LARGEST_READING;
  if (!isAmount(value) || !isAmount(esd ?? 0)) {
    throw new EwaldError(
      "composition/reading",
      `${component}: ${value} ± ${esd ?? "?"} is no amount`,
      {
        value: [value, esd],
      },
    );
  }
  const of = parseFormula(component);
  const isElement = of.amounts.length === 1 && of.amounts[0]!.amount === 1;
  if (!isElement && (unit === "at%" || unit === "formula")) {
    throw new EwaldError(
      "composition/unit",
      `${component} is a compound and cannot be given in ${unit}`,
      {
        value: component,
        hint: "Compounds are given in wt% or mol%.",
      },
    );
  }
  return {
    amounts: of.amounts,
    atoms: totalAmount(of),
    divisor: unit === "wt%" ? molarMassGPerMol(of) : 1,
  };
}

function checkRepeats(components: readonly string[]): void {
  const seen = new Set<string>();
  for (const component of components) {
    if (seen.has(component)) {
      throw new EwaldError("composition/repeated", `${component} is given twice`, {
        value: component,
      });
    }
    seen.add(component);
  }
}

/** Element → atomic fraction, elements in order of first appearance. */
function atomicFractionsOf(
  components: readonly Component[],
  values: readonly number[],
): Map<string, number> {
  const atoms = new Map<string, number>();
  let total = 0;
  for (const [k, { amounts, divisor }] of components.entries()) {
    for (const { element, amount } of amounts) {
      const added = (amount * values[k]!) / divisor;
      atoms.set(element, (atoms.get(element) ?? 0) + added);
      total += added;
    }
  }
  for (const [element, amount] of atoms) atoms.set(element, amount / total);
  return atoms;
}

function propagate(
  components: readonly Component[],
  readings: readonly Reading[],
  fractions: ReadonlyMap<string, number>,
): number[][] {
  const elements = [...fractions.keys()];
  let total = 0;
  for (const [k, { atoms, divisor }] of components.entries()) {
    total += (atoms * readings[k]!.value) / divisor;
  }
  const covariance = elements.map(() => elements.map(() => 0));
  const slope = (k: number, element: string): number => {
    const { amounts, atoms, divisor } = components[k]!;
    const own = amounts.find((entry) => entry.element === element)?.amount ?? 0;
    return (own - fractions.get(element)! * atoms) / (divisor * total);
  };
  const balance = readings.findIndex(({ isBalance }) => isBalance === true);
  for (const k of components.keys()) {
    const esd = readings[k]!.esd ?? 0;
    if (esd === 0) continue;
    // What one reading gains the balance loses.
    const change = elements.map(
      (element) => (slope(k, element) - (balance < 0 ? 0 : slope(balance, element))) * esd,
    );
    for (const [e, row] of covariance.entries()) {
      for (let f = 0; f < elements.length; f++) row[f]! += change[e]! * change[f]!;
    }
  }
  return covariance;
}

function oddities(readings: readonly Reading[], unit: CompositionUnit, total: number): Warning[] {
  const warnings: Warning[] = [];
  const measured = readings.filter(({ isBalance }) => isBalance !== true);
  const silent = measured.filter((reading) => reading.esd === undefined);
  if (silent.length > 0 && silent.length < measured.length && unit !== "formula") {
    warnings.push({
      code: "composition/missing-uncertainty",
      message: `no uncertainty for ${silent.map((one) => one.component).join(", ")}: taken as exact`,
    });
  }
  if (unit !== "formula" && Math.abs(total - 100) > USUAL_TOTAL_DEVIATION) {
    warnings.push({
      code: "composition/total",
      message: `the readings sum to ${Number(total.toPrecision(4))} ${unit} and were normalised to 100`,
    });
  }
  return warnings;
}
