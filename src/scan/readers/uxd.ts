/**
 * Bruker / Siemens UXD: `_KEY=value` headers, then `_COUNTS`, `_CPS`, `_2THETACOUNTS`, … with the data,
 * range after range. Values of earlier ranges hold until they are given again. Ranges over drives other
 * than 2θ are left out with a warning. Ignored: optics codes.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { splitLines } from "../../formats/instrument-text.ts";
import type { IntensityUnit } from "../scan.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { headerNumber, NumberRows, optionalNumber, pushNumbers, unquote } from "./lines.ts";
import { statedRadiation } from "./radiation.ts";
import { sweepsOverTwoTheta } from "./scan-axis.ts";
import { valueInUnit } from "./units.ts";

/** Columns: angle where 2THETA stands in front, intensity, seconds where TIME stands behind. */
const DATA_KEY = /^_(2THETA)?(COUNTS|CPS|COUNTSCPS)(TIME)?\s*(?:=.*)?$/;
/** The same over another drive: `_PHICOUNTS`. */
const OTHER_DATA_KEY = /^_([A-Z]+\d?)(?:COUNTS|CPS)(?:TIME)?\s*(?:=.*)?$/;

interface Block {
  readonly header: ReadonlyMap<string, string>;
  readonly hasAngles: boolean;
  readonly hasTimes: boolean;
  readonly isRate: boolean;
  readonly rows: NumberRows;
  readonly line: number;
}

function readBlocks(text: string): { blocks: Block[]; header: Map<string, string> } {
  const header = new Map<string, string>();
  const blocks: Block[] = [];
  let block: Block | undefined;
  let key = "";
  splitLines(text).forEach((raw, i) => {
    const line = raw.trim();
    if (line === "" || line.startsWith(";")) return;
    if (!line.startsWith("_")) {
      if (block !== undefined) pushNumbers(block.rows, line, i + 1);
      else if (NUMBERS.test(line)) throw strangeData(key, i + 1);
      return;
    }
    const data = DATA_KEY.exec(line);
    const other = data === null ? OTHER_DATA_KEY.exec(line)?.[1] : undefined;
    if (data !== null || other !== undefined) {
      const drive: [string, string][] = other === undefined ? [] : [["_DRIVE", other]];
      block = {
        header: new Map([...header, ...drive]),
        hasAngles: data?.[1] !== undefined,
        hasTimes: data?.[3] !== undefined,
        isRate: data?.[2] === "CPS",
        rows: new NumberRows(1),
        line: i + 1,
      };
      blocks.push(block);
      return;
    }
    block = undefined;
    key = line.split(/[\s=]/)[0]!;
    const equals = line.indexOf("=");
    if (equals > 0) header.set(line.slice(0, equals).trim(), unquote(line.slice(equals + 1)));
  });
  return { blocks, header };
}

/** A line of a comment may begin with a number; several numbers alone are data. */
const NUMBERS = /^[-+]?\d[\d.eE+-]*(?:[\s,]+[-+]?[\d.][\d.eE+-]*)+$/;

function strangeData(key: string, line: number): EwaldError {
  return new EwaldError(
    "scan/bad-header",
    `numbers stand under ${key}, which announces no data known here`,
    {
      value: key,
      line,
      hint: "Known are _COUNTS, _CPS, _2THETACOUNTS, _2THETACPS, each also with TIME.",
    },
  );
}

function blockRange(block: Block, warnings: Warning[]): DraftRange {
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
  if (announced !== undefined && announced < count) {
    warnings.push({
      code: "scan/point-count",
      message: `the header announces ${announced} points, ${count} are there`,
      line: block.line,
    });
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

/** Rates and counts in one file are not on one scale. */
function unitOf(blocks: readonly Block[], warnings: Warning[]): IntensityUnit {
  const rates = blocks.filter(({ isRate }) => isRate).length;
  if (rates === 0) return "counts";
  if (rates === blocks.length) return "counts/s";
  warnings.push({
    code: "scan/mixed-units",
    message:
      "some ranges of this file hold counts, others counts per second: they are not on one scale",
    line: blocks.find(({ isRate }) => isRate)!.line,
  });
  return "unknown";
}

export function readUxd(text: string, warnings: Warning[]): Draft {
  const { blocks: all, header } = readBlocks(text);
  const sweeps = all.map((block) => ({
    sweep: block,
    axis: block.header.get("_DRIVE"),
    position: { line: block.line },
  }));
  const blocks = sweepsOverTwoTheta(sweeps, warnings);
  if (blocks.length === 0) {
    throw new EwaldError("scan/truncated", "UXD: the header ends without data", {
      line: splitLines(text).length,
    });
  }
  const number = (key: string): number | undefined => optionalNumber(header.get(key));
  const wavelength = (key: string): number | undefined =>
    valueInUnit("wavelength", number(key), header.get("_WL_UNIT"), `wavelength ${key}`, warnings);
  return {
    format: "uxd",
    ranges: blocks.map((block) => blockRange(block, warnings)),
    radiation: statedRadiation({
      anode: header.get("_ANODE"),
      alpha1: wavelength("_WL1"),
      alpha2: wavelength("_WL2"),
      beta: wavelength("_WL3"),
      ratio: number("_WLRATIO"),
    }),
    intensityUnit: unitOf(blocks, warnings),
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
