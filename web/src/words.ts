/** Numbers as people read them. */

/** 0.973 → "97 %"; what is not quite nothing or everything does not become it. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return "< 1 %";
  if (share < 1 && share > 0.995) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}
