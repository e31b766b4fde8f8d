/**
 * Rigaku text and archive formats: RAS (`*RAS_…` keys, three columns), RASX (the same in a ZIP with XML)
 * and ASC (`*TYPE = Raw`, intensities only). The third column of RAS and RASX is the attenuator's factor;
 * the intensity is multiplied by it, and it stays beside the points. Ignored: colours, axis positions,
 * optics beyond their names.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { decodeInstrumentText, splitLines } from "../../formats/instrument-text.ts";
import { childText, descendants, parseXml, type XmlElement } from "../../formats/xml.ts";
import type { ZipArchive } from "../../formats/zip.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import {
  badNumber,
  expectCount,
  headerNumber,
  numberOrGap,
  NumberRows,
  optionalNumber,
  pushNumbers,
  unquote,
} from "./lines.ts";
import { anodeOfNumber, statedRadiation } from "./radiation.ts";
import { type StatedSweep, sweepsOverTwoTheta } from "./scan-axis.ts";
import { degreesFactor, intensityUnitOf, scaledValue, valueInUnit } from "./units.ts";

type Used = "Ka" | "Ka1" | "Ka2" | "Kb";

/** "Ka", "Ka1", "KAlpha1", "K-ALPHA", "Kb" as Rigaku writes them. */
function usedLine(text: string | undefined): Used | undefined {
  const plain = (text ?? "")
    .replaceAll(/[\s_-]/g, "")
    .toLowerCase()
    .replace("alpha", "a");
  const table: Record<string, Used> = { ka: "Ka", ka1: "Ka1", ka2: "Ka2", kb: "Kb", kbeta: "Kb" };
  return table[plain];
}

/** Three columns, blank-separated: angle, intensity, attenuation factor. */
function profileRows(lines: readonly string[], from: number, to: number): NumberRows {
  const rows = new NumberRows(3);
  const values = new Float64Array(3);
  for (let i = from; i < to; i++) {
    const text = lines[i]!.trim();
    if (text === "") continue;
    const parts = text.split(/[\s,]+/);
    for (let c = 0; c < 3; c++) {
      const part = parts[c] ?? (c === 2 ? "1" : "");
      const value = numberOrGap(part);
      // A missing intensity is a gap, a missing angle is damage.
      if (value === undefined || (c !== 1 && Number.isNaN(value))) throw badNumber(part, i + 1);
      values[c] = value;
    }
    rows.push(values, i + 1);
  }
  return rows;
}

function profileRange(
  rows: NumberRows,
  name: string | undefined,
  unit: string | undefined,
  warnings: Warning[],
): DraftRange {
  const toDegrees = degreesFactor(unit, { line: rows.line(0) });
  const raw = rows.column(1);
  const factor = rows.column(2);
  const attenuated = factor.some((value) => value !== 1);
  if (attenuated) {
    warnings.push({
      code: "scan/attenuated",
      message: "intensities were multiplied by the attenuation factors of the file",
      line: rows.line(factor.findIndex((value) => value !== 1)),
    });
  }
  return {
    kind: "twoTheta",
    axis: rows.column(0).map((angle) => scaledValue(angle, toDegrees)),
    intensity: attenuated ? raw.map((value, i) => value * factor[i]!) : raw,
    attenuation: attenuated ? factor : undefined,
    name,
    position: (i) => ({ line: rows.line(i) }),
  };
}

export function readRas(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(text);
  const sweeps: StatedSweep<RasSweep>[] = [];
  const header = new Map<string, string>();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith("*RAS_INT_START")) {
      const end = lines.findIndex((later, k) => k > i && later.startsWith("*RAS_INT_END"));
      if (end < 0) {
        throw new EwaldError("scan/truncated", "RAS: the data have no end", { line: lines.length });
      }
      const rows = profileRows(lines, i + 1, end);
      const announced = optionalNumber(header.get("MEAS_DATA_COUNT"));
      if (announced !== undefined) expectCount(rows.rows, announced, end + 1);
      const name = header.get("MEAS_SCAN_AXIS_X");
      sweeps.push({
        axis: header.get("MEAS_SCAN_AXIS_X_INTERNAL") ?? name,
        position: { line: i + 1 },
        sweep: { rows, name, header: new Map(header) },
      });
      i = end;
    } else {
      const pair = /^\*(\S+)\s+(.*)$/.exec(line);
      if (pair !== null) header.set(pair[1]!, unquote(pair[2]!));
    }
  }
  return rasDraft("rigaku-ras", sweeps, warnings);
}

