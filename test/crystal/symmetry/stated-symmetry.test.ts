/** The space group that a file states is kept, used in place of a search, and written back in the file's own setting. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type * as moyo from "@spglib/moyo-wasm";
import { analyze_cell as search } from "@spglib/moyo-wasm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { statedUnit } from "../../../src/crystal/asymmetric-unit.ts";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { writeCif } from "../../../src/crystal/io/write-structure.ts";
import { latticeParameters } from "../../../src/crystal/lattice.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { shiftOrigin, supercell } from "../../../src/crystal/structure-transform.ts";
import { statedFacts } from "../../../src/crystal/symmetry/stated-symmetry.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { sameOperations } from "../../../src/crystal/symmetry/symmetry-operation.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { rowStructure, structureRow } from "../../../src/data/structure-table.ts";
import { readContents, type StructureContent } from "../../../src/data/contents.ts";
import { convertedRecord } from "../../../src/jobs/convert/record.ts";
import { structureFacts } from "../../../src/jobs/read/record.ts";
import { simulatedRecord } from "../../../src/jobs/simulate/record.ts";
import { parseRadiation } from "../../../src/radiation/radiation.ts";

vi.mock("@spglib/moyo-wasm", async (original) => {
  const engine = await original<typeof moyo>();
  return { ...engine, analyze_cell: vi.fn(engine.analyze_cell) };
});

beforeAll(async () => loadSymmetry());

const structureIn = (text: string | Uint8Array): Structure =>
  readStructures(text).structures[0]!.structure;
const contentOf = (text: string): StructureContent =>
  readContents(new TextEncoder().encode(text), "x.cif").contents[0] as StructureContent;
const example = (name: string): string => readFileSync(`examples/${name}.cif`, "utf8");
const toCif = { target: { structure: "cif" }, wanted: "anything", processing: {} } as const;

/** Rutile's cell, its oxygen on no special place: P 42/m n m is higher than what the file states. */
const PSEUDO = `data_pseudo
_cell_length_a 4.6\n_cell_length_b 4.6\n_cell_length_c 2.96
_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90
_space_group_name_H-M_alt 'P n n m'
loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z
Ti1 Ti 0 0 0\nO1 O 0.305 0.305 0\n`;

describe("no search where the file states it", () => {
  test("simulate and convert call no search, with --symprec they do", () => {
    const content = contentOf(example("olivine"));
    const pattern = simulatedRecord(content, { powder: { radiation: parseRadiation("CuKa1") } });
    expect(pattern.spaceGroup).toMatchObject({ symbol: "Pbnm", number: 62 });
    expect(convertedRecord(content, toCif).text).toMatch(/_H-M_alt 'P b n m'$/m);
    expect(search).not.toHaveBeenCalled();
    simulatedRecord(content, {
      powder: { radiation: parseRadiation("CuKa1") },
      symprecAngstrom: 0.01,
    });
    expect(search).toHaveBeenCalled();
  });

  test("the lower symmetry that a file states is told, the other one in a warning", () => {
    const content = contentOf(PSEUDO);
    const facts = structureFacts(content, {});
    expect(facts.spaceGroup).toMatchObject({ symbol: "Pnnm", number: 58 });
    expect(facts.warnings).toMatchObject([{ code: "structure/space-group" }]);
    expect(facts.warnings[0]!.message).toMatch(
      /states P n n m \(No\. 58\).*P4_2\/mnm \(No\. 136\)/,
    );
    const asked = structureFacts(content, { symprecAngstrom: 0.01 });
    expect([asked.spaceGroup?.number, asked.warnings]).toEqual([136, []]);
    expect(convertedRecord(content, toCif).text).toMatch(/_IT_number 58$/m);
  });
});

