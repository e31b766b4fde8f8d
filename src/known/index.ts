/**
 * Known phases and their search; known values of compounds, found by formula and structure.
 * @module ewald/known
 */
export { type KnownMatch, type KnownValues } from "./known-values.ts";
export { loadKnownValues } from "./load.ts";
export { loadPhaseLibrary, phaseById, type PhaseLibrary } from "./phases/phase-library.ts";
