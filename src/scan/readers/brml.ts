/**
 * Bruker BRML (DIFFRAC.SUITE): a ZIP with one XML per measured range. The columns of a `Datum` are
 * taken from the file's own description (`DataViews`), not from their usual places. Recorded counts are
 * corrected for the absorber already; its factor is kept beside them. Ignored: instruction and
 * measurement containers, detector images, still frames.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import {
  child,
  childrenNamed,
  childText,
  decodeInstrumentText,
  descendants,
  parseXml,
  readNumberList,
  type XmlElement,
  type ZipArchive,
} from "../../formats/index.ts";
import type { Radiation } from "../../radiation/index.ts";
import { type Draft, type DraftRange, spannedAxis } from "./draft.ts";
import { statedRadiation } from "./radiation.ts";

const RAW_DATA = /(?:^|\/)RawData\d*\.xml$/i;

export function recognisesBrml(archive: ZipArchive): boolean {
  return archive.entries.some((entry) => RAW_DATA.test(entry.name));
}

export function readBrml(archive: ZipArchive, warnings: Warning[]): Draft {
  const ranges: DraftRange[] = [];
  let radiation: Radiation | null = null;
  let metadata: Draft["metadata"] = {};
  const files = archive.entries
    .filter((entry) => RAW_DATA.test(entry.name))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  for (const entry of files) {
    const root = parseXml(decodeInstrumentText(archive.read(entry)));
    for (const route of measuredRoutes(root)) {
      const range = readRoute(route, warnings);
      if (range === undefined) continue;
      ranges.push(range);
      radiation ??= tubeRadiation(root);
      if (ranges.length === 1) metadata = describe(root, route);
    }
  }
  if (ranges.length === 0) {
    throw new EwaldError("scan/not-a-scan", "a BRML archive without a measured scan over 2θ", {
      hint: "It may hold an experiment that was planned but not run, or a rocking curve.",
    });
  }
  const container = archive.entries.find((entry) => /DataContainer\.xml$/i.test(entry.name));
  const about =
    container === undefined ? undefined : parseXml(decodeInstrumentText(archive.read(container)));
  return {
    format: "brml",
    ranges,
    radiation,
    intensityUnit: "counts",
    metadata: { ...metadata, ...describeContainer(about) },
  };
}

/** The routes as measured; only where none has data, the processed ones. */
function measuredRoutes(root: XmlElement): XmlElement[] {
  const routes = descendants(root, "DataRoute").filter(
    (route) => child(route, "Datum") !== undefined,
  );
  const measured = routes.filter((route) => route.attributes["RouteFlag"] === "Measured");
  return measured.length > 0 ? measured : routes.slice(0, 1);
}

interface Columns {
  readonly twoTheta: number | undefined;
  readonly time: number | undefined;
  readonly absorber: number | undefined;
  readonly counts: number;
  /** Values from `counts` on: more than one is a frame of a line detector. */
  readonly countsLength: number;
}

function columnsOf(route: XmlElement): Columns | undefined {
  let twoTheta: number | undefined;
  let time: number | undefined;
  let absorber: number | undefined;
  let counts: number | undefined;
  let countsLength = 1;
  for (const view of descendants(route, "RawDataView")) {
    const start = Number(view.attributes["Start"]);
    const type = view.attributes["type"] ?? "";
    const name = view.attributes["LogicName"] ?? "";
    if (type === "RecordedRawDataView") {
      counts ??= start;
      countsLength = Number(view.attributes["Length"] ?? 1);
    } else if (/Time/i.test(name)) time ??= start;
    else if (/Absor/i.test(name)) absorber ??= start;
    descendants(view, "FieldDefinitions").forEach((field, i) => {
      if (field.attributes["AxisId"] === "TwoTheta") twoTheta ??= start + i;
    });
  }
  return counts === undefined ? undefined : { twoTheta, time, absorber, counts, countsLength };
}

function axisInfo(route: XmlElement, kind: string): XmlElement | undefined {
  return descendants(route, kind).find((info) => info.attributes["AxisId"] === "TwoTheta");
}

