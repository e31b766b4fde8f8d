/**
 * Known values: tables of compounds, found by formula and structure.
 * @module ewald/known
 */
export { type KnownMatch, type KnownValues } from "./known-values.ts";
export { loadKnownValues } from "./load.ts";
