/** Lists of operations with doubles: told by what they hold, not by how long they are. */
import { expect, test } from "vitest";
import { massDensityGPerCm3 } from "../../src/crystal/density.ts";
import { atoms, caseFile, cell, codes, contents, operations, readOne, refusal } from "./cases.ts";

const MONOCLINIC = cell(5, 6, 7, 90, 100);
const P2M = "_symmetry_space_group_name_H-M 'P 1 2/m 1'\n";
const FE = atoms(["Fe1 Fe 0.1 0.2 0.3"]);

test("an fcc list with one centring twice was Pm-3m with 6 sites", () => {
  const read = readOne(caseFile("13-fcc-badcentring.cif"));
  expect(contents(read)).toBe("Cl4 Na4");
  expect(massDensityGPerCm3(read.structure)).toBeCloseTo(2.164, 3);
  expect(codes(read)).toEqual(["cif/symmetry-completed"]);
  expect(read.warnings[0]!.message).toContain(
    "of the 192 listed symmetry operations only 144 differ",
  );
  expect(read.operations).toHaveLength(192);
});

test.each([
  ["13j-p1bar-dup.cif", "Fe2"],
  ["13e-p2m-dup.cif", "Fe4"],
])("%s lost atoms: %s", (name, atomsOfCell) => {
  const read = readOne(caseFile(name));
  expect(contents(read)).toBe(atomsOfCell);
  expect(codes(read)).toEqual(["cif/symmetry-completed"]);
});

test("a right list stays right, one that is only too short stays refused", () => {
  expect(codes(readOne(caseFile("13b-fcc-good.cif")))).toEqual([]);
  expect(refusal(caseFile("13g-p2m-missing.cif"))).toBe("cif/symmetry-not-a-group");
  expect(contents(readOne(caseFile("13g-p2m-missing.cif"), { contradiction: "declared" }))).toBe(
    "Fe4",
  );
});

test("without a declared space group the group of the list is taken, if it is as long", () => {
  const list = ["x,y,z", "-x,y,-z", "-x,-y,-z", "-x,y,-z"];
  expect(contents(readOne(MONOCLINIC + operations(list) + FE))).toBe("Fe4");
  expect(refusal(MONOCLINIC + operations([...list, "-x,y,-z"]) + FE)).toBe(
    "cif/symmetry-not-a-group",
  );
  // The declared space group is the one that is generated.
  const longer = readOne(MONOCLINIC + P2M + operations([...list, "-x,y,-z"]) + FE);
  expect(contents(longer)).toBe("Fe4");
  expect(codes(longer)).toEqual(["cif/symmetry-completed"]);
});

test("doubles that take nothing away are counted once, with both numbers", () => {
  const list = ["x,y,z", "-x,-y,-z", "-x,-y,-z", "x+1,y,z"];
  const read = readOne(cell(5, 6, 7, 80, 95, 100) + operations(list) + FE);
  expect(contents(read)).toBe("Fe2");
  expect(read.warnings[0]!.message).toBe(
    "2 symmetry operations of the 4 listed repeat others: each is taken once, 2 in all",
  );
});

test("a rounded double is a double", () => {
  const list = ["x,y,z", "-y,x-y,z+1/3", "-y,x-y,z+0.333"];
  const text = cell(5, 5, 7, 90, 90, 120) + "_space_group_name_H-M_alt 'P 31'\n";
  expect(contents(readOne(text + operations(list) + FE))).toBe("Fe3");
});

test("doubles in a centred group: the centring is missing, and the contents decide", () => {
  const list = ["x,y,z", "-x,y,-z", "x,y,z", "-x,y,-z"];
  const text = MONOCLINIC + "_space_group_name_H-M_alt 'C 1 2 1'\n" + operations(list) + FE;
  expect(refusal(text)).toBe("cif/symmetry-contradiction");
  expect(contents(readOne(text, { contradiction: "declared" }))).toBe("Fe4");
  expect(contents(readOne(text, { contradiction: "listed" }))).toBe("Fe2");
});

test("a group that the list generates and the file does not declare is a contradiction", () => {
  const list = ["x,y,z", "-x,y,-z", "-x,-y,-z", "-x,y,-z"];
  const text = MONOCLINIC + "_space_group_name_H-M_alt 'P -1'\n" + operations(list) + FE;
  expect(refusal(text)).toBe("cif/symmetry-contradiction");
});

test("an operation that is not given is told", () => {
  const text = MONOCLINIC + "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n?\n" + FE;
  expect(codes(readOne(text))).toEqual(["cif/symmetry-unknown"]);
});

test("two lists that differ are told", () => {
  const old = "loop_\n_symmetry_equiv_pos_as_xyz\nx,y,z\n-x,-y,-z\n";
  const same = readOne(MONOCLINIC + operations(["-x,-y,-z", "x,y,z"]) + old + FE);
  expect(codes(same)).toEqual([]);
  const other = readOne(MONOCLINIC + operations(["x,y,z", "-x,y,-z"]) + old + FE);
  expect(codes(other)).toEqual(["cif/symmetry-contradiction"]);
});

test("symbols, numbers and Hall symbols of different space groups are a contradiction", () => {
  for (const lines of [
    "_space_group_name_H-M_alt 'P 1 2/m 1'\n_symmetry_space_group_name_H-M 'P 1 2 1'\n",
    "_space_group_name_Hall 'P 2y'\n_space_group_name_H-M_alt 'P 1 2/m 1'\n",
    "_space_group_name_Hall 'P 2y'\n_space_group_IT_number 10\n",
    "_space_group_IT_number 10\n_symmetry_Int_Tables_number 3\n",
  ]) {
    expect(refusal(MONOCLINIC + lines + FE)).toBe("cif/symmetry-contradiction");
    const listed = operations(["x,y,z", "-x,y,-z", "-x,-y,-z", "x,-y,z"]);
    const read = readOne(MONOCLINIC + lines + listed + FE);
    expect([contents(read), codes(read)]).toEqual(["Fe4", ["cif/symmetry-contradiction"]]);
  }
});

test("a file whose space group is not understood is no file of P 1", () => {
  for (const [line, code] of [
    ["_space_group_name_Hall 'P 2q'\n", "cif/hall-symbol"],
    ["_space_group_IT_number 231\n", "cif/space-group-number"],
    ["_space_group_IT_number 'P 2/m'\n", "cif/space-group-number"],
    ["_space_group_ssg_name 'P2/m(a0g)0s'\n", "cif/superspace-symmetry"],
  ] as const) {
    expect(refusal(MONOCLINIC + line + FE)).toBe(code);
  }
  const modulated = "_cell_modulation_dimension 1\n_space_group_name_H-M_alt 'P 1 2/m 1'\n";
  expect(codes(readOne(MONOCLINIC + modulated + FE))).toEqual(["cif/modulated"]);
});

test("the primitive operations of an F lattice: either may be believed", () => {
  const text = caseFile("13c-fcc-primops.cif");
  expect(refusal(text)).toBe("cif/symmetry-contradiction");
  expect(contents(readOne(text, { contradiction: "declared" }))).toBe("Cl4 Na4");
  expect(contents(readOne(text, { contradiction: "listed" }))).toBe("Cl1 Na1");
});
