/** What was read of a scan, in words. */
import type { ScanContent } from "../../../src/data/index.ts";
import { meanWavelength } from "../../../src/radiation/index.ts";
import { pointCount } from "../../../src/scan/index.ts";

const UNITS = {
  twoTheta: "° 2θ",
  d: " Å (d)",
  q: " Å⁻¹ (Q)",
  tof: " µs (time of flight)",
} as const;
const KINDS = { xray: "X-rays", neutron: "neutrons", electron: "electrons" } as const;

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
    `${points.toLocaleString("en")} points${ranges.length > 1 ? ` in ${ranges.length} ranges` : ""}`,
  ];
  if (radiation === null) facts.push("no wavelength in the file");
  else {
    const name =
      radiation.name === undefined
        ? ""
        : ` ${radiation.name.replaceAll(/K([ab])/g, (_m, s) => ` K${s === "a" ? "α" : "β"}`)}`;
    facts.push(`${KINDS[radiation.kind]}${name}, λ = ${meanWavelength(radiation).toFixed(5)} Å`);
  }
  facts.push(scan.intensityUnit === "unknown" ? "intensity of unknown unit" : scan.intensityUnit);
  const { sample } = scan.metadata;
  if (typeof sample === "string" && sample !== "") facts.unshift(sample);
  return facts;
}
