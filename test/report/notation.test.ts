import { expect, test } from "vitest";
import {
  printedFormula,
  printedHkl,
  printedSpaceGroup,
  printedTypeName,
} from "../../src/report/notation.ts";

test("formulas, space groups and indices as print sets them", () => {
  expect(printedFormula("Mg1.8Fe0.2SiO4")).toBe("Mg₁.₈Fe₀.₂SiO₄");
  expect(printedFormula("C12H22O11")).toBe("C₁₂H₂₂O₁₁");
  expect(printedSpaceGroup("P4_2/mnm")).toBe("P4₂/mnm");
  expect(printedSpaceGroup("Fd-3m")).toBe("Fd3\u0305m");
  expect(printedSpaceGroup("P2_12_12_1")).toBe("P2₁2₁2₁");
  expect(printedHkl([1, 0, -12])).toBe("1 0 12\u0305");
});

test.each([
  ["AuCu3 (L1_2)", "AuCu₃ (L1₂)"],
  ["LiRhF6-type", "LiRhF₆-type"],
  ["arcanite (β-K2SO4)", "arcanite (β-K₂SO₄)"],
  ["Laves C15 (MgCu2)", "Laves C15 (MgCu₂)"],
  ["Cr3Si (A15)", "Cr₃Si (A15)"],
  ["Ni3Sn (D0_19)", "Ni₃Sn (D0₁₉)"],
  ["hexagonal perovskite (2H, BaNiO3)", "hexagonal perovskite (2H, BaNiO₃)"],
  ["MAX phase 211", "MAX phase 211"],
  ["K2NiF4 (Ruddlesden-Popper n = 1)", "K₂NiF₄ (Ruddlesden-Popper n = 1)"],
  ["ThCr2Si2 (122)", "ThCr₂Si₂ (122)"],
])("the name of a structure type: %s", (name, printed) => {
  expect(printedTypeName(name)).toBe(printed);
});