/** The rows of a sweep and what stands above them. */
interface RasSweep {
  readonly rows: NumberRows;
  readonly name: string | undefined;
  readonly header: ReadonlyMap<string, string>;
}

function rasDraft(
  format: string,
  sweeps: readonly StatedSweep<RasSweep>[],
  warnings: Warning[],
): Draft {
  const kept = sweepsOverTwoTheta(sweeps, warnings);
  const header = kept[0]?.header;
  if (header === undefined) {
    throw new EwaldError("scan/not-a-scan", "a Rigaku file without a scan over 2θ", { line: 1 });
  }
  const number = (key: string): number | undefined => optionalNumber(header.get(key));
  const wavelength = (key: string): number | undefined =>
    valueInUnit("wavelength", number(key), header.get("HW_XG_WAVE_LENGTH_UNIT"), key, warnings);
  return {
    format,
    ranges: kept.map(({ rows, name, header: own }) =>
      profileRange(rows, name, own.get("MEAS_SCAN_UNIT_X"), warnings),
    ),
    radiation: statedRadiation({
      anode: header.get("HW_XG_TARGET_NAME"),
      alpha1: wavelength("HW_XG_WAVE_LENGTH_ALPHA1"),
      alpha2: wavelength("HW_XG_WAVE_LENGTH_ALPHA2"),
      beta: wavelength("HW_XG_WAVE_LENGTH_BETA"),
      used: usedLine(header.get("MEAS_COND_XG_WAVE_TYPE")),
    }),
    intensityUnit: intensityUnitOf(header.get("MEAS_SCAN_UNIT_Y")),
    metadata: {
      sample: header.get("FILE_SAMPLE"),
      comment: header.get("FILE_COMMENT"),
      memo: header.get("FILE_MEMO"),
      operator: header.get("FILE_OPERATOR"),
      startedAt: header.get("MEAS_SCAN_START_TIME"),
      endedAt: header.get("MEAS_SCAN_END_TIME"),
      instrument: header.get("HW_GONIOMETER_NAME")?.split("|").at(-1),
      detector: header.get("HW_COUNTER_SELECT_NAME")?.split("|").at(-1),
      anode: header.get("HW_XG_TARGET_NAME"),
      tubeVoltageKv: valueInUnit(
        "voltage",
        number("MEAS_COND_XG_VOLTAGE"),
        header.get("MEAS_COND_XG_VOLTAGE_UNIT"),
        "tube voltage",
        warnings,
      ),
      tubeCurrentMa: valueInUnit(
        "current",
        number("MEAS_COND_XG_CURRENT"),
        header.get("MEAS_COND_XG_CURRENT_UNIT"),
        "tube current",
        warnings,
      ),
      goniometerRadiusMm: number("HW_GONIOMETER_RADIUS-3"),
      scanAxis: header.get("MEAS_SCAN_AXIS_X"),
      scanMode: header.get("MEAS_SCAN_MODE"),
      scanSpeed: number("MEAS_SCAN_SPEED"),
      scanSpeedUnit: header.get("MEAS_SCAN_SPEED_UNIT"),
    },
  };
}

const PROFILE = /^Data\d+\/Profile\d+\.txt$/i;

