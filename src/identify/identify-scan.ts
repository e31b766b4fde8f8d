/**
 * A scan from the checks to the evidence: looked at as it is, given to the model, the candidates' lines laid over it. What a
 * scan cannot answer is refused with a reason, never guessed.
 */
import { EwaldError, type Warning } from "../errors.ts";
import type { Scan } from "../scan/scan.ts";
import { candidateWarnings } from "./candidate-checks.ts";
import { checkScan } from "./checks.ts";
import { chemicalFormula } from "../crystal/composition/chemical-formula.ts";
import { drawnTogether } from "../fit/drawn-together.ts";
import { elementWarnings, misfitWarning } from "./element-checks.ts";
import { type StructureTypeLibrary, typeOfKey, type TypeVariant } from "../known/library.ts";
import { type LineList, lineList } from "../diffraction/line-list.ts";
import {
  cellFactors,
  memberStructure,
  representativeStructure,
} from "../known/member-structure.ts";
import type { IdentifyOptions } from "../systems/structure-type/predict.ts";
import type { Observation } from "../scan/observe.ts";
import { betterTube, LEAST_NETWORK, tubeOfOwn, tubeWarning } from "./other-tubes.ts";
import { explainedBy, overlay, type Overlay, overlayOwn } from "../fit/overlay.ts";
import type {
  Identification,
  SuspectedTube,
  TypeCandidate,
  WeighedType,
  WeighedTypes,
} from "../systems/structure-type/result.ts";
import { tiesOf } from "./ties.ts";

/** The parts of the structure type model that are needed here. */
export interface TypeModel {
  readonly library: StructureTypeLibrary;
  readonly identity: WeighedTypes["model"];
  identify(observation: Observation, options?: IdentifyOptions): Promise<WeighedTypes>;
}

/** A structure that the user thinks of: `lines` from `ownLines`. */
export interface Reference {
  readonly name: string;
  readonly lines: LineList;
}

/** Knowledge of the sample, and the number of candidates that are laid over the scan. */
export interface IdentifyScanOptions extends IdentifyOptions {
  readonly references?: readonly Reference[];
  /** Largest relative change of an axis of a reference's cell; default 0: it is laid over the scan as it is. */
  readonly referenceChange?: number;
  /**
   * Candidates whose lines are laid over the scan whatever their probability; default 1, the best. Those of 1 % and more are laid over too;
   * with 0 none is.
   */
  readonly overlaid?: number;
  /** Agreement with which the best candidate's lines must lie on the scan, 0 to 1; default 0.67. */
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
  /** Agreement and explained share with the cell as given, for a user's own structure whose cell was fitted. */
  readonly asGiven?: Pick<Overlay, "agreement" | "explained">;
}

/** The answer to a scan, with the evidence for it. */
export interface ScanIdentification extends Identification {
  /** Null where the scan was refused before it was looked at. */
  readonly observation: Observation | null;
  /** The best candidates laid over the scan, in their order. */
  readonly candidates: readonly LaidOver[];
  readonly references: readonly LaidOver[];
}

/** Tolerance with which library structures are symmetric, as in the tables that they come from. */
const LIBRARY_SYMPREC_ANGSTROM = 0.1;
/** Fitted on measured scans, see `overlay-agreement.ts`. */
export const LEAST_AGREEMENT = 0.67;
/** Below this agreement a reference is tried with other tubes. */
const POOR_AGREEMENT = 0.7;
/** Types less probable than this are no rivals. */
const LEAST_LAID_OVER = 0.01;
/** A cell that took so much of the change it was allowed stands at the limit. */
const AT_LIMIT = 0.95;

/**
 * The structure types of a scan, with evidence and warnings. Needs `await loadSymmetry()`.
 * @throws EwaldError `scan/no-wavelength`, `axis/tof`
 */
export async function identifyScan(
  model: TypeModel,
  scan: Scan,
  options: IdentifyScanOptions = {},
): Promise<ScanIdentification> {
  const { observation, refusal, warnings } = checkScan(scan);
  const own =
    observation === null || refusal?.code === "identify/flat"
      ? []
      : (options.references ?? []).map((one) => layOwn(observation, one, options));
  const asked =
    observation === null ? refusal : (refusal ?? (await askModel(model, observation, options)));
  if (observation === null || "code" in asked) {
    const reason = "code" in asked ? asked.message : null;
    const none = { types: [], rejected: true, reason, ties: [], tube: null, candidates: [] };
    const references = observation === null ? [] : referencesOf(observation, [], own);
    const limits = atLimit(own, options);
    return { ...none, warnings: limits, model: model.identity, observation, references };
  }
  const laid = candidatesOn(model.library, asked.types, observation, options.overlaid ?? 1);
  const best = laid[0]?.key === asked.types[0]!.key ? laid[0] : undefined;
  const answer = borneOut(asked, best, options.leastAgreement ?? LEAST_AGREEMENT);
  const tube = await otherTube(model, scan, options, { observation, own, answer });
  const fromAnswer =
    answer.rejected || best === undefined
      ? []
      : candidateWarnings(observation, best.name, best.overlay);
  const type = model.library.types[typeOfKey(model.library.types, answer.types[0]!.key)];
  const fromElements = answer.rejected || type === undefined ? [] : elementWarnings(type, options);
  const { strange, ...judged } = answer;
  const types = answer.types.map((one) => asCandidate(one, laid));
  return {
    ...judged,
    types,
    ties: answer.rejected ? [] : tiesOf(types),
    tube,
    warnings: [
      ...warnings,
      ...(strange.length === 0 ? [] : [misfitWarning(answer.types[0]!.name, strange)]),
      ...(tube === null ? [] : [tubeWarning(tube)]),
      ...fromElements,
      ...fromAnswer,
      ...atLimit(own, options),
    ],
    observation,
    candidates: laid.map((one) => {
      const [drawn] = drawnTogether(observation, [one, ...own].map(overlayOf));
      return { ...one, overlay: { ...one.overlay, ...drawn! } };
    }),
    references: referencesOf(observation, answer.rejected || best === undefined ? [] : [best], own),
  };
}

