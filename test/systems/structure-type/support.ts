/** Scans of known compounds under known conditions, and the measured ones of the data pack. */
import { readFileSync } from "node:fs";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { tableFile } from "../../../src/data/files.node.ts";
import { openTable } from "../../../src/data/parquet.ts";
import { Random } from "../../../src/math/random.ts";
import { kAlphaDoublet, monochromatic, type Radiation } from "../../../src/radiation/radiation.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import type { drawConditions } from "../../../src/diffraction/scan-conditions.ts";
import { type LineList, lineList, ownLines } from "../../../src/diffraction/line-list.ts";
import { simulateScan } from "../../../src/diffraction/simulated-scan.ts";
import { CU_KA1_ANGSTROM } from "../../../src/radiation/radiation.ts";
import { sharedPath } from "../../support/shared.ts";

export type Conditions = ReturnType<typeof drawConditions>;

/** An ideal crystal in a good diffractometer. */
export const QUIET: Conditions = {
  isotropicStrain: 0,
  axialStrain: [0, 0, 0],
  angleShiftDeg: [0, 0, 0],
  bIsoAngstrom2: 0.7,
  march: 1,
  textureAxis: "001",
  sizeAngstrom: 1500,
  microstrain: 0,
  instrumentWidthDeg: 0.1,
  instrumentSlopeDeg: 0.05,
  instrumentLorentz: 0.5,
  zeroShiftDeg: 0,
  displacementDeg: 0,
  kAlpha2: 0,
  peakCounts: 8000,
  background: { constant: 0.02, air: 0, hump: 0 },
  humpCentreDeg: 25,
  humpWidthDeg: 10,
  rangeDeg: [5, 110],
  impurity: 0,
};

/** Needs `await loadSymmetry()`. */
export function exampleLines(name: string): LineList {
  return lineList(exampleStructure(name), 0.01);
}

/** The same with the cell of the file. */
export function ownExample(name: string): LineList {
  return ownLines(exampleStructure(name));
}

export function exampleStructure(name: string): Structure {
  const { structures } = readStructures(readFileSync(`examples/${name}.cif`), { name });
  return structures[0]!.structure;
}

export function scanOf(
  twoThetaDeg: Float64Array,
  intensity: Float64Array,
  radiation: Radiation | null = monochromatic(CU_KA1_ANGSTROM),
): Scan {
  return {
    ranges: [{ axis: { kind: "twoTheta", values: twoThetaDeg }, intensity }],
    radiation,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
}

/** A scan from 10° to 90°, or over the range of the conditions within it. */
export function simulated(
  lines: LineList,
  changes: Partial<Conditions> = {},
  impurity?: LineList,
): Scan {
  const conditions = { ...QUIET, rangeDeg: [10, 90] as const, ...changes };
  const [from, to] = conditions.rangeDeg;
  const grid = { startDeg: from, stepDeg: 0.02, size: Math.round((to - from) / 0.02) + 1 };
  const counts = simulateScan(
    lines,
    conditions,
    grid,
    Random.fromSeed(7, "structure-type-tests"),
    impurity === undefined ? undefined : { lines: impurity, conditions },
  );
  return scanOf(
    Float64Array.from({ length: grid.size }, (_, i) => from + i * grid.stepDeg),
    counts.map(Math.round),
  );
}

/** A measured pattern of the data pack by the end of its name. */
export async function measured(name: string): Promise<Scan> {
  const table = await openTable(await tableFile(sharedPath("experimental_dev.parquet")));
  const columns = {
    pattern_id: "string",
    two_theta: "numbers",
    intensity: "numbers",
    wavelength: "number",
    processed: "string?",
  } as const;
  for await (const row of table.rows(columns)) {
    if (!row.pattern_id.endsWith(name)) continue;
    const isDoublet = row.processed === null && Math.abs(row.wavelength - 1.5406) < 0.001;
    return scanOf(
      Float64Array.from(row.two_theta),
      Float64Array.from(row.intensity),
      isDoublet ? kAlphaDoublet("Cu") : monochromatic(row.wavelength),
    );
  }
  throw new Error(`no measured pattern ends in ${name}`);
}
