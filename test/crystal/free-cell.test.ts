import { expect, test } from "vitest";
import { cellOfFree, freeCell } from "../../src/crystal/free-cell.ts";

test.each([
  ["cubic", [4], [4, 4, 4, 90, 90, 90]],
  ["tetragonal", [4, 5], [4, 4, 5, 90, 90, 90]],
  ["trigonal", [4, 5], [4, 4, 5, 90, 90, 120]],
  ["hexagonal", [4, 5], [4, 4, 5, 90, 90, 120]],
  ["orthorhombic", [4, 5, 6], [4, 5, 6, 90, 90, 90]],
  ["monoclinic", [4, 5, 6, 101], [4, 5, 6, 90, 101, 90]],
  ["triclinic", [4, 5, 6, 80, 101, 95], [4, 5, 6, 80, 101, 95]],
] as const)("a %s cell has %j free", (system, free, cell) => {
  const { edges, angles } = freeCell(system);
  expect(edges.length + angles.length).toBe(free.length);
  expect(Object.values(cellOfFree(system, free))).toEqual(cell);
});