describe("written back", () => {
  test.each(["quartz", "rutile", "halite", "calcite", "olivine", "anatase"])("%s", (name) => {
    const structure = structureIn(example(name));
    const text = writeCif(structure);
    const again = structureIn(text);
    expect(again.statedSymmetry!.setting).toEqual(structure.statedSymmetry!.setting);
    expect(again.sites).toHaveLength(structure.sites.length);
    expect(text.match(/_symop_operation_xyz\n(?:'.*\n)+/)![0].split("\n").length - 2).toBe(
      structure.statedSymmetry!.operations.length,
    );
    expect(writeCif(structure, { symmetry: "none" })).toMatch(/_IT_number 1$/m);
  });

  test("through a table of structures", () => {
    const row = structureRow(structureIn(example("olivine")), { id: "olivine" });
    expect(row.statedHall).toBe("-P 2c 2ab");
    const text = writeCif(rowStructure(row));
    expect(text).toMatch(/_H-M_alt 'P b n m'$/m);
    expect(structureIn(text).sites).toHaveLength(28);
    const plain = rowStructure({ ...row, statedHall: null });
    expect(writeCif(plain)).toMatch(/_IT_number 1$/m);
  });

  test("operations of no tabulated setting: without a symbol", () => {
    const nameless = writeCif(structureIn(example("rutile"))).replaceAll(
      /^_space_group_(?:name|IT).*\n/gm,
      "",
    );
    const structure = structureIn(nameless);
    expect(structure.statedSymmetry!.setting).toBeNull();
    const text = writeCif(structure);
    expect(text).not.toMatch(/H-M|IT_number/);
    expect(structureIn(text).sites).toHaveLength(6);
  });

  test("what is no longer so is not stated", () => {
    const rutile = structureIn(example("rutile"));
    expect(supercell(rutile, [1, 1, 2]).statedSymmetry).toBeUndefined();
    expect(shiftOrigin(rutile, [0.1, 0, 0]).statedSymmetry).toBeUndefined();
    const [first, ...others] = rutile.sites;
    const other = {
      ...rutile,
      sites: [{ ...first!, species: [{ element: "Sn", occupancy: 1 }] }, ...others],
    };
    expect(statedUnit(other)).toBeNull();
    expect(statedFacts(other)).toBeNull();
    expect(writeCif(other)).toMatch(/_IT_number 1$/m);
    const content = { ...contentOf(example("rutile")), structure: other };
    expect(convertedRecord(content, toCif).warnings).toMatchObject([
      { code: "convert/every-atom" },
    ]);
  });
});

describe("OPTIMADE", () => {
  const rutile = structureIn(example("rutile"));
  const read = (hall: string) =>
    readStructures(
      JSON.stringify({
        data: {
          id: "r",
          attributes: {
            lattice_vectors: rutile.lattice,
            fractional_site_positions: rutile.sites.map(({ frac }) => frac),
            species_at_sites: rutile.sites.map(({ species }) => species[0]!.element),
            species: ["Ti", "O"].map((name) => ({
              name,
              chemical_symbols: [name],
              concentration: [1],
            })),
            space_group_symbol_hall: hall,
          },
        },
      }),
    ).structures[0]!;

  test("the Hall symbol is kept where the atoms obey it, else a warning", () => {
    const { structure, warnings } = read("-P 4n 2n");
    expect(warnings).toEqual([]);
    expect(structure.statedSymmetry!.setting!.number).toBe(136);
    expect(writeCif(structure)).toMatch(/_IT_number 136$/m);
    const other = read("-P 2ac 2n");
    expect(other.structure.statedSymmetry).toBeUndefined();
    expect(other.warnings).toMatchObject([{ code: "structure/stated" }]);
    expect(other.warnings[0]!.message).toMatch(/space group P n m a/);
  });
});

const COLLECTION = "../shared/data/formats/cif";

describe.skipIf(!existsSync(COLLECTION))("of a collection of CIFs", () => {
  test("what follows from the statement is what a search finds, and what is written reads the same", () => {
    let compared = 0;
    for (const file of readdirSync(COLLECTION)) {
      let structures: readonly Structure[] = [];
      try {
        structures = readStructures(readFileSync(`${COLLECTION}/${file}`)).structures.map(
          (one) => one.structure,
        );
      } catch {
        continue;
      }
      for (const structure of structures) {
        if (structure.statedSymmetry === undefined || structure.sites.length > 400) continue;
        expect(statedUnit(structure), file).not.toBeNull();
        const again = structureIn(writeCif(structure));
        expect(again.sites.length, file).toBe(structure.sites.length);
        expect(
          sameOperations(again.statedSymmetry!.operations, structure.statedSymmetry.operations),
          file,
        ).toBe(true);
        const [old, now] = [structure, again].map(({ lattice }) =>
          Object.values(latticeParameters(lattice)),
        );
        for (const [i, value] of now!.entries()) expect(value).toBeCloseTo(old![i]!, 4);
        const facts = statedFacts(structure);
        if (facts === null) continue;
        let found;
        try {
          found = analyzeSymmetry(structure);
        } catch {
          continue;
        }
        if (
          found.number !== facts.number ||
          !sameOperations(found.operations, facts.operations, 1e-3)
        ) {
          continue;
        }
        const { symbol, pearson, wyckoffLetters, orbits, siteSymmetries, crystalSystem } = found;
        expect(facts, file).toMatchObject({
          symbol,
          pearson,
          orbits,
          crystalSystem,
          wyckoffLetters,
          siteSymmetries,
        });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });
});
