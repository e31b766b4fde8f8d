/**
 * A scan from the checks to the evidence: looked at as it is, given to the model, the candidates' lines laid over it. What a
 * scan cannot answer is refused with a reason, never guessed.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { parseRadiation } from "../../radiation/index.ts";
import { type Scan, scanWavelength, withRadiation } from "../../scan/index.ts";
import { ANODES, candidateWarnings, suspectedAnode } from "./candidate-checks.ts";
import { chemicalFormula } from "./chemical-formula.ts";
import { checkScan } from "./checks.ts";
import { elementWarnings } from "./element-checks.ts";
import { type StructureTypeLibrary, typeOfKey, type TypeVariant } from "./library.ts";
import { type LineList, lineList } from "./line-list.ts";
import { cellFactors, memberStructure, representativeStructure } from "./member-structure.ts";
import type { IdentifyOptions } from "./model.ts";
import type { Observation } from "./observation.ts";
import { overlay, type Overlay } from "./overlay.ts";
import type { Identification, TypeCandidate } from "./result.ts";

/** What of the structure type model is needed here. */
export interface TypeModel {
  readonly library: StructureTypeLibrary;
  readonly identity: Identification["model"];
  identify(scan: Scan, options?: IdentifyOptions): Promise<Identification>;
}

/** A structure that the user thinks of: `lines` from `lineList`. */
export interface Reference {
  readonly name: string;
  readonly lines: LineList;
}

export interface IdentifyScanOptions extends IdentifyOptions {
  readonly references?: readonly Reference[];
  /** Candidates whose lines are laid over the scan; default 1, the best. */
  readonly overlaid?: number;
  /** Agreement with which the best candidate's lines must lie on the scan, 0 to 1; default {@link LEAST_AGREEMENT}. */
  readonly leastAgreement?: number;
}

/** A compound laid over the scan: a candidate's or the user's own. */
export interface LaidOver {
  /** Key of the candidate's type; absent for the user's own. */
  readonly key?: string;
  /** "rutile" or the file's name. */
  readonly name: string;
  /** Compound whose elements were taken, absent where every near one holds excluded elements; for the user's own what its file says. */
  readonly formula?: string;
  /** In the overlay's cell; absent for the user's own. */
  readonly atoms?: number;
  readonly overlay: Overlay;
}

export interface ScanIdentification extends Identification {
  /** Null where the scan was refused before it was looked at. */
  readonly observation: Observation | null;
  /** Of the best candidates, in their order. */
  readonly candidates: readonly LaidOver[];
  readonly references: readonly LaidOver[];
}

/** Tolerance with which library structures are symmetric, as in the tables that they come from. */
const LIBRARY_SYMPREC_ANGSTROM = 0.1;
/** Fitted on measured scans, see `overlay-agreement.ts`. */
export const LEAST_AGREEMENT = 0.67;
/** Below this similarity a reference is tried with other tubes. */
const POOR_FIT = 0.7;

/**
 * Needs `await loadSymmetry()`.
 * @throws EwaldError `scan/no-wavelength`, `axis/tof`
 */
export async function identifyScan(
  model: TypeModel,
  scan: Scan,
  options: IdentifyScanOptions = {},
): Promise<ScanIdentification> {
  const { observation, refusal, warnings } = checkScan(scan);
  const references =
    observation === null || refusal?.code === "identify/flat"
      ? []
      : (options.references ?? []).map(({ name, lines }) => ({
          name,
          overlay: overlay(observation, lines),
        }));
  const asked = refusal ?? (await askModel(model, scan, options));
  if (observation === null || "code" in asked) {
    const reason = "code" in asked ? asked.message : null;
    const none = { types: [], rejected: true, reason, warnings: [], candidates: [] };
    return { ...none, model: model.identity, observation, references };
  }
  const candidates = asked.types.slice(0, options.overlaid ?? 1).flatMap((candidate) => {
    const laid = layOver(model.library, candidate, observation);
    return laid === null ? [] : [laid];
  });
  const best = candidates[0]?.key === asked.types[0]!.key ? candidates[0] : undefined;
  const answer = borneOut(asked, best, options.leastAgreement ?? LEAST_AGREEMENT);
  const tube = await tubeWarning(model, scan, options, { observation, references, answer });
  const fromAnswer =
    answer.rejected || best === undefined
      ? []
      : candidateWarnings(observation, best.name, best.overlay);
  const type = model.library.types[typeOfKey(model.library.types, answer.types[0]!.key)];
  const fromElements = answer.rejected || type === undefined ? [] : elementWarnings(type, options);
  return {
    ...answer,
    types: answer.types.map(inChemicalOrder),
    warnings: [...warnings, ...answer.warnings, ...tube, ...fromElements, ...fromAnswer],
    observation,
    candidates,
    references,
  };
}

/** A type whose lines are not on the scan is no answer, whatever the networks believe. */
function borneOut(
  answer: Identification,
  best: LaidOver | undefined,
  leastAgreement: number,
): Identification {
  if (answer.rejected || best === undefined) return answer;
  const { explained, similarity } = best.overlay;
  if (similarity >= leastAgreement) return answer;
  const share = `${Math.round(100 * explained)} %`;
  return {
    ...answer,
    rejected: true,
    reason: `the best type, ${best.name}, does not fit: its lines hold ${share} of the peaks' area, agreement ${similarity.toFixed(2)}`,
  };
}

