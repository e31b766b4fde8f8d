/** What was read of a scan, in words. */
import type { ScanContent } from "../../../src/data/contents.ts";
import { printedRadiation } from "../../../src/report/notation.ts";
import { pointCount } from "../../../src/scan/scan.ts";

const UNITS = {
  twoTheta: "° 2θ",
  d: " Å (d)",
  q: " Å⁻¹ (Q)",
  tof: " µs (time of flight)",
} as const;

/** 100000 → "100,000"; the language's own way costs 10 ms when it is first asked. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

function rounded(value: number): string {
  return String(Number(value.toFixed(3)));
}

export function scanFacts({ scan, format }: ScanContent): string[] {
  const { ranges, radiation } = scan;
  const [first] = ranges;
  const from = Math.min(...ranges.map(({ axis }) => axis.values[0]!));
  const to = Math.max(...ranges.map(({ axis }) => axis.values.at(-1)!));
  const points = pointCount(scan);
  const facts = [
    format,
    `${rounded(from)} to ${rounded(to)}${UNITS[first!.axis.kind]}`,
    `${grouped(points)} points${ranges.length > 1 ? ` in ${ranges.length} ranges` : ""}`,
  ];
  facts.push(radiation === null ? "no wavelength in the file" : printedRadiation(radiation));
  facts.push(scan.intensityUnit === "unknown" ? "intensity of unknown unit" : scan.intensityUnit);
  const { sample } = scan.metadata;
  if (typeof sample === "string" && sample !== "") facts.unshift(sample);
  return facts;
}