export function readRasx(archive: ZipArchive, warnings: Warning[]): Draft {
  const sweeps: StatedSweep<RasSweep>[] = [];
  const profiles = archive.entries
    .filter((entry) => PROFILE.test(entry.name))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  for (const entry of profiles) {
    const folder = entry.name.slice(0, entry.name.indexOf("/") + 1);
    const about = archive.entries.find(
      (one) => one.name.startsWith(folder) && /Conditions\d*\.xml$/i.test(one.name),
    );
    const conditions =
      about === undefined ? undefined : parseXml(decodeInstrumentText(archive.read(about)));
    const header = rasxHeader(conditions);
    const name = header.get("MEAS_SCAN_AXIS_X");
    const lines = splitLines(decodeInstrumentText(archive.read(entry)));
    const rows = profileRows(lines, 0, lines.length);
    const announced = optionalNumber(header.get("MEAS_DATA_COUNT"));
    if (announced !== undefined) expectCount(rows.rows, announced, lines.length);
    sweeps.push({ axis: name, position: {}, sweep: { rows, name, header } });
  }
  return rasDraft("rigaku-rasx", sweeps, warnings);
}

function rasxHeader(conditions: XmlElement | undefined): Map<string, string> {
  const header = new Map<string, string>();
  const put = (key: string, value: string | undefined): void => {
    if (value !== undefined) header.set(key, value);
  };
  if (conditions !== undefined) {
    const [general] = descendants(conditions, "GeneralInformation");
    const [tube] = descendants(conditions, "XrayGenerator");
    const [scan] = descendants(conditions, "ScanInformation");
    put("FILE_SAMPLE", childText(general, "SampleName"));
    put("FILE_COMMENT", childText(general, "Comment"));
    put("FILE_MEMO", childText(general, "Memo"));
    put("FILE_OPERATOR", childText(general, "Operator"));
    put("HW_GONIOMETER_NAME", childText(general, "SystemName"));
    put("HW_XG_TARGET_NAME", childText(tube, "TargetName"));
    put("HW_XG_WAVE_LENGTH_ALPHA1", childText(tube, "WavelengthKalpha1"));
    put("HW_XG_WAVE_LENGTH_ALPHA2", childText(tube, "WavelengthKalpha2"));
    put("HW_XG_WAVE_LENGTH_BETA", childText(tube, "WavelengthKbeta"));
    put("MEAS_COND_XG_WAVE_TYPE", childText(tube, "WaveType"));
    put("MEAS_COND_XG_VOLTAGE", childText(tube, "Voltage"));
    put("MEAS_COND_XG_VOLTAGE_UNIT", childText(tube, "VoltageUnit"));
    put("MEAS_COND_XG_CURRENT", childText(tube, "Current"));
    put("MEAS_COND_XG_CURRENT_UNIT", childText(tube, "CurrentUnit"));
    put("MEAS_SCAN_AXIS_X", childText(scan, "AxisName"));
    put("MEAS_SCAN_MODE", childText(scan, "Mode"));
    put("MEAS_SCAN_UNIT_X", childText(scan, "PositionUnit"));
    put("MEAS_SCAN_UNIT_Y", childText(scan, "IntensityUnit"));
    put("MEAS_DATA_COUNT", childText(scan, "DataCount"));
    put("MEAS_SCAN_START_TIME", childText(scan, "StartTime"));
    put("MEAS_SCAN_END_TIME", childText(scan, "EndTime"));
    put("MEAS_SCAN_SPEED", childText(scan, "Speed"));
    put("MEAS_SCAN_SPEED_UNIT", childText(scan, "SpeedUnit"));
    const detector = descendants(conditions, "Category").find(
      (one) => one.attributes["Name"] === "Detector",
    );
    put("HW_COUNTER_SELECT_NAME", detector?.attributes["SelectedUnit"]);
  }
  return header;
}

