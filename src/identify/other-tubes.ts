/**
 * Whether a scan fits what is known much better with another tube than the stated one. A crystal of twice the size at twice the
 * wavelength gives the same pattern: only known cells tell, which is why agreement with cells as they are known is compared, not with
 * fitted ones. Measured on `experimental_dev` (`npm run bench -- identify`): with the right tube no other that reached 0.75 came out ahead
 * by more than 0.02; the limit is 0.07. Of the 211 scans of `experimental_dev2` five are doubted wrongly, four of them as silver's: at so
 * short a wavelength few lines lie in the range, and a simple type has them.
 */
import type { Warning } from "../errors.ts";
import { ANODE_WAVELENGTHS_ANGSTROM } from "../radiation/wavelengths.table.ts";
import type { LineList } from "../diffraction/line-list.ts";
import type { Observation } from "../scan/observe.ts";
import { overlay } from "../fit/overlay.ts";
import type { SuspectedTube, WeighedTypes } from "../systems/structure-type/result.ts";

/** Tubes that scans are taken with. */
const ANODES = ["Cu", "Mo", "Co", "Cr", "Fe", "Ag"] as const;
/** A wavelength within this of an anode's is that anode's. */
const SAME_WAVELENGTH = 0.01;

function isOf(anode: string, wavelengthAngstrom: number): boolean {
  const ratio = ANODE_WAVELENGTHS_ANGSTROM[`${anode}Ka1`]! / wavelengthAngstrom;
  return Math.abs(ratio - 1) < SAME_WAVELENGTH;
}

/** Peaks, background and noise stay where they are: the angles were measured, the wavelength was stated. */
function withTube(observation: Observation, anode: string): Observation {
  return { ...observation, wavelengthAngstrom: ANODE_WAVELENGTHS_ANGSTROM[`${anode}Ka1`]! };
}

/** Agreement, cells as known, that another tube must reach, and by how much it must be ahead. */
const NEAR_KNOWN = 0.75;
const AHEAD_BY = 0.07;
/** How sure the answer with another tube has to be. */
const SURE = 0.5;
/** No type that the networks think less of comes to be sure: its compounds need no search, which takes nine tenths of the time. */
export const LEAST_NETWORK = 1e-3;

/** The answer of the witnesses to the scan with another wavelength; null where they see nothing. */
export type AskAgain = (observation: Observation) => Promise<WeighedTypes | null>;

/** The tube with which a known compound lies best, if it does so clearly better than any with the stated one. */
export async function betterTube(
  observation: Observation,
  answer: WeighedTypes,
  askAgain: AskAgain,
): Promise<SuspectedTube | null> {
  const stated = answer.rejected
    ? Math.max(0, ...answer.types.map(({ similarity }) => similarity))
    : answer.types[0]!.similarity;
  // No other can be so far ahead.
  if (stated + AHEAD_BY > 1) return null;
  const { wavelengthAngstrom: statedAngstrom } = observation;
  let best: SuspectedTube | null = null;
  for (const anode of ANODES) {
    if (isOf(anode, statedAngstrom)) continue;
    const other = await askAgain(withTube(observation, anode));
    const [first] = other === null || other.rejected ? [] : other.types;
    if (first === undefined || first.reliability < SURE) continue;
    const { name, similarity } = first;
    const isAhead = similarity >= Math.max(NEAR_KNOWN, stated + AHEAD_BY);
    if (isAhead && similarity > (best?.agreement ?? 0))
      best = suspected(anode, name, statedAngstrom, stated, similarity);
  }
  return best;
}

function suspected(
  anode: string,
  name: string,
  statedAngstrom: number,
  statedAgreement: number,
  agreement: number,
): SuspectedTube {
  const stated = ANODES.find((one) => isOf(one, statedAngstrom)) ?? null;
  return { stated, statedAngstrom, looksLike: anode, name, statedAgreement, agreement };
}

/** How near a user's own cell has to come with another tube, and how much better its lines must lie. */
const OWN_CELL = { factor: [0.98, 1.02], axial: 0.015 } as const;
const GOOD = 0.8;
const BETTER_BY = 0.15;
const LEAST_PEAKS = 5;

/** The tube with which the user's own structure lies well, where it does not with the stated one. */
export function tubeOfOwn(
  observation: Observation,
  name: string,
  lines: LineList,
): SuspectedTube | null {
  if (observation.peaks.length < LEAST_PEAKS) return null;
  const stated = overlay(observation, lines, OWN_CELL).agreement;
  if (stated >= GOOD) return null;
  const { wavelengthAngstrom: statedAngstrom } = observation;
  let best: SuspectedTube | null = null;
  for (const anode of ANODES) {
    if (isOf(anode, statedAngstrom)) continue;
    const { agreement } = overlay(withTube(observation, anode), lines, OWN_CELL);
    if (agreement >= Math.max(GOOD, stated + BETTER_BY) && agreement > (best?.agreement ?? 0))
      best = suspected(anode, name, statedAngstrom, stated, agreement);
  }
  return best;
}

/** "This looks like Cu Kα, not Co Kα" and why. */
export function tubeWarning(tube: SuspectedTube): Warning {
  const { stated, statedAngstrom, looksLike, name, statedAgreement, agreement } = tube;
  const said = stated === null ? `${statedAngstrom.toFixed(4)} Å` : `${stated} Kα`;
  return {
    code: "identify/wavelength",
    message: `this looks like ${looksLike} Kα, not ${said}: with it the scan fits ${name} as it is known, agreement ${agreement.toFixed(2)}, with ${said} no better than ${statedAgreement.toFixed(2)}; if so, give --wavelength ${looksLike}Ka12`,
  };
}
