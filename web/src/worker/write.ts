/** Files that the page gives away: structures as CIF, scans as columns. */
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { statedUnit } from "../../../src/crystal/asymmetric-unit.ts";
import { writeCif } from "../../../src/crystal/io/write-structure.ts";
import { EwaldError } from "../../../src/errors.ts";
import { knownEsd, type Scan } from "../../../src/scan/scan.ts";
import { type WriteFormat, writeScan } from "../../../src/scan/write.ts";

/** With the space group that is shown beside the structure; every atom, and why, where it cannot be written with one. */
export async function cif(structure: Structure): Promise<string> {
  if (statedUnit(structure) !== null) return writeCif(structure);
  await loadSymmetry();
  try {
    return writeCif(structure, { symmetry: analyzeSymmetry(structure) });
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return `# Every atom, in P 1: ${error.message}\n${writeCif(structure, { symmetry: "none" })}`;
  }
}

/** A scan as columns, with uncertainties where they are known. */
export function scanColumns(scan: Scan): { readonly text: string; readonly ending: WriteFormat } {
  const known = scan.ranges.every((range) => knownEsd(range, scan.intensityUnit) !== undefined);
  const ending = known ? "xye" : "xy";
  return { text: writeScan(scan, ending), ending };
}
