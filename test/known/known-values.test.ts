/** Known values: the file, and which structure is which entry. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import { primitiveCell, supercell } from "../../src/crystal/structure-transform.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { packageModels } from "../../src/models/model-store.node.ts";
import { loadModelCard } from "../../src/models/model-store.ts";
import { structureRow } from "../../src/data/structure-table.ts";
import { EwaldError } from "../../src/errors.ts";
import { FormEnergies, knownEntry } from "../../src/known/known-values-build.ts";
import { decodeKnownValues, encodeKnownValues } from "../../src/known/known-values-file.ts";
import { type KnownEntry, type KnownValues, sourceText } from "../../src/known/known-values.ts";
import { loadKnownValues } from "../../src/known/load.ts";

const example = (name: string): Structure =>
  readStructures(readFileSync(`examples/${name}`)).structures[0]!.structure;

/** All lengths of the cell times a factor. */
const scaled = ({ lattice, sites }: Structure, factor: number): Structure => ({
  lattice: lattice.map((row) => row.map((x) => x * factor)) as unknown as Structure["lattice"],
  sites,
});

const entry = (change: Partial<KnownEntry> = {}): KnownEntry => ({
  id: "mp-390",
  source: 0,
  formula: "O2Ti",
  spaceGroup: 141,
  atomsPerPrimitiveCell: 6,
  volumePerAtomAngstrom3: 11.46,
  shape: [0.92, 0.92, 1.34],
  values: { bandGapEv: 2.0517, bulkModulusGpa: 179 },
  isLowestOfSpaceGroup: false,
  ...change,
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof EwaldError) return error.code;
    throw error;
  }
  return "none";
};

let known: KnownValues;
beforeAll(async () => {
  await loadSymmetry();
  known = await loadKnownValues(packageModels());
});

