/**
 * Siemens / Bruker binary RAW, versions 1 ("RAW "), 2 ("RAW2") and 3 ("RAW1.01"): little-endian, one
 * header per file and one per range, intensities as 32-bit floats. Every claimed count is checked
 * against the bytes that are there before anything is allocated. Version 3 says which drive moved;
 * versions 1 and 2 do not. Ignored: drive positions other than 2θ, alignment flags, oscillation. Version 4 is in bruker-raw4.ts.
 * Layout: the public readers of xylib and GSAS-II, checked on files.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { BinaryReader } from "../../formats/binary.ts";
import { type Draft, steppedAxis } from "./draft.ts";
import { type DraftRange } from "./draft-range.ts";
import { statedRadiation } from "./radiation.ts";
import { type StatedSweep, sweepsOverTwoTheta } from "./scan-axis.ts";

/** Counts, from `offset`, after the claim about their number was found true. */
function counted(
  file: BinaryReader,
  offset: number,
  count: number,
  start: number,
  step: number,
): Pick<DraftRange, "kind" | "axis" | "intensity" | "position"> {
  file.need(offset, count * 4, `${count} data points`);
  checkStep(start, step, count, offset);
  return {
    kind: "twoTheta",
    axis: steppedAxis(start, step, count),
    intensity: file.float32Array(offset, count),
    position: (i) => ({ byte: offset + 4 * i }),
  };
}

function checkStep(start: number, step: number, count: number, byte: number): void {
  const end = start + step * (count - 1);
  if (step > 0 && start >= -360 && end <= 360) return;
  throw new EwaldError(
    "scan/bad-axis",
    `${count} points from ${start}° in steps of ${step}° are no diffraction angles`,
    { byte, value: step, unit: "°" },
  );
}

/** A 32-bit float as the decimal that was meant: 0.02, not 0.019999999552965164. */
function decimal(value: number): number {
  return Number(value.toPrecision(7));
}

const RAW1_HEADER_BYTES = 156;

export function readRaw1(bytes: Uint8Array): Draft {
  const file = new BinaryReader(bytes, "Bruker RAW v1");
  const ranges: DraftRange[] = [];
  let at = 4;
  for (let following = 1; following > 0;) {
    // A following range may or may not repeat the four letters.
    if (ranges.length > 0 && file.text(at, 4) === "RAW") at += 4;
    const count = file.uint32(at);
    const data = at - 4 + RAW1_HEADER_BYTES;
    ranges.push({
      ...counted(file, data, count, decimal(file.float32(at + 20)), decimal(file.float32(at + 8))),
      countTimeSeconds: decimal(file.float32(at + 4)),
      name: file.text(at + 36, 32),
    });
    following = file.uint32(at + 148);
    at = data + 4 * count;
    if (at >= file.length) break;
  }
  return {
    format: "bruker-raw1",
    ranges,
    radiation: statedRadiation({
      alpha1: decimal(file.float32(72)),
      alpha2: decimal(file.float32(76)),
    }),
    intensityUnit: "counts",
    metadata: { sample: file.text(40, 32) },
  };
}

export function readRaw2(bytes: Uint8Array): Draft {
  const file = new BinaryReader(bytes, "Bruker RAW v2");
  const rangeCount = file.uint16(4);
  const ranges: DraftRange[] = [];
  let at = 256;
  for (let range = 0; range < rangeCount; range++) {
    const headerBytes = file.uint16(at);
    if (headerBytes < 48) {
      throw new EwaldError("scan/bad-header", `a range header of ${headerBytes} bytes`, {
        byte: at,
      });
    }
    const count = file.uint16(at + 2);
    const start = decimal(file.float32(at + 16));
    const step = decimal(file.float32(at + 12));
    ranges.push({
      ...counted(file, at + headerBytes, count, start, step),
      countTimeSeconds: decimal(file.float32(at + 8)),
    });
    at += headerBytes + 4 * count;
  }
  return {
    format: "bruker-raw2",
    ranges,
    radiation: statedRadiation({
      anode: file.text(188, 2),
      alpha1: decimal(file.float32(190)),
      alpha2: decimal(file.float32(194)),
      ratio: decimal(file.float32(198)),
      beta: decimal(file.float32(206)),
    }),
    intensityUnit: "counts",
    metadata: {
      sample: file.text(8, 32),
      comment: file.text(40, 128),
      startedAt: `${file.text(168, 10)} ${file.text(178, 5)}`.trim(),
      anode: file.text(188, 2),
    },
  };
}

