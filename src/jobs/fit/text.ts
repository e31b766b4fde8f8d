/** A fit for people who read a terminal. */
import { formatCifNumber } from "../../formats/cif-number.ts";
import { printedFormula, printedRadiation } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import { warningLines } from "../../report/warning-lines.ts";
import type { FitRecord, FittedPhaseRecord } from "./record.ts";

const LISTED_PEAKS = 8;
/** Larger crystals broaden no line that a laboratory resolves, Å. */
const LARGE_ANGSTROM = 10_000;

export function fitText(record: FitRecord): string {
  const { input, radiation, phases, rwp, rexp, chi2, chi2Reason, unexplained } = record;
  const expected =
    chi2 === null || rexp === null
      ? `no χ²: ${chi2Reason}`
      : `expected ${rexp.toFixed(2)} %, χ² ${chi2.toFixed(2)}`;
  return [
    `${input}  ${printedRadiation(radiation)}`,
    `Rwp ${rwp.toFixed(2)} %, ${expected}; ${shiftText(record)}`,
    "",
    phaseTable(phases),
    ...(record.parameters.some(({ name, isFree }) => name === "w" && isFree)
      ? ["size and strain hold the instrument's widths too: give it with --instrument"]
      : []),
    "",
    ...phases.map((phase) => `${phase.id}: ${cellText(phase)}`),
    ...(unexplained.length === 0
      ? []
      : [
          "",
          `peaks that no phase explains: ${unexplained
            .slice(0, LISTED_PEAKS)
            .map(({ twoThetaDeg }) => `${twoThetaDeg.toFixed(2)}°`)
            .join(", ")}${unexplained.length > LISTED_PEAKS ? ", …" : ""}`,
        ]),
    ...warningLines(record.warnings),
  ].join("\n");
}

function shiftText({ displacementDeg, zeroShiftDeg }: FitRecord): string {
  return zeroShiftDeg === undefined
    ? `displacement ${displacementDeg!.toFixed(4)}° cos θ`
    : `zero shift ${zeroShiftDeg.toFixed(4)}°`;
}

function phaseTable(phases: readonly FittedPhaseRecord[]): string {
  const isLeBail = phases.every(({ weightFraction }) => weightFraction === null);
  const right = (title: string) => ({ title, align: "right" }) as const;
  return textTable(
    [
      { title: "phase", align: "left" },
      { title: "formula", align: "left" },
      ...(isLeBail ? [] : [right("wt%"), right("± (noise alone)")]),
      right("size Å"),
      right("strain %"),
      ...(phases.some(({ march }) => march !== null) ? [right("texture r")] : []),
      ...(isLeBail ? [] : [right("B Å²")]),
      right("R Bragg %"),
    ],
    phases.map((phase) => [
      phase.id,
      printedFormula(phase.formula),
      ...(isLeBail ? [] : [percent(phase.weightFraction), percent(phase.weightFractionEsd)]),
      sizeText(phase.sizeAngstrom),
      (100 * phase.strain).toFixed(3),
      ...(phases.some(({ march }) => march !== null) ? [phase.march?.toFixed(3) ?? "-"] : []),
      ...(isLeBail ? [] : [phase.bAngstrom2.toFixed(2)]),
      phase.rBragg === null ? "-" : phase.rBragg.toFixed(1),
    ]),
  );
}

function sizeText(angstrom: number | null): string {
  return angstrom === null || angstrom > LARGE_ANGSTROM
    ? `> ${LARGE_ANGSTROM}`
    : angstrom.toFixed(0);
}

function percent(share: number | null): string {
  return share === null ? "-" : (100 * share).toFixed(2);
}

/** "a 4.7591(2), b 4.7591(2), c 12.992(1) Å, 90, 90, 120°; 254.83 Å³" */
function cellText({ cell, cellEsd, volumeAngstrom3 }: FittedPhaseRecord): string {
  const edges = (["a", "b", "c"] as const).map(
    (name) => `${name} ${formatCifNumber(cell[name], cellEsd?.[name], 5)}`,
  );
  const angles = (["alphaDeg", "betaDeg", "gammaDeg"] as const).map((name) =>
    formatCifNumber(cell[name], cellEsd?.[name], 4),
  );
  return `${edges.join(", ")} Å, ${angles.join(", ")}°; ${volumeAngstrom3.toFixed(2)} Å³`;
}
