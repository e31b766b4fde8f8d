/**
 * Where the data pack stands beside the checkout. A user does not have it: tests that need it are
 * skipped with {@link SHARED_ABSENT} in their name.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(process.env["EWALD_SHARED"] ?? "../shared");

export const hasShared = existsSync(join(ROOT, "data"));

export const SHARED_ABSENT = hasShared
  ? ""
  : " (skipped: ../shared/data is not beside the checkout)";

export function sharedPath(...parts: string[]): string {
  return join(ROOT, "data", ...parts);
}