function overlayOf({ overlay: over }: LaidOver): Overlay {
  return over;
}

/** A user's own structure over the scan: as it is, or with its cell near that. */
function layOwn(
  observation: Observation,
  { name, lines }: Reference,
  { referenceChange = 0 }: IdentifyScanOptions,
): LaidOver {
  const given = overlayOwn(observation, lines);
  if (referenceChange === 0) return { name, overlay: given };
  const [drawn] = drawnTogether(observation, [given]);
  const { agreement } = given;
  const { explained } = explainedBy(observation, drawn!);
  const over = overlayOwn(observation, lines, referenceChange);
  return { name, overlay: over, asGiven: { agreement, explained } };
}

/** The user's own as high as each is in the scan beside what else is drawn, and what of the peaks it explains so. */
function referencesOf(
  observation: Observation,
  beside: readonly LaidOver[],
  own: readonly LaidOver[],
): LaidOver[] {
  const drawn = drawnTogether(observation, [...own, ...beside].map(overlayOf));
  return own.map((one, i) => {
    const over = drawn[i]!;
    return { ...one, overlay: { ...over, ...explainedBy(observation, over) } };
  });
}

function atLimit(
  own: readonly LaidOver[],
  { referenceChange = 0 }: IdentifyScanOptions,
): Warning[] {
  const limit = `${Number((100 * referenceChange).toPrecision(3))} %`;
  return own
    .filter(({ overlay: over }) =>
      over.cellChangePercent.some(
        (change) => Math.abs(change) > 100 * AT_LIMIT * referenceChange && change !== 0,
      ),
    )
    .map(({ name }) => ({
      code: "identify/reference-cell",
      message: `the cell of ${name} stands at the limit of its change, ${limit}: it is another phase, or its cell differs by more`,
    }));
}

/** The lines of the candidates that are looked at. */
function candidatesOn(
  library: StructureTypeLibrary,
  types: readonly WeighedType[],
  observation: Observation,
  overlaid: number,
): LaidOver[] {
  if (overlaid === 0) return [];
  return types.flatMap((one, i) => {
    if (i >= overlaid && one.probability < LEAST_LAID_OVER) return [];
    const laid = layOver(library, one, observation);
    return laid === null ? [] : [laid];
  });
}

function asCandidate(
  { key, name, probability, reliability, confidence, nearest }: WeighedType,
  laid: readonly LaidOver[],
): TypeCandidate {
  return {
    key,
    name,
    probability,
    reliability,
    agreement: laid.find((one) => one.key === key)?.overlay.agreement ?? null,
    cellIs: "fitted",
    confidence,
    nearest: nearest === null ? null : { ...nearest, formula: chemicalFormula(nearest.formula) },
  };
}

/** A type whose lines are not on the scan is no answer, however probable. */
function borneOut(
  answer: WeighedTypes,
  best: LaidOver | undefined,
  leastAgreement: number,
): WeighedTypes {
  if (answer.rejected || best === undefined) return answer;
  const { explained, agreement } = best.overlay;
  if (agreement >= leastAgreement) return answer;
  const share = `${Math.round(100 * explained)} %`;
  return {
    ...answer,
    rejected: true,
    reason: `the best type, ${best.name}, does not fit: its lines hold ${share} of the peaks' area, agreement ${agreement.toFixed(2)} with its cell fitted`,
  };
}

/** The model's answer; a scan in which it sees nothing is refused. */
async function askModel(
  model: TypeModel,
  observation: Observation,
  options: IdentifyOptions,
): Promise<WeighedTypes | Warning> {
  try {
    return await model.identify(observation, options);
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
  { key, name, nearest }: WeighedType,
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
  readonly own: readonly LaidOver[];
  readonly answer: WeighedTypes;
}

/** The tube with which the user's own structure, or else a known compound, lies much better. */
async function otherTube(
  model: TypeModel,
  scan: Scan,
  options: IdentifyScanOptions,
  { observation, own, answer }: Found,
): Promise<SuspectedTube | null> {
  // Over d or Q angles do not enter.
  if (scan.ranges.some(({ axis }) => axis.kind !== "twoTheta")) return null;
  for (const [i, { name, overlay: over }] of own.entries()) {
    if (over.agreement >= POOR_AGREEMENT) continue;
    const tube = tubeOfOwn(observation, name, options.references![i]!.lines);
    if (tube !== null) return tube;
  }
  const quick = { ...options, leastNetwork: LEAST_NETWORK };
  return betterTube(observation, answer, async (other) => {
    const asked = await askModel(model, other, quick);
    return "code" in asked ? null : asked;
  });
}
