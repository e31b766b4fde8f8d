/**
 * The structure type model: networks, known compounds and elements together, from a scan to {@link WeighedTypes}. Pure: its
 * parts come as bytes (`node.ts` reads those of the package).
 */
import type { CompositionConstraints } from "../../crystal/composition/composition-constraints.ts";
import type { MeasuredComposition } from "../../crystal/composition/composition-measured.ts";
import {
  type ClassPrediction,
  classPrediction,
  type ModelIdentity,
  refusal,
} from "../../models/prediction.ts";
import { EwaldError } from "../../errors.ts";
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { type Observation, observe } from "../../scan/observe.ts";
import type { Scan } from "../../scan/scan.ts";
import { type Calibration, probabilitiesOf, reliabilityOf, type Witnesses } from "./probability.ts";
import { type BestCompound, Compounds, decodeCompounds } from "../../known/compounds.ts";
import { agreementWithElements, ElementModel } from "../../known/elements.ts";
import { explainedScan, type ExplainedScan, type Explanation, explanationOf } from "./explain.ts";
import { type ExtensionFiles, joinedProbabilities } from "./extension.ts";
import { typePattern } from "./features.ts";
import {
  membersOf,
  nameOfType,
  parseLibrary,
  type StructureTypeLibrary,
  typeOfKey,
} from "../../known/library.ts";
import { type Pattern, PATTERN_SIZE } from "../../scan/log-pattern.ts";
import type { WeighedType, WeighedTypes } from "./result.ts";
import { labelsOf, STRUCTURE_TYPE } from "./task.ts";
import { type Target, targetOf } from "../../known/templates.ts";
import { observedBins } from "./augment.ts";

/** The files that the model is made of. */
export interface StructureTypeFiles {
  /** `library.json` */
  readonly library: string;
  /** `compounds.bin` */
  readonly compounds: Uint8Array;
  /** Networks whose probabilities are averaged, by name: "convolutional-1". */
  readonly networks: ReadonlyMap<string, Uint8Array>;
  readonly calibration: Calibration;
  readonly identity: ModelIdentity;
  /** Further types beside the library's. */
  readonly extensions?: readonly ExtensionFiles[];
}

/** Knowledge of the elements, and the number of candidates wanted. */
export interface IdentifyOptions {
  readonly composition?: MeasuredComposition;
  readonly constraints?: CompositionConstraints;
  /** Candidates in the answer; default 5. */
  readonly top?: number;
  /** Types to which the networks give less are not searched for compounds, which is most of the time; default 0. */
  readonly leastNetwork?: number;
}

/** The witnesses' answers before they are weighed; for evaluation. */
export interface Evidence {
  readonly pattern: Pattern;
  readonly target: Target;
  /** Probabilities, (types + 1): mean of the networks, and each one's by name. */
  readonly network: Float64Array;
  readonly networks: ReadonlyMap<string, Float64Array>;
  readonly compounds: readonly BestCompound[];
}

const DEFAULT_TOP = 5;
/** Similarity by which a compound of the named elements may fit worse than one of others. */
const ABOUT_AS_NEAR = 0.1;

/** Networks, known compounds and elements together: from a scan to weighed structure types. */
export class StructureTypeModel {
  /** Types of extensions follow the library's own. */
  readonly library: StructureTypeLibrary;
  readonly identity: ModelIdentity;
  readonly calibration: Calibration;
  private readonly compounds: Compounds;
  /** Made when elements are first given: a third of a second that most first questions need not wait. */
  private elements: ElementModel | undefined;
  private readonly isKnown: (formula: string) => boolean;
  private readonly networks: ReadonlyMap<string, Predictor>;
  /** Networks of the extensions. */
  private readonly further: readonly Predictor[];
  /** Convolutional networks with their last convolution and the gradient to it. */
  private readonly explanations: readonly Explanation[];

  private constructor(
    files: StructureTypeFiles,
    library: StructureTypeLibrary,
    networks: ReadonlyMap<string, Predictor>,
    further: readonly Predictor[],
    explanations: readonly Explanation[],
    isKnown: (formula: string) => boolean,
  ) {
    const { extensions = [] } = files;
    const added = extensions.flatMap(({ types }) => types);
    this.library = { ...library, types: [...library.types, ...added] };
    this.identity = files.identity;
    this.calibration = files.calibration;
    const formulas = this.library.types.map((type) =>
      membersOf(type).map(([, formula]) => formula),
    );
    const peaks = [files, ...extensions].flatMap(({ compounds }) => decodeCompounds(compounds));
    this.compounds = new Compounds(peaks, (type, member) => isKnown(formulas[type]![member]!));
    this.isKnown = isKnown;
    this.networks = networks;
    this.further = further;
    this.explanations = explanations;
  }

