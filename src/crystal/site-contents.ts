/** The atoms of a site with the displacement of each, and back to the shortest form that says the same. */
import type { Site, Species } from "./structure.ts";

export type SiteContents = Pick<Site, "species" | "bIsoAngstrom2">;

/** Each species with its own B, or the site's. */
export function speciesWithB({ species, bIsoAngstrom2 }: SiteContents): readonly Species[] {
  if (bIsoAngstrom2 === undefined) return species;
  return species.map((one) => ({ bIsoAngstrom2, ...one }));
}

/** One B of the site where all species have the same; else each its own. */
export function siteContents(species: readonly Species[]): SiteContents {
  const b = species[0]!.bIsoAngstrom2;
  if (b === undefined || species.some((one) => one.bIsoAngstrom2 !== b)) return { species };
  return {
    species: species.map((one) => {
      const { bIsoAngstrom2: _, ...kept } = one;
      return kept;
    }),
    bIsoAngstrom2: b,
  };
}