const RAW3_FIRST_RANGE = 712;
const RAW3_RANGE_HEADER_BYTES = 304;
/** The axis that moved, by the number at byte 196 of a range header ("DIFFRAC plus XRD file exchange", 2002). */
const RAW3_SCAN_TYPES: Readonly<Record<number, string>> = {
  0: "Locked coupled",
  1: "Unlocked coupled",
  2: "Detector scan",
  3: "Rocking curve",
  4: "Chi",
  5: "Phi",
  6: "X",
  7: "Y",
  8: "Z",
  9: "Aux1",
  10: "Aux2",
  11: "Aux3",
  12: "Psi",
  13: "hkl",
  14: "Reciprocal space",
  20: "Unlocked coupled",
  129: "PSD fixed scan",
  130: "PSD fast scan",
};

export function readRaw3(bytes: Uint8Array, warnings: Warning[]): Draft {
  const file = new BinaryReader(bytes, "Bruker RAW v3");
  const rangeCount = file.uint32(12);
  if (rangeCount === 0 || rangeCount * RAW3_RANGE_HEADER_BYTES > file.length) {
    throw new EwaldError("binary/truncated", `the file claims ${rangeCount} ranges`, {
      byte: 12,
      value: rangeCount,
    });
  }
  const sweeps: StatedSweep<() => DraftRange>[] = [];
  let at = RAW3_FIRST_RANGE;
  for (let range = 0; range < rangeCount; range++) {
    const count = file.uint32(at + 4);
    const bytesPerPoint = file.uint32(at + 252);
    if (bytesPerPoint !== 4) {
      throw new EwaldError(
        "scan/bad-header",
        `data points of ${bytesPerPoint} bytes are not read`,
        {
          byte: at + 252,
          value: bytesPerPoint,
        },
      );
    }
    const data = at + file.uint32(at) + file.uint32(at + 256);
    if (data < at + RAW3_RANGE_HEADER_BYTES) {
      throw new EwaldError("scan/bad-header", "a range header that is too short", { byte: at });
    }
    const [start, step] = [file.float64(at + 16), file.float64(at + 176)];
    const countTimeSeconds = decimal(file.float32(at + 192));
    const scanType = file.uint32(at + 196);
    file.need(data, count * 4, `${count} data points`);
    sweeps.push({
      axis: RAW3_SCAN_TYPES[scanType] ?? `scan type ${scanType}`,
      position: { byte: at + 196 },
      // Read only where it is over 2θ: the steps of another drive are no diffraction angles.
      sweep: () => ({ ...counted(file, data, count, start, step), countTimeSeconds }),
    });
    at = data + 4 * count;
  }
  const range = RAW3_FIRST_RANGE;
  return {
    format: "bruker-raw3",
    ranges: sweepsOverTwoTheta(sweeps, warnings).map((sweep) => sweep()),
    radiation: statedRadiation({
      anode: file.text(608, 4),
      alpha1: file.float64(624),
      alpha2: file.float64(632),
      beta: file.float64(640),
      ratio: file.float64(648),
    }),
    intensityUnit: "counts",
    metadata: {
      sample: file.text(326, 60),
      comment: file.text(386, 160),
      operator: file.text(36, 72),
      site: file.text(108, 218),
      startedAt: `${file.text(16, 10)} ${file.text(26, 10)}`.trim(),
      anode: file.text(608, 4),
      goniometerRadiusMm: decimal(file.float32(564)),
      tubeVoltageKv: file.uint32(range + 224),
      tubeCurrentMa: file.uint32(range + 228),
      scanAxis: RAW3_SCAN_TYPES[file.uint32(range + 196)],
    },
  };
}
