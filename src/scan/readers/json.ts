/**
 * Scans as JSON: this program's own `ewald read --json`, and records with two lists of numbers
 * (`two_theta_values` / `intensities` of xrdpattern, `twoTheta` / `intensity`, `x` / `y`).
 */
import { EwaldError, type Warning } from "../../errors.ts";
import type { AxisKind } from "../../radiation/axis.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import type { IntensityUnit, LeftOutPoint, Metadata } from "../scan.ts";
import type { Draft } from "./draft.ts";
import type { DraftRange } from "./draft-range.ts";
import { optionalNumber } from "./lines.ts";
import { statedRadiation, statedWavelength } from "./radiation.ts";
import { movedAxis, otherAxisError } from "./scan-axis.ts";

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list of numbers, null for a missing one (JSON has no NaN); undefined where it is none. */
function numbers(value: unknown): Float64Array | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((one) => typeof one === "number" || one === null)) return undefined;
  return Float64Array.from(value as (number | null)[], (one) => one ?? Number.NaN);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EwaldError("scan/bad-json", "JSON that is damaged or cut off", { line: 1, cause });
  }
}

/** JSON inside a string, as some programs nest it. */
function nested(value: unknown): Json {
  if (isRecord(value)) return value;
  if (typeof value !== "string") return {};
  try {
    const inner: unknown = JSON.parse(value);
    return isRecord(inner) ? inner : {};
  } catch {
    return {};
  }
}

function numberOf(value: unknown): number | undefined {
  const isText = typeof value === "number" || typeof value === "string";
  return isText ? optionalNumber(String(value)) : undefined;
}

export function readJson(text: string, warnings: Warning[]): Draft {
  const root = parse(text);
  if (isRecord(root) && root["kind"] === "scan") return readOwn(root);
  const record = isRecord(root) ? root : {};
  const first = (...keys: string[]): Float64Array | undefined => {
    for (const key of keys) {
      const list = numbers(record[key]);
      if (list !== undefined) return list;
    }
    return undefined;
  };
  const axis = first("two_theta_values", "twoTheta", "two_theta", "2theta", "x");
  const intensity = first("intensities", "intensity", "counts", "y");
  if (axis === undefined || intensity === undefined) {
    throw new EwaldError("scan/not-a-scan", "JSON without lists of angles and intensities", {
      value: "JSON",
      line: 1,
    });
  }
  checkAxisName(record, warnings);
  const xray = nested(nested(record["label"])["xray_info"]);
  const about = nested(record["metadata"]);
  const primary = numberOf(xray["primary_wavelength"] ?? record["wavelength"]);
  return {
    format: "json",
    ranges: [{ kind: "twoTheta", axis, intensity, esd: first("esd", "sigma", "errors") }],
    radiation: statedRadiation({
      alpha1: primary,
      alpha2: numberOf(xray["secondary_wavelength"]),
    }),
    intensityUnit: "unknown",
    metadata: {
      sample: typeof about["filename"] === "string" ? about["filename"] : undefined,
      operator:
        typeof about["contributor_name"] === "string" ? about["contributor_name"] : undefined,
      startedAt:
        typeof about["measurement_date"] === "string" ? about["measurement_date"] : undefined,
    },
  };
}

/** "x" says nothing; what says that another axis was moved is heeded. */
function checkAxisName(record: Json, warnings: Warning[]): void {
  const stated = ["scan_axis", "scanAxis", "axis", "x_label", "xLabel", "scan_type"]
    .map((key) => record[key])
    .find((value) => typeof value === "string");
  if (typeof stated === "string" && movedAxis(stated) === "other") {
    throw otherAxisError(stated, { line: 1 });
  }
  const named = ["two_theta_values", "twoTheta", "two_theta", "2theta"].some(
    (key) => key in record,
  );
  if (named || (typeof stated === "string" && movedAxis(stated) === "twoTheta")) return;
  warnings.push({
    code: "scan/axis-assumed",
    message: `the axis is called ${typeof stated === "string" ? `"${stated}"` : '"x"'}; it was read as 2θ in degrees`,
    line: 1,
  });
}

const AXIS_KINDS: ReadonlySet<string> = new Set(["twoTheta", "d", "q", "tof"]);

function ownLeftOut(value: unknown): LeftOutPoint[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isRecord)
    .flatMap(({ at, value: intensity }) =>
      typeof at === "number"
        ? [{ at, value: typeof intensity === "number" ? intensity : Number.NaN }]
        : [],
    );
}

function ownRange(value: unknown): DraftRange {
  const range = isRecord(value) ? value : {};
  const axis = isRecord(range["axis"]) ? range["axis"] : {};
  const kind = String(axis["kind"]);
  const positions = numbers(axis["values"]);
  const intensity = numbers(range["intensity"]);
  if (!AXIS_KINDS.has(kind) || positions === undefined || intensity === undefined) {
    throw new EwaldError("scan/bad-json", "a scan as JSON with a range that is none", { line: 1 });
  }
  const time = range["countTimeSeconds"];
  return {
    kind: kind as AxisKind,
    axis: positions,
    intensity,
    esd: numbers(range["esd"]),
    monitor: numbers(range["monitor"]),
    attenuation: numbers(range["attenuation"]),
    countTimeSeconds: typeof time === "number" ? time : numbers(time),
    name: typeof range["name"] === "string" ? range["name"] : undefined,
    leftOut: ownLeftOut(range["leftOut"]),
  };
}

function ownRadiation(root: Json): Radiation | null {
  const stated = root["radiation"];
  if (!isRecord(stated))
    return statedWavelength(optionalNumber(String(root["wavelengthAngstrom"])));
  const lines = Array.isArray(stated["lines"]) ? stated["lines"].filter(isRecord) : [];
  const kind =
    stated["kind"] === "neutron" || stated["kind"] === "electron" ? stated["kind"] : "xray";
  const read = lines.map((line) => ({
    wavelengthAngstrom: Number(line["wavelengthAngstrom"]),
    weight: Number(line["weight"]),
  }));
  if (read.length === 0 || !read.every((line) => line.wavelengthAngstrom > 0 && line.weight > 0)) {
    return null;
  }
  const { name } = stated;
  return { kind, lines: read, ...(typeof name === "string" ? { name } : {}) };
}

function readOwn(root: Json): Draft {
  const ranges = Array.isArray(root["ranges"]) ? root["ranges"].map(ownRange) : [];
  const metadata: Record<string, Metadata[string]> = {};
  for (const [key, value] of Object.entries(isRecord(root["metadata"]) ? root["metadata"] : {})) {
    if (typeof value === "string" || typeof value === "number") metadata[key] = value;
    else if (Array.isArray(value)) metadata[key] = value.map(String);
  }
  const unit = root["intensityUnit"];
  const intensityUnit: IntensityUnit = unit === "counts" || unit === "counts/s" ? unit : "unknown";
  return {
    format: "ewald-json",
    ranges,
    radiation: ownRadiation(root),
    saysNoRadiation: true,
    intensityUnit,
    metadata,
  };
}
