import { expect, test } from "vitest";
import { printedFormula, printedHkl, printedSpaceGroup } from "../../src/report/index.ts";

test("formulas, space groups and indices as print sets them", () => {
  expect(printedFormula("Mg1.8Fe0.2SiO4")).toBe("Mg₁.₈Fe₀.₂SiO₄");
  expect(printedFormula("C12H22O11")).toBe("C₁₂H₂₂O₁₁");
  expect(printedSpaceGroup("P4_2/mnm")).toBe("P4₂/mnm");
  expect(printedSpaceGroup("Fd-3m")).toBe("Fd3\u0305m");
  expect(printedSpaceGroup("P2_12_12_1")).toBe("P2₁2₁2₁");
  expect(printedHkl([1, 0, -12])).toBe("1 0 12\u0305");
});