  /**
   * @param isKnown which formulas count as known compounds; default all. A test keeps its own out.
   * @throws EwaldError `library/version`, `compounds/damaged`, and what the runtime throws
   */
  static async load(
    runtime: Runtime,
    files: StructureTypeFiles,
    isKnown: (formula: string) => boolean = () => true,
  ): Promise<StructureTypeModel> {
    const networks = new Map<string, Predictor>();
    for (const [name, bytes] of files.networks)
      networks.set(name, await loadPredictor(runtime, bytes));
    const convolutional = [...files.networks].find(([name]) => name.startsWith("convolutional"));
    const explanations: Explanation[] = [];
    if (convolutional !== undefined) explanations.push(explanationOf(runtime, convolutional[1], 0));
    const further: Predictor[] = [];
    const library = parseLibrary(files.library);
    let first = library.types.length;
    for (const { types, network } of files.extensions ?? []) {
      further.push(await loadPredictor(runtime, network));
      explanations.push(explanationOf(runtime, network, first));
      first += types.length;
    }
    return new StructureTypeModel(files, library, networks, further, explanations, isKnown);
  }

  /**
   * The most probable structure types of a scan.
   * @throws EwaldError `identify/radiation`, `identify/range`, `identify/flat`
   */
  async identify(observation: Observation, options: IdentifyOptions = {}): Promise<WeighedTypes> {
    const evidence = await this.witness(typePattern(observation), options.leastNetwork);
    return this.judge(evidence, options);
  }

  /** Networks and known compounds on one pattern. */
  async witness(pattern: Pattern, leastNetwork = 0): Promise<Evidence> {
    const [first, last] = observedBins(pattern);
    const feeds = {
      intensity: pattern.intensity,
      range: Float32Array.of(first / PATTERN_SIZE, last / PATTERN_SIZE),
    };
    const ask = async (predictor: Predictor): Promise<Float64Array> =>
      softmax((await predictor.run(feeds))["logits"]!.data);
    const networks = new Map<string, Float64Array>();
    for (const [name, predictor] of this.networks) networks.set(name, await ask(predictor));
    const further: Float64Array[] = [];
    for (const predictor of this.further) further.push(await ask(predictor));
    const network = joinedProbabilities(meanOf([...networks.values()]), further);
    const target = targetOf(pattern);
    const compounds = this.compounds.search(target, (type) => network[type]! >= leastNetwork);
    return { pattern, target, network, networks, compounds };
  }

  private elementModel(): ElementModel {
    this.elements ??= new ElementModel(this.library, this.isKnown);
    return this.elements;
  }

  /** The witnesses that are weighed, with elements where they are known, and the variant of each type that they favour. */
  witnesses(
    { network, compounds }: Evidence,
    options: IdentifyOptions = {},
  ): Witnesses & { readonly variant: Int32Array | null } {
    const hasElements = options.composition !== undefined || options.constraints !== undefined;
    const elements = hasElements ? this.elementModel().weigh(options) : null;
    return {
      network,
      similarity: compounds.map((one) => one.similarity),
      elements: elements?.log ?? null,
      variant: elements?.variant ?? null,
    };
  }

  /** Weighs the evidence. */
  judge(evidence: Evidence, options: IdentifyOptions = {}): WeighedTypes {
    const { types } = this.library;
    const { weights, leastProbability } = this.calibration;
    const witnesses = this.witnesses(evidence, options);
    const probabilities = probabilitiesOf(witnesses, weights);
    const agreement = witnesses.elements === null ? null : agreementWithElements(options);
    const order = [...types.keys()].toSorted((a, b) => probabilities[b]! - probabilities[a]!);
    const shown = order.slice(0, options.top ?? DEFAULT_TOP);
    const nearest = shown.map((t) => this.nearest(evidence, t, agreement));
    const candidates = shown.map((t, i): WeighedType => {
      const { key, variants } = types[t]!;
      const { compound } = nearest[i]!;
      const member = compound.member < 0 ? undefined : membersOf(types[t]!)[compound.member];
      const favoured = witnesses.variant?.[t];
      const variant = favoured === undefined ? undefined : variants[favoured]!;
      return {
        key: variant?.key ?? key,
        name: nameOfType(types[t]!, variant),
        probability: probabilities[t]!,
        reliability: reliabilityOf(probabilities[t]!, this.calibration),
        similarity: compound.similarity,
        confidence: evidence.network[t]!,
        nearest:
          member === undefined
            ? null
            : { id: member[0], formula: member[1], cellFactor: compound.cellFactor },
      };
    });
    const reason = reasonToReject(candidates[0]!, probabilities[types.length]!, leastProbability);
    const strange = reason === null ? nearest[0]!.strange : [];
    return { types: candidates, rejected: reason !== null, reason, strange, model: this.identity };
  }

