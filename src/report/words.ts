/** Numbers of an identification as people read them. */
import type { CellParameters } from "../systems/structure-type/index.ts";

/** 0.973 → "97 %"; what is not quite nothing or everything does not become it. */
export function printedPercent(share: number): string {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}

const RELIABILITY = [
  [0.95, "almost certain"],
  [0.8, "likely"],
  [0.5, "more likely than not"],
  [0.2, "doubtful"],
] as const;

/** A calibrated chance in words: of ten answers called likely, eight or nine are right. */
export function reliabilityWord(reliability: number): string {
  return RELIABILITY.find(([least]) => reliability >= least)?.[1] ?? "improbable";
}

/** Cells of tables are equal by symmetry only to their rounding. */
const SAME_LENGTH = 5e-4;
const SAME_ANGLE_DEG = 0.02;

/** Lengths and angles that symmetry leaves free: "a = 4.594, c = 2.959 Å". */
export function printedCell([a, b, c, alpha, beta, gamma]: CellParameters): string {
  const isSame = (x: number, y: number): boolean => Math.abs(x / y - 1) < SAME_LENGTH;
  const lengths = [`a = ${a.toFixed(3)}`];
  if (!isSame(a, b)) lengths.push(`b = ${b.toFixed(3)}`);
  if (!isSame(a, c)) lengths.push(`c = ${c.toFixed(3)}`);
  const angles = (
    [
      ["α", alpha],
      ["β", beta],
      ["γ", gamma],
    ] as const
  )
    .filter(([, angle]) => Math.abs(angle - 90) > SAME_ANGLE_DEG)
    .map(([name, angle]) => `${name} = ${Number(angle.toFixed(2))}°`);
  return [`${lengths.join(", ")} Å`, ...angles].join(", ");
}
