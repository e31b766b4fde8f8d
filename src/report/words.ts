/** Numbers of an identification as people read them. */
import type { CellParameters } from "../diffraction/line-list.ts";
import type { CellIs } from "../fit/overlay.ts";

/** 0.973 → "97 %"; what is not quite nothing or everything does not become it. */
/** With a full stop, unless it ends as a sentence does. */
export function sentence(words: string): string {
  return /[.?!]$/.test(words) ? words : `${words}.`;
}

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

/** "Almost certain: 97 of 100 such answers are right." */
export function reliabilitySentence(reliability: number): string {
  const word = reliabilityWord(reliability);
  const first = `${word[0]!.toUpperCase()}${word.slice(1)}`;
  const count =
    reliability > 0.995
      ? "more than 99"
      : reliability < 0.005
        ? "fewer than 1"
        : String(Math.round(100 * reliability));
  return `${first}: ${count} of 100 such answers are right.`;
}

/** "0.98, cell fitted", "0.41, cell as given" */
export function printedAgreement({
  agreement,
  cellIs,
}: {
  readonly agreement: number;
  readonly cellIs: CellIs;
}): string {
  return `${agreement.toFixed(2)}, cell ${cellIs}`;
}

/** "a +0.62 %, b +0.62 %, c −0.10 %" */
export function printedCellChange(percent: readonly number[]): string {
  return percent
    .map((value, i) => {
      const size = Math.abs(value).toFixed(2);
      return `${"abc"[i]!} ${value < 0 && size !== "0.00" ? "−" : "+"}${size} %`;
    })
    .join(", ");
}

/** Angles this near to 90° print as that. */
const RIGHT_ANGLE_DEG = 0.005;

/** Lengths and angles that symmetry leaves free: "a = 4.594, c = 2.959 Å". */
export function printedCell([a, b, c, alpha, beta, gamma]: CellParameters): string {
  // By what is printed: what reads alike is not said twice, and 5.503 beside 5.505 is.
  const isSame = (x: number, y: number): boolean => x.toFixed(3) === y.toFixed(3);
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
    .filter(([, angle]) => Math.abs(angle - 90) >= RIGHT_ANGLE_DEG)
    .map(([name, angle]) => `${name} = ${Number(angle.toFixed(2))}°`);
  return [`${lengths.join(", ")} Å`, ...angles].join(", ");
}
