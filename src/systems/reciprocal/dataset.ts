/** Tables as training data of the default network: features in blocks, targets with NaN where a row does not say. */
import { type Composition, compositionOf } from "../../crystal/composition/composition.ts";
import { cellVolume } from "../../crystal/lattice.ts";
import type { FeatureBlock } from "../../data/feature-cache.ts";
import { type LabelName, rowStructure, type StructureRow } from "../../data/structure-table.ts";
import type { FeatureRows } from "../../data/table-features.ts";
import { batchOrder, type BatchSource } from "../../net/batches.ts";
import type { Batch } from "../../net/stepper.ts";
import { COMPOSITION_SIZE, writeComposition } from "./composition-features.ts";
import { FEATURES, GLOBALS, POINT_CHANNELS, POINTS } from "./feature-layout.ts";
import { PROPERTY_TASK_NAMES, taskTarget, usableLabel } from "./task.ts";

const TASKS = PROPERTY_TASK_NAMES.length;

/** eV that make a gap 1. */
export const GAP_SCALE = 1.5;

/** Continuous properties that train the trunk beside the classes, brought to about mean 0 and spread 1. */
const AUXILIARY: readonly { readonly label: LabelName; readonly scaled: (x: number) => number }[] =
  [
    { label: "bandGapEv", scaled: (gap) => gap / GAP_SCALE },
    { label: "bulkModulusGpa", scaled: (modulus) => (Math.log(modulus) - 4.3) / 0.8 },
    { label: "shearModulusGpa", scaled: (modulus) => (Math.log(modulus) - 3.4) / 0.9 },
    {
      label: "energyAboveHullEvPerAtom",
      scaled: (energy) => Math.min(Math.sqrt(Math.max(0, energy)), 0.8) / 0.2,
    },
    { label: "formationEnergyEvPerAtom", scaled: (energy) => (energy + 1.3) / 1.2 },
  ];
export const AUXILIARY_COUNT = AUXILIARY.length;

interface TrainingRow {
  readonly id: string;
  readonly formula: string | null;
  readonly composition: Composition;
  readonly atoms: number;
  readonly volumePerAtomAngstrom3: number;
}

/** Rows and what the network is given and asked for each. */
export interface ReciprocalData {
  readonly rows: readonly TrainingRow[];
  /** Whether the network is given the composition too. */
  readonly withComposition: boolean;
  /** (rows, FEATURES), in blocks of any number of rows. */
  readonly blocks: readonly FeatureBlock[];
  /** First row of each block. */
  readonly starts: readonly number[];
  /** (rows, tasks): 1, 0, NaN. */
  readonly targets: Float32Array;
  /** (rows, AUXILIARY_COUNT), NaN where not known. */
  readonly values: Float32Array;
}

function targetsOf({ labels }: StructureRow): number[] {
  return PROPERTY_TASK_NAMES.map((task) => taskTarget(labels, task) ?? Number.NaN);
}

function valuesOf({ labels }: StructureRow): number[] {
  return AUXILIARY.map(({ label, scaled }) => {
    const value = usableLabel(labels, label);
    return value === null ? Number.NaN : scaled(value);
  });
}

/** Rows of all tables with their features. Rows without any label of the tasks are kept: `rowsWith` leaves them out. */
export async function collectData(
  parts: AsyncIterable<FeatureRows> | Iterable<FeatureRows>,
  { withComposition = false }: { readonly withComposition?: boolean } = {},
): Promise<ReciprocalData> {
  const rows: TrainingRow[] = [];
  const blocks: FeatureBlock[] = [];
  const starts: number[] = [];
  const targets: number[] = [];
  const values: number[] = [];
  for await (const { rows: some, block } of parts) {
    starts.push(rows.length);
    blocks.push(block);
    for (const row of some) {
      const structure = rowStructure(row);
      rows.push({
        id: row.id,
        formula: row.formula,
        composition: compositionOf(structure),
        atoms: row.species.length,
        volumePerAtomAngstrom3: cellVolume(structure.lattice) / row.species.length,
      });
      targets.push(...targetsOf(row));
      values.push(...valuesOf(row));
    }
  }
  return {
    rows,
    withComposition,
    blocks,
    starts,
    targets: Float32Array.from(targets),
    values: Float32Array.from(values),
  };
}

