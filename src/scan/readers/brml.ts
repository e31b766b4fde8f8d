/**
 * Bruker BRML (DIFFRAC.SUITE): a ZIP with one XML per measured range. The columns of a `Datum` are
 * taken from the file's own description (`DataViews`), not from their usual places. Recorded counts are
 * corrected for the absorber already; its factor is kept beside them. Ignored: instruction and
 * measurement containers, detector images, still frames.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { decodeInstrumentText } from "../../formats/instrument-text.ts";
import {
  child,
  childrenNamed,
  childText,
  descendants,
  parseXml,
  type XmlElement,
} from "../../formats/xml.ts";
import type { ZipArchive } from "../../formats/zip.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import { type Draft, spannedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { numberListWithGaps } from "./lines.ts";
import { statedRadiation } from "./radiation.ts";
import { type StatedSweep, sweepsOverTwoTheta } from "./scan-axis.ts";
import { degreesFactor, type Quantity, scaledValue, unitFactor, valueInUnit } from "./units.ts";

const RAW_DATA = /(?:^|\/)RawData\d*\.xml$/i;

export function readBrml(archive: ZipArchive, warnings: Warning[]): Draft {
  const sweeps: StatedSweep<MeasuredRoute>[] = [];
  const files = archive.entries
    .filter((entry) => RAW_DATA.test(entry.name))
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  for (const entry of files) {
    const root = parseXml(decodeInstrumentText(archive.read(entry)));
    for (const route of measuredRoutes(root)) sweeps.push(readRoute(root, route, warnings));
  }
  const measured = sweepsOverTwoTheta(sweeps, warnings);
  const [first] = measured;
  if (first === undefined) {
    throw new EwaldError("scan/not-a-scan", "a BRML archive without a measured scan over 2θ", {
      hint: "It may hold an experiment that was planned but not run.",
    });
  }
  const container = archive.entries.find((entry) => /DataContainer\.xml$/i.test(entry.name));
  const about =
    container === undefined ? undefined : parseXml(decodeInstrumentText(archive.read(container)));
  return {
    format: "brml",
    ranges: measured.map(({ range }) => range),
    radiation: tubeRadiation(first.root, warnings),
    intensityUnit: "counts",
    metadata: { ...describe(first.root, first.route, warnings), ...describeContainer(about) },
  };
}

interface MeasuredRoute {
  readonly root: XmlElement;
  readonly route: XmlElement;
  readonly range: DraftRange;
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
  /** To seconds; undefined where the unit is not known. */
  readonly timeFactor: number | undefined;
  readonly absorber: number | undefined;
  readonly counts: number;
  /** Values from `counts` on: more than one is a frame of a line detector. */
  readonly countsLength: number;
}

function columnsOf(route: XmlElement): Columns | undefined {
  let twoTheta: number | undefined;
  let time: number | undefined;
  let timeFactor: number | undefined;
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
    } else if (/Time/i.test(name)) {
      if (time === undefined) timeFactor = unitFactor("time", view.attributes["Unit"]);
      time ??= start;
    } else if (/Absor/i.test(name)) absorber ??= start;
    descendants(view, "FieldDefinitions").forEach((field, i) => {
      if (field.attributes["AxisId"] === "TwoTheta") twoTheta ??= start + i;
    });
  }
  if (counts === undefined) return undefined;
  return { twoTheta, time, timeFactor, absorber, counts, countsLength };
}

function axisInfo(route: XmlElement, kind: string): XmlElement | undefined {
  return descendants(route, kind).find((info) => info.attributes["AxisId"] === "TwoTheta");
}

function readRoute(
  root: XmlElement,
  route: XmlElement,
  warnings: Warning[],
): StatedSweep<MeasuredRoute> {
  const information = child(route, "ScanInformation");
  const data = childrenNamed(route, "Datum");
  const columns = columnsOf(route);
  const info = axisInfo(information ?? route, "ScanAxisInfo");
  const name = information?.attributes["VisibleName"]?.trim();
  const position = { line: route.line };
  const hasAngles = columns !== undefined && (columns.twoTheta !== undefined || info !== undefined);
  const axis = movedAxisOf(information, name, hasAngles);
  if (!hasAngles) return { sweep: { root, route, range: NO_RANGE }, axis, isStill: true, position };
  if (columns.countsLength > 1) {
    throw new EwaldError("scan/not-a-scan", "a BRML archive of still frames of a line detector", {
      line: route.line,
      hint: "Integrate the frames in DIFFRAC.EVA and save a scan.",
    });
  }
  const factor = degreesFactor(info?.attributes["Unit"], { line: info?.line ?? route.line });
  if (columns.time !== undefined && columns.timeFactor === undefined) {
    warnings.push({
      code: "scan/unknown-unit",
      message: "the counting times were left out: their unit is not known here",
      ...position,
    });
  }
  const range = routeRange(data, columns, info, factor);
  const isStill = range.axis.length > 1 && range.axis.every((value) => value === range.axis[0]);
  return { sweep: { root, route, range: { ...range, name } }, axis, isStill, position };
}