/** A group of intensities from `*BEGIN` to `*END`. */
function ascGroup(
  lines: readonly string[],
  begin: number,
  general: ReadonlyMap<string, string>,
  warnings: Warning[],
): { range: DraftRange; header: Map<string, string>; end: number } {
  const header = new Map(general);
  const rows = new NumberRows(1);
  for (let i = begin + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith("*END")) {
      const start = headerNumber(header, "START", begin + 1);
      const step = headerNumber(header, "STEP", begin + 1);
      const announced = optionalNumber(header.get("COUNT"));
      if (announced !== undefined) expectCount(rows.rows, announced, i + 1);
      const speed = optionalNumber(header.get("SPEED"));
      const toDegrees = degreesFactor(header.get("XUNIT"), { line: begin + 1 });
      warnOfStop(header, start + step * (rows.rows - 1), step, begin + 1, warnings);
      const range: DraftRange = {
        kind: "twoTheta",
        axis: steppedAxis(scaledValue(start, toDegrees), scaledValue(step, toDegrees), rows.rows),
        intensity: rows.column(0),
        countTimeSeconds: /sec.*step/i.test(header.get("SPEED_DIM") ?? "") ? speed : undefined,
        name: header.get("SCAN_AXIS"),
        position: (point) => ({ line: rows.line(point) }),
      };
      return { range, header, end: i };
    }
    const pair = /^\*(\S+)\s*=\s*(.*)$/.exec(line);
    if (pair !== null) header.set(pair[1]!, pair[2]!.trim());
    else pushNumbers(rows, line, i + 1);
  }
  throw new EwaldError("scan/truncated", "ASC: a group without *END", { line: lines.length });
}

/** START, STEP and the number of points against STOP. */
function warnOfStop(
  header: ReadonlyMap<string, string>,
  last: number,
  step: number,
  line: number,
  warnings: Warning[],
): void {
  const stop = optionalNumber(header.get("STOP"));
  if (stop === undefined || Math.abs(stop - last) < 1.5 * Math.abs(step)) return;
  warnings.push({
    code: "scan/point-count",
    message: `the header says that the scan stops at ${stop}, its start, step and points lead to ${Number(last.toFixed(5))}`,
    line,
  });
}

export function readAsc(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(text);
  const general = new Map<string, string>();
  const groups: StatedSweep<{ range: DraftRange; header: Map<string, string> }>[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]!.startsWith("*BEGIN")) {
      const { range, header: own, end } = ascGroup(lines, i, general, warnings);
      groups.push({
        axis: own.get("SCAN_AXIS") ?? own.get("SCAN_MODE"),
        position: { line: i + 1 },
        sweep: { range, header: own },
      });
      i = end;
    } else {
      const pair = /^\*(\S+)\s*=\s*(.*)$/.exec(lines[i]!);
      if (pair !== null) general.set(pair[1]!, pair[2]!.trim());
    }
  }
  const kept = sweepsOverTwoTheta(groups, warnings);
  const header = kept[0]?.header;
  if (header === undefined) {
    throw new EwaldError("scan/truncated", "ASC: the header ends without data", {
      line: lines.length,
    });
  }
  const number = (key: string): number | undefined => optionalNumber(header.get(key));
  const anode = anodeOfNumber(number("TARGET") ?? 0);
  return {
    format: "rigaku-asc",
    ranges: kept.map(({ range }) => range),
    radiation: statedRadiation({
      anode,
      alpha1: number("WAVE_LENGTH1"),
      alpha2: number("WAVE_LENGTH2"),
      used: usedLine(header.get("XRAY_CHAR")),
    }),
    intensityUnit: intensityUnitOf(header.get("YUNIT")),
    metadata: {
      sample: header.get("SAMPLE"),
      comment: header.get("COMMENT"),
      memo: header.get("MEMO"),
      startedAt: header.get("DATE"),
      instrument: header.get("GONIO")?.split(",")[0],
      filter: header.get("FILTER"),
      detector: header.get("COUNTER")?.split(",")[0],
      anode,
      tubeVoltageKv: number("KV"),
      tubeCurrentMa: number("MA"),
      scanAxis: header.get("SCAN_AXIS"),
      scanMode: header.get("MEAS_MODE"),
    },
  };
}
