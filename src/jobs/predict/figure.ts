/** The reciprocal points that decided, one row a structure. */
import { likeliestClass } from "../../models/prediction.ts";
import {
  criticalPointsFigure,
  type CriticalPointsRow,
} from "../../report/critical-points-figure.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";
import { PROPERTY_TASKS } from "../../systems/reciprocal/task.ts";
import type { PredictRecord } from "./record.ts";
import { percent } from "./text.ts";

export function explanationFigure(records: readonly PredictRecord[]): string {
  const rows = records.flatMap((record) =>
    record.shown === undefined ? [] : [figureRow(record, record.shown.points)],
  );
  const title = "Reciprocal points that decided";
  return criticalPointsFigure({ title, rows, radiusInvAngstrom: G_MAX });
}

function figureRow(
  { formula, predictions }: PredictRecord,
  points: CriticalPointsRow["points"],
): CriticalPointsRow {
  const first = predictions.find(({ task }) => task !== "system");
  const likeliest = first === undefined ? undefined : likeliestClass(first);
  const isPositive =
    first !== undefined &&
    PROPERTY_TASKS[first.task as keyof typeof PROPERTY_TASKS].labels[1] === likeliest?.label;
  return {
    title: formula,
    subtitle:
      likeliest === undefined ? "" : `${likeliest.label}\n${percent(likeliest.probability)}`,
    // Blue and red as in the paper: insulators and metals.
    colour: isPositive ? 1 : 0,
    points,
  };
}
