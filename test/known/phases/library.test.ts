import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { constraintsOf } from "../../../src/crystal/composition/composition-constraints.ts";
import { reducedFormula } from "../../../src/crystal/composition/composition-formula.ts";
import { compositionOf } from "../../../src/crystal/composition/composition.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { cellVolume } from "../../../src/crystal/lattice.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { powderLines } from "../../../src/diffraction/powder.ts";
import type { EwaldError } from "../../../src/errors.ts";
import { LIBRARY_FILES, PhaseLibraryBuilder } from "../../../src/known/phases/library-files.ts";
import { decodePhases } from "../../../src/known/phases/phase-file.ts";
import {
  libraryFolder,
  loadPhaseLibrary,
  phaseById,
  type PhaseLibrary,
} from "../../../src/known/phases/phase-library.ts";
import { decodeFirstLines } from "../../../src/known/phases/phase-lines.ts";
import { structureOf } from "../../../src/known/phases/phase.ts";
import { searchScanOf, searchTarget } from "../../../src/known/phases/search-target.ts";
import { packageModels } from "../../../src/models/model-store.node.ts";
import { observe } from "../../../src/scan/observe.ts";
import { readScan } from "../../../src/scan/read.ts";

const EXAMPLES = ["quartz", "olivine", "rutile", "anatase", "halite", "calcite"];

function example(name: string): Structure {
  const bytes = readFileSync(`examples/${name}.cif`);
  return readStructures(bytes, { name }).structures[0]!.structure;
}

function built(names: readonly string[]) {
  const builder = new PhaseLibraryBuilder();
  for (const id of names)
    builder.add({
      structure: example(id),
      description: { id, source: "mine", isMeasured: true },
    });
  return builder.build();
}

let shipped: PhaseLibrary;

beforeAll(async () => {
  await loadSymmetry();
  shipped = await loadPhaseLibrary(packageModels());
});

/** What the code is of an error that `work` throws. */
function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return (error as EwaldError).code;
  }
  return undefined;
}

describe("a library of structures", () => {
  it("gives every structure back: composition, volume, sites, pattern", () => {
    const library = built(EXAMPLES);
    expect(library.leftOut).toEqual([]);
    const table = decodePhases(library.files[LIBRARY_FILES.structures]!);
    for (const id of EXAMPLES) {
      const source = example(id);
      const written = structureOf(table.record(table.placeOf(id)!));
      expect(reducedFormula(compositionOf(written))).toBe(reducedFormula(compositionOf(source)));
      expect(written.sites).toHaveLength(source.sites.length);
      expect(Math.abs(cellVolume(written.lattice) / cellVolume(source.lattice) - 1)).toBeLessThan(
        1e-5,
      );
      const [before, after] = [powderLines(source), powderLines(written)];
      expect(after.dAngstrom).toHaveLength(before.dAngstrom.length);
      for (const [i, intensity] of before.intensity.entries())
        expect(Math.abs(after.intensity[i]! - intensity)).toBeLessThan(0.1);
    }
  });

  it("has the same bytes in whatever order structures come", () => {
    const forth = built(EXAMPLES);
    const back = built(EXAMPLES.toReversed());
    for (const name of Object.values(LIBRARY_FILES))
      expect(Buffer.compare(Buffer.from(forth.files[name]!), Buffer.from(back.files[name]!))).toBe(
        0,
      );
  });

  it("keeps the first of two of one name, and says so of the second", () => {
    const { count, leftOut } = built(["quartz", "quartz"]);
    expect(count).toBe(1);
    expect(leftOut.map(({ error }) => error.code)).toEqual(["known/duplicate-id"]);
  });

  it("refuses a file cut short, one of another version, one that is another file", () => {
    const bytes = built(["quartz"]).files[LIBRARY_FILES.structures]!;
    for (const length of [3, 20, bytes.length - 1])
      expect(codeOf(() => decodePhases(bytes.subarray(0, length)))).toBe("known/damaged");
    const newer = bytes.slice();
    newer[4] = 99;
    expect(codeOf(() => decodePhases(newer))).toBe("known/version");
    expect(codeOf(() => decodeFirstLines(bytes))).toBe("known/damaged");
  });

  it("has names that are no paths", () => {
    expect(codeOf(() => libraryFolder("../mine"))).toBe("library/name");
    expect(libraryFolder("mine")).toBe("libraries/mine");
  });
});

describe("the library that ships", () => {
  it("holds 80,022 phases, each with a source", () => {
    expect(shipped.phases.count).toBe(80_022);
    const anatase = phaseById([shipped], "mp-390")!;
    expect(shipped.phases.summary(anatase.entry)).toMatchObject({
      formula: "O2Ti",
      name: "Anatase",
      source: "Materials Project",
      spaceGroup: { number: 141, symbol: "I4_1/amd" },
    });
    const { reference } = shipped.phases.record(shipped.phases.placeOf("amcsd-0006212")!);
    expect(reference).toBeTruthy();
  });
});

describe("the search", () => {
  const target = (file: string) => {
    const { scan } = readScan(readFileSync(`examples/${file}`), { name: file });
    return searchTarget(searchScanOf(observe(scan)));
  };

  it("finds quartz first, without elements and with them", async () => {
    for (const elements of [{}, { constraints: constraintsOf({ elements: ["Si"] }) }]) {
      const [first] = await shipped.search(target("quartz-simulated.xy"), elements);
      expect(shipped.phases.summary(first!.best.entry).name).toBe("Quartz");
      expect(first!.best.cellFactor).toBeCloseTo(1, 2);
    }
  });

  it("names no phase that holds an excluded element, and allows what an EDS does not see", async () => {
    const constraints = constraintsOf({ elements: ["Si"] });
    const found = await shipped.search(target("quartz-simulated.xy"), { constraints });
    const allowed = new Set(["Si", ...(constraints.may ?? [])]);
    for (const { best } of found) {
      const { amounts } = shipped.phases.composition(best.entry);
      const total = amounts.reduce((sum, { amount }) => sum + amount, 0);
      for (const { element, amount } of amounts)
        expect(allowed.has(element) || amount / total < 0.01, element).toBe(true);
    }
    expect(found.length).toBeGreaterThan(5);
  });

  it("gives groups in order, their gaps not negative", async () => {
    const found = await shipped.search(target("olivine-quartz-simulated.xy"), {});
    expect(found[0]!.members.length).toBeGreaterThan(0);
    for (const { gap } of found) expect(gap).toBeGreaterThanOrEqual(0);
  });
});
