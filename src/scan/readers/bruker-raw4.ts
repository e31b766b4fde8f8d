/**
 * Bruker RAW version 4 ("RAW4.00", DIFFRAC.SUITE): a list of tagged segments, then for each range a
 * fixed header, tagged drive segments and the points. A point may hold several 32-bit values; the first
 * is the intensity. Ignored: alignment, detector settings, drives other than 2θ.
 * Layout: the public reader of GSAS-II, checked on files.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { BinaryReader } from "../../formats/binary.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { statedRadiation } from "./radiation.ts";
import { type StatedSweep, sweepsOverTwoTheta } from "./scan-axis.ts";

const FIRST_SEGMENT = 61;
const SEGMENT_TEXT = 10;
const SEGMENT_RADIATION = 30;
const RANGE_MARKS: ReadonlySet<number> = new Set([0, 160]);
const RANGE_HEADER_BYTES = 160;

interface Header {
  readonly texts: Record<string, string>;
  radiation: Radiation | null;
  anode: string;
}

/** Reads tagged segments from `at`; returns where the range header stands, or the end of the file. */
function readSegments(file: BinaryReader, from: number, header: Header): number {
  let at = from;
  while (at + 4 <= file.length) {
    const type = file.uint32(at);
    if (RANGE_MARKS.has(type)) return at;
    const size = file.uint32(at + 4);
    if (size < 8)
      throw new EwaldError("scan/bad-header", `a segment of ${size} bytes`, { byte: at });
    file.need(at, size, "a header segment");
    if (type === SEGMENT_TEXT && size > 36) {
      header.texts[file.text(at + 12, 24)] = file.text(at + 36, size - 36);
    } else if (type === SEGMENT_RADIATION && size >= 120) {
      header.anode = file.text(at + 116, 4);
      header.radiation = statedRadiation({
        anode: header.anode,
        alpha1: decimal(file.float64(at + 80)),
        alpha2: decimal(file.float64(at + 88)),
        beta: decimal(file.float64(at + 96)),
        ratio: file.float64(at + 104),
      });
    }
    at += size;
  }
  return file.length;
}

/** DIFFRAC writes wavelengths that went through 32 bits: 1.5405999422 is 1.5406. */
function decimal(value: number): number {
  return Number(value.toPrecision(7));
}

export function readRaw4(bytes: Uint8Array, warnings: Warning[]): Draft {
  const file = new BinaryReader(bytes, "Bruker RAW v4");
  const header: Header = { texts: {}, radiation: null, anode: "" };
  const sweeps: StatedSweep<DraftRange>[] = [];
  let tube: { voltage: number; current: number } | undefined;
  let at = readSegments(file, FIRST_SEGMENT, header);
  while (at + RANGE_HEADER_BYTES <= file.length) {
    const scanType = file.text(at + 32, 24);
    const count = file.uint32(at + 88);
    const pointBytes = file.uint32(at + 136);
    const data = at + RANGE_HEADER_BYTES + file.uint32(at + 140);
    if (count > 0 && (pointBytes < 4 || pointBytes % 4 !== 0)) {
      throw new EwaldError("scan/bad-header", `data points of ${pointBytes} bytes`, {
        byte: at + 136,
        value: pointBytes,
      });
    }
    file.need(data, count * pointBytes, `${count} data points`);
    tube ??= { voltage: file.float32(at + 100), current: file.float32(at + 104) };
    if (count > 0) {
      sweeps.push({
        axis: scanType,
        position: { byte: at + 32 },
        sweep: {
          kind: "twoTheta",
          axis: steppedAxis(file.float64(at + 72), file.float64(at + 80), count),
          intensity: file.float32Array(data, count, pointBytes),
          countTimeSeconds: decimal(file.float32(at + 92)),
          name: scanType,
          position: (i) => ({ byte: data + pointBytes * i }),
        },
      });
    }
    at = readSegments(file, data + count * pointBytes, header);
  }
  const ranges = sweepsOverTwoTheta(sweeps, warnings);
  if (ranges.length === 0) {
    throw new EwaldError("scan/truncated", "Bruker RAW v4: the file ends before its first range", {
      byte: file.length,
    });
  }
  return {
    format: "bruker-raw4",
    ranges,
    radiation: header.radiation,
    intensityUnit: "counts",
    metadata: {
      sample: header.texts["SAMPLEID"],
      comment: header.texts["COMMENT"],
      operator: header.texts["USER"],
      site: header.texts["SITE"],
      program: header.texts["CREATOR"],
      startedAt: `${file.text(12, 12)} ${file.text(24, 10)}`.trim(),
      anode: header.anode,
      tubeVoltageKv: tube?.voltage,
      tubeCurrentMa: tube?.current,
      scanAxis: ranges[0]?.name,
    },
  };
}