function readRoute(route: XmlElement, warnings: Warning[]): DraftRange | undefined {
  const information = child(route, "ScanInformation");
  const data = childrenNamed(route, "Datum");
  const columns = columnsOf(route);
  const info = axisInfo(information ?? route, "ScanAxisInfo");
  const name = information?.attributes["VisibleName"]?.trim();
  if (columns === undefined || (columns.twoTheta === undefined && info === undefined)) {
    warnings.push({
      code: "scan/no-two-theta",
      message: `a measurement "${name ?? ""}" that does not run over 2θ was left out`,
      line: route.line,
    });
    return undefined;
  }
  if (columns.countsLength > 1) {
    throw new EwaldError("scan/not-a-scan", "a BRML archive of still frames of a line detector", {
      line: route.line,
      hint: "Integrate the frames in DIFFRAC.EVA and save a scan.",
    });
  }
  const size = data.length;
  const axis = new Float64Array(size);
  const intensity = new Float64Array(size);
  const seconds = new Float64Array(size);
  const absorber = new Float64Array(size).fill(1);
  data.forEach((datum, i) => {
    const row = readNumberList(datum.text);
    if (row === undefined || row.length <= columns.counts) {
      throw new EwaldError(
        "scan/bad-number",
        `<Datum> "${datum.text.slice(0, 60)}" is no row of numbers`,
        {
          line: datum.line,
        },
      );
    }
    intensity[i] = row[columns.counts]!;
    if (columns.twoTheta !== undefined) axis[i] = row[columns.twoTheta]!;
    if (columns.time !== undefined) seconds[i] = row[columns.time]!;
    if (columns.absorber !== undefined) absorber[i] = row[columns.absorber]!;
  });
  const [first] = seconds;
  return {
    kind: "twoTheta",
    axis:
      columns.twoTheta === undefined
        ? spannedAxis(Number(childText(info, "Start")), Number(childText(info, "Stop")), size)
        : axis,
    intensity,
    attenuation: absorber.some((factor) => factor !== 1) ? absorber : undefined,
    countTimeSeconds:
      columns.time === undefined
        ? undefined
        : seconds.every((value) => value === first)
          ? first
          : seconds,
    name,
    position: (i) => ({ line: data[i]?.line ?? route.line }),
  };
}

function valueOf(element: XmlElement | undefined): number | undefined {
  const value = element?.attributes["Value"];
  return value === undefined || value === "" ? undefined : Number(value);
}

function tubeRadiation(root: XmlElement): Radiation | null {
  const first = (name: string): XmlElement | undefined => descendants(root, name)[0];
  return statedRadiation({
    anode: first("TubeMaterial")?.text,
    alpha1: valueOf(first("WaveLengthAlpha1")),
    alpha2: valueOf(first("WaveLengthAlpha2")),
    beta: valueOf(first("WaveLengthBeta")),
    ratio: valueOf(first("WaveLengthRatio")),
  });
}

function describe(root: XmlElement, route: XmlElement): Draft["metadata"] {
  const generator = descendants(root, "Generator")[0];
  const information = child(route, "ScanInformation");
  return {
    startedAt: childText(root, "TimeStampStarted"),
    endedAt: childText(root, "TimeStampFinished"),
    anode: descendants(root, "TubeMaterial")[0]?.text,
    tubeVoltageKv: generator && valueOf(descendants(generator, "Voltage")[0]),
    tubeCurrentMa: generator && valueOf(descendants(generator, "Current")[0]),
    goniometerRadiusMm: valueOf(descendants(root, "Radius")[0]),
    scanAxis: information?.attributes["VisibleName"]?.trim(),
    scanMode: childText(information, "ScanModeVisibleName"),
    detector: descendants(root, "Detector")[0]?.attributes["VisibleName"],
  };
}

function describeContainer(about: XmlElement | undefined): Draft["metadata"] {
  if (about === undefined) return {};
  const info = child(about, "MeasurementInfo");
  return {
    sample: info?.attributes["SampleName"],
    operator: info?.attributes["UserName"],
    comment: info?.attributes["Comment"],
    instrument: descendants(about, "InstrumentName")[0]?.text,
    program: childText(about, "CreatingVersion"),
  };
}
