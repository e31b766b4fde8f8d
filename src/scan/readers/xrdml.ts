/**
 * PANalytical / Malvern XRDML, schemas 1.0 to 2.x: every scan (also appended ones) is a range.
 * `intensities` are corrected for the beam attenuator already; `counts` (schema 2.x) are not, and are
 * multiplied by `beamAttenuationFactors` here, which stay beside them. Ignored: optics beyond their
 * names, sample offsets, area-detector images.
 * Source: the published schemas, www.xrdml.com.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import {
  child,
  childrenNamed,
  childText,
  descendants,
  parseXml,
  type XmlElement,
} from "../../formats/xml.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import type { IntensityUnit } from "../scan.ts";
import { type Draft, spannedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { numberListWithGaps } from "./lines.ts";
import { statedRadiation } from "./radiation.ts";
import { type StatedSweep, sweepsOverTwoTheta } from "./scan-axis.ts";
import {
  degreesFactor,
  intensityUnitOf,
  type Quantity,
  scaledValue,
  valueInUnit,
} from "./units.ts";

export function readXrdml(text: string, warnings: Warning[]): Draft {
  const root = parseXml(text);
  const measurements = childrenNamed(root, "xrdMeasurement");
  const sweeps = measurements.flatMap((measurement) =>
    childrenNamed(measurement, "scan").flatMap((scan) => readScanElement(scan, warnings) ?? []),
  );
  const ranges = sweepsOverTwoTheta(sweeps, warnings);
  const [first] = measurements;
  if (first === undefined || ranges.length === 0) {
    throw new EwaldError(
      "scan/not-a-scan",
      "an XRDML file without a scan over 2θ (a rocking curve, a map or an unfinished measurement)",
      { line: root.line },
    );
  }
  warnOfOtherTubes(measurements, warnings);
  return {
    format: "xrdml",
    ranges,
    radiation: usedRadiation(first, warnings),
    intensityUnit: unitOfAll(root, warnings),
    metadata: { ...describe(root, first, warnings) },
  };
}

/** One unit for the whole file; "counts" where the file writes none, as the schema has it. */
function unitOfAll(root: XmlElement, warnings: Warning[]): IntensityUnit {
  const lists = [...descendants(root, "intensities"), ...descendants(root, "counts")];
  const units = lists.map(({ attributes }) =>
    attributes["unit"] === undefined ? "counts" : intensityUnitOf(attributes["unit"]),
  );
  const [unit = "counts"] = units;
  if (units.every((one) => one === unit)) return unit;
  warnings.push({
    code: "scan/mixed-units",
    message:
      "the scans of this file are in different units of intensity: they are not on one scale",
    line: root.line,
  });
  return "unknown";
}

/** Appended scans may come from another tube: all are read with the wavelengths of the first. */
function warnOfOtherTubes(measurements: readonly XmlElement[], warnings: Warning[]): void {
  const [first, ...others] = measurements.map((one) => childText(one, "usedWavelength", "kAlpha1"));
  const other = others.find(
    (one) =>
      one !== undefined && first !== undefined && Math.abs(Number(one) - Number(first)) > 1e-3,
  );
  if (other === undefined) return;
  warnings.push({
    code: "scan/several-wavelengths",
    message: `the measurements of this file state Kα1 of ${first} Å and of ${other} Å; the first was taken for all of them`,
  });
}

