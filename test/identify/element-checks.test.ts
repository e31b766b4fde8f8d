/** What is said where the elements named do not go with the type. */
import { expect, test } from "vitest";
import { parseConstraints } from "../../src/crystal/composition/composition-constraints.ts";
import { elementWarnings } from "../../src/identify/element-checks.ts";
import type { LibraryType } from "../../src/known/library.ts";

const ROCK_SALT = {
  name: "rock salt",
  variants: [{ members: [["1", "NaCl"]] }, { members: [["2", "MgO"]] }],
} as unknown as LibraryType;

test.each([
  ["must Na", []],
  ["must Ti", [/holds Ti/]],
  ["never Cl, O", [/elements that are excluded/]],
  ["never Cl", []],
  ["must Mg; may O", []],
  ["must Ti; may Fe", [/holds Ti/, /elements that are excluded/]],
])("%s", (text, expected) => {
  const warnings = elementWarnings(ROCK_SALT, { constraints: parseConstraints(text) });
  expect(warnings.map(({ message }) => message)).toEqual(
    expected.map((pattern) => expect.stringMatching(pattern)),
  );
});
