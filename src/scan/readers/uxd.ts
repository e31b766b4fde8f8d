/**
 * Bruker / Siemens UXD: `_KEY=value` headers, then `_COUNTS`, `_CPS`, `_2THETACOUNTS`, … with the data,
 * range after range. Values of earlier ranges hold until they are given again. Ranges over drives other
 * than 2θ are left out with a warning. Ignored: optics codes.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { splitLines } from "../../formats/index.ts";
import { type Draft, type DraftRange, steppedAxis } from "./draft.ts";
import { headerNumber, NumberRows, optionalNumber, pushNumbers, unquote } from "./lines.ts";
import { statedRadiation } from "./radiation.ts";

/** Columns: angle where 2THETA stands in front, intensity, seconds where TIME stands behind. */
const DATA_KEY = /^_(2THETA)?(COUNTS|CPS|COUNTSCPS)(TIME)?\s*(?:=.*)?$/;
const OTHER_DRIVE = /^(?:theta|omega|chi|khi|phi|psi|x|y|z|aux\d?)\b(?!.*2\s*theta)/i;

export function recognisesUxd(text: string): boolean {
  const head = text.slice(0, 8192);
  return (
    /^_FILEVERSION\s*=/m.test(head) || (/^_DRIVE\s*=/m.test(head) && /^_START\s*=/m.test(head))
  );
}

interface Block {
  readonly header: ReadonlyMap<string, string>;
  readonly hasAngles: boolean;
  readonly hasTimes: boolean;
  readonly rows: NumberRows;
  readonly line: number;
}

function readBlocks(text: string): { blocks: Block[]; header: Map<string, string>; rate: boolean } {
  const header = new Map<string, string>();
  const blocks: Block[] = [];
  let block: Block | undefined;
  let rate = false;
  splitLines(text).forEach((raw, i) => {
    const line = raw.trim();
    if (line === "" || line.startsWith(";")) return;
    if (!line.startsWith("_")) {
      if (block === undefined) return;
      pushNumbers(block.rows, line, i + 1);
      return;
    }
    const data = DATA_KEY.exec(line);
    if (data !== null) {
      rate ||= data[2] === "CPS";
      block = {
        header: new Map(header),
        hasAngles: data[1] !== undefined,
        hasTimes: data[3] !== undefined,
        rows: new NumberRows(1),
        line: i + 1,
      };
      blocks.push(block);
      return;
    }
    block = undefined;
    const equals = line.indexOf("=");
    if (equals > 0) header.set(line.slice(0, equals).trim(), unquote(line.slice(equals + 1)));
  });
  return { blocks, header, rate };
}

function blockRange(block: Block): DraftRange {
  const flat = block.rows.column(0);
  const first = block.hasAngles ? 1 : 0;
  const width = first + 1 + (block.hasTimes ? 1 : 0);
  const count = flat.length / width;
  const column = (c: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => flat[width * i + c]!);
  if (!Number.isInteger(count)) {
    throw new EwaldError("scan/truncated", "a point without all its numbers", {
      line: block.rows.line(flat.length - 1),
    });
  }
  const announced = optionalNumber(block.header.get("_STEPCOUNT"));
  if (announced !== undefined && announced > count) {
    throw new EwaldError(
      "scan/truncated",
      `${announced} points are announced, ${count} are there`,
      {
        line: block.rows.line(flat.length - 1),
      },
    );
  }
  const start = block.header.has("_START") ? "_START" : "_2THETA";
  return {
    kind: "twoTheta",
    axis: block.hasAngles
      ? column(0)
      : steppedAxis(
          headerNumber(block.header, start, block.line),
          headerNumber(block.header, "_STEPSIZE", block.line),
          count,
        ),
    intensity: column(first),
    countTimeSeconds: block.hasTimes
      ? column(first + 1)
      : optionalNumber(block.header.get("_STEPTIME")),
    name: block.header.get("_DRIVE"),
    position: (i) => ({ line: block.rows.line(width * i) }),
  };
}

/** @throws EwaldError `scan/not-a-scan` where no range is over 2θ. */
function overTwoTheta(all: readonly Block[], warnings: Warning[]): Block[] {
  const driveOf = (block: Block): string => block.header.get("_DRIVE") ?? "";
  const other = all.find((block) => OTHER_DRIVE.test(driveOf(block)));
  const blocks = all.filter((block) => !OTHER_DRIVE.test(driveOf(block)));
  if (other === undefined) return blocks;
  const what = `a range over ${driveOf(other)}`;
  if (blocks.length === 0) {
    throw new EwaldError("scan/not-a-scan", `UXD: ${what}, without a scan over 2θ`, {
      value: driveOf(other),
      line: other.line,
    });
  }
  warnings.push({
    code: "scan/no-two-theta",
    message: `${what} was left out`,
    line: other.line,
  });
  return blocks;
}

export function readUxd(text: string, warnings: Warning[]): Draft {
  const { blocks: all, header, rate } = readBlocks(text);
  const blocks = overTwoTheta(all, warnings);
  if (blocks.length === 0) {
    throw new EwaldError("scan/truncated", "UXD: the header ends without data", {
      line: splitLines(text).length,
    });
  }
  const number = (key: string): number | undefined => optionalNumber(header.get(key));
  const scale = header.get("_WL_UNIT") === "NM" ? 10 : 1;
  const wavelength = (key: string): number | undefined => {
    const value = number(key);
    return value === undefined ? undefined : value * scale;
  };
  return {
    format: "uxd",
    ranges: blocks.map(blockRange),
    radiation: statedRadiation({
      anode: header.get("_ANODE"),
      alpha1: wavelength("_WL1"),
      alpha2: wavelength("_WL2"),
      beta: wavelength("_WL3"),
      ratio: number("_WLRATIO"),
    }),
    intensityUnit: rate ? "counts/s" : "counts",
    metadata: {
      sample: header.get("_SAMPLE"),
      comment: header.get("_COMMENT"),
      operator: header.get("_USER"),
      site: header.get("_SITE"),
      startedAt: header.get("_DATEMEASURED"),
      anode: header.get("_ANODE"),
      goniometerRadiusMm: number("_GONIOMETER_RADIUS"),
      tubeVoltageKv: number("_KV"),
      tubeCurrentMa: number("_MA"),
      scanAxis: blocks[0]?.header.get("_DRIVE"),
      scanMode: blocks[0]?.header.get("_STEPMODE") === "C" ? "Continuous" : undefined,
    },
  };
}
