/**
 * Powder CIF (pdCIF, International Tables G chapter 3.3): measured intensities by point, over listed
 * positions or over a range with an increment; every block with points is a range. Corrected positions
 * (`_pd_proc_2theta_corrected`) win over measured ones, measured counts over processed intensities;
 * never a calculated pattern. Ignored: structures, reflections, calculated and background profiles.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import {
  type CifBlock,
  type CifColumn,
  cifColumn,
  cifNumber,
  cifString,
} from "../../formats/cif-document.ts";
import { parseCif } from "../../formats/cif-parser.ts";
import type { AxisKind } from "../../radiation/axis.ts";
import {
  kAlphaDoublet,
  meanWavelength,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../../radiation/radiation.ts";
import type { IntensityUnit } from "../scan.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { anodeSymbol, statedWavelength } from "./radiation.ts";

/** Best first. */
const INTENSITIES: readonly (readonly [tag: string, unit: IntensityUnit, isNet?: boolean])[] = [
  ["_pd_meas_counts_total", "counts"],
  ["_pd_meas_intensity_total", "unknown"],
  ["_pd_proc_intensity_total", "unknown"],
  // Over a background: below it, they are negative.
  ["_pd_proc_intensity_net", "unknown", true],
  ["_pd_meas_intensity_net", "unknown", true],
];
/** Rows without an intensity: a few are missing points, more belong to another list of the loop. */
const MOST_MISSING = 0.04;

const POSITIONS: readonly (readonly [tag: string, kind: AxisKind, scale: number])[] = [
  ["_pd_proc_2theta_corrected", "twoTheta", 1],
  ["_pd_meas_2theta_scan", "twoTheta", 1],
  ["_pd_meas_2theta_corrected", "twoTheta", 1],
  ["_pd_meas_time_of_flight", "tof", 1],
  ["_pd_proc_d_spacing", "d", 1],
  ["_pd_proc_recip_len_q", "q", 1],
];

export function readPdCif(text: string, warnings: Warning[]): Draft {
  const document = parseCif(text, { maxBytes: Number.MAX_SAFE_INTEGER });
  warnings.push(...document.warnings.slice(0, 20));
  const patterns = document.blocks.flatMap((block) => {
    const range = blockRange(block);
    return range === undefined ? [] : [{ block, range }];
  });
  const found = ofOneRadiation(patterns, warnings);
  const [first] = found;
  if (first === undefined) {
    throw new EwaldError(
      "scan/not-a-scan",
      "a CIF without a measured powder pattern, not a powder scan",
      {
        value: "CIF",
        line: document.blocks[0]?.line ?? 1,
        hint: "It may hold a structure: ewald read shows it, ewald simulate gives its pattern.",
      },
    );
  }
  const about = document.blocks;
  const string = (...tags: string[]): string | undefined => {
    for (const block of [first.block, ...about]) {
      const value = cifString(block, ...tags);
      if (value !== undefined) return value.trim();
    }
    return undefined;
  };
  return {
    format: "pdcif",
    ranges: found.map(({ range }) => range.draft),
    radiation: cifRadiation(first.block) ?? firstRadiation(about),
    intensityUnit: first.range.unit,
    metadata: {
      sample: string("_pd_char_name", "_pd_phase_name", "_chemical_name_common", "_pd_block_id"),
      title: first.block.name,
      operator: string("_pd_meas_info_author_name"),
      startedAt: string("_pd_meas_datetime_initiated"),
      instrument: string("_diffrn_measurement_device_type", "_diffrn_measurement_device"),
      detector: string("_diffrn_detector", "_diffrn_detector_type"),
      monochromator: string("_diffrn_radiation_monochromator"),
      comment: string("_pd_meas_special_details"),
      temperatureKelvin: safeNumber(first.block, "_diffrn_ambient_temperature"),
    },
  };
}

/** A joint refinement keeps patterns of several radiations in one file; a scan has one. */
function ofOneRadiation<T extends { readonly block: CifBlock }>(
  patterns: readonly T[],
  warnings: Warning[],
): T[] {
  const wavelength = ({ block }: T): number | undefined => {
    const radiation = cifRadiation(block);
    return radiation === null ? undefined : meanWavelength(radiation);
  };
  const first = patterns.map(wavelength).find((one) => one !== undefined);
  const isSame = (one: number | undefined): boolean =>
    one === undefined || Math.abs(one / first! - 1) < 1e-4;
  return patterns.filter((pattern) => {
    const own = wavelength(pattern);
    if (isSame(own)) return true;
    warnings.push({
      code: "scan/other-radiation",
      message: `the pattern "${pattern.block.name}" was measured at ${own} Å, the first of the file at ${first} Å: it was left out`,
      line: pattern.block.line,
    });
    return false;
  });
}

function safeNumber(block: CifBlock, ...tags: string[]): number | undefined {
  try {
    return cifNumber(block, ...tags)?.value;
  } catch {
    return undefined;
  }
}

/** All numbers of a column; `?` and `.` are NaN. */
function columnNumbers(column: CifColumn): { values: Float64Array; esds: Float64Array } {
  const values = new Float64Array(column.length);
  const esds = new Float64Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const number = column.number(row);
    values[row] = number?.value ?? Number.NaN;
    esds[row] = number?.esd ?? Number.NaN;
  }
  return { values, esds };
}

function loopedColumn(block: CifBlock, tag: string): CifColumn | undefined {
  const column = cifColumn(block, tag);
  return column?.looped === true ? column : undefined;
}

