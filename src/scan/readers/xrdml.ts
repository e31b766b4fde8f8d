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
  readNumberList,
  type XmlElement,
} from "../../formats/index.ts";
import type { Radiation } from "../../radiation/index.ts";
import { type Draft, type DraftRange, spannedAxis } from "./draft.ts";
import { statedRadiation } from "./radiation.ts";

export function recognisesXrdml(text: string): boolean {
  return /<(?:\w+:)?xrdMeasurements[\s>]/.test(text.slice(0, 4096));
}

export function readXrdml(text: string, warnings: Warning[]): Draft {
  const root = parseXml(text);
  const measurements = childrenNamed(root, "xrdMeasurement");
  const ranges: DraftRange[] = [];
  for (const measurement of measurements) {
    for (const scan of childrenNamed(measurement, "scan")) {
      const range = readScanElement(scan, warnings);
      if (range !== undefined) ranges.push(range);
    }
  }
  const [first] = measurements;
  if (first === undefined || ranges.length === 0) {
    throw new EwaldError(
      "scan/not-a-scan",
      "an XRDML file without a scan over 2θ (a rocking curve, a map or an unfinished measurement)",
      { line: root.line },
    );
  }
  return {
    format: "xrdml",
    ranges,
    radiation: usedRadiation(first),
    intensityUnit: isRate(first) ? "counts/s" : "counts",
    metadata: { ...describe(root, first) },
  };
}

function isRate(measurement: XmlElement): boolean {
  const [values] = descendants(measurement, "intensities");
  return /per.?sec|cps/i.test(values?.attributes["unit"] ?? "");
}

function numbers(element: XmlElement | undefined): Float64Array | undefined {
  if (element === undefined) return undefined;
  const list = readNumberList(element.text);
  if (list !== undefined) return list;
  throw new EwaldError("scan/bad-number", `<${element.name}> holds something that is no number`, {
    line: element.line,
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function readScanElement(scan: XmlElement, warnings: Warning[]): DraftRange | undefined {
  const points = child(scan, "dataPoints");
  if (points === undefined) return undefined;
  const corrected = numbers(child(points, "intensities"));
  const counts = numbers(child(points, "counts"));
  const attenuation = numbers(child(points, "beamAttenuationFactors"));
  const measured = corrected ?? counts;
  if (measured === undefined) return undefined;
  const axis = twoThetaAxis(points, measured.length);
  if (axis === undefined) {
    warnings.push({
      code: "scan/no-two-theta",
      message: `a scan over ${scan.attributes["scanAxis"] ?? "another axis"} was left out`,
      line: scan.line,
    });
    return undefined;
  }
  const attenuated =
    attenuation !== undefined &&
    attenuation.length === measured.length &&
    attenuation.some((factor) => factor !== 1);
  const raw = corrected === undefined && attenuated;
  if (raw) {
    warnings.push({
      code: "scan/attenuated",
      message: "counts were multiplied by the beam attenuation factors of the file",
      line: points.line,
    });
  }
  return {
    kind: "twoTheta",
    axis,
    intensity: raw ? measured.map((count, i) => count * attenuation[i]!) : measured,
    attenuation: attenuated ? attenuation : undefined,
    countTimeSeconds:
      numberOf(childText(points, "commonCountingTime")) ?? numbers(child(points, "countingTimes")),
    name: scan.attributes["scanAxis"],
    position: () => ({ line: points.line }),
  };
}

/** 2θ of the points, or undefined where the detector stood still. */
function twoThetaAxis(points: XmlElement, count: number): Float64Array | undefined {
  const positions = childrenNamed(points, "positions").find(
    (one) => one.attributes["axis"] === "2Theta",
  );
  if (positions === undefined) return undefined;
  const list = numbers(child(positions, "listPositions"));
  if (list !== undefined) return list;
  const start = numberOf(childText(positions, "startPosition"));
  const end = numberOf(childText(positions, "endPosition"));
  if (start === undefined || end === undefined || (start === end && count > 1)) return undefined;
  return spannedAxis(start, end, count);
}

const USED: Readonly<Record<string, "Ka" | "Ka1" | "Ka2" | "Kb">> = {
  "K-Alpha": "Ka",
  "K-Alpha 1": "Ka1",
  "K-Alpha 2": "Ka2",
  "K-Beta": "Kb",
};

function usedRadiation(measurement: XmlElement): Radiation | null {
  const used = child(measurement, "usedWavelength");
  const tube = descendants(measurement, "anodeMaterial")[0]?.text;
  return statedRadiation({
    anode: tube,
    alpha1: numberOf(childText(used, "kAlpha1")),
    alpha2: numberOf(childText(used, "kAlpha2")),
    beta: numberOf(childText(used, "kBeta")),
    ratio: numberOf(childText(used, "ratioKAlpha2KAlpha1")),
    used: USED[used?.attributes["intended"] ?? ""],
  });
}

function describe(root: XmlElement, measurement: XmlElement): Draft["metadata"] {
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
    tubeVoltageKv: numberOf(childText(tube, "tension")),
    tubeCurrentMa: numberOf(childText(tube, "current")),
    goniometerRadiusMm: numberOf(childText(measurement, "incidentBeamPath", "radius")),
    detector: descendants(measurement, "detector")[0]?.attributes["name"],
    monochromator: descendants(measurement, "monochromator")[0]?.attributes["name"],
    filter: descendants(measurement, "filter")[0]?.attributes["name"],
    scanAxis: scan?.attributes["scanAxis"],
    scanMode: scan?.attributes["mode"],
    status: measurement.attributes["status"],
    comment: comments.length === 0 ? undefined : comments,
  };
}