function inChemicalOrder(candidate: TypeCandidate): TypeCandidate {
  const { nearest } = candidate;
  if (nearest === null) return candidate;
  return { ...candidate, nearest: { ...nearest, formula: chemicalFormula(nearest.formula) } };
}

/** The model's answer; a scan in which it sees nothing is refused. */
async function askModel(
  model: TypeModel,
  scan: Scan,
  options: IdentifyOptions,
): Promise<Identification | Warning> {
  try {
    return await model.identify(scan, options);
  } catch (error) {
    if (!(error instanceof EwaldError) || !error.code.startsWith("identify/")) throw error;
    return { code: error.code, message: error.message };
  }
}

/**
 * The nearest known compound of a candidate on the scan; its representative where the compound does not fit the roles. Where no
 * known compound may be named the representative stands in with its lines alone, without its formula.
 */
function layOver(
  library: StructureTypeLibrary,
  { key, name, nearest }: TypeCandidate,
  observation: Observation,
): LaidOver | null {
  const type = library.types[typeOfKey(library.types, key)];
  if (type === undefined) return null;
  const variant =
    type.variants.find(({ members }) => members.some(([id]) => id === nearest?.id)) ??
    type.variants.find((one) => one.key === key)!;
  const { structure, formula } = structureOf(variant, nearest?.formula);
  const lines = lineList(structure, LIBRARY_SYMPREC_ANGSTROM);
  return {
    key,
    name,
    ...(nearest === null ? {} : { formula: chemicalFormula(formula) }),
    atoms: variant.representative.species.length,
    overlay: overlay(observation, lines, cellFactors(variant)),
  };
}

function structureOf(
  variant: TypeVariant,
  formula: string | undefined,
): { readonly structure: ReturnType<typeof memberStructure>; readonly formula: string } {
  const own = variant.representative.formula;
  if (formula !== undefined && formula !== own) {
    try {
      return { structure: memberStructure(variant, formula), formula };
    } catch (error) {
      if (!(error instanceof EwaldError) || error.code !== "library/not-a-member") throw error;
    }
  }
  return { structure: representativeStructure(variant), formula: own };
}

interface Found {
  readonly observation: Observation;
  readonly references: readonly LaidOver[];
  readonly answer: Identification;
}

/** The same scan would fit much better with another tube. */
async function tubeWarning(
  model: TypeModel,
  scan: Scan,
  options: IdentifyScanOptions,
  { observation, references, answer }: Found,
): Promise<Warning[]> {
  // Over d or Q angles do not enter.
  if (scan.ranges.some(({ axis }) => axis.kind !== "twoTheta")) return [];
  for (const [i, { name, overlay: over }] of references.entries()) {
    if (over.similarity >= POOR_FIT) continue;
    const anode = suspectedAnode(observation, options.references![i]!.lines);
    if (anode !== null) return [tubeText(anode, name, observation)];
  }
  if (!answer.rejected) return [];
  const better = await betterTube(model, scan, options, answer);
  return better === null ? [] : [tubeText(better.anode, better.name, observation)];
}

function tubeText(anode: string, name: string, { wavelengthAngstrom }: Observation): Warning {
  return {
    code: "identify/wavelength",
    message: `wrong wavelength suspected: the scan fits ${name} with ${anode} Kα, not with ${wavelengthAngstrom.toFixed(4)} Å; if so, give --wavelength ${anode}Ka12`,
  };
}

/** How sure and how near a known compound of its own cell the answer with another tube has to be. */
const SURE = 0.8;
const NEAR_COMPOUND = 0.85;
const NEARER_BY = 0.15;
/** No type that the networks think less of comes to be sure: its compounds need no search, which takes nine tenths of the time. */
const LEAST_NETWORK = 1e-3;
/** A wavelength within this of an anode's is that anode's. */
const SAME_WAVELENGTH = 0.01;

async function betterTube(
  model: TypeModel,
  scan: Scan,
  options: IdentifyOptions,
  answer: Identification,
): Promise<{ readonly anode: string; readonly name: string } | null> {
  const stated = Math.max(0, ...answer.types.map(({ similarity }) => similarity));
  let best: { anode: string; name: string; similarity: number } | null = null;
  for (const anode of ANODES) {
    const radiation = parseRadiation(`${anode}Ka1`);
    const ratio = radiation.lines[0]!.wavelengthAngstrom / scanWavelength(scan);
    if (Math.abs(ratio - 1) < SAME_WAVELENGTH) continue;
    const asked = { ...options, leastNetwork: LEAST_NETWORK };
    const other = await askModel(model, withRadiation(scan, radiation), asked);
    if ("code" in other || other.rejected) continue;
    const { name, similarity, reliability } = other.types[0]!;
    const isNear = similarity >= Math.max(NEAR_COMPOUND, stated + NEARER_BY);
    if (isNear && reliability >= SURE && similarity > (best?.similarity ?? 0))
      best = { anode, name, similarity };
  }
  return best;
}
