import { describe, expect, test } from "vitest";
import { SYSTEM_CLASSES, systemClass, taskTarget } from "../../../src/systems/reciprocal/task.ts";

describe("classes by Table I of the paper", () => {
  test.each([
    ["metal", { bandGapEv: 0 }, 1],
    ["metal", { bandGapEv: 0.008 }, 0],
    ["metal", {}, null],
    ["bulk", { bulkModulusGpa: 85 }, 0],
    ["bulk", { bulkModulusGpa: 85.1 }, 1],
    ["shear", { shearModulusGpa: 35 }, 1],
    // A modulus of 0 or of 600 GPa is a failed calculation.
    ["shear", { shearModulusGpa: 0 }, null],
    ["bulk", { bulkModulusGpa: 600 }, null],
    ["stable", { energyAboveHullEvPerAtom: 0.02 }, 0],
    ["stable", { energyAboveHullEvPerAtom: 0.0199 }, 1],
  ] as const)("%s of %j is %s", (task, labels, target) => {
    expect(taskTarget(labels, task)).toBe(target);
  });

  test("six crystal systems, hexagonal and trigonal are one", () => {
    expect(systemClass("trigonal")).toBe(systemClass("hexagonal"));
    expect(SYSTEM_CLASSES[systemClass("triclinic")]).toBe("triclinic");
    expect(() => systemClass("rhombic")).toThrow(/no crystal system/);
  });
});
