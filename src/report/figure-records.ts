/** Figures of results as plain records: whoever computes makes them, the report draws them. */
import { type Vec3 } from "../math/matrix3.ts";

/** Series over two axes. */
export interface ChartFigure {
  readonly kind: "chart";
  /** Names the file: lower-case, hyphens. */
  readonly name: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly name: string;
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly style?: "line" | "points";
  }[];
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

/** Shares from 0 to 1. */
export interface MatrixFigure {
  readonly kind: "matrix";
  readonly name: string;
  readonly title: string;
  readonly rowLabel: string;
  readonly columnLabel: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/** Which reciprocal points decided, structure by structure. */
export interface CriticalPointsRecipeFigure {
  readonly kind: "critical-points";
  readonly name: string;
  readonly title: string;
  readonly rows: readonly {
    readonly title: string;
    readonly subtitle: string;
    /** Structures of one answer have one colour. */
    readonly colour: number;
    readonly points: readonly {
      readonly hkl: Vec3;
      readonly gInvAngstrom: Vec3;
      readonly share: number;
    }[];
  }[];
  readonly radiusInvAngstrom: number;
}

/** Reciprocal points in the limiting sphere with their intensities, in order of hkl. */
export interface GalleryFigure {
  readonly kind: "gallery";
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly {
    readonly title: string;
    /** Intensity from 0 to 1. */
    readonly points: readonly { readonly gInvAngstrom: Vec3; readonly intensity: number }[];
  }[];
  readonly radiusInvAngstrom: number;
}

export type RecipeFigure = ChartFigure | MatrixFigure | CriticalPointsRecipeFigure | GalleryFigure;
