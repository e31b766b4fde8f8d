/** The task of this system: which structure type of a library a scan shows, or none of them. */
import { type LibraryType, nameOfType } from "../../known/library.ts";

export const STRUCTURE_TYPE = {
  name: "structure-type",
  title: "structure type, of those in the library",
} as const;

/** Label of a scan that is of no type of the library. */
const NONE_OF_THEM = "none of the library's types";

/** One label per type, and the last for none of them; where two types share a name, their keys tell them apart. */
export function labelsOf(types: readonly LibraryType[]): readonly string[] {
  const names = types.map((type) => nameOfType(type));
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  const labels = types.map(({ key }, t) =>
    count.get(names[t]!)! > 1 ? `${names[t]!} [${key}]` : names[t]!,
  );
  return [...labels, NONE_OF_THEM];
}
