/**
 * Bruker / Siemens UXD: `_KEY=value` headers, then `_COUNTS`, `_CPS`, `_2THETACOUNTS`, … with the data,
 * range after range. Values of earlier ranges hold until they are given again. Ignored: drives other
 * than 2θ, optics codes.
 */
import { EwaldError } from "../../errors.ts";
import { splitLines } from "../../formats/index.ts";
import { type Draft, type DraftRange, steppedAxis } from "./draft.ts";
import { headerNumber, NumberRows, optionalNumber, pushNumbers, unquote } from "./lines.ts";
import { statedRadiation } from "./radiation.ts";

const DATA_KEY = /^_(2THETA)?(COUNTS|CPS|COUNTSCPS)\s*(?:=.*)?$/;

export function recognisesUxd(text: string): boolean {
  const head = text.slice(0, 8192);
  return (
    /^_FILEVERSION\s*=/m.test(head) || (/^_DRIVE\s*=/m.test(head) && /^_START\s*=/m.test(head))
  );
}

interface Block {
  readonly header: ReadonlyMap<string, string>;
  readonly hasAngles: boolean;
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
  const count = block.hasAngles ? flat.length / 2 : flat.length;
  if (!Number.isInteger(count)) {
    throw new EwaldError("scan/truncated", "an angle without its intensity", {
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
      ? Float64Array.from({ length: count }, (_, i) => flat[2 * i]!)
      : steppedAxis(
          headerNumber(block.header, start, block.line),
          headerNumber(block.header, "_STEPSIZE", block.line),
          count,
        ),
    intensity: block.hasAngles
      ? Float64Array.from({ length: count }, (_, i) => flat[2 * i + 1]!)
      : flat,
    countTimeSeconds: optionalNumber(block.header.get("_STEPTIME")),
    name: block.header.get("_DRIVE"),
    position: (i) => ({ line: block.rows.line(block.hasAngles ? 2 * i : i) }),
  };
}

export function readUxd(text: string): Draft {
  const { blocks, header, rate } = readBlocks(text);
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
