/**
 * Recipes that count: how large the papers' data sets are, and what the same rules give on open tables. The papers
 * drew from the Materials Project of their year or from ICSD, which cannot be passed on.
 */
import { rowStructureType } from "../data/leakage.ts";
import type { TableFile } from "../data/parquet.ts";
import type { Measured, Quantity, Recipe, RecipeContext, RecipeResult } from "./recipe.ts";
import { rowStructure, type StructureRow, structureTable } from "../data/structure-table.ts";
import { shortestDistance } from "../crystal/distances.ts";

const LABELLED = "mp_labelled.parquet";
const UNLABELLED = "mp_unlabelled.parquet";
const BOTH = [LABELLED, UNLABELLED];

const MP_NOTE =
  "Ours are the Materials Project structures of 2025 with at most 60 atoms in the cell when unlabelled, GNoME-derived entries left out, labels of 2018 to 2024; the paper's is the Materials Project of its year.";
const ICSD_NOTE =
  "The paper's structures are those of ICSD, which cannot be passed on; ours are the Materials Project's, which relaxed most of ICSD's ordered entries and added hypothetical ones.";

/** Both tables, or the labelled one only where the run is to be fast. */
async function* mpRows(context: RecipeContext): AsyncGenerator<StructureRow> {
  for (const name of context.fast ? [LABELLED] : BOTH) {
    const file: TableFile = await context.table(name);
    context.progress(`reading ${name}`);
    yield* await structureTable(file);
  }
}

const counted = (value: number, n: number): Measured => ({ value, n });

function count(
  key: string,
  title: string,
  paper: Quantity["paper"],
  ours: number,
  n: number,
): Quantity {
  return { key, title, unit: "", paper, ours: counted(ours, n) };
}

function share(
  key: string,
  title: string,
  paper: Quantity["paper"],
  part: number,
  n: number,
): Quantity {
  return { key, title, unit: "%", paper, ours: counted((100 * part) / n, n) };
}

const result = (quantities: readonly Quantity[], ...differences: string[]): RecipeResult => ({
  quantities,
  differences,
  seeds: [],
});

const compositionMatrix: Recipe = {
  item: 1,
  tables: BOTH,
  minutes: 0.2,
  async run(context) {
    let [entries, kept] = [0, 0];
    const elements = new Set<string>();
    for await (const row of mpRows(context)) {
      entries++;
      const distinct = new Set(row.species);
      if (distinct.size < 2 || distinct.size > 5) continue;
      kept++;
      for (const symbol of distinct) elements.add(symbol);
    }
    return result(
      [
        count("entries", "Entries", { value: 120_612, place: "Fig. S1" }, entries, entries),
        count(
          "binary-to-quinary",
          "Binary to quinary entries",
          { value: 118_176, place: "Fig. S1" },
          kept,
          entries,
        ),
        share(
          "share-binary-to-quinary",
          "Share of binary to quinary entries",
          { value: (100 * 118_176) / 120_612, place: "Fig. S1" },
          kept,
          entries,
        ),
        count(
          "elements",
          "Elements (columns of the matrix)",
          { value: 87, place: "Fig. S1" },
          elements.size,
          kept,
        ),
      ],
      MP_NOTE,
    );
  },
};

const nonMetalBinaries: Recipe = {
  item: 10,
  tables: [LABELLED],
  minutes: 0.1,
  async run(context) {
    const anions = new Map([
      ["O", 0],
      ["S", 0],
      ["F", 0],
      ["N", 0],
    ]);
    let rows = 0;
    for await (const row of await structureTable(await context.table(LABELLED))) {
      rows++;
      const distinct = new Set(row.species);
      if (distinct.size !== 2 || !((row.labels.bandGapEv ?? 0) > 0)) continue;
      // Of two anions (SO2, OF2) the more electronegative one names the compound.
      const anion = ["F", "O", "N", "S"].find((symbol) => distinct.has(symbol));
      if (anion !== undefined) anions.set(anion, anions.get(anion)! + 1);
    }
    const total = [...anions.values()].reduce((sum, value) => sum + value, 0);
    const paper = {
      O: ["oxides", 839],
      S: ["sulfides", 328],
      F: ["fluorides", 192],
      N: ["nitrides", 165],
    } as const;
    return result(
      [
        ...Object.entries(paper).map(([anion, [name, value]]) =>
          count(
            name,
            `Binary ${name} with a gap`,
            { value, place: "Fig. S4" },
            anions.get(anion)!,
            rows,
          ),
        ),
        count("binaries", "Together", { value: 1524, place: "Results" }, total, rows),
      ],
      MP_NOTE,
      "The paper speaks of 1,524 and elsewhere of 1,528 binaries; ours also counts non-metal partners (SO2, SF6), which the paper may not.",
    );
  },
};

