/** Tables as CSV (RFC 4180). */
import type { Peak } from "../../src/diffraction/peaks.ts";

type Cell = string | number | null;

/** Quoted where it must be; a formula of a spreadsheet is made harmless. */
function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [heading, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

export function peaksCsv(peaks: readonly Peak[]): string {
  return csv(
    ["twoThetaDeg", "dAngstrom", "intensity", "multiplicity", "hkl"],
    peaks.map(({ twoThetaDeg, dAngstrom, intensity, multiplicity, hkls }) => [
      twoThetaDeg,
      dAngstrom,
      intensity,
      multiplicity,
      hkls.map(({ hkl }) => hkl.join(" ")).join("; "),
    ]),
  );
}
