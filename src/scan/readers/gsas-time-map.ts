/** TIME_MAP records of GSAS time-of-flight files: runs of channels of equal width. */
import { EwaldError } from "../../errors.ts";

export interface TimeMap {
  readonly number: string;
  /** Time of flight, µs, of the first `count` channels. */
  readonly positions: (count: number, line: number) => Float64Array;
}

/**
 * `TIME_MAP number values records TIME_MAP clock`, then triples (first channel, time, channel width) in
 * units of the clock (ns); the last time closes the map.
 */
export function readTimeMap(lines: readonly string[], at: number): TimeMap {
  const words = lines[at]!.slice(8).trim().split(/\s+/);
  const [number = "1", values = "0", records = "0"] = words;
  const clockMicroseconds = Number(words[4] ?? Number.NaN) / 1000;
  const table = lines
    .slice(at + 1, at + 1 + Math.min(Number(records), lines.length))
    .flatMap((line) => line.trim().split(/\s+/))
    .slice(0, Number(values))
    .map(Number);
  if (!(clockMicroseconds > 0) || table.length < 4 || table.some(Number.isNaN)) {
    throw new EwaldError("scan/bad-header", "TIME_MAP without its table", { line: at + 1 });
  }
  const positions = (count: number, line: number): Float64Array => {
    const out = new Float64Array(count);
    let run = 0;
    for (let channel = 1; channel <= count; channel++) {
      while (run + 3 < table.length - 1 && channel >= table[run + 3]!) run += 3;
      const [first, time, width] = [table[run]!, table[run + 1]!, table[run + 2]!];
      out[channel - 1] = (time + (channel - first) * width) * clockMicroseconds;
    }
    if (!out.every(Number.isFinite)) {
      throw new EwaldError("scan/bad-header", "TIME_MAP does not reach all channels", { line });
    }
    return out;
  };
  return { number, positions };
}