function blockRange(block: CifBlock): { draft: DraftRange; unit: IntensityUnit } | undefined {
  for (const [tag, unit, isNet] of INTENSITIES) {
    const column = loopedColumn(block, tag);
    if (column === undefined) continue;
    const { values, esds } = columnNumbers(column);
    const axis = blockAxis(block, values.length);
    if (axis === undefined) return undefined;
    const kept = keptRows(values, axis.values);
    const pick = (from: Float64Array): Float64Array => Float64Array.from(kept, (row) => from[row]!);
    const weight = loopedColumn(block, "_pd_proc_ls_weight");
    const monitor = loopedColumn(block, "_pd_meas_counts_monitor");
    const esd = esds.some((one) => one > 0)
      ? esds
      : unit === "counts"
        ? undefined
        : esdOfWeights(weight);
    const usable =
      esd !== undefined &&
      esd.length === values.length &&
      kept.every((row) => Number.isNaN(values[row]!) || esd[row]! >= 0);
    return {
      unit,
      draft: {
        kind: axis.kind,
        axis: pick(axis.values),
        intensity: pick(values),
        isNet,
        esd: usable ? pick(esd) : undefined,
        monitor:
          monitor?.length === values.length ? pick(columnNumbers(monitor).values) : undefined,
        countTimeSeconds: safeNumber(block, "_pd_meas_step_count_time"),
        name: block.name,
        position: (i) => column.position(kept[i] ?? column.length - 1),
      },
    };
  }
  return undefined;
}

/** Rows with an intensity and a position: `.` marks points that belong to another list of the loop. */
function keptRows(values: Float64Array, positions: Float64Array): number[] {
  const placed = [...values.keys()].filter((row) => !Number.isNaN(positions[row]!));
  const kept = placed.filter((row) => !Number.isNaN(values[row]!));
  return placed.length - kept.length > MOST_MISSING * placed.length ? kept : placed;
}

/** Weights of a Rietveld refinement are 1/esd². Zero marks an excluded point: then they say nothing of it. */
function esdOfWeights(column: CifColumn | undefined): Float64Array | undefined {
  if (column === undefined) return undefined;
  const { values } = columnNumbers(column);
  if (!values.every((weight) => weight > 0)) return undefined;
  return values.map((weight) => 1 / Math.sqrt(weight));
}

function blockAxis(
  block: CifBlock,
  count: number,
): { kind: AxisKind; values: Float64Array } | undefined {
  for (const [tag, kind, scale] of POSITIONS) {
    const column = loopedColumn(block, tag);
    if (column?.length !== count) continue;
    const { values } = columnNumbers(column);
    return { kind, values: scale === 1 ? values : values.map((value) => value * scale) };
  }
  for (const part of ["proc", "meas"]) {
    const start = safeNumber(block, `_pd_${part}_2theta_range_min`);
    const end = safeNumber(block, `_pd_${part}_2theta_range_max`);
    const step = safeNumber(block, `_pd_${part}_2theta_range_inc`);
    if (start === undefined || end === undefined) continue;
    // The increment is often rounded; the two ends are not.
    const even = count > 1 ? (end - start) / (count - 1) : 0;
    const stated = step !== undefined && Math.abs(step - even) * count < 0.5 * step ? step : even;
    const exact = Math.abs(start + stated * (count - 1) - end) < 1e-6;
    return { kind: "twoTheta", values: steppedAxis(start, exact ? stated : even, count) };
  }
  return undefined;
}

function firstRadiation(blocks: readonly CifBlock[]): Radiation | null {
  for (const block of blocks) {
    const radiation = cifRadiation(block);
    if (radiation !== null) return radiation;
  }
  return null;
}

function kindOf(probe: string): RadiationKind {
  if (/neutron/i.test(probe)) return "neutron";
  return /electron/i.test(probe) ? "electron" : "xray";
}

function cifRadiation(block: CifBlock): Radiation | null {
  const kind = kindOf(cifString(block, "_diffrn_radiation_probe") ?? "");
  const column = cifColumn(block, "_diffrn_radiation_wavelength");
  const type = cifString(block, "_diffrn_radiation_type", "_diffrn_radiation.type") ?? "";
  if (column === undefined) return kind === "xray" ? radiationOfType(type) : null;
  const { values } = columnNumbers(column);
  const weights = cifColumn(block, "_diffrn_radiation_wavelength_wt");
  const read = weights?.length === values.length ? columnNumbers(weights).values : undefined;
  const lines = Array.from(values, (wavelengthAngstrom, i) => ({
    wavelengthAngstrom,
    weight: values.length === 1 ? 1 : (read?.[i] ?? Number.NaN),
  })).filter((line) => statedWavelength(line.wavelengthAngstrom) !== null && line.weight > 0);
  const total = lines.reduce((sum, line) => sum + line.weight, 0);
  if (lines.length === 0) return null;
  const anode = anodeSymbol(/^\s*(Cu|Co|Mo|Fe|Cr|Ag)\b/i.exec(type)?.[1]);
  return {
    kind,
    ...(anode === undefined || kind !== "xray"
      ? {}
      : { name: lines.length > 1 ? `${anode}Ka1+${anode}Ka2` : `${anode}Ka` }),
    lines: lines
      .map(({ wavelengthAngstrom, weight }) => ({ wavelengthAngstrom, weight: weight / total }))
      .sort((a, b) => b.weight - a.weight),
  };
}

/** "CuK\a", "Cu K\a~1~" without a wavelength. */
function radiationOfType(type: string): Radiation | null {
  const plain = type.replaceAll(/[\\~^\s_]/g, "");
  const match = /^(Cu|Co|Mo|Fe|Cr|Ag)Ka(1|2)?/i.exec(plain);
  if (match === null) return null;
  const anode = anodeSymbol(match[1])!;
  return match[2] === undefined ? kAlphaDoublet(anode) : parseRadiation(`${anode}Ka${match[2]}`);
}