const abc3AndTernary: Recipe = {
  item: 21,
  tables: BOTH,
  minutes: 0.2,
  async run(context) {
    const formulas = {
      abc3: new Set<string>(),
      ternary: new Set<string>(),
      abc3Labelled: new Set<string>(),
      ternaryLabelled: new Set<string>(),
    };
    let [rows, labelled] = [0, 0];
    for await (const row of mpRows(context)) {
      rows++;
      if (row.formula === null || new Set(row.species).size !== 3) continue;
      const hasEnergy = row.labels.formationEnergyEvPerAtom !== undefined;
      if (hasEnergy) labelled++;
      formulas.ternary.add(row.formula);
      if (hasEnergy) formulas.ternaryLabelled.add(row.formula);
      if (row.formulaAnonymous !== "ABC3") continue;
      formulas.abc3.add(row.formula);
      if (hasEnergy) formulas.abc3Labelled.add(row.formula);
    }
    return result(
      [
        count(
          "abc3",
          "ABC3 formulas",
          { value: 4270, place: "Section 2.4" },
          formulas.abc3.size,
          rows,
        ),
        count(
          "ternary",
          "Ternary formulas",
          { value: 43_223, place: "Section 2.4" },
          formulas.ternary.size,
          rows,
        ),
        count(
          "abc3-with-energy",
          "ABC3 formulas with a formation energy",
          { value: 4270, place: "Section 2.4" },
          formulas.abc3Labelled.size,
          labelled,
        ),
        count(
          "ternary-with-energy",
          "Ternary formulas with a formation energy",
          { value: 43_223, place: "Section 2.4" },
          formulas.ternaryLabelled.size,
          labelled,
        ),
      ],
      MP_NOTE,
      "The paper keeps the polymorph of lowest formation energy of each formula; formulas are counted here, so the choice does not change the number.",
    );
  },
};

const taskSets: Recipe = {
  item: 43,
  tables: BOTH,
  minutes: 0.2,
  async run(context) {
    let [gap, metal, insulator, elastic, stiff, rigid, hull, stable] = [0, 0, 0, 0, 0, 0, 0, 0];
    let [rows, icsd] = [0, 0];
    for await (const { labels, inIcsd } of mpRows(context)) {
      rows++;
      if (inIcsd === true) icsd++;
      const { bandGapEv, bulkModulusGpa, shearModulusGpa, energyAboveHullEvPerAtom } = labels;
      if (bandGapEv !== undefined) {
        gap++;
        if (bandGapEv === 0) metal++;
        else insulator++;
      }
      if (bulkModulusGpa !== undefined && shearModulusGpa !== undefined) {
        elastic++;
        if (bulkModulusGpa > 85) stiff++;
        if (shearModulusGpa > 34) rigid++;
      }
      if (energyAboveHullEvPerAtom !== undefined) {
        hull++;
        if (energyAboveHullEvPerAtom < 0.02) stable++;
      }
    }
    const place = "Table I";
    return result(
      [
        count("metallicity", "Structures with a gap", { value: 74_108, place }, gap, gap),
        count("metals", "of them metals (gap 0)", { value: 36_451, place }, metal, gap),
        count("insulators", "of them insulators", { value: 37_657, place }, insulator, gap),
        count(
          "elasticity",
          "Structures with both moduli",
          { value: 13_176, place },
          elastic,
          elastic,
        ),
        count(
          "bulk-above-85",
          "of them bulk modulus > 85 GPa",
          { value: 6582, place },
          stiff,
          elastic,
        ),
        count(
          "shear-above-34",
          "of them shear modulus > 34 GPa",
          { value: 6472, place },
          rigid,
          elastic,
        ),
        count(
          "stability",
          "Structures with an energy above hull",
          { value: 139_029, place },
          hull,
          hull,
        ),
        count("stable", "of them below 20 meV/atom", { value: 58_027, place }, stable, hull),
        count(
          "icsd",
          "Structures tied to an ICSD entry (crystal system)",
          { value: 48_524, place: "Section III" },
          icsd,
          rows,
        ),
      ],
      MP_NOTE,
      "The authors' code drops gaps up to 0.05 eV, which the table of the paper does not say; none are dropped here.",
    );
  },
};

