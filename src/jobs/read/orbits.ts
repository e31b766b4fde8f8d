/** Sites that symmetry makes one, of the sites of a record. */
import type { ReadSite } from "./record.ts";

export interface Orbit {
  /** The first of its sites, which stands for all. */
  readonly site: ReadSite;
  /** "Ti1"; the number of the site where the file gives none. */
  readonly label: string;
  /** Places of its sites in the record. */
  readonly sites: readonly number[];
}

/** In the order of their first sites; each site is its own where no symmetry was found. */
export function orbitsOf(sites: readonly ReadSite[]): readonly Orbit[] {
  const orbits = new Map<number, number[]>();
  for (const [i, { orbit = i }] of sites.entries())
    orbits.set(orbit, [...(orbits.get(orbit) ?? []), i]);
  return [...orbits.values()].map((own) => {
    const site = sites[own[0]!]!;
    return { site, label: site.label ?? String(own[0]! + 1), sites: own };
  });
}
