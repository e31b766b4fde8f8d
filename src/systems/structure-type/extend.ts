/**
 * Makes an extension: new structure types out of a user's structures, and one more network that knows them, trained against the types
 * that the model knows already. Those are simulated from the library itself (representatives with the elements of members), so that
 * no training data of the model is needed; its weights are read, never written.
 */
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import type { StructureRow } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import { type Mat3, scale } from "../../math/matrix3.ts";
import { Random } from "../../math/random.ts";
import { type ExportMetadata, exportModel } from "../../net/export.ts";
import type { Progress } from "../../net/progress.ts";
import type { Runtime } from "../../net/runtime.ts";
import type { Store } from "../../net/store.ts";
import { accuracyOf, answerOf, type JudgedTwice, judgePool, rejectionOf } from "./evaluate.ts";
import { type ExtensionFiles, OTHERS_SHARE } from "./extension.ts";
import { LibraryBuilder } from "../../known/library-build.ts";
import {
  LIBRARY_VERSION,
  type LibraryType,
  membersOf,
  type StructureTypeLibrary,
} from "../../known/library.ts";
import type { RowLines } from "../../known/line-feature.ts";
import { lineList } from "../../diffraction/line-list.ts";
import { compoundsOf } from "./make-model.ts";
import { cellFactors, memberStructure } from "../../known/member-structure.ts";
import { type StructureTypeFiles, StructureTypeModel } from "./predict.ts";
import { convolutionalModel } from "./network.ts";
import type { ExtensionScores } from "./scores.ts";
import { trainNetwork } from "./train.ts";
import { compoundSet, filledTypes, type Sample, samplePool } from "./dataset.ts";

/** Compounds of different formula that a new type needs. */
export const LEAST_COMPOUNDS = 5;
/** Samples that the network learns from, validates on. */
const SAMPLES = { train: 8_000, validation: 768 };
const EPOCHS = 4;
/** Over the last 50 of some 750 steps: a slower average would still hold half of the initial weights. */
const AVERAGE_DECAY = 0.98;
/** Simulated compounds per known type, to learn from and to test with. */
const PER_TYPE = { train: 8, test: 4, unknown: 20 };
/** Scans that are judged. */
const JUDGED = { own: 300, known: 400, unknown: 300 };

/** The new types of a table, and what stands in the way of others. */
export interface NewTypes {
  readonly types: readonly LibraryType[];
  /** Types with too few compounds, and types that the model knows. */
  readonly few: readonly { readonly key: string; readonly compounds: number }[];
  readonly known: readonly { readonly key: string; readonly name: string }[];
}

/**
 * The structure types of a table that a library does not know, and those that have too few compounds. Needs `await loadSymmetry()`.
 * @throws EwaldError of the symmetry search where `onProblem` is not given
 */
export function newTypes(
  rows: readonly StructureRow[],
  known: readonly LibraryType[],
  onProblem?: (id: string, error: EwaldError) => void,
): NewTypes {
  const builder = new LibraryBuilder();
  for (const row of rows) {
    try {
      builder.add(row);
    } catch (error) {
      if (!(error instanceof EwaldError) || onProblem === undefined) throw error;
      onProblem(row.id, error);
    }
  }
  const found = builder.types(1);
  const nameOf = new Map(
    known.flatMap(({ name, variants }) => variants.map(({ key }) => [key, name])),
  );
  const isKnown = ({ variants }: LibraryType): boolean =>
    variants.some(({ key }) => nameOf.has(key));
  const fresh = found.filter((type) => !isKnown(type));
  const isFew = (type: LibraryType): boolean => membersOf(type).length < LEAST_COMPOUNDS;
  return {
    types: fresh.filter((type) => !isFew(type)),
    few: fresh.filter(isFew).map((type) => ({ key: type.key, compounds: membersOf(type).length })),
    known: found.filter(isKnown).map(({ key, variants }) => ({
      key,
      name: variants.map((variant) => nameOf.get(variant.key)).find((name) => name !== undefined)!,
    })),
  };
}

/** Compounds of library types without their tables: the representative with a member's elements, its cell within the type's range. */
function simulatedMembers(
  types: readonly LibraryType[],
  perType: number,
  seed: number | string,
): Sample[][] {
  return types.map((type) => {
    const random = Random.fromSeed(seed, "member", type.key);
    const made: Sample[] = [];
    for (let tries = 3 * perType; tries > 0 && made.length < perType; tries--) {
      const variant = random.choice(type.variants);
      const [id, formula] = random.choice(variant.members);
      try {
        const structure = memberStructure(variant, formula);
        const factor = random.uniformBetween(...cellFactors(variant).factor);
        const lattice = structure.lattice.map((row) => scale(row, factor)) as unknown as Mat3;
        const lines = lineList({ ...structure, lattice }, TABLE_SYMPREC_ANGSTROM);
        made.push({ id, formula, lines });
      } catch (error) {
        // A formula that does not fit its roles, an element without form factor: another member.
        if (!(error instanceof EwaldError)) throw error;
      }
    }
    return made;
  });
}

export interface ExtensionRun {
  readonly runtime: Runtime;
  readonly name: string;
  readonly types: readonly LibraryType[];
  /** Rows of the types' members with their lines. */
  readonly lists: readonly RowLines[];
  /** The model beside which it will stand, extensions it already has included. */
  readonly model: StructureTypeFiles;
  readonly library: StructureTypeLibrary;
  readonly seed: number | string;
  readonly epochs?: number;
  readonly samples?: number;
  readonly metadata: Pick<ExportMetadata, "dataHash" | "commit" | "attribution">;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  onStage(text: string): void;
  onTraining(progress: Progress): void;
}

/** A trained extension: its files and its scores. */
export interface MadeExtension extends ExtensionFiles {
  readonly scores: ExtensionScores;
}

