/** Atoms of one place and atoms too close: shared sites with coarse coordinates, disordered hydrogen. */
import { describe, expect, test } from "vitest";
import { atoms, caseFile, cell, codes, contents, readOne, refusal } from "./cases.ts";

describe("a place that several kinds of atom share", () => {
  const hexagonal = `${cell(5.5, 5.5, 4.3, 90, 90, 120)}_space_group_name_H-M_alt 'P 6/m m m'\n`;
  const eu = "Eu1 Eu 0 0 0 1";

  test("with coordinates of two digits: refused as a clash of its own images", () => {
    const read = readOne(caseFile("10c-cacu5.cif"));
    expect(contents(read)).toBe("Ag2.5 Al2.5 Eu1");
    expect(codes(read)).toEqual(["structure/near-special"]);
  });

  test.each([
    [0.5, 0.5],
    [0.6, 0.4],
    [0.9, 0.1],
    [0.35, 0.3],
  ])("in shares of %f and %f", (silver, aluminium) => {
    const rows = [eu, `Ag1 Ag 0.33 0.67 0 ${silver}`, `Al1 Al 0.33 0.67 0 ${aluminium}`];
    const read = readOne(hexagonal + atoms(rows, "occupancy"));
    expect(read.structure.sites).toHaveLength(3);
    expect(contents(read)).toBe(`Ag${2 * silver} Al${2 * aluminium} Eu1`);
  });

  test("half full, of one kind: within the rounding of its coordinates", () => {
    const half = (place: string) => hexagonal + atoms([eu, `Ag1 Ag ${place} 0 0.5`], "occupancy");
    expect(contents(readOne(half("0.33 0.67")))).toBe("Ag1 Eu1");
    expect(contents(readOne(half("0.333 0.667")))).toBe("Ag1 Eu1");
    // Given to more digits split positions could be meant, but three halves are more than one atom.
    const exact = readOne(half("0.3300 0.6700"));
    expect([contents(exact), codes(exact)]).toEqual(["Ag1 Eu1", ["structure/near-special"]]);
    const third = hexagonal + atoms([eu, "Ag1 Ag 0.3300 0.6700 0 0.33"], "occupancy");
    expect(contents(readOne(third))).toBe("Ag1.98 Eu1");
  });
});

describe("hydrogen atoms closer than they can be", () => {
  const text = (...rows: readonly string[]) =>
    `${cell(6, 6, 6)}_space_group_name_H-M_alt 'P 1'\n${atoms(rows)}`;
  const water = ["O1 O 0 0 0", "H1 H 0.16 0 0", "H2 H 0.17 0.03 0"];

  test("are a warning: they refused the whole structure", () => {
    const read = readOne(text(...water));
    expect(contents(read)).toBe("H2 O1");
    expect(codes(read)).toEqual(["structure/hydrogen-clash"]);
    expect(read.warnings[0]!.message).toContain("H1 and H2 stand 0.190 Å apart");
  });

  test("are one warning, whatever they are too close to", () => {
    const read = readOne(text(...water, "D1 D 0.5 0.5 0.5", "Cl1 Cl 0.5 0.5 0.55"));
    expect(codes(read)).toEqual(["structure/hydrogen-clash"]);
    expect(read.warnings).toHaveLength(1);
  });

  test("do not hide that other atoms are too close", () => {
    const more = ["Cl1 Cl 0.5 0.5 0.55", "H3 H 0.5 0.5 0.5", "Na1 Na 0.5 0.5 0.6"];
    expect(refusal(text(...water, ...more))).toBe("structure/clash");
    expect(refusal(text("O1 O 0 0 0", "O2 O 0.05 0 0"))).toBe("structure/clash");
  });
});