const structureTypes: Recipe = {
  item: 56,
  tables: BOTH,
  minutes: 0.2,
  async run(context) {
    const types = new Map<string, number>();
    let rows = 0;
    for await (const row of mpRows(context)) {
      rows++;
      const key = rowStructureType(row);
      if (key !== null) types.set(key, (types.get(key) ?? 0) + 1);
    }
    const typed = [...types.values()].reduce((sum, value) => sum + value, 0);
    const top = [...types.values()].sort((a, b) => b - a).slice(0, 100);
    const inTop = top.reduce((sum, value) => sum + value, 0);
    const place = "Results";
    return result(
      [
        count("structures", "Structures", { value: 182_674, place }, rows, rows),
        count("typed", "Structures with a type", { value: 145_400, place }, typed, rows),
        count("types", "Structure types", { value: 9384, place }, types.size, typed),
        count(
          "top-100",
          "Structures of the 100 most frequent types",
          { value: 63_963, place },
          inTop,
          typed,
        ),
        share(
          "top-100-share",
          "their share of the typed structures",
          { value: (100 * 63_963) / 145_400, place },
          inTop,
          typed,
        ),
        count("rarest-of-100", "Members of type 100", null, top.at(-1) ?? 0, typed),
      ],
      ICSD_NOTE,
      "The paper's types are those of Allmann and Hinek; ours, where a table holds no full key, are (anonymous formula, Pearson symbol, space group), which parts fewer types.",
    );
  },
};

/** Rule of the paper: no two atoms nearer than this, Å. */
const NEAREST_ANGSTROM = 0.65;

const siteSet: Recipe = {
  item: 78,
  tables: BOTH,
  minutes: 1,
  async run(context) {
    let [rows, kept, atoms, inequivalent] = [0, 0, 0, 0];
    for await (const row of mpRows(context)) {
      rows++;
      const nearest =
        shortestDistance(rowStructure(row), NEAREST_ANGSTROM)?.distanceAngstrom ?? Infinity;
      if (nearest < NEAREST_ANGSTROM || row.occupancies !== null) continue;
      kept++;
      atoms += row.species.length;
      inequivalent += row.inequivalentSiteCount ?? 0;
    }
    const place = "Methods";
    return result(
      [
        count("structures", "Structures after the filters", { value: 51_723, place }, kept, rows),
        count("sites", "Sites: atoms of the cells", { value: 704_334, place }, atoms, kept),
        count(
          "inequivalent-sites",
          "Sites: distinct by symmetry",
          { value: 704_334, place },
          inequivalent,
          kept,
        ),
      ],
      "The paper's structures are measured ones of ICSD and COD (2016), filtered by R factor; ours are calculated, so that only the filters by occupancy and distance apply.",
      "The paper does not say whether a site is an atom of the cell or one of the asymmetric unit; both are counted.",
    );
  },
};

/** Recipes that need tables alone. */
export const DATASET_RECIPES: readonly Recipe[] = [
  compositionMatrix,
  nonMetalBinaries,
  abc3AndTernary,

  taskSets,
  structureTypes,
  siteSet,
];
