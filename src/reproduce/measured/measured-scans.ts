/** Measured scans whose structure type is known (`experimental_dev`): for calibration scalars and for tests, never for weights. */
import { openTable, type TableFile } from "../../data/parquet.ts";
import { EwaldError } from "../../errors.ts";
import { monochromatic } from "../../radiation/radiation.ts";
import type { Scan } from "../../scan/scan.ts";
import { type StructureTypeLibrary, typeOfKey } from "../../known/library.ts";
import { ROCKJOCK_PHASES, RRUFF_LABELS } from "./measured-types.table.ts";
import { type Pattern, patternOf } from "../../scan/log-pattern.ts";
import { observe } from "../../scan/observe.ts";

export interface MeasuredScan {
  readonly id: string;
  readonly collection: "rruff" | "rockjock";
  /** Position in the library; the number of types where it is of none. */
  readonly label: number;
  /** Elements that a chemist would know; null where the collection does not say. */
  readonly formula: string | null;
  /** Null where nothing of the scan stands above its noise. */
  readonly pattern: Pattern | null;
  /** As measured. */
  readonly scan: Scan;
}

const COLLECTIONS: Readonly<Record<string, MeasuredScan["collection"]>> = {
  rruff_crystinet: "rruff",
  powdr_rockjock: "rockjock",
};

/** @throws EwaldError of the table */
export async function* measuredScans(
  file: TableFile,
  library: StructureTypeLibrary,
): AsyncGenerator<MeasuredScan> {
  const table = await openTable(file);
  const columns = {
    pattern_id: "string",
    collection: "string",
    label: "string",
    wavelength: "number",
    two_theta: "numbers",
    intensity: "numbers",
  } as const;
  for await (const row of table.rows(columns)) {
    const collection = COLLECTIONS[row.collection];
    if (collection === undefined) continue;
    const phase = ROCKJOCK_PHASES[row.pattern_id.split("/")[1]!];
    const key = collection === "rruff" ? RRUFF_LABELS[row.label]! : (phase?.key ?? null);
    const scan = measuredScan(row.two_theta, row.intensity, row.wavelength);
    yield {
      id: row.pattern_id,
      collection,
      label: key === null ? library.types.length : typeOfKey(library.types, key),
      formula: collection === "rruff" ? null : (phase?.formula ?? null),
      pattern: patternOrNull(scan),
      scan,
    };
  }
}

/** A scan over angles of one wavelength, as tables of measured scans hold it. */
export function measuredScan(
  twoThetaDeg: ArrayLike<number>,
  intensity: ArrayLike<number>,
  wavelengthAngstrom: number,
): Scan {
  const axis = { kind: "twoTheta", values: Float64Array.from(twoThetaDeg) } as const;
  return {
    ranges: [{ axis, intensity: Float64Array.from(intensity) }],
    radiation: monochromatic(wavelengthAngstrom),
    intensityUnit: "unknown",
    metadata: {},
    source: { format: "parquet" },
    history: [],
  };
}

function patternOrNull(scan: Scan): Pattern | null {
  try {
    return patternOf(observe(scan));
  } catch (error) {
    if (error instanceof EwaldError && error.code === "identify/flat") return null;
    throw error;
  }
}
