/**
 * Standard uncertainties of all parameters at once: the inverse of the normal matrix of scales and free parameters, the background
 * taken out, times reduced χ². They count noise; errors of the model are not in them.
 */
import { invertNormalMatrix, qrFactorise } from "../../math/qr.ts";
import { type Engine, seenSlopes } from "./engine.ts";
import type { Standing } from "./stages.ts";

export interface Uncertainties {
  /** Places of the parameters that have an uncertainty. */
  readonly places: readonly number[];
  /** Null for a parameter that was not free, stands at its bound, or that the scan does not determine. */
  readonly covarianceOf: (place: number, other: number) => number | null;
  /** Of a sum of scales, each times its weight; null where the scan does not determine them. */
  readonly ofScales: (weights: ArrayLike<number>) => number | null;
  readonly sumOfSquares: number;
  /** Points less all free parameters. */
  readonly freedom: number;
}

export function uncertaintiesOf(engine: Engine, standing: Standing): Uncertainties {
  const { points, layout, linear } = engine;
  const { p, frame, evaluation, free } = standing;
  const { scales, curves, residuals } = evaluation;
  const active = Array.from(scales.keys()).filter((i) => scales[i]! > 0);
  const places = free.filter((place) => {
    const { lower, upper, phase } = layout.parameters[place]!;
    const isThere = phase === null || scales[phase]! > 0;
    return isThere && p[place]! > lower && p[place]! < upper;
  });
  const columns = [
    ...active.map((i) => linear.seen(curves[i]!)),
    ...seenSlopes(engine, frame, p, scales, places),
  ];
  const sumOfSquares = residuals.reduce((sum, value) => sum + value * value, 0);
  const freedom = points.x.length - columns.length - linear.terms;
  const inverse = columns.length === 0 ? null : inverseOf(columns, residuals);
  const factor = sumOfSquares / freedom;
  const at = (i: number, j: number): number | null =>
    i < 0 || j < 0 || inverse === null ? null : factor * inverse[i * columns.length + j]!;
  const column = (place: number): number => {
    const k = places.indexOf(place);
    return k < 0 ? -1 : active.length + k;
  };
  return {
    places: inverse === null ? [] : places,
    covarianceOf: (place, other) => at(column(place), column(other)),
    ofScales: (weights) => {
      if (inverse === null) return null;
      let sum = 0;
      for (const [a, i] of active.entries())
        for (const [b, j] of active.entries()) sum += weights[i]! * at(a, b)! * weights[j]!;
      return Math.sqrt(Math.max(0, sum));
    },
    sumOfSquares,
    freedom,
  };
}

function inverseOf(columns: readonly Float64Array[], residuals: Float64Array): Float64Array | null {
  const width = columns.length;
  const rows = new Float64Array(residuals.length * width);
  for (const [k, column] of columns.entries())
    for (let i = 0; i < column.length; i++) rows[i * width + k] = column[i]!;
  const scale = Float64Array.from(columns, norm);
  return invertNormalMatrix(qrFactorise(rows, residuals, Array.from(columns.keys()), scale));
}

function norm(column: Float64Array): number {
  return Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
}