function numbers(element: XmlElement | undefined): Float64Array | undefined {
  if (element === undefined) return undefined;
  const list = numberListWithGaps(element.text);
  if (list !== undefined) return list;
  throw new EwaldError("scan/bad-number", `<${element.name}> holds something that is no number`, {
    line: element.line,
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" ? undefined : Number(text);
}

function readScanElement(
  scan: XmlElement,
  warnings: Warning[],
): StatedSweep<DraftRange> | undefined {
  const points = child(scan, "dataPoints");
  if (points === undefined) return undefined;
  const corrected = numbers(child(points, "intensities"));
  const counts = numbers(child(points, "counts"));
  const attenuation = attenuationOf(points, (corrected ?? counts)?.length ?? 0, warnings);
  const measured = corrected ?? counts;
  if (measured === undefined) return undefined;
  const axis = twoThetaAxis(points, measured.length);
  const attenuated = attenuation?.some((factor) => factor !== 1) === true;
  const raw = corrected === undefined && attenuated;
  if (raw) {
    warnings.push({
      code: "scan/attenuated",
      message: "counts were multiplied by the beam attenuation factors of the file",
      line: points.line,
    });
  }
  return {
    axis: scan.attributes["scanAxis"],
    isStill: axis === undefined,
    position: { line: scan.line },
    sweep: {
      kind: "twoTheta",
      axis: axis ?? new Float64Array(0),
      intensity: raw ? measured.map((count, i) => count * attenuation![i]!) : measured,
      attenuation: attenuated ? attenuation : undefined,
      countTimeSeconds: countingTime(points, warnings),
      name: scan.attributes["scanAxis"],
      position: () => ({ line: points.line }),
    },
  };
}

/** One factor for each point; a list of another length belongs to other points. */
function attenuationOf(
  points: XmlElement,
  count: number,
  warnings: Warning[],
): Float64Array | undefined {
  const element = child(points, "beamAttenuationFactors");
  const factors = numbers(element);
  if (factors === undefined || factors.length === count) return factors;
  if (factors.length === 1) return new Float64Array(count).fill(factors[0]!);
  warnings.push({
    code: "scan/attenuation",
    message: `${factors.length} beam attenuation factors for ${count} points were left out: the points may stand on different scales`,
    line: element!.line,
  });
  return undefined;
}

function countingTime(points: XmlElement, warnings: Warning[]): number | Float64Array | undefined {
  const common = child(points, "commonCountingTime");
  const one = valueInUnit(
    "time",
    numberOf(common?.text),
    common?.attributes["unit"],
    "counting time",
    warnings,
  );
  if (one !== undefined) return one;
  const list = child(points, "countingTimes");
  const factor = valueInUnit(
    "time",
    1,
    list?.attributes["unit"],
    "list of counting times",
    warnings,
  );
  return factor === undefined ? undefined : numbers(list)?.map((time) => scaledValue(time, factor));
}

/** 2θ of the points in degrees, or undefined where the detector stood still. */
function twoThetaAxis(points: XmlElement, count: number): Float64Array | undefined {
  const positions = childrenNamed(points, "positions").find((one) =>
    /^2[\s-]?theta$/i.test(one.attributes["axis"] ?? ""),
  );
  if (positions === undefined) return undefined;
  const factor = degreesFactor(positions.attributes["unit"], { line: positions.line });
  const list = numbers(child(positions, "listPositions"));
  if (list !== undefined) return list.map((value) => scaledValue(value, factor));
  const start = numberOf(childText(positions, "startPosition"));
  const end = numberOf(childText(positions, "endPosition"));
  if (start === undefined || end === undefined || (start === end && count > 1)) return undefined;
  return spannedAxis(scaledValue(start, factor), scaledValue(end, factor), count);
}

const USED: Readonly<Record<string, "Ka" | "Ka1" | "Ka2" | "Kb">> = {
  "K-Alpha": "Ka",
  "K-Alpha 1": "Ka1",
  "K-Alpha 2": "Ka2",
  "K-Beta": "Kb",
};

function usedRadiation(measurement: XmlElement, warnings: Warning[]): Radiation | null {
  const used = child(measurement, "usedWavelength");
  const tube = descendants(measurement, "anodeMaterial")[0]?.text;
  const wavelength = (name: string): number | undefined => {
    const element = used && child(used, name);
    const unit = element?.attributes["unit"];
    return valueInUnit("wavelength", numberOf(element?.text), unit, `wavelength ${name}`, warnings);
  };
  return statedRadiation({
    anode: tube,
    alpha1: wavelength("kAlpha1"),
    alpha2: wavelength("kAlpha2"),
    beta: wavelength("kBeta"),
    ratio: numberOf(childText(used, "ratioKAlpha2KAlpha1")),
    used: USED[used?.attributes["intended"] ?? ""],
  });
}

function describe(
  root: XmlElement,
  measurement: XmlElement,
  warnings: Warning[],
): Draft["metadata"] {
  const measured = (
    quantity: Quantity,
    parent: XmlElement | undefined,
    name: string,
  ): number | undefined => {
    const element = parent && child(parent, name);
    return valueInUnit(
      quantity,
      numberOf(element?.text),
      element?.attributes["unit"],
      name,
      warnings,
    );
  };
  const sample = child(root, "sample");
  const tube = descendants(measurement, "xRayTube")[0];
  const header = descendants(measurement, "header")[0];
  const scan = child(measurement, "scan");
  const comments = [...childrenNamed(root, "comment"), ...childrenNamed(measurement, "comment")]
    .flatMap((comment) => childrenNamed(comment, "entry").map((entry) => entry.text))
    .filter((entry) => entry !== "");
  const instrument = comments
    .map((entry) => /Diffractometer system=(.+)/.exec(entry)?.[1])
    .find((name) => name !== undefined);
  return {
    sample: childText(sample, "id") ?? childText(sample, "name"),
    sampleName: childText(sample, "name"),
    operator: childText(header, "author", "name"),
    startedAt: childText(header, "startTimeStamp"),
    endedAt: childText(header, "endTimeStamp"),
    instrument: childText(header, "source", "instrumentControlSoftware") ?? instrument,
    program: childText(header, "source", "applicationSoftware"),
    anode: childText(tube, "anodeMaterial"),
    tubeVoltageKv: measured("voltage", tube, "tension"),
    tubeCurrentMa: measured("current", tube, "current"),
    goniometerRadiusMm: measured("distance", child(measurement, "incidentBeamPath"), "radius"),
    detector: descendants(measurement, "detector")[0]?.attributes["name"],
    monochromator: descendants(measurement, "monochromator")[0]?.attributes["name"],
    filter: descendants(measurement, "filter")[0]?.attributes["name"],
    scanAxis: scan?.attributes["scanAxis"],
    scanMode: scan?.attributes["mode"],
    status: measurement.attributes["status"],
    comment: comments.length === 0 ? undefined : comments,
  };
}
