import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { operationsFromHall } from "../../../src/crystal/symmetry/hall-symbol.ts";
import {
  settingByHall,
  settingsByNumber,
  settingsBySymbol,
} from "../../../src/crystal/symmetry/space-group-settings.ts";
import {
  formatOperation,
  generateGroup,
  parseOperation,
  sameOperations,
} from "../../../src/crystal/symmetry/symmetry-operation.ts";

const golden = JSON.parse(
  readFileSync(new URL("../fixtures/settings.json", import.meta.url), "utf8"),
) as [string, number, string][];

describe("Hall symbols", () => {
  it("give the operations that gemmi finds, in all 564 settings", () => {
    const wrong = golden.filter(([hall, count, digest]) => {
      const operations = operationsFromHall(hall);
      const rows = operations
        .map(({ rotation, translation }) => {
          const twentyFourths = translation.map((t) => Math.round(t * 24) % 24);
          return `${rotation.flat().join()};${twentyFourths.join()}`;
        })
        .sort();
      const ours = createHash("sha1").update(rows.join("\n")).digest("hex").slice(0, 12);
      return operations.length !== count || ours !== digest;
    });
    expect(wrong).toEqual([]);
    expect(golden.length).toBe(564);
  });

  it("may shift the origin or turn the axes", () => {
    const shifted = operationsFromHall("-P 2yc (x,y,z+1/4)");
    expect(sameOperations(shifted, operationsFromHall("-P 2yc (0 0 3)"))).toBe(true);
    expect(sameOperations(shifted, operationsFromHall("-P 2yc"))).toBe(false);
    expect(sameOperations(operationsFromHall("P 2y (z,x,y)"), operationsFromHall("P 2"))).toBe(
      true,
    );
  });

  it.each(["", "P", "Q 1", "P 5", "P 2 2 2 2 2", "-P 2(", "P 4x7", "P 3 4 6 2"])(
    "%j is refused",
    (hall) => {
      expect(() => operationsFromHall(hall)).toThrow(
        expect.objectContaining({ code: "symmetry/hall-symbol" }),
      );
    },
  );
});

describe("names of space groups", () => {
  it.each([
    ["P 21/c", 14, ["P 1 21/c 1", "P 21/c 1 1"]],
    ["P2_1/n", 14, ["P 1 21/n 1", "P 1 1 21/n", "P 21/n 1 1"]],
    ["P 1 21/c 1", 14, ["P 1 21/c 1"]],
    ["Fm3m", 225, ["F m -3 m"]],
    ["F M -3 M", 225, ["F m -3 m"]],
    ["P 63/m m c", 194, ["P 63/m m c"]],
    ["P6(3)/mmc", 194, ["P 63/m m c"]],
    ["Cmce", 64, ["C m c a"]],
    ["P 21 21 21 (No. 19)", 19, ["P 21 21 21"]],
    ["P-1", 2, ["P -1"]],
    ["I 41/a m d :2", 141, ["I 41/a m d"]],
    ["F d -3 m Z", 227, ["F d -3 m"]],
    ["R -3 m H", 166, ["R -3 m"]],
    ["R3:R", 146, ["R 3"]],
  ])("%s", (symbol, number, symbols) => {
    const found = settingsBySymbol(symbol);
    expect(found.map((one) => one.hermannMauguin)).toEqual(symbols);
    expect(found[0]!.number).toBe(number);
  });

  it("leaves open what a symbol leaves open", () => {
    expect(settingsBySymbol("F d -3 m").map((one) => one.choice)).toEqual(["1", "2"]);
    expect(settingsBySymbol("R -3 m").map((one) => one.choice)).toEqual(["H", "R"]);
    expect(settingsBySymbol("P 2").map((one) => one.hall)).toEqual(["P 2y", "P 2", "P 2x"]);
    expect(settingsBySymbol("Q 7")).toEqual([]);
    expect(settingByHall("-f_4vw_2vw_3")!.choice).toBe("2");
    expect(settingsByNumber(227).length).toBe(2);
    expect(settingsByNumber(231)).toEqual([]);
  });
});

describe("operation strings", () => {
  it.each([
    ["x,y,z", "x,y,z"],
    [" -X , 1/2+Y, .5-Z ", "-x,y+1/2,-z+1/2"],
    ["-y, x-y, z+0.333", "-y,x-y,z+1/3"],
    ["x+1/6,y-1/3,z+5/4", "x+1/6,y+2/3,z+1/4"],
    ["'x+.25,y+0.1,z'", "x+1/4,y+0.1,z"],
    ["1*x,y,z", "x,y,z"],
  ])("%j", (text, canonical) => {
    expect(formatOperation(parseOperation(text))).toBe(canonical);
  });

  it.each([
    "",
    "x,y",
    "x,y,z,w",
    "x,y,x",
    "x,y,q",
    "x,,z",
    "x y,y,z",
    "x,y,1/2",
    "x,y,1/0+z",
    "a,b,c",
    "x,y,0.5z",
    "x,y,z--1/2",
  ])("%j is refused", (text) => {
    expect(() => parseOperation(text)).toThrow(
      expect.objectContaining({ code: "symmetry/operation" }),
    );
  });

  it("are the same after writing and reading, in every tabulated setting", () => {
    for (const [hall] of golden) {
      const operations = operationsFromHall(hall);
      const again = operations.map((one) => parseOperation(formatOperation(one)));
      expect(again).toEqual(operations);
    }
  });

  it("generate no group without end", () => {
    expect(generateGroup(["x+0.1,y,z", "x,y+0.01,z"].map(parseOperation), 192)).toBeNull();
  });
});
