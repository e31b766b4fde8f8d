/** Magnetic CIFs: operations times centrings move the atoms. They were read as P 1, "states no symmetry". */
import { describe, expect, it } from "vitest";
import { readCifStructures, type ReadStructure } from "../../../src/crystal/cif/structure.ts";
import { EwaldError } from "../../../src/errors.ts";

const HEAD = ["a", "b", "c"].map((axis) => `_cell_length_${axis} 5\n`).join("");
const ANGLES = ["alpha", "beta", "gamma"].map((angle) => `_cell_angle_${angle} 90\n`).join("");
const NAME = '_space_group_magn.number_BNS 15.90\n_space_group_magn.name_BNS "C_c2/c"\n';
const OPERATIONS = ["x,y,z,+1", "-x,-y,-z,+1", "-x,y,-z,-1", "x,-y,z,-1"];
const ATOMS = `loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Mn1 Mn 0 0 0
F1 F 0.3 0.3 0
`;

function loop(tag: string, rows: readonly string[]): string {
  return rows.length === 0
    ? ""
    : `loop_\n${tag.replace("xyz", "id")}\n${tag}\n${rows.map((row, i) => `${i + 1} ${row}\n`).join("")}`;
}

function file(
  operations: readonly string[],
  centrings: readonly string[],
  dot: string,
  more = NAME,
): string {
  const tag = (kind: string) => `_space_group_symop_magn_${kind}${dot}xyz`;
  return `data_m\n${HEAD}${ANGLES}${more}${loop(tag("operation"), operations)}${loop(tag("centering"), centrings)}${ATOMS}`;
}

function read(text: string): ReadStructure {
  return readCifStructures(text).structures[0]!;
}

function failure(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof EwaldError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("a magnetic CIF", () => {
  it.each([".", "_"])("is expanded, with %s in its tags", (dot) => {
    const centrings = ["x,y,z,+1", "x+1/2,y+1/2,z+1/2,-1"];
    const { structure, operations, warnings } = read(file(OPERATIONS, centrings, dot));
    expect(operations).toHaveLength(8);
    expect(structure.sites.map(({ species }) => species[0]!.element).join("")).toBe("MnMnFFFFFFFF");
    expect(warnings.map(({ code }) => code)).toEqual(["cif/magnetic"]);
  });

  it("needs no centrings; grey groups and lists without time reversal are the same to atoms", () => {
    const plain = OPERATIONS.map((one) => one.slice(0, -3));
    const grey = OPERATIONS.flatMap((one) => [one, one.replace(/[+-]1$/, "-1")]);
    for (const list of [OPERATIONS, plain, grey]) {
      expect(read(file(list, [], ".")).structure.sites).toHaveLength(5);
    }
    expect(read(file(OPERATIONS, ["x,y,z,+1", "x,y,z,-1"], ".")).structure.sites).toHaveLength(5);
  });

  it("does not ask the symbol of the parent", () => {
    const parent = "_space_group_name_H-M_alt 'P m -3 m'\n";
    expect(read(file(OPERATIONS, [], ".", parent)).structure.sites).toHaveLength(5);
  });

  it("is refused where operations are missing, wrong, or no group", () => {
    expect(failure(file([], [], "."))).toBe("cif/magnetic-symmetry");
    expect(failure(file(["x,y,z,+1", "x,y,q,+1"], [], "."))).toBe("symmetry/operation");
    expect(failure(file(["x,y,z,+1", "-y,x,z,+1"], [], "."))).toBe("cif/symmetry-not-a-group");
  });
});
