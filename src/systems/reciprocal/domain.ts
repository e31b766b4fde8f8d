/**
 * Is a structure like those that the network was trained on? Asked of numbers that do not depend on the cell chosen, and answered
 * in words. The ranges hold all but 1 in 10,000 of the training structures at each end, with a margin; elements count that at least 1 in 5,000 holds.
 */
import * as z from "zod/mini";
import { elementsOf } from "../../crystal/composition/composition.ts";
import { cellVolume } from "../../crystal/lattice.ts";
import type { Structure } from "../../crystal/structure.ts";
import { analyzeSymmetry } from "../../crystal/symmetry/symmetry.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { EwaldError } from "../../errors.ts";
import { quantile } from "../../math/statistics.ts";
import type { ReciprocalData } from "./dataset.ts";
import { ELECTRON_DENSITY, FEATURES, OVERALL_AT, SHORTEST } from "./feature-layout.ts";
import { strangeBonds } from "./strangers.ts";

const range = z.tuple([z.number(), z.number()]);

export const domainSchema = z.strictObject({
  elements: z.array(z.string()),
  volumePerAtomAngstrom3: range,
  electronsPerAngstrom3: range,
  /** The spacing of the first reflection with intensity. */
  longestSpacingAngstrom: range,
  /** In the primitive cell, at most. Absent in models trained before it was asked. */
  mostAtoms: z.optional(z.int().check(z.positive())),
});

export type Domain = z.infer<typeof domainSchema>;

const TAIL = 1e-4;
/**
 * Factor by which a number may lie beyond its range. The training cells are calculated, measured ones are up to some percent
 * smaller or larger, and the simplest solids (iron, nickel, beryllium, diamond) lie at the very ends. Of Materials Project rows up to
 * 40 atoms (308 of elements, 879 of compounds) 14 and 0 lie outside, without the margin 24 and 0; all lengths times 0.7 or 4, it still
 * tells 62 and 80 % of the compounds, without 67 and 85 %.
 */
const MARGIN = 1.05;
/** The share of the training structures that must hold an element: with fewer, the network has not learned what it does. */
const ELEMENT_SHARE = 1 / 5000;

/** Elements that enough of the compositions hold. */
function commonElements(rows: readonly { readonly elements: readonly string[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { elements } of rows)
    for (const element of elements) counts.set(element, (counts.get(element) ?? 0) + 1);
  return [...counts.keys()]
    .filter((element) => counts.get(element)! >= ELEMENT_SHARE * rows.length)
    .sort();
}

/** The part of a domain that follows from compositions and sizes, without features. */
export function contentsDomain(
  rows: readonly { readonly elements: readonly string[]; readonly atoms: number }[],
): Pick<Domain, "elements" | "mostAtoms"> {
  const atoms = rows.map((row) => row.atoms);
  return { elements: commonElements(rows), mostAtoms: Math.ceil(quantile(atoms, 1 - TAIL)) };
}

function rangeOf(values: readonly number[]): [number, number] {
  return [quantile(values, TAIL), quantile(values, 1 - TAIL)];
}

/** The quantities of a structure that its own features give. */
function measured(features: Float32Array, from: number): { density: number; spacing: number } {
  return {
    density: Math.exp(features[from + OVERALL_AT + ELECTRON_DENSITY]!),
    spacing: Math.exp(-features[from + OVERALL_AT + SHORTEST]!),
  };
}

export function domainOf(data: ReciprocalData, rows: Uint32Array): Domain {
  const wanted = new Set(rows);
  const density: number[] = [];
  const spacing: number[] = [];
  for (const [b, { data: features, shape }] of data.blocks.entries()) {
    for (let i = 0; i < shape[0]!; i++) {
      if (!wanted.has(data.starts[b]! + i)) continue;
      const own = measured(features, i * FEATURES);
      density.push(own.density);
      spacing.push(own.spacing);
    }
  }
  const used = Array.from(rows, (row) => data.rows[row]!);
  return {
    ...contentsDomain(
      used.map(({ composition, atoms }) => ({ elements: elementsOf(composition), atoms })),
    ),
    volumePerAtomAngstrom3: rangeOf(used.map((row) => row.volumePerAtomAngstrom3)),
    electronsPerAngstrom3: rangeOf(density),
    longestSpacingAngstrom: rangeOf(spacing),
  };
}

/** Why the structure is unlike the training data, or null. `features` are its own, from `from` on. */
export function outsideReason(
  structure: Structure,
  features: Float32Array,
  from: number,
  domain: Domain,
): string | null {
  const known = new Set(domain.elements);
  const species = structure.sites.flatMap((site) => site.species);
  const strangers = [...new Set(species.map(({ element }) => element))].filter(
    (element) => !known.has(element),
  );
  if (strangers.length > 0)
    return `${strangers.join(", ")}: hardly a training structure holds ${strangers.length === 1 ? "it" : "them"}`;
  if (structure.sites.some((site) => site.species.length > 1 || site.species[0]!.occupancy < 1))
    return "partial occupancy: all training structures are fully ordered";
  const strange = strangeBonds(structure);
  if (strange !== null) return strange;
  const { density, spacing } = measured(features, from);
  const numbers = [
    [
      "volume per atom",
      cellVolume(structure.lattice) / structure.sites.length,
      domain.volumePerAtomAngstrom3,
      "Å³",
    ],
    ["density of electrons", density, domain.electronsPerAngstrom3, "1/Å³"],
    ["longest d spacing", spacing, domain.longestSpacingAngstrom, "Å"],
  ] as const;
  for (const [name, value, [from_, to], unit] of numbers)
    if (!(value >= from_ / MARGIN && value <= to * MARGIN))
      return `${name} ${value.toPrecision(3)} ${unit}, trained on ${from_.toPrecision(3)} to ${to.toPrecision(3)} ${unit}`;
  return tooManyAtoms(structure, domain.mostAtoms);
}

/** Symmetry is searched only where the cell as given has too many: most are small. */
function tooManyAtoms(structure: Structure, most: number | undefined): string | null {
  if (most === undefined || structure.sites.length <= most) return null;
  const atoms = primitiveAtoms(structure);
  return atoms <= most ? null : `${atoms} atoms in the primitive cell, trained on up to ${most}`;
}

function primitiveAtoms(structure: Structure): number {
  try {
    const options = { symprecAngstrom: TABLE_SYMPREC_ANGSTROM };
    return analyzeSymmetry(structure, options).primitive.sites.length;
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return structure.sites.length;
  }
}
