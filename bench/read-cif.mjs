// 1,000 CIFs of 20 atoms in the cell, parsed and expanded: `npm run build && node bench/read-cif.mjs`.
// The files are made here: 230 space groups by symbol in turn, general positions, so that each has about 20 atoms.
import { performance } from "node:perf_hooks";
import { operationsFromHall } from "../dist/crystal/symmetry/hall-symbol.js";
import { readCifStructures } from "../dist/crystal/cif/structure.js";
import { settingsByNumber } from "../dist/crystal/symmetry/space-group-settings.js";

const COUNT = 1000;
const ATOMS = 20;

function cell(number) {
  if (number <= 2) return [7.1, 8.3, 9.7, 85, 95, 102];
  if (number <= 15) return [7.1, 8.3, 9.7, 90, 103, 90];
  if (number <= 74) return [7.1, 8.3, 9.7, 90, 90, 90];
  if (number <= 142) return [8.1, 8.1, 9.7, 90, 90, 90];
  return number <= 194 ? [9.1, 9.1, 9.7, 90, 90, 120] : [12, 12, 12, 90, 90, 90];
}

function makeCif(index) {
  const setting = settingsByNumber(1 + (index % 230))[0];
  const { length: order } = operationsFromHall(setting.hall);
  const names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];
  const choice = setting.choice === "" ? "" : `:${setting.choice}`;
  const lines = [
    `data_${index}`,
    `_symmetry_space_group_name_H-M '${setting.hermannMauguin}${choice}'`,
  ];
  cell(setting.number).forEach((value, i) => lines.push(`_cell_${names[i]} ${value}`));
  lines.push("loop_");
  for (const name of ["label", "type_symbol", "fract_x", "fract_y", "fract_z", "occupancy"]) {
    lines.push(`_atom_site_${name}`);
  }
  const sites = Math.max(1, Math.round(ATOMS / order));
  for (let i = 0; i < sites; i += 1) {
    const [x, y, z] = [0.0713, 0.1309, 0.1931].map(
      (step, axis) => ((i + 1) * step * (axis + 2)) % 1,
    );
    lines.push(`Si${i} Si4+ ${x.toFixed(4)}(2) ${y.toFixed(4)}(2) ${z.toFixed(4)}(2) 0.5`);
  }
  return `${lines.join("\n")}\n`;
}

const files = Array.from({ length: COUNT }, (_, index) => makeCif(index));
let atoms = 0;
for (let pass = 0; pass < 3; pass += 1) {
  atoms = 0;
  const start = performance.now();
  for (const file of files) atoms += readCifStructures(file).structures[0].structure.sites.length;
  const ms = performance.now() - start;
  console.log(
    `pass ${pass + 1}: ${COUNT} files, ${atoms} atoms, ${ms.toFixed(0)} ms, ${(ms / COUNT).toFixed(3)} ms each`,
  );
}
