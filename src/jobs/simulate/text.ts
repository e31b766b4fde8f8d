/** A simulated pattern for people who read a terminal. */
import { warningLines } from "../../report/warning-lines.ts";
import { textTable } from "../../report/text-table.ts";
import { printedRadiation } from "../../report/notation.ts";
import type { SimulateRecord } from "./record.ts";

/** Peaks listed for people; JSON holds all. */
const PEAKS_SHOWN = 30;

export function simulationText(record: SimulateRecord): string {
  const listed = [...record.peaks]
    .sort((a, b) => b.intensity - a.intensity)
    .slice(0, PEAKS_SHOWN)
    .sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
  const hidden = record.peaks.length - listed.length;
  const group =
    record.spaceGroup === null ? "" : `  ${record.spaceGroup.symbol} (${record.spaceGroup.number})`;
  const table = textTable(
    [
      { title: "2θ (°)", align: "right" },
      { title: "d (Å)", align: "right" },
      { title: "intensity", align: "right" },
      { title: "mult.", align: "right" },
      { title: "hkl", align: "left" },
    ],
    listed.map((peak) => [
      peak.twoThetaDeg.toFixed(4),
      peak.dAngstrom.toFixed(5),
      peak.intensity.toFixed(2),
      String(peak.multiplicity),
      peak.hkls.map(({ hkl }) => hkl.join(" ")).join(", "),
    ]),
  );
  return [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}  ${record.formula}${group}`,
    assumptions(record),
    "",
    table,
    ...(hidden > 0 ? [`… and ${hidden} weaker peaks (--json lists all)`] : []),
    ...warningLines(record.warnings),
  ].join("\n");
}

/** Radiation, range and form factors: what a person did not say and should know. */
export function assumptions(record: SimulateRecord): string {
  const [from, to] = record.twoThetaRangeDeg;
  const table = record.formFactors === null ? "" : `, form factors: ${record.formFactors}`;
  return `${printedRadiation(record.radiation)}, 2θ ${from} to ${to}°${table}`;
}
