/** Known answers: the tables' values for the questions of this system. */
import type { Structure } from "../../crystal/structure.ts";
import type { KnownValue } from "../../models/prediction.ts";
import { LABEL_COLUMNS } from "../../data/structure-columns.table.ts";
import { EwaldError } from "../../errors.ts";
import { type KnownValues, type Matches, sourceText } from "../../known/known-values.ts";
import { PROPERTY_TASK_NAMES, PROPERTY_TASKS, type PropertyTaskName } from "./task.ts";

const NOT_ITS_OWN = "the lowest of all entries of this formula and space group";

/** Entries of known values that a structure has; none where no symmetry can be found to know it by. Needs `loadSymmetry` before. */
export function knownMatches(known: KnownValues, structure: Structure): Matches {
  try {
    return known.find(structure);
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code === "symmetry/not-loaded") throw error;
    return { matches: [], ofFormula: 0 };
  }
}

/** By task; the nearest structure comes first. */
export function knownAnswers(
  known: KnownValues,
  structure: Structure,
): Readonly<Record<PropertyTaskName, readonly KnownValue[]>> {
  const { matches } = knownMatches(known, structure);
  const of = (task: PropertyTaskName): KnownValue[] => {
    const { label: name, labels, isPositive } = PROPERTY_TASKS[task];
    return matches.flatMap(({ entry }) => {
      const value = entry.values[name];
      if (value === undefined) return [];
      const isLowest = task === "stable" && entry.isLowestOfSpaceGroup;
      return [
        {
          id: entry.id,
          source: sourceText(entry),
          value,
          unit: LABEL_COLUMNS[name].unit,
          label: labels[isPositive(value) ? 1 : 0],
          ...(isLowest ? { note: NOT_ITS_OWN } : {}),
        },
      ];
    });
  };
  return Object.fromEntries(PROPERTY_TASK_NAMES.map((task) => [task, of(task)])) as Record<
    PropertyTaskName,
    KnownValue[]
  >;
}
