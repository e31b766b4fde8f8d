/**
 * Types that a scan alone cannot tell apart: their lines lie on it about as well. Measured on the scans of `experimental_dev` without
 * elements (`npm run bench -- identify`): where the second type agrees worse by up to 0.012 it has its atoms at the places of the first, other
 * elements on them (corundum and ilmenite, fluorite and zinc blende); from 0.031 on its lines stand elsewhere. The limit is half way. All
 * four scans whose first type was wrong and second right were such, the second with a probability of 8 % at least.
 */
import type { TiedType, TypeCandidate } from "../systems/structure-type/result.ts";

/** Agreement by which another type may lie worse. */
const ABOUT_AS_WELL = 0.02;
/** Less probable types are no rivals, however their lines lie. */
const LEAST_PROBABILITY = 0.05;

/** The first type and those that the scan cannot tell from it; none where it stands alone. */
export function tiesOf([best, ...others]: readonly TypeCandidate[]): TiedType[] {
  if (best === undefined || best.agreement === null) return [];
  const least = best.agreement - ABOUT_AS_WELL;
  const rivals = others.filter(
    ({ agreement, probability }) =>
      agreement !== null && agreement >= least && probability >= LEAST_PROBABILITY,
  );
  return rivals.length === 0 ? [] : [best, ...rivals].map(tied);
}

function tied({ key, name, nearest }: TypeCandidate): TiedType {
  const formula = nearest?.formula ?? null;
  // In the order of the formula, as chemists read them.
  const elements = new Set(formula?.match(/[A-Z][a-z]?/g) ?? []);
  return { key, name, formula, elements: [...elements] };
}
