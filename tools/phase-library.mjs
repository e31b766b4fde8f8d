// Writes the library of known phases that comes with Ewald into models/known, beside the known values, and names its files in the
// card. The same tables give the same bytes. Needs a build (npm run build) and the tables' folder:
// node tools/phase-library.mjs ../shared/data
import { readFile, writeFile } from "node:fs/promises";
import { latticeFromParameters } from "../dist/crystal/lattice.js";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { fileIdentity, openStructureTable, tableFile } from "../dist/data/files.node.js";
import { openTable } from "../dist/data/parquet.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { KNOWN_FOLDER } from "../dist/known/load.js";
import { hashesOf, PhaseLibraryBuilder } from "../dist/known/phases/library-files.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of experimental_structures, mp_labelled and mp_unlabelled.");
  process.exit(2);
}
const MEASURED = "experimental_structures.parquet";
const CALCULATED = ["mp_labelled.parquet", "mp_unlabelled.parquet"];
/** Phases further above the hull, eV/atom, are taken only where they are tied to a measured structure. */
const MOST_ABOVE_HULL = 0.05;
/** What the sources are called, and whether their structures are measured: frameworks of the IZA are idealised. */
const SOURCES = {
  amcsd_larixite: ["AMCSD", true],
  minerallib_amcsd: ["AMCSD", true],
  aflow_prototype: ["AFLOW prototypes", true],
  httk_cod: ["COD", true],
  avogadro_cod: ["COD", true],
  crystals_cod: ["COD", true],
  rietserv_cod: ["COD", true],
  avogadro_iza: ["IZA", false],
};

await loadSymmetry();
const builder = new PhaseLibraryBuilder();
const columns = {
  entry_id: "string",
  source: "string",
  mineral: "string?",
  compound_name: "string?",
  reference: "string?",
  lattice: "numbers",
  species: "strings",
  frac_coords: "numbers",
  occupancies: "numbers?",
  site_index: "numbers?",
  u_iso: "numbersWithGaps?",
  ambient: "boolean?",
  theoretical: "boolean?",
  representative: "boolean?",
};
for await (const row of (await openTable(await tableFile(`${folder}/${MEASURED}`))).rows(columns)) {
  if (!row.representative || !row.ambient || row.theoretical) continue;
  const [source, isMeasured] = SOURCES[row.source];
  const name = nameOf(row);
  builder.add({
    structure: measuredStructure(row),
    description: {
      id: row.entry_id,
      source,
      isMeasured,
      ...(name === undefined ? {} : { name }),
      ...(row.reference ? { reference: row.reference } : {}),
    },
  });
}
for (const name of CALCULATED) {
  for await (const row of await openStructureTable(`${folder}/${name}`)) {
    const energy = row.labels.energyAboveHullEvPerAtom;
    if (row.inIcsd !== true && !(energy <= MOST_ABOVE_HULL)) continue;
    builder.add({
      structure: rowStructure(row),
      description: {
        id: row.id,
        source: "Materials Project",
        isMeasured: false,
        ...(energy === undefined ? {} : { energyAboveHullEvPerAtom: energy }),
      },
    });
  }
}
const built = builder.build();
for (const { id, error } of built.leftOut) console.error(`${id}: ${error.message}`);
const out = `models/${KNOWN_FOLDER}`;
for (const [name, bytes] of Object.entries(built.files)) await writeFile(`${out}/${name}`, bytes);
const card = JSON.parse(await readFile(`${out}/card.json`, "utf8"));
const others = card.data.filter(({ name }) => name !== MEASURED);
card.data = [
  ...others,
  {
    name: MEASURED,
    sha256: (await fileIdentity(`${folder}/${MEASURED}`)).sha256,
    licence: "facts of publications; see NOTICE",
    attribution:
      "R. T. Downs, M. Hall-Wallace, Am. Mineral. 88, 247 (2003); M. Mehl et al., Comput. Mater. Sci. 136, S1 (2017); S. Gražulis et al., Nucleic Acids Res. 40, D420 (2012)",
  },
];
card.files = { ...card.files, ...(await hashesOf(built)) };
await writeFile(`${out}/card.json`, `${JSON.stringify(card, null, 2)}\n`);
const sizes = Object.entries(built.files).map(([name, { length }]) => `${name} ${length}`);
console.log(`${built.count} phases, ${built.leftOut.length} left out; bytes: ${sizes.join(", ")}`);

/** Names that carry TeX ("$\alpha$-Po") are left out. */
function nameOf({ mineral, compound_name: compound }) {
  return [mineral, compound].find((name) => name && !/[\\$_{]/.test(name));
}

/** Rows that share a `site_index` are one mixed site. */
function measuredStructure(row) {
  const sites = new Map();
  for (const [i, element] of row.species.entries()) {
    const key = row.site_index?.[i] ?? i;
    const u = row.u_iso?.[i];
    const bIso = Number.isFinite(u) ? { bIsoAngstrom2: 8 * Math.PI ** 2 * u } : {};
    const site = sites.get(key) ?? {
      species: [],
      frac: row.frac_coords.slice(3 * i, 3 * i + 3),
      ...bIso,
    };
    site.species.push({ element, occupancy: row.occupancies?.[i] ?? 1 });
    sites.set(key, site);
  }
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = row.lattice;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: [...sites.values()],
  };
}