describe("the file", () => {
  test("keeps every entry to the steps that it states", () => {
    const value = (min: number, max: number) =>
      fc.option(fc.double({ min, max, noNaN: true }), { nil: undefined });
    const entries = fc.array(
      fc.record({
        id: fc.nat({ max: 4_000_000 }).map((n) => `mp-${n}`),
        formula: fc.constantFrom("Ag", "AgCl", "Mg2O4Si", "O2Ti", "NaCl"),
        spaceGroup: fc.integer({ min: 1, max: 230 }),
        atomsPerPrimitiveCell: fc.integer({ min: 1, max: 700 }),
        volumePerAtomAngstrom3: fc.double({ min: 0.5, max: 300, noNaN: true }),
        edge: fc.double({ min: 0.1, max: 20, noNaN: true }),
        gap: value(0, 20),
        formation: value(-6, 6),
        isLowestOfSpaceGroup: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(entries, (drafts) => {
        const made = drafts.map(({ edge, gap, formation, ...draft }) =>
          entry({
            ...draft,
            shape: [edge, edge, edge],
            values: {
              ...(gap === undefined ? {} : { bandGapEv: gap }),
              ...(formation === undefined ? {} : { formationEnergyEvPerAtom: formation }),
            },
          }),
        );
        const bytes = encodeKnownValues(made);
        // In whatever order: the same bytes where no two entries share formula and id.
        const keys = new Set(made.map(({ formula, id }) => `${formula} ${id}`));
        if (keys.size === made.length) expect(encodeKnownValues(made.toReversed())).toEqual(bytes);
        const read = decodeKnownValues(bytes);
        expect(read.size).toBe(made.length);
        for (const one of read) {
          const own = made.filter(({ formula, id }) => formula === one.formula && id === one.id);
          expect(
            own.some(
              (other) =>
                other.spaceGroup === one.spaceGroup &&
                other.atomsPerPrimitiveCell === one.atomsPerPrimitiveCell &&
                Math.abs(one.volumePerAtomAngstrom3 / other.volumePerAtomAngstrom3 - 1) < 0.0011 &&
                Math.abs(one.shape[0] / other.shape[0] - 1) < 0.0051 &&
                (other.values.bandGapEv === undefined
                  ? one.values.bandGapEv === undefined
                  : Math.abs(one.values.bandGapEv! - other.values.bandGapEv) <= 1e-4) &&
                other.isLowestOfSpaceGroup === one.isLowestOfSpaceGroup,
            ),
          ).toBe(true);
        }
      }),
    );
  });

  test("a gap that is tiny stays a gap, and none stays none", () => {
    const of = (bandGapEv: number): number =>
      [...decodeKnownValues(encodeKnownValues([entry({ values: { bandGapEv } })]))][0]!.values
        .bandGapEv!;
    expect(of(0)).toBe(0);
    expect(of(1e-7)).toBeGreaterThan(0);
  });

  test("cut short anywhere, longer, of another version, changed: refused by name, never read", () => {
    const bytes = encodeKnownValues([entry(), entry({ formula: "ClNa", id: "mp-22862" })]);
    for (let length = 0; length < bytes.length; length++)
      expect(codeOf(() => decodeKnownValues(bytes.subarray(0, length)))).toBe("known/damaged");
    expect(codeOf(() => decodeKnownValues(Uint8Array.of(...bytes, 0)))).toBe("known/damaged");
    const other = (at: number, value: number): Uint8Array => bytes.with(at, value);
    expect(codeOf(() => decodeKnownValues(other(4, 2)))).toBe("known/version");
    expect(codeOf(() => decodeKnownValues(other(0, 0x50)))).toBe("known/damaged");
    expect(codeOf(() => decodeKnownValues(other(5, 7)))).toBe("known/damaged");
    expect(codeOf(() => decodeKnownValues(other(9, 1)))).toBe("known/damaged");
  });

  test("of the package: as its card says, below 2.5 MB; changed bytes and a missing file are typed errors", async () => {
    const read = packageModels();
    const bytes = await read("known/values.bin");
    expect(bytes.length).toBeLessThan(2.5e6);
    const card = await loadModelCard(read, "known");
    expect(card.data.map(({ attribution }) => attribution).join()).toMatch(/Jain.*Toher/);
    const changed = bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1);
    await expect(
      loadKnownValues(async (path) => (path.endsWith(".bin") ? changed : read(path))),
    ).rejects.toMatchObject({ code: "model/damaged" });
    await expect(
      loadKnownValues(async () => {
        throw new EwaldError("model/not-read", "no");
      }),
    ).rejects.toMatchObject({ code: "model/not-read" });
  });
});

describe("a structure", () => {
  const idsOf = (structure: Structure): string[] =>
    known.find(structure).matches.map(({ entry: { id } }) => id);

  test.each([
    ["anatase.cif", "mp-390"],
    ["rutile.cif", "mp-2657"],
    ["quartz.cif", "mp-7000"],
    ["halite.cif", "mp-22862"],
    ["calcite.cif", "mp-3953"],
    ["perovskite.vasp", "mp-5229"],
  ])("of %s is %s, in any cell, and a few per cent larger or smaller", (file, id) => {
    const structure = example(file);
    expect(idsOf(structure)).toContain(id);
    expect(idsOf(primitiveCell(structure))).toContain(id);
    expect(idsOf(supercell(structure, [2, 1, 1]))).toContain(id);
    expect(idsOf(scaled(structure, 1.01))).toContain(id);
    expect(idsOf(scaled(structure, 0.99))).toContain(id);
  });

  test("never by its formula alone: another form, and a cell that is far too large, are none", () => {
    expect(idsOf(example("anatase.cif"))).not.toContain("mp-2657");
    expect(idsOf(example("rutile.cif"))).not.toContain("mp-390");
    const swollen = known.find(scaled(example("halite.cif"), 1.08));
    expect(swollen.matches).toEqual([]);
    expect(swollen.ofFormula).toBeGreaterThan(1);
  });

  test("quartz is quartz in either hand", () => {
    const { lattice, sites } = example("quartz.cif");
    const mirrored = {
      lattice,
      sites: sites.map((site) => ({
        ...site,
        frac: site.frac.map((x) => -x) as unknown as Structure["sites"][0]["frac"],
      })),
    };
    expect(idsOf(mirrored)).toEqual(idsOf(example("quartz.cif")));
  });

  test("several entries are all told, nearest first", () => {
    const { matches } = known.find(example("anatase.cif"));
    expect(matches.map(({ entry: { id } }) => id)).toEqual(["mp-390", "mp-34688"]);
    expect(matches.map(({ entry: own }) => own.isLowestOfSpaceGroup)).toEqual([true, true]);
    expect(sourceText(matches[0]!.entry)).toBe("DFT, Materials Project mp-390");
  });

  test("with mixed or empty sites is none; deuterium counts as hydrogen", () => {
    expect(idsOf(example("olivine.cif"))).toEqual([]);
    const salt = example("halite.cif");
    const holes: Structure = {
      ...salt,
      sites: salt.sites.map((site) => ({
        ...site,
        species: [{ ...site.species[0]!, occupancy: 0.9 }],
      })),
    };
    expect(idsOf(holes)).toEqual([]);
    const hydride = (element: string): Structure => ({
      ...salt,
      lattice: scaled(salt, 4.08 / 5.64).lattice,
      sites: salt.sites.map((site) => ({
        ...site,
        species: [
          {
            element: site.species[0]!.element === "Na" ? "Li" : element,
            occupancy: 1,
          },
        ],
      })),
    });
    expect(idsOf(hydride("H")).length).toBeGreaterThan(0);
    expect(idsOf(hydride("D"))).toEqual(idsOf(hydride("H")));
  });
});

describe("made of tables", () => {
  const row = (labels: object) =>
    structureRow(example("halite.cif"), { id: "mp-1", spaceGroup: 225, pearson: "cF8", labels });

  test("what no calculation means is no value, and a row without values no entry", () => {
    const none = new FormEnergies();
    expect(knownEntry(row({ shearModulusGpa: 0 }), none)).toBeNull();
    expect(knownEntry(row({ bandGapEv: 5, bulkModulusGpa: 9000 }), none)!.values).toEqual({
      bandGapEv: 5,
    });
    expect(codeOf(() => knownEntry({ ...row({}), id: "x-1" }, none))).toBe("known/entry");
    expect(codeOf(() => knownEntry({ ...row({}), spaceGroup: null }, none))).toBe("known/entry");
  });

  test("the lowest energy of formula and space group fills in, and says so; the row's own comes first", () => {
    const energies = new FormEnergies();
    for (const energyAboveHullEvPerAtom of [0.3, 0.1])
      energies.add({ formula: "NaCl", spaceGroup: 225, energyAboveHullEvPerAtom });
    expect(knownEntry(row({}), energies)).toMatchObject({
      values: { energyAboveHullEvPerAtom: 0.1 },
      isLowestOfSpaceGroup: true,
      atomsPerPrimitiveCell: 2,
    });
    expect(knownEntry(row({ energyAboveHullEvPerAtom: 0.2 }), energies)).toMatchObject({
      values: { energyAboveHullEvPerAtom: 0.2 },
      isLowestOfSpaceGroup: false,
    });
  });
});
