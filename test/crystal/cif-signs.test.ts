/** Typographic signs in symbols, operations and numbers. What was not known was thrown away before it was looked up. */
import { describe, expect, it, test } from "vitest";
import { settingsBySymbol } from "../../src/crystal/symmetry/space-group-settings.ts";
import { plainNumber, plainSymbol } from "../../src/formats/typography.ts";
import { atoms, caseFile, cell, codes, contents, operations, readOne, refusal } from "./cases.ts";

const CORUNDUM = `${cell(4.757, 4.757, 12.9877, 90, 90, 120)}`;
const CORUNDUM_ATOMS = atoms(["Al1 Al 0 0 0.35217", "O1 O 0.3062 0 0.25"]);
const TRICLINIC = cell(5, 6, 7, 80, 95, 100);

describe("the samples", () => {
  test.each([
    ["21c-hm-endash-R3c.cif", "Al12 O18"],
    ["21i-Rm3m.cif", "Bi6 Te9"],
    ["21-hm-minus-u2212.cif", "Na2"],
    ["21e-hm-minus-ops.cif", "Na2"],
  ])("%s holds %s", (name, atomsOfCell) => {
    const read = readOne(caseFile(name));
    expect(contents(read)).toBe(atomsOfCell);
    expect(codes(read)).toEqual([]);
  });
});

describe("Hermann-Mauguin symbols", () => {
  test.each([
    "R –3 c",
    "R —3 c",
    "R ‒3 c",
    "R ‐3 c",
    "R ‑3 c",
    "R −3 c",
    "R ﹣3 c",
    "R －3 c",
    "R ⁻3 c",
    "R ₋3 c",
    "R 3̅ c",
    "R 3̄ c",
    "R3̅c",
    "R ̅3 c",
    "R ¯3 c",
    "R‾3c",
    "R 3¯ c",
    "R \\bar{3} c",
    "$R\\overline{3}c$",
    "R −3 c :H",
    "R −3 c",
    "Ｒ －３ ｃ",
    "R <span style='text-decoration:overline'>3</span> c",
  ])("%s is R -3 c", (symbol) => {
    const quote = symbol.includes("'") ? '"' : "'";
    const line = `_space_group_name_H-M_alt ${quote}${symbol}${quote}\n`;
    expect(contents(readOne(CORUNDUM + line + CORUNDUM_ATOMS))).toBe("Al12 O18");
  });

  test.each([
    ["P 2₁/c", 14],
    ["P 2<sub>1</sub>/c", 14],
    ["P 6₃/m m c", 194],
    ["P6³/mmc", 194],
    ["F d 3̅ m : 2", 227],
    ["P ４₂/ｍ n m", 136],
    ["P 2₁ 2₁ 2₁", 19],
    ["I a 3̅ d", 230],
    ["P 21/c (No. 14)", 14],
  ])("%s is one of number %i", (symbol, number) => {
    expect(new Set(settingsBySymbol(symbol).map((one) => one.number))).toEqual(new Set([number]));
  });

  test.each([
    "R ?3 c",
    "R �3 c",
    "R â€“3 c",
    "R +3 c",
    "R *3 c",
    "P 2.1/c",
    "R 3̲ c",
    "P 21/c (No. 15)",
  ])("%s is not known", (symbol) => {
    expect(settingsBySymbol(symbol)).toEqual([]);
    const line = `_space_group_name_H-M_alt '${symbol}'\n`;
    expect(refusal(CORUNDUM + line + CORUNDUM_ATOMS)).toBe("cif/space-group-symbol");
  });
});

test.each(["−P 1", "–P 1", "-P 1", "－Ｐ 1"])("the Hall symbol %s has an inversion", (hall) => {
  const line = `_space_group_name_Hall '${hall}'\n`;
  expect(contents(readOne(TRICLINIC + line + atoms(["Na1 Na 0.11 0.23 0.37"])))).toBe("Na2");
});

