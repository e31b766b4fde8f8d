/** Small CIFs for the tests of what is read wrongly elsewhere: a cell, a few lines, a list of atoms. */
import { readFileSync } from "node:fs";
import {
  type CifStructureOptions,
  readCifStructures,
  type ReadStructure,
} from "../../src/crystal/cif/structure.ts";
import { EwaldError } from "../../src/errors.ts";

export function caseFile(name: string): string {
  return readFileSync(new URL(`./fixtures/cases/${name}`, import.meta.url), "utf8");
}

export function cell(a: number, b: number, c: number, ...angles: readonly number[]): string {
  const [alpha = 90, beta = 90, gamma = 90] = angles;
  return Object.entries({ length_a: a, length_b: b, length_c: c })
    .concat(Object.entries({ angle_alpha: alpha, angle_beta: beta, angle_gamma: gamma }))
    .map(([name, value]) => `_cell_${name} ${value}\n`)
    .join("");
}

/** @param rows "Na1 Na 0 0 0": label, type symbol, coordinates, then what `more` names */
export function atoms(rows: readonly string[], ...more: readonly string[]): string {
  const tags = ["label", "type_symbol", "fract_x", "fract_y", "fract_z", ...more];
  return `loop_\n${tags.map((tag) => `_atom_site_${tag}\n`).join("")}${rows.join("\n")}\n`;
}

export function operations(list: readonly string[]): string {
  return `loop_\n_space_group_symop_operation_xyz\n${list.map((one) => `'${one}'\n`).join("")}`;
}

export function readOne(text: string, options: CifStructureOptions = {}): ReadStructure {
  const whole = /^data_/m.test(text) ? text : `data_x\n${text}`;
  const { structures } = readCifStructures(whole, options);
  if (structures.length !== 1) throw new Error(`${structures.length} structures`);
  return structures[0]!;
}

/** The code with which the text is refused; "read" where it is not. */
export function refusal(text: string, options: CifStructureOptions = {}): string {
  try {
    readOne(text, options);
  } catch (error) {
    if (error instanceof EwaldError) return error.code;
    throw error;
  }
  return "read";
}

/** "Al12 O18": atoms of the cell, occupancies summed, in the order of the letters. */
export function contents({ structure }: ReadStructure): string {
  const counts = new Map<string, number>();
  for (const { species } of structure.sites) {
    for (const { element, occupancy } of species) {
      counts.set(element, (counts.get(element) ?? 0) + occupancy);
    }
  }
  return [...counts]
    .map(([element, count]) => `${element}${Number(count.toFixed(3))}`)
    .sort()
    .join(" ");
}

export function codes({ warnings }: ReadStructure): string[] {
  return [...new Set(warnings.map(({ code }) => code))].sort();
}
