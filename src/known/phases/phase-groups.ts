/**
 * Phases that a scan cannot tell apart, as one answer with its members: isostructural ones with cells of one size, polytypes, twins of a
 * database. Two entries are one group where their lines, each at the cell that was found, are the same pattern.
 */
import { type Lines, overlapOf } from "./line-overlap.ts";
import type { PhaseSearch, Scored } from "./phase-search.ts";

/** One answer: the best entry, and those whose pattern is the same. */
export interface PhaseGroup {
  readonly best: Scored;
  /** Further entries of the group, best first. */
  readonly members: readonly Scored[];
  /** Score less that of the next group; the score itself where there is none. */
  readonly gap: number;
}

/** Cosine of two patterns that are the same. */
const SAME_PATTERN = 0.97;
/** Entries beyond this place are not compared with those above them. */
const MOST_COMPARED = 60;

/** Groups of scored entries, best first. */
export function groupsOf(scored: readonly Scored[], search: PhaseSearch): PhaseGroup[] {
  const groups: { readonly best: Scored; readonly members: Scored[]; readonly like: Likeness }[] =
    [];
  for (const [place, one] of scored.entries()) {
    const lines = search.placedLines(one);
    const group =
      place < MOST_COMPARED ? groups.find(({ like }) => like(lines) >= SAME_PATTERN) : undefined;
    if (group === undefined) groups.push({ best: one, members: [], like: likenessTo(lines) });
    else group.members.push(one);
  }
  return groups.map(({ best, members }, i) => ({
    best,
    members,
    gap: best.score - (groups[i + 1]?.best.score ?? 0),
  }));
}

/** Cosine of two sets of lines, 0 to 1. */
type Likeness = (others: Lines) => number;

function likenessTo(lines: Lines): Likeness {
  const own = overlapOf(lines, lines);
  return (others) => {
    const product = overlapOf(lines, others);
    return product === 0 ? 0 : product / Math.sqrt(own * overlapOf(others, others));
  };
}
