/** A space group as records hold it: the symbol in the axes of the cell, its setting, and the standard one beside it. */
import type { Vec3 } from "../../math/matrix3.ts";
import type { OtherCell } from "./cell-setting.ts";
import type { AxesTransformation } from "./setting-transformation.ts";
import type { SymmetryFacts } from "./stated-symmetry.ts";

export interface SpaceGroupRecord {
  readonly number: number;
  /** In the axes of the cell: "Pbnm"; the standard one where `setting` is null. */
  readonly symbol: string;
  /** The tabulated setting of the cell; null where it is in none. */
  readonly setting: {
    /** "P b n m" */
    readonly hermannMauguin: string;
    /** Origin "1" or "2", axes "H" or "R", or "". */
    readonly choice: string;
    readonly hall: string;
    /** Where its origin lies in the cell, fractional. */
    readonly originShift: Vec3;
  } | null;
  /** Only where `setting` is null: what the cell is. */
  readonly otherCell?: OtherCell;
  readonly standard: {
    readonly symbol: string;
    readonly choice: string;
    readonly hall: string;
    /** "b,c,a;0,0,0": its axes in those of the cell, then its origin (as `_space_group.transform_Pp_abc` of CIF). */
    readonly transformation: string;
  };
}

export function spaceGroupRecord({
  number,
  symbol,
  setting,
}: Pick<SymmetryFacts, "number" | "symbol" | "setting">): SpaceGroupRecord {
  const { tabulated, originShift, otherCell, standard } = setting;
  return {
    number,
    symbol,
    setting:
      tabulated === null
        ? null
        : {
            hermannMauguin: tabulated.hermannMauguin,
            choice: tabulated.choice,
            hall: tabulated.hall,
            originShift: originShift.map(inside) as unknown as Vec3,
          },
    ...(otherCell === undefined ? {} : { otherCell }),
    standard: {
      symbol: standard.symbol,
      choice: standard.setting.choice,
      hall: standard.setting.hall,
      transformation: transformationText(standard),
    },
  };
}

/** "b,c,a;0,0,0" */
function transformationText({ basisRows, originShift }: AxesTransformation): string {
  const axes = basisRows.map((row) => {
    const terms = row.map((factor, axis) => term(factor, "abc"[axis]!)).join("");
    return terms.replace(/^\+/, "");
  });
  return `${axes.join(",")};${originText(originShift)}`;
}

/** "0,1/4,0.0132" */
export function originText(origin: Vec3): string {
  return origin.map((x) => fraction(inside(x))).join(",");
}

function term(factor: number, axis: string): string {
  const size = fraction(Math.abs(factor));
  if (size === "0") return "";
  return `${factor < 0 ? "-" : "+"}${size === "1" ? "" : size}${axis}`;
}

/** In [0, 1), of noise cleaned. */
function inside(x: number): number {
  const rest = x - Math.floor(x);
  return rest > 1 - 1e-6 || rest < 1e-6 ? 0 : rest;
}

/** "1/4", "2", "0.0132": fractions as the tables have them. */
function fraction(x: number): string {
  for (const divisor of [1, 2, 3, 4, 6, 8, 12, 24]) {
    const count = Math.round(x * divisor);
    if (Math.abs(x - count / divisor) > 1e-5) continue;
    return divisor === 1 ? `${count}` : `${count}/${divisor}`;
  }
  return `${Number(x.toFixed(5))}`;
}
