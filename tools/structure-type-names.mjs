// Writes src/crystal/structure-type-names.table.ts: which prototypes each structure type key may be. Run after
// `npm run build`:  node tools/structure-type-names.mjs
import { writeFileSync } from "node:fs";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { structureTypeKey } from "../dist/crystal/types/structure-type-key.js";
import { prototypeStructure } from "../dist/crystal/types/prototypes.js";
import { PROTOTYPES } from "../dist/crystal/types/prototypes.table.js";

await loadSymmetry();
const byKey = new Map();
function add(key, id) {
  const ids = byKey.get(key) ?? [];
  if (!ids.includes(id)) byKey.set(key, [...ids, id]);
}
for (const prototype of PROTOTYPES) {
  const structure = prototypeStructure(prototype);
  add(structureTypeKey(structure), prototype.id);
  // The mirror image: another key where the space group has a twin (152 and 154, left and right quartz).
  const mirrored = structure.sites.map(({ species, frac }) => ({
    species,
    frac: frac.map((x) => -x),
  }));
  add(structureTypeKey({ lattice: structure.lattice, sites: mirrored }), prototype.id);
}
const lines = [...byKey]
  .toSorted(([one], [other]) => one.split("|")[2] - other.split("|")[2] || (one < other ? -1 : 1))
  .map(
    ([key, ids]) =>
      `  "${key}": [${ids
        .toSorted()
        .map((id) => `"${id}"`)
        .join(", ")}],`,
  );
writeFileSync(
  "src/crystal/structure-type-names.table.ts",
  `/**
 * Which prototypes (ids of prototypes.table.ts) a structure type key may be; several where one key holds
 * clearly different geometries. Written by tools/structure-type-names.mjs from the facts of that table; do not edit.
 * A test recomputes every line.
 */
export const STRUCTURE_TYPE_NAMES: Readonly<Record<string, readonly string[]>> = {
${lines.join("\n")}
};
`,
);