/** Indices of the rows whose id is among `ids` and that have a label of any of the tasks (numbers of PROPERTY_TASK_NAMES). */
export function rowsWith(
  data: ReciprocalData,
  ids: ReadonlySet<string>,
  tasks: readonly number[],
): Uint32Array {
  const known = (row: number): boolean =>
    tasks.some((task) => !Number.isNaN(data.targets[row * TASKS + task]!));
  return Uint32Array.from(
    data.rows.flatMap(({ id }, row) => (ids.has(id) && known(row) ? [row] : [])),
  );
}

function copyFeatures(data: ReciprocalData, row: number, i: number, batch: Batch): void {
  // Blocks are of equal size but for the last of each table: the guess is nearly always right.
  let block = Math.min(data.blocks.length - 1, Math.floor(row / data.blocks[0]!.shape[0]!));
  while (data.starts[block]! > row) block--;
  while (block + 1 < data.starts.length && data.starts[block + 1]! <= row) block++;
  const from = (row - data.starts[block]!) * FEATURES;
  splitFeatures(data.blocks[block]!.data, from, i, batch);
}

/** One structure's features into the inputs of the network, as sample `i`. */
export function splitFeatures(
  features: Float32Array,
  from: number,
  i: number,
  { overall, points, weight }: Batch,
): void {
  overall!.set(features.subarray(from, from + GLOBALS), i * GLOBALS);
  const seen = POINT_CHANNELS - 1;
  let at = i * POINTS * seen;
  let source = from + GLOBALS;
  for (let p = 0; p < POINTS; p++) {
    for (let channel = 0; channel < seen; channel++) points![at++] = features[source++]!;
    weight![i * POINTS + p] = features[source++]!;
  }
}

/** Room for the inputs of `count` samples. */
export function emptyInputs(
  count: number,
  withComposition: boolean,
): Readonly<Record<string, Float32Array>> {
  return {
    overall: new Float32Array(count * GLOBALS),
    points: new Float32Array(count * POINTS * (POINT_CHANNELS - 1)),
    weight: new Float32Array(count * POINTS),
    ...(withComposition ? { composition: new Float32Array(count * COMPOSITION_SIZE) } : {}),
  };
}

/** The composition as sample `i`, where the inputs have room for it. */
export function putComposition(of: Composition, i: number, { composition }: Batch): void {
  if (composition !== undefined)
    writeComposition(of, composition as Float32Array, i * COMPOSITION_SIZE);
}

/** Targets of one sample with masks beside them: 0 hides a missing label, and a task that is not trained. */
function copyTargets(
  data: ReciprocalData,
  row: number,
  i: number,
  tasks: readonly number[],
  { label, known, value, valueKnown }: Batch,
): void {
  for (const task of tasks) {
    const target = data.targets[row * TASKS + task]!;
    label![i * TASKS + task] = target || 0;
    known![i * TASKS + task] = Number.isNaN(target) ? 0 : 1;
  }
  for (let k = 0; k < AUXILIARY_COUNT; k++) {
    const target = data.values[row * AUXILIARY_COUNT + k]!;
    value![i * AUXILIARY_COUNT + k] = target || 0;
    valueKnown![i * AUXILIARY_COUNT + k] = Number.isNaN(target) ? 0 : 1;
  }
}

/**
 * Batches of the rows: shuffled by seed and epoch, or in order without a seed. What fills no batch is left out when shuffled;
 * in order, the last batch is filled up with masked copies.
 * @throws EwaldError `net/too-few-samples`
 */
export function dataBatches(
  data: ReciprocalData,
  rows: Uint32Array,
  batch: number,
  tasks: readonly number[],
  seed?: number | string,
): BatchSource {
  // In order the last batch is filled up, so that there is always one.
  const order = seed === undefined && rows.length > 0 ? null : batchOrder(rows.length, batch, seed);
  return {
    batchesPerEpoch: order?.batchesPerEpoch ?? Math.ceil(rows.length / batch),
    get(epoch, index) {
      const samples = order?.samples(epoch, index);
      const made: Batch = {
        ...emptyInputs(batch, data.withComposition),
        label: new Float32Array(batch * TASKS),
        known: new Float32Array(batch * TASKS),
        value: new Float32Array(batch * AUXILIARY_COUNT),
        valueKnown: new Float32Array(batch * AUXILIARY_COUNT),
      };
      for (let i = 0; i < batch; i++) {
        const place = samples?.[i] ?? index * batch + i;
        const isCopy = place >= rows.length;
        const row = rows[Math.min(place, rows.length - 1)]!;
        copyFeatures(data, row, i, made);
        putComposition(data.rows[row]!.composition, i, made);
        if (!isCopy) copyTargets(data, row, i, tasks, made);
      }
      return made;
    },
  };
}
