import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cellVolume,
  latticeFromParameters,
  latticeParameters,
  reciprocalLattice,
} from "../../src/crystal/lattice.ts";
import { IDENTITY, multiply, transpose } from "../../src/math/matrix3.ts";

const length = fc.double({ min: 2, max: 40, noNaN: true });
const angle = fc.double({ min: 75, max: 115, noNaN: true });

describe("lattice", () => {
  test("parameters → vectors → parameters", () => {
    fc.assert(
      fc.property(
        length,
        length,
        length,
        angle,
        angle,
        angle,
        (a, b, c, alphaDeg, betaDeg, gammaDeg) => {
          const given = { a, b, c, alphaDeg, betaDeg, gammaDeg };
          const back = latticeParameters(latticeFromParameters(given));
          for (const key of Object.keys(given) as (keyof typeof given)[]) {
            expect(back[key]).toBeCloseTo(given[key], 8);
          }
        },
      ),
    );
  });

  test("a* · a = 1 and a* · b = 0", () => {
    const lattice = latticeFromParameters({
      a: 5,
      b: 6,
      c: 7,
      alphaDeg: 80,
      betaDeg: 95,
      gammaDeg: 110,
    });
    const product = multiply(reciprocalLattice(lattice), transpose(lattice));
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) expect(product[i]![j]).toBeCloseTo(IDENTITY[i]![j]!, 12);
    }
  });

  test("α-quartz has 113.0 Å³", () => {
    const quartz = { a: 4.9134, b: 4.9134, c: 5.4052, alphaDeg: 90, betaDeg: 90, gammaDeg: 120 };
    expect(cellVolume(latticeFromParameters(quartz))).toBeCloseTo(113.0, 1);
  });

  test.each([
    [{ a: 0 }, "lattice/length"],
    [{ a: Number.NaN }, "lattice/length"],
    [{ gammaDeg: 180 }, "lattice/angle"],
    [{ alphaDeg: 10, betaDeg: 90, gammaDeg: 120 }, "lattice/zero-volume"],
  ])("refuses %j", (wrong, code) => {
    const cell = { a: 5, b: 5, c: 5, alphaDeg: 90, betaDeg: 90, gammaDeg: 90, ...wrong };
    expect(() => latticeFromParameters(cell)).toThrow(expect.objectContaining({ code }));
  });
});
