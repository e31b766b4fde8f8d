/** Rules of cleaning, in the order in which they are applied; `clean.ts` says what each does. */
export const CLEAN_RULES = [
  "duplicate-id",
  "clash",
  "label",
  "duplicate",
  "ordering",
  "polymorph",
] as const;
export type CleanRule = (typeof CLEAN_RULES)[number];
