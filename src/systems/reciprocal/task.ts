/**
 * The tasks of this system, and where the borders of the classes lie: Table I of Y. Wang et al. (2022). The thresholds of the
 * moduli are the medians of the paper's data; a metal is what has a calculated (PBE) gap of exactly 0.
 */
import { LABEL_LIMITS } from "../../data/structure-columns.table.ts";
import type { LabelName, Labels } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";

export interface PropertyTask {
  readonly title: string;
  /** Labels of the two classes: not so, so. */
  readonly labels: readonly [string, string];
  readonly label: LabelName;
  isPositive(value: number): boolean;
}

/** Properties that are predicted as classes, with the labels of both. */
export const PROPERTY_TASKS = {
  metal: {
    title: "metal (PBE gap of 0) or insulator",
    labels: ["insulator", "metal"],
    label: "bandGapEv",
    isPositive: (gap) => gap === 0,
  },
  bulk: {
    title: "bulk modulus above 85 GPa",
    labels: ["bulk modulus up to 85 GPa", "bulk modulus above 85 GPa"],
    label: "bulkModulusGpa",
    isPositive: (modulus) => modulus > 85,
  },
  shear: {
    title: "shear modulus above 34 GPa",
    labels: ["shear modulus up to 34 GPa", "shear modulus above 34 GPa"],
    label: "shearModulusGpa",
    isPositive: (modulus) => modulus > 34,
  },
  stable: {
    title: "stable: within 20 meV/atom of the hull",
    labels: ["more than 20 meV/atom above the hull", "stable (within 20 meV/atom of the hull)"],
    label: "energyAboveHullEvPerAtom",
    isPositive: (energy) => energy < 0.02,
  },
} as const satisfies Record<string, PropertyTask>;

export type PropertyTaskName = keyof typeof PROPERTY_TASKS;
/** The name of a task of this system: "metal", "bulk", "shear", "stable", "system". */
export type TaskName = PropertyTaskName | "system";

export const PROPERTY_TASK_NAMES = Object.keys(PROPERTY_TASKS) as PropertyTaskName[];
/** The names of all tasks of this system. */
export const TASK_NAMES: readonly TaskName[] = [...PROPERTY_TASK_NAMES, "system"];

/** The six classes of the crystal system: hexagonal and trigonal cells have one shape. */
export const SYSTEM_CLASSES = [
  "cubic",
  "tetragonal",
  "orthorhombic",
  "hexagonal or trigonal",
  "monoclinic",
  "triclinic",
] as const;

/** Class number of a crystal system as tables name it. @throws EwaldError `reciprocal/system` */
export function systemClass(crystalSystem: string): number {
  const merged =
    crystalSystem === "hexagonal" || crystalSystem === "trigonal"
      ? "hexagonal or trigonal"
      : crystalSystem;
  const index = (SYSTEM_CLASSES as readonly string[]).indexOf(merged);
  if (index < 0)
    throw new EwaldError("reciprocal/system", `"${crystalSystem}" is no crystal system`, {
      value: crystalSystem,
    });
  return index;
}

/** Values that no calculation means (a modulus of 0) count as missing. */
export function usableLabel(labels: Labels, name: LabelName): number | null {
  const value = labels[name];
  if (value === undefined) return null;
  const limits = LABEL_LIMITS[name];
  if (limits === undefined) return value;
  const { min, max, open } = limits;
  return value < min || value > max || (open === true && value === min) ? null : value;
}

/** 1, 0, or null where the row does not say. */
export function taskTarget(labels: Labels, task: PropertyTaskName): 0 | 1 | null {
  const { label, isPositive } = PROPERTY_TASKS[task];
  const value = usableLabel(labels, label);
  return value === null ? null : isPositive(value) ? 1 : 0;
}
