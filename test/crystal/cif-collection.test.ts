/**
 * The 598 files of the data pack's CIF collection, good ones and ones broken on purpose: what becomes of each
 * (fixtures/cif-collection.txt), and beside two independent readers, gemmi and pymatgen (fixtures/cif-readers.json,
 * numbers only). Every disagreement stands in fixtures/cif-disagreements.json with its reason, and docs/cif.md
 * says for each reason what we decide and why: a new disagreement fails, so does one that is gone.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCifStructures, type ReadStructure } from "../../src/crystal/cif/structure.ts";
import { cellVolume } from "../../src/crystal/lattice.ts";
import { EwaldError } from "../../src/errors.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

interface PeerBlock {
  readonly name: string;
  readonly volume: number;
  readonly counts: Readonly<Record<string, number>>;
}
type Peer = "gemmi" | "pymatgen";
const PEERS: readonly Peer[] = ["gemmi", "pymatgen"];

type Outcome =
  | { readonly structures: readonly ReadStructure[]; readonly failures: readonly EwaldError[] }
  | { readonly code: string };

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

const peers = (
  JSON.parse(fixture("cif-readers.json")) as {
    files: Record<string, Record<Peer, readonly PeerBlock[] | string>>;
  }
).files;
const reasons = JSON.parse(fixture("cif-disagreements.json")) as Record<
  string,
  Partial<Record<Peer, string>>
>;

function outcome(path: string): Outcome {
  try {
    return readCifStructures(readFileSync(path));
  } catch (error) {
    if (error instanceof EwaldError) return { code: error.code };
    throw error;
  }
}

function counts({ structure }: ReadStructure): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const site of structure.sites) {
    for (const { element, occupancy } of site.species) {
      sums[element] = (sums[element] ?? 0) + occupancy;
    }
  }
  return sums;
}

function describeOutcome(found: Outcome): string {
  if ("code" in found) return found.code;
  const codes = new Set(found.structures.flatMap((one) => one.warnings.map((w) => w.code)));
  const failed = found.failures.map((one) => one.code);
  return [
    `read ${found.structures.map((one) => one.structure.sites.length).join(" ")}`,
    ...(codes.size === 0 ? [] : [`(${[...codes].sort().join(" ")})`]),
    ...(failed.length === 0 ? [] : [`refused ${failed.join(" ")}`]),
  ].join(" ");
}

/** Cell volume within 0.1 %, each element's amount in the cell within 1 %, in every block that either reads. */
function agrees(found: Outcome, peer: readonly PeerBlock[] | string): boolean {
  const ours = "code" in found ? [] : found.structures;
  const theirs =
    typeof peer === "string" ? [] : peer.filter((one) => Object.keys(one.counts).length > 0);
  if (ours.length !== theirs.length) return false;
  return ours.every((structure) => {
    const other = theirs.find((one) => one.name === structure.name);
    if (other === undefined) return false;
    const volume = cellVolume(structure.structure.lattice);
    if (Math.abs(volume - other.volume) > 1e-3 * volume) return false;
    const mine = counts(structure);
    return [...new Set([...Object.keys(mine), ...Object.keys(other.counts)])].every((element) => {
      const [a, b] = [mine[element] ?? 0, other.counts[element] ?? 0];
      return Math.abs(a - b) <= 0.01 * Math.max(1, a);
    });
  });
}

/** Within 3 %, hydrogen left out. */
function hasDeclaredContents(found: Record<string, number>, formula: string, z: number): boolean {
  const declared: Record<string, number> = {};
  for (const [, element, count] of formula.matchAll(/([A-Z][a-z]?)([\d.]*)/g)) {
    declared[element!] = (declared[element!] ?? 0) + z * (count === "" ? 1 : Number(count));
  }
  return [...new Set([...Object.keys(declared), ...Object.keys(found)])]
    .filter((element) => element !== "H" && element !== "D")
    .every((element) => {
      const expected = declared[element] ?? 0;
      return Math.abs((found[element] ?? 0) - expected) <= 0.03 * Math.max(1, expected);
    });
}

describe.skipIf(!hasShared)(`the CIF collection${SHARED_ABSENT}`, () => {
  const folder = sharedPath("formats", "cif");
  const files = hasShared ? readdirSync(folder).sort() : [];
  const found = new Map(files.map((file) => [file, outcome(join(folder, file))]));

  it("reads or refuses each file as it has been decided", async () => {
    const lines = [...found].map(([file, one]) => `${file}: ${describeOutcome(one)}\n`);
    await expect(lines.join("")).toMatchFileSnapshot("./fixtures/cif-collection.txt");
  });

  it.each(PEERS)("agrees with %s but for what docs/cif.md explains", (peer) => {
    const differ = files.filter((file) => !agrees(found.get(file)!, peers[file]![peer]));
    const explained = files.filter((file) => reasons[file]?.[peer] !== undefined);
    expect(differ).toEqual(explained);
    const both = files.filter((file) => {
      const theirs = peers[file]![peer];
      return "structures" in found.get(file)! && typeof theirs !== "string" && theirs.length > 0;
    });
    const same = both.filter((file) => agrees(found.get(file)!, peers[file]![peer]));
    // 297 of 361 with gemmi, 317 of 363 with pymatgen: what differs are its X for water, its H for D.
    expect(same.length / both.length).toBeGreaterThan(peer === "gemmi" ? 0.82 : 0.87);
  });

  it("gives the contents that the files declare", () => {
    let agree = 0;
    const differ: string[] = [];
    for (const [file, one] of found) {
      for (const structure of "code" in one ? [] : one.structures) {
        const { formula, formulaUnitsZ } = structure.declared;
        if (formula === undefined || formulaUnitsZ === undefined) continue;
        if (hasDeclaredContents(counts(structure), formula, formulaUnitsZ)) agree += 1;
        else differ.push(file);
      }
    }
    // The rest: files cut short for testing, rounded formulas, sites that the authors left unoccupied.
    // One of a file made of contradictions is refused since its two symbols are compared.
    expect(agree).toBeGreaterThanOrEqual(260);
    expect(differ.length).toBeLessThanOrEqual(18);
  });

  it("explains every reason", () => {
    const document = readFileSync(new URL("../../docs/cif.md", import.meta.url), "utf8");
    const used = new Set(Object.values(reasons).flatMap((one) => Object.values(one)));
    for (const reason of used) expect(document).toContain(`| ${reason} |`);
  });
});