  /**
   * The answer in the form of all systems: each type of the library and "none of them" with its probability. Where none of them
   * is likeliest the scan lies outside; a scan that cannot be judged has no label.
   */
  async predict(scan: Scan, options: IdentifyOptions = {}): Promise<ClassPrediction> {
    let pattern: Pattern;
    try {
      pattern = typePattern(observe(scan));
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      return refusal(STRUCTURE_TYPE.name, error.message, this.identity);
    }
    const evidence = await this.witness(pattern, options.leastNetwork);
    const { weights } = this.calibration;
    const probabilities = probabilitiesOf(this.witnesses(evidence, options), weights);
    const classes = labelsOf(this.library.types).map((label, t) => ({
      label,
      probability: probabilities[t]!,
    }));
    const { reason } = this.judge(evidence, { ...options, top: 1 });
    const isNone = probabilities.every((one) => one <= probabilities.at(-1)!);
    return classPrediction(STRUCTURE_TYPE.name, classes, this.identity, {
      outside: isNone ? reason : null,
      undecided: isNone ? null : reason,
    });
  }

  /**
   * The compound that is nearest to the scan. With elements, one that holds no excluded one, and of those that go with them
   * where one lies about as near: what is said to be the nearest, and is laid over the scan, is made of what may be there.
   * @returns `member` -1 where no compound without excluded elements lies near; `strange`: formulas of the named elements none
   * of which lies near
   */
  private nearest(
    { compounds, target }: Evidence,
    type: number,
    agreement: ((formula: string) => number | null) | null,
  ): { readonly compound: BestCompound; readonly strange: readonly string[] } {
    const any = compounds[type]!;
    if (agreement === null || any.member < 0) return { compound: any, strange: [] };
    const formulas = membersOf(this.library.types[type]!).map(([, formula]) => formula);
    const agrees = formulas.map(agreement);
    for (const least of [2, 1, 0]) {
      const one = this.compounds.searchType(
        target,
        type,
        (member) => agrees[member] !== null && agrees[member]! >= least,
      );
      const isNear = one.similarity >= any.similarity - ABOUT_AS_NEAR;
      const strange = least > 0 ? [] : formulas.filter((_, member) => agrees[member] === 2);
      if (one.member >= 0 && isNear) return { compound: one, strange };
    }
    const strange = formulas.filter((_, member) => agrees[member] === 2);
    return { compound: { ...any, member: -1 }, strange };
  }

  /**
   * Grad-CAM of a type: how much each point of the scan spoke for it, 0 to 1, at the scan's own angles.
   * @returns angles of the scan (degrees, its own wavelength) and weights, of one length
   */
  async explain(observation: Observation, key: string): Promise<ExplainedScan> {
    const type = typeOfKey(this.library.types, key);
    if (type < 0) {
      throw new EwaldError("identify/unknown-type", `the library has no type "${key}"`, {
        value: key,
      });
    }
    const explanation = this.explanations.findLast(({ first }) => first <= type);
    if (explanation === undefined) {
      throw new EwaldError("identify/no-explanation", "no convolutional network is loaded");
    }
    return explainedScan(observation, explanation, type);
  }

  async release(): Promise<void> {
    for (const predictor of this.networks.values()) await predictor.release();
    for (const predictor of this.further) await predictor.release();
    for (const explanation of this.explanations) await explanation.release();
  }
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] = Math.exp(values[i]! - most);
  return values.map((value) => value / sum);
}

function reasonToReject(best: WeighedType, none: number, least: number): string | null {
  const percent = (value: number): string => `${Math.round(100 * value)} %`;
  if (none > best.probability)
    return `most like none of the library's types (${percent(none)}; the best type, ${best.name}, has ${percent(best.probability)})`;
  if (best.probability < least)
    return `no type is probable enough: the best, ${best.name}, has a probability of ${percent(best.probability)}, ${percent(least)} are needed`;
  return null;
}
