/**
 * Philips: UDF text, PC-APD RD/SD binary; Sietronics CPI text; XFIT XDD text. Formats of the 1990s that
 * laboratories still keep on disk. RD stores counts as the square root in 16 bits, ⌊n²/100⌋.
 * Layouts: the public readers of xylib, checked against that program.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { BinaryReader } from "../../formats/binary.ts";
import { splitLines } from "../../formats/instrument-text.ts";
import { type Draft, spannedAxis, steppedAxis } from "./draft.ts";
import { headerNumber, NumberRows, optionalNumber, pushNumbers } from "./lines.ts";
import { anodeRadiation, anodeSymbol, statedRadiation } from "./radiation.ts";
import { otherAxisError, otherAxisInText } from "./scan-axis.ts";

export function readUdf(text: string): Draft {
  const lines = splitLines(text);
  const header = new Map<string, string>();
  const dataAt = lines.findIndex((line) => /^RawScan\b/.test(line.trim()));
  if (dataAt < 0) {
    throw new EwaldError("scan/truncated", "UDF: no RawScan", { line: lines.length });
  }
  for (const line of lines.slice(0, dataAt)) {
    const comma = line.indexOf(",");
    if (comma > 0) {
      header.set(
        line.slice(0, comma).trim(),
        line
          .slice(comma + 1)
          .replace(/,?\s*\/?\s*$/, "")
          .trim(),
      );
    }
  }
  const other = otherAxisInText(lines.slice(0, dataAt));
  if (other !== undefined) throw otherAxisError(other, { line: dataAt + 1 });
  const rows = new NumberRows(1);
  let ended = false;
  for (let i = dataAt + 1; i < lines.length && !ended; i++) {
    ended = lines[i]!.includes("/");
    pushNumbers(rows, lines[i]!.replace(/\/.*$/, ""), i + 1);
  }
  if (!ended)
    throw new EwaldError("scan/truncated", "UDF: the data have no end mark", {
      line: lines.length,
    });
  const [start, end] = (header.get("DataAngleRange") ?? "").split(",").map(Number);
  const step = headerNumber(header, "ScanStepSize", 1);
  if (!Number.isFinite(start) || !Number.isFinite(end)) {
    throw new EwaldError("scan/bad-header", "UDF without DataAngleRange", { line: 1 });
  }
  const announced = Math.round((end! - start!) / step) + 1;
  if (Math.abs(announced - rows.rows) > 1) {
    throw new EwaldError(
      "scan/truncated",
      `${announced} points are announced, ${rows.rows} are there`,
      {
        line: rows.rows === 0 ? dataAt + 1 : rows.line(rows.rows - 1),
      },
    );
  }
  const [alpha1, alpha2] = (header.get("LabdaAlpha1") ?? header.get("LambdaAlpha1") ?? "")
    .split(",")
    .map(optionalNumber);
  return {
    format: "philips-udf",
    ranges: [
      {
        kind: "twoTheta",
        axis: steppedAxis(start!, step, rows.rows),
        intensity: rows.column(0),
        countTimeSeconds: optionalNumber(header.get("ScanStepTime")),
        position: (i) => ({ line: rows.line(i) }),
      },
    ],
    radiation: statedRadiation({
      anode: header.get("Anode"),
      alpha1,
      alpha2: alpha2 ?? optionalNumber(header.get("LabdaAlpha2") ?? header.get("LambdaAlpha2")),
      ratio: optionalNumber(header.get("RatioAlpha21") ?? header.get("RatioAlpha2/Alpha1")),
    }),
    intensityUnit: "counts",
    metadata: {
      sample: header.get("SampleIdent"),
      title: header.get("Title1"),
      startedAt: header.get("FileDateTime"),
      instrument: header.get("DiffractometerType") ?? header.get("Diffr.Type"),
      anode: header.get("Anode"),
      tubeVoltageKv: optionalNumber(header.get("GeneratorVoltage")),
      tubeCurrentMa: optionalNumber(header.get("TubeCurrent")),
      scanMode: header.get("ScanType"),
    },
  };
}

const RD_HEADER_BYTES: Readonly<Record<string, number>> = { V3RD: 250, V5RD: 810 };
const RD_ANODES = ["Cu", "Mo", "Fe", "Cr", "Other"];

export function readRd(bytes: Uint8Array): Draft {
  const file = new BinaryReader(bytes, "Philips RD");
  const headerBytes = RD_HEADER_BYTES[file.text(0, 4)] ?? 0;
  const step = file.float64(214);
  const start = file.float64(222);
  const end = file.float64(230);
  const count = Math.floor((end - start) / step + 1 + 1e-6);
  if (!(step > 0) || !(start >= -180) || !(end <= 180) || !(count >= 1)) {
    throw new EwaldError("scan/bad-axis", `${start}° to ${end}° in steps of ${step}°`, {
      byte: 214,
    });
  }
  const packed = file.uint16Array(headerBytes, count);
  return {
    format: "philips-rd",
    ranges: [
      {
        kind: "twoTheta",
        axis: steppedAxis(start, step, count),
        intensity: packed.map((root) => Math.floor(0.01 * root * root)),
        position: (i) => ({ byte: headerBytes + 2 * i }),
      },
    ],
    radiation: statedRadiation({
      anode: RD_ANODES[file.uint8(85)],
      alpha1: file.float64(94),
      alpha2: file.float64(102),
      ratio: file.float64(110),
    }),
    intensityUnit: "counts",
    metadata: { sample: file.text(146, 20) },
  };
}

export function readCpi(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(text);
  const [, startText, endText, stepText, anode, wavelength, date, spare, sample] = lines.map(
    (line) => line.trim(),
  );
  const dataAt = lines.findIndex((line) => line.trim() === "SCANDATA");
  const [start, end, step] = [startText, endText, stepText].map(optionalNumber);
  if (dataAt < 0 || start === undefined || end === undefined || step === undefined || !(step > 0)) {
    throw new EwaldError("scan/bad-header", "CPI without start, end, step and SCANDATA", {
      line: 1,
    });
  }
  const rows = new NumberRows(1);
  for (let i = dataAt + 1; i < lines.length; i++) pushNumbers(rows, lines[i]!, i + 1);
  const announced = Math.round((end - start) / step) + 1;
  if (rows.rows < announced) {
    throw new EwaldError(
      "scan/truncated",
      `${announced} points are announced, ${rows.rows} are there`,
      {
        line: lines.length,
      },
    );
  }
  if (rows.rows > announced) {
    warnings.push({
      code: "scan/point-count",
      message: `${announced} points are announced, ${rows.rows} are there`,
      line: lines.length,
    });
  }
  const symbol = anodeSymbol(anode);
  const alpha1 = optionalNumber(wavelength);
  return {
    format: "sietronics-cpi",
    ranges: [
      {
        kind: "twoTheta",
        axis: spannedAxis(start, start + step * (rows.rows - 1), rows.rows),
        intensity: rows.column(0),
        position: (i) => ({ line: rows.line(i) }),
      },
    ],
    radiation:
      alpha1 === undefined || alpha1 === 0
        ? anodeRadiation(symbol)
        : statedRadiation({ anode, alpha1 }),
    intensityUnit: "counts",
    metadata: { startedAt: date, comment: spare, sample, anode: symbol },
  };
}
