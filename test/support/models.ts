/**
 * Trained models for tests that ask them: those of the package, or of the folder that EWALD_MODELS names. Tests without them
 * are skipped with {@link MODEL_ABSENT} in their name.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

export const MODELS = process.env["EWALD_MODELS"] ?? "models";

export const hasStructureTypes = existsSync(join(MODELS, "structure-type", "card.json"));

export const MODEL_ABSENT = hasStructureTypes ? "" : " (skipped: no structure type model is there)";