const NO_RANGE: DraftRange = {
  kind: "twoTheta",
  axis: new Float64Array(0),
  intensity: new Float64Array(0),
};

/** "Rocking Curve" as the scan is called; where the name says nothing, the axes that moved. */
function movedAxisOf(
  information: XmlElement | undefined,
  name: string | undefined,
  hasAngles: boolean,
): string | undefined {
  if (hasAngles) return name;
  const axes = information && child(information, "ScanAxes");
  const names =
    axes &&
    childrenNamed(axes, "ScanAxisInfo").map(
      (one) => one.attributes["VisibleName"] ?? one.attributes["AxisName"],
    );
  const moved = names?.filter((one) => one !== undefined).join(", ");
  return moved === undefined || moved === "" ? name : moved;
}

/** One number of all points, where they have the same. */
function constant(values: Float64Array): number | Float64Array {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : values;
}

function routeRange(
  data: readonly XmlElement[],
  columns: Columns,
  info: XmlElement | undefined,
  factor: number,
): DraftRange {
  const size = data.length;
  const axis = new Float64Array(size);
  const intensity = new Float64Array(size);
  const seconds = new Float64Array(size);
  const absorber = new Float64Array(size).fill(1);
  data.forEach((datum, i) => {
    const row = numberListWithGaps(datum.text);
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
    if (columns.twoTheta !== undefined) axis[i] = scaledValue(row[columns.twoTheta]!, factor);
    if (columns.time !== undefined) seconds[i] = row[columns.time]! * (columns.timeFactor ?? 1);
    if (columns.absorber !== undefined) absorber[i] = row[columns.absorber]!;
  });
  const end = (name: string): number => scaledValue(Number(childText(info, name)), factor);
  const hasTimes = columns.time !== undefined && columns.timeFactor !== undefined;
  return {
    kind: "twoTheta",
    axis: columns.twoTheta === undefined ? spannedAxis(end("Start"), end("Stop"), size) : axis,
    intensity,
    attenuation: absorber.some((value) => value !== 1) ? absorber : undefined,
    countTimeSeconds: hasTimes ? constant(seconds) : undefined,
    position: (i) => ({ line: data[i]?.line ?? 1 }),
  };
}

function valueOf(element: XmlElement | undefined): number | undefined {
  const value = element?.attributes["Value"];
  return value === undefined || value === "" ? undefined : Number(value);
}

/** The value of an element in our units. */
function measuredValue(
  quantity: Quantity,
  element: XmlElement | undefined,
  what: string,
  warnings: Warning[],
): number | undefined {
  return valueInUnit(quantity, valueOf(element), element?.attributes["Unit"], what, warnings);
}

function tubeRadiation(root: XmlElement, warnings: Warning[]): Radiation | null {
  const first = (name: string): XmlElement | undefined => descendants(root, name)[0];
  const wavelength = (name: string): number | undefined =>
    measuredValue("wavelength", first(name), "wavelength", warnings);
  return statedRadiation({
    anode: first("TubeMaterial")?.text,
    alpha1: wavelength("WaveLengthAlpha1"),
    alpha2: wavelength("WaveLengthAlpha2"),
    beta: wavelength("WaveLengthBeta"),
    ratio: valueOf(first("WaveLengthRatio")),
  });
}

function describe(root: XmlElement, route: XmlElement, warnings: Warning[]): Draft["metadata"] {
  const generator = descendants(root, "Generator")[0];
  const information = child(route, "ScanInformation");
  const measured = (
    quantity: Quantity,
    parent: XmlElement | undefined,
    name: string,
  ): number | undefined =>
    parent && measuredValue(quantity, descendants(parent, name)[0], name, warnings);
  return {
    startedAt: childText(root, "TimeStampStarted"),
    endedAt: childText(root, "TimeStampFinished"),
    anode: descendants(root, "TubeMaterial")[0]?.text,
    tubeVoltageKv: measured("voltage", generator, "Voltage"),
    tubeCurrentMa: measured("current", generator, "Current"),
    goniometerRadiusMm: measured("distance", root, "Radius"),
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