/** Trains and measures an extension; null where the run was interrupted. */
export async function makeExtension(run: ExtensionRun): Promise<MadeExtension | null> {
  const { types, lists, library, seed } = run;
  const own: StructureTypeLibrary = {
    version: LIBRARY_VERSION,
    source: run.name,
    types,
    unknown: { test: [], threshold: [] },
  };
  run.onStage("simulating compounds");
  const train = compoundSet(lists, own, "train");
  const validation = compoundSet(lists, own, "val");
  requireTraining(types, train.types);
  const elsewhere = [...library.types, ...without(library.unknown.threshold, types)];
  const others = simulatedMembers(elsewhere, PER_TYPE.train, seed).flat();
  const samples = run.samples ?? SAMPLES.train;
  const pool = samplePool(filledTypes(train, lists, own, seed), others, {
    size: samples,
    seed,
    others: OTHERS_SHARE,
    balance: "root",
  });
  const validated = samplePool(
    validation.types.map((some, t) => (some.length > 0 ? some : train.types[t]!)),
    others,
    {
      size: Math.min(SAMPLES.validation, samples),
      seed: "val",
      others: OTHERS_SHARE,
      balance: "root",
    },
  );
  const classes = types.length + 1;
  const { runtime, store, signal } = run;
  const result = await trainNetwork({
    runtime,
    classes,
    pool: pool.store,
    validation: validated.store,
    seed,
    epochs: run.epochs ?? EPOCHS,
    averageDecay: AVERAGE_DECAY,
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (progress) => run.onTraining(progress),
  });
  if (result.stopped === "interrupted") return null;
  const network = exportModel(convolutionalModel(classes), result.best, {
    half: true,
    metadata: {
      ...run.metadata,
      classes: { logits: [...types.map(({ key }) => key), "none of them"] },
    },
  });
  const files = { name: run.name, types, compounds: compoundsOf(lists, own), network };
  run.onStage("measuring");
  return { ...files, scores: await measure(run, own, files) };
}

/** Types that are none of the others: what the library keeps out may be what the user adds. */
function without(types: readonly LibraryType[], others: readonly LibraryType[]): LibraryType[] {
  const keys = new Set(others.flatMap(({ variants }) => variants.map(({ key }) => key)));
  return types.filter(({ variants }) => !variants.some(({ key }) => keys.has(key)));
}

/** @throws EwaldError `extend/types` */
function requireTraining(
  types: readonly LibraryType[],
  samples: readonly (readonly Sample[])[],
): void {
  const empty = types.filter((_, t) => samples[t]!.length === 0);
  if (empty.length === 0) return;
  throw new EwaldError("extend/types", `no compound of ${empty[0]!.key} can be simulated`, {
    value: empty[0]!.key,
    hint: "Give more structures of this type.",
  });
}

/** The model without and with the extension, on the same scans. Held-out compounds do not count as known ones. */
async function measure(
  { runtime, model, library, lists, samples = SAMPLES.train }: ExtensionRun,
  own: StructureTypeLibrary,
  files: ExtensionFiles,
): Promise<ExtensionScores> {
  const test = compoundSet(lists, own, "test");
  const formulas = new Set(test.types.flat().map(({ formula }) => formula));
  const before = await StructureTypeModel.load(runtime, model);
  const extended = { ...model, extensions: [...(model.extensions ?? []), files] };
  const after = await StructureTypeModel.load(runtime, extended, (one) => !formulas.has(one));
  const { weights, leastProbability } = model.calibration;
  const first = before.library.types.length;
  const drawn = (types: readonly (readonly Sample[])[], size: number) =>
    samplePool(types, [], {
      size: Math.min(size, samples),
      seed: "test",
      others: 0,
      balance: "root",
    });
  const foreign = without(library.unknown.test, own.types);
  const unknown = simulatedMembers(foreign, PER_TYPE.unknown, "test").flat();
  const pools = {
    own: test.types.flat().length === 0 ? null : drawn(test.types, JUDGED.own),
    known: drawn(simulatedMembers(library.types, PER_TYPE.test, "test"), JUDGED.known),
    unknown: unknown.length === 0 ? null : drawn([unknown], JUDGED.unknown),
  };
  const judge = async (
    who: StructureTypeModel,
    pool: typeof pools.own,
  ): Promise<JudgedTwice["plain"][]> =>
    pool === null ? [] : (await judgePool(who, pool)).map(({ plain }) => plain);
  const best = (judged: JudgedTwice["plain"]): number => answerOf(judged, weights).probability;
  const [knownBefore, knownAfter] = [
    await judge(before, pools.known),
    await judge(after, pools.known),
  ];
  const [unknownBefore, unknownAfter] = [
    await judge(before, pools.unknown),
    await judge(after, pools.unknown),
  ];
  const ownAfter = (await judge(after, pools.own)).map((one) => ({
    ...one,
    label: one.label + first,
  }));
  await before.release();
  await after.release();
  const right = ownAfter.filter((one) => answerOf(one, weights).rank === 0);
  const share = (count: number): number => count / Math.max(1, ownAfter.length);
  return {
    own: {
      n: ownAfter.length,
      top1: share(right.length),
      accepted: share(right.filter((one) => best(one) >= leastProbability).length),
    },
    known: {
      n: knownBefore.length,
      top1Before: accuracyOf(knownBefore, weights).top1,
      top1After: accuracyOf(knownAfter, weights).top1,
    },
    rejection:
      pools.unknown === null
        ? null
        : {
            before: rejectionOf(knownBefore.map(best), unknownBefore.map(best), leastProbability),
            after: rejectionOf(
              [...knownAfter, ...ownAfter].map(best),
              unknownAfter.map(best),
              leastProbability,
            ),
          },
  };
}
