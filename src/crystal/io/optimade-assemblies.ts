/** Assemblies of OPTIMADE: groups of sites of which one at a time is there, each with its probability. */
import * as z from "zod/mini";
import { EwaldError, type Warning } from "../../errors.ts";

export const assembliesSchema = z.array(
  z.object({
    sites_in_groups: z.array(z.array(z.number())),
    group_probabilities: z.array(z.number().check(z.minimum(0), z.maximum(1))),
  }),
);

const EXACT_SUM = 0.005;

/**
 * Per site the probability that it is there: 1 for a site of no group.
 * @throws EwaldError `optimade/assembly` for what cannot be meant: a site twice, or none of this number
 */
export function groupProbabilities(
  assemblies: z.infer<typeof assembliesSchema>,
  siteCount: number,
  path: string,
  warnings: Warning[],
): readonly number[] {
  const probabilities = Array.from({ length: siteCount }, () => 1);
  const grouped = new Set<number>();
  for (const [index, assembly] of assemblies.entries()) {
    const { sites_in_groups: groups, group_probabilities: shares } = assembly;
    const where = `${path}.assemblies[${index}]`;
    if (groups.length !== shares.length) {
      refuse(`${where}: ${groups.length} groups but ${shares.length} probabilities`, shares);
    }
    const total = shares.reduce((sum, one) => sum + one, 0);
    if (total > 1 + EXACT_SUM) {
      refuse(`${where}: the probabilities sum to ${Number(total.toFixed(4))}`, total);
    }
    if (total < 1 - EXACT_SUM) {
      warnings.push({
        code: "optimade/assembly",
        message: `${where}: the probabilities sum to ${Number(total.toFixed(4))}, not to 1: the rest is taken for empty`,
      });
    }
    for (const [group, sites] of groups.entries()) {
      for (const site of sites) {
        if (!(Number.isInteger(site) && site >= 0 && site < siteCount)) {
          refuse(`${where}: there is no site ${site} of ${siteCount} (counted from 0)`, site);
        }
        if (grouped.has(site)) refuse(`${where}: site ${site} is in two groups`, site);
        grouped.add(site);
        probabilities[site] = shares[group]!;
      }
    }
  }
  return probabilities;
}

function refuse(message: string, value: unknown): never {
  throw new EwaldError("optimade/assembly", message, { value });
}
