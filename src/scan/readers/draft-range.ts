/** One sweep as a reader found it, before it becomes a range of a scan. */
import { type Position } from "../../errors.ts";
import { type AxisKind } from "../../radiation/axis.ts";
import { type LeftOutPoint } from "../scan.ts";

/** One sweep as a reader found it. */
export interface DraftRange {
  readonly kind: AxisKind;
  readonly axis: Float64Array;
  readonly intensity: Float64Array;
  readonly esd?: Float64Array | undefined;
  readonly countTimeSeconds?: number | Float64Array | undefined;
  readonly monitor?: Float64Array | undefined;
  readonly attenuation?: Float64Array | undefined;
  readonly name?: string | undefined;
  /** Intensities over a background, which may be negative by definition. */
  readonly isNet?: boolean | undefined;
  readonly leftOut?: readonly LeftOutPoint[] | undefined;
  /** Where point `index` stood in the file, for errors. */
  readonly position?: ((index: number) => Position) | undefined;
}
