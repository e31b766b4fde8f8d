/** The letter permutations of `wyckoff-normaliser.table.ts`, multiplied out on first use. */
import { WYCKOFF_NORMALISER } from "./wyckoff-normaliser.table.ts";

const expanded = new Map<number, readonly ReadonlyMap<string, string>[]>();

/** Every permutation of Wyckoff letters by the normaliser of a space group, the identity first. */
export function normaliserPermutations(spaceGroup: number): readonly ReadonlyMap<string, string>[] {
  let maps = expanded.get(spaceGroup);
  if (maps === undefined) {
    const entry = WYCKOFF_NORMALISER[spaceGroup];
    maps =
      entry === undefined
        ? [new Map<string, string>()]
        : allProducts(entry.letters, entry.generators).map(
            (images) =>
              new Map(Array.from(images, (image, i) => [entry.letters[i] as string, image])),
          );
    expanded.set(spaceGroup, maps);
  }
  return maps;
}

/** The group that permutations (strings of the images of `letters`) generate. */
function allProducts(letters: string, generators: readonly string[]): string[] {
  const members = new Set([letters]);
  for (const member of members) {
    for (const generator of generators) {
      let product = "";
      for (const letter of member) product += generator[letters.indexOf(letter)] as string;
      members.add(product);
    }
  }
  return [...members];
}

/** Letters in the order of International Tables, "A" (the 27th of Pmmm) last. */
function letterOrder(letter: string): number {
  return letter === "A" ? 26 : letter.charCodeAt(0) - 97;
}

/** "aff" → "a2f": sorted, repeated letters counted. */
function countedLetters(letters: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts]
    .toSorted(([one], [other]) => letterOrder(one) - letterOrder(other))
    .map(([letter, count]) => (count === 1 ? letter : `${count}${letter}`))
    .join("");
}

/**
 * The canonical Wyckoff part of a structure type key: of all descriptions that the normaliser allows and all
 * ways to name elements of equal amount, the one whose string is smallest (by character code).
 *
 * @param orbits per anonymous species, in order of amounts: its amount and the letter of each of its orbits
 */
export function canonicalWyckoff(
  spaceGroup: number,
  orbits: readonly { readonly amount: number; readonly letters: readonly string[] }[],
): string {
  const groups: string[][][] = [];
  let last: number | undefined;
  for (const { amount, letters } of orbits) {
    if (amount !== last) groups.push([]);
    groups.at(-1)?.push([...letters]);
    last = amount;
  }
  let smallest: string | undefined;
  const seen = new Set<string>();
  const used = [...new Set(orbits.flatMap(({ letters }) => letters))];
  for (const permutation of normaliserPermutations(spaceGroup)) {
    // Of the 1344 permutations of P-1 few differ on the letters in use.
    const images = used.map((letter) => permutation.get(letter) ?? letter).join("");
    if (seen.has(images)) continue;
    seen.add(images);
    // Species of equal amount are tied; sorting their strings is the best of all their orders at once.
    const text = groups
      .map((tied) =>
        tied
          .map((letters) =>
            countedLetters(letters.map((letter) => permutation.get(letter) ?? letter)),
          )
          .toSorted()
          .join(" "),
      )
      .join(" ");
    if (smallest === undefined || text < smallest) smallest = text;
  }
  return smallest ?? "";
}