test("a Hall symbol off the table takes the same signs", () => {
  const line = `_space_group_name_Hall '−P 2yb (x,y,z+¼)'\n`;
  const read = readOne(cell(5, 6, 7, 90, 100) + line + atoms(["Na1 Na 0.11 0.1 0.37"]));
  expect(contents(read)).toBe("Na4");
});

test.each(["−x,−y,−z", "–x, –y, –z", "﹣x,－y,⁻z", "-x,-y,-z"])("the operation %s", (operation) => {
  const text = TRICLINIC + operations(["x,y,z", operation]) + atoms(["Na1 Na 0.11 0.23 0.37"]);
  expect(contents(readOne(text))).toBe("Na2");
});

test.each(["x+½,y+½,z", "½+x,½+y,z", "x+1⁄2,y+1∕2,z"])("the centring %s", (operation) => {
  const text =
    cell(5, 6, 7, 90, 100) + operations(["x,y,z", operation]) + atoms(["Na1 Na 0.1 0.2 0.3"]);
  const { structure } = readOne(text);
  expect(structure.sites[1]!.frac).toEqual([0.6, 0.7, 0.3]);
});

test.each(["x,y", "x,y,ż", "x,y,1½+z"])("%s is no operation", (operation) => {
  const text = TRICLINIC + operations(["x,y,z", operation]) + atoms(["Na1 Na 0.1 0.2 0.3"]);
  expect(refusal(text)).toBe("symmetry/operation");
});

describe("numbers", () => {
  it.each([
    ["−0.11", -0.11],
    ["–0.11(2)", -0.11],
    ["－０．１１", -0.11],
    ["½", 0.5],
    ["−¼", -0.25],
    ["1⁄3", 1 / 3],
  ])("the coordinate %s", (text, value) => {
    const { structure } = readOne(
      TRICLINIC + "_space_group_name_H-M_alt 'P 1'\n" + atoms([`Na1 Na ${text} 0 0`]),
    );
    expect(structure.sites[0]!.frac[0]).toBeCloseTo(value < 0 ? value + 1 : value, 9);
  });

  it.each(["0,11", "0·11", "1²", "11%", "1½", "~0.1"])("%s is no coordinate", (text) => {
    const code = refusal(
      TRICLINIC + "_space_group_name_H-M_alt 'P 1'\n" + atoms([`Na1 Na ${text} 0 0`]),
    );
    expect(code).toBe("cif/not-a-number");
  });

  it("reads cell numbers, and refuses a negative one", () => {
    const line = "_space_group_name_H-M_alt 'P 1'\n";
    const wide = cell(5, 6, 7).replace("a 5", "a ５.0");
    expect(readOne(wide + line + atoms(["Na1 Na 0 0 0"])).structure.lattice[0][0]).toBe(5);
    const negative = cell(5, 6, 7).replace("a 5", "a –5.0");
    expect(refusal(negative + line + atoms(["Na1 Na 0 0 0"]))).toBe("cif/cell");
  });
});

test.each([
  ["Ti⁴⁺", "Ti", 4],
  ["O²⁻", "O", -2],
  ["O2−", "O", -2],
  ["Ｆｅ3＋", "Fe", 3],
])("the type symbol %s", (symbol, element, oxidation) => {
  const text = `${TRICLINIC}_space_group_name_H-M_alt 'P 1'\n${atoms([`X1 ${symbol} 0 0 0`])}`;
  expect(readOne(text).structure.sites[0]!.species).toEqual([{ element, oxidation, occupancy: 1 }]);
});

test.each(["Сa", "Cа", "Cо", "Ｘ", "Né"])(
  "%s, with a letter that only looks Latin, is no element",
  (symbol) => {
    const text = `${TRICLINIC}_space_group_name_H-M_alt 'P 1'\n${atoms([`${symbol}1 ${symbol} 0 0 0`])}`;
    expect(refusal(text)).toBe("cif/unknown-element");
  },
);

test("signs without a certain meaning stay", () => {
  expect(plainNumber("1.5²")).toBe("1.5²");
  expect(plainNumber("1½")).toBe("1½");
  expect(plainSymbol("R 3̲ c")).toBe("R 3̲ c");
});
