// Structure files that say of themselves what they hold, changed in ways that readers take silently for something else, and
// the check of what was read: finite, and what the file still states, unless a warning or a typed error says otherwise.
// For bench/fuzz-structures.mjs and its short form in the tests. Mutation `index` of a seed is the same on every machine.
import { generator, pick } from "./mutations.mjs";

const DASHES = [..."‐‑‒–—―−﹣－⁻₋"];
const BARS = ["\u0305", "\u0304", "\u00af"];
const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];
const LOWERED = [..."₀₁₂₃₄₅₆₇₈₉"];
const WIDE = [..."０１２３４５６７８９"];
const NAMES = [
  "NH4",
  "CO3",
  "SO4",
  "H2O",
  "OH",
  "NO3",
  "PO4",
  "CN",
  "Co",
  "No",
  "Nh",
  "Сa",
  "X",
  "Va",
  "D",
];

/** Of a list of matches one, put in the place of it what `change` makes of it. */
function replaceOne(random, text, pattern, change) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: word } = pick(random, found);
  return text.slice(0, index) + change(word) + text.slice(index + word.length);
}

function withLines(random, text, change) {
  const lines = text.split("\n");
  const [i, j] = [0, 0].map(() => Math.floor(random() * lines.length));
  change(lines, i, j);
  return lines.join("\n");
}

const STEPS = [
  (random, text) => replaceOne(random, text, /-/g, () => pick(random, DASHES)),
  (random, text) => text.replaceAll("-", pick(random, DASHES)),
  (random, text) => replaceOne(random, text, /-\d/g, (word) => `${word[1]}${pick(random, BARS)}`),
  (random, text) =>
    replaceOne(
      random,
      text,
      /\d/g,
      (digit) => pick(random, [RAISED, LOWERED, WIDE])[Number(digit)],
    ),
  (random, text) => withLines(random, text, (lines, i) => lines.splice(i, 1)),
  (random, text) => withLines(random, text, (lines, i) => lines.splice(i, 0, lines[i])),
  (random, text) => withLines(random, text, (lines, i, j) => (lines[i] = lines[j])),
  (random, text) =>
    withLines(random, text, (lines, i, j) => ([lines[i], lines[j]] = [lines[j], lines[i]])),
  (random, text) => replaceOne(random, text, /\d/g, () => String(Math.floor(random() * 10))),
  (random, text) =>
    replaceOne(random, text, /\d\.\d/g, (word) => word.replace(".", pick(random, [",", "", "·"]))),
  (random, text) => replaceOne(random, text, /\b[A-Z][a-z]?\b/g, () => pick(random, NAMES)),
  (random, text) => replaceOne(random, text, /[^\n]/g, () => ""),
  (random, text) =>
    replaceOne(random, text, /\b\d+\.\d+/g, (word) =>
      String(Number(word) * pick(random, [10, 100, 0.1, 0.01])),
    ),
  (random, text) =>
    replaceOne(random, text, /-?\d+\.\d+/g, (word) =>
      word.startsWith("-") ? word.slice(1) : `-${word}`,
    ),
  (random, text) =>
    replaceOne(random, text, /\S+ +\S+/g, (word) => word.split(/ +/).reverse().join(" ")),
];

/** One to three changes of one of the files: the changed text, and the file that it was. */
export function readingMutation(seed, index) {
  const random = generator(Math.imul(seed, 0x85ebca6b) ^ Math.imul(index + 1, 0x9e3779b1));
  const file = pick(random, READING_FILES);
  let { text } = file;
  const steps = 1 + Math.floor(random() ** 2 * 3);
  for (let i = 0; i < steps; i += 1) text = pick(random, STEPS)(random, text);
  return { text, file };
}

/** What is wrong with what was read of a changed file; undefined where nothing is. */
export function readingFault(text, file, { structures }) {
  for (const { structure, warnings } of structures) {
    const fault = notFinite(structure);
    if (fault !== undefined) return fault;
    if (warnings.length > 0) continue;
    const found = summary(structure);
    for (const { line, holds } of file.states) {
      const stands = file.isFirstLine
        ? text.startsWith(`${line}\n`)
        : text.split("\n").includes(line);
      if (stands && !holds(found))
        return `"${line.trim()}" is stated, ${JSON.stringify(found)} was read without a word`;
    }
  }
  return undefined;
}

function notFinite({ lattice, sites }) {
  if (!lattice.flat().every(Number.isFinite) || !(volumeOf(lattice) > 0))
    return "a cell without volume";
  if (sites.length === 0) return "no atoms";
  for (const { frac, species, bIsoAngstrom2 = 0 } of sites) {
    if (!frac.every(Number.isFinite) || !Number.isFinite(bIsoAngstrom2))
      return "a site that is nowhere";
    const total = species.reduce((sum, one) => sum + one.occupancy, 0);
    if (!species.every((one) => one.occupancy > 0) || !(total <= 1.0001))
      return `${total} atoms on a site`;
  }
  return undefined;
}

function volumeOf([a, b, c]) {
  return Math.abs(
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
      a[1] * (b[0] * c[2] - b[2] * c[0]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]),
  );
}

function summary({ lattice, sites }) {
  const atoms = {};
  for (const { species } of sites) {
    for (const { element, occupancy } of species)
      atoms[element] = (atoms[element] ?? 0) + occupancy;
  }
  return { atoms, volume: volumeOf(lattice) };
}

/** The amounts have these ratios, or are these where `exact`. */
function holdsFormula(unit, exact = false) {
  return ({ atoms }) => {
    const elements = new Set([...Object.keys(unit), ...Object.keys(atoms)]);
    const scale = exact
      ? 1
      : Math.max(...Object.keys(unit).map((one) => (atoms[one] ?? 0) / unit[one]));
    return [...elements].every(
      (one) =>
        Math.abs((atoms[one] ?? 0) - scale * (unit[one] ?? 0)) <=
        0.04 * Math.max(2, scale * (unit[one] ?? 0)),
    );
  };
}

const holdsVolume = (volume) => (found) => Math.abs(found.volume - volume) <= 0.005 * volume;
const always =
  (...elements) =>
  ({ atoms }) =>
    Object.keys(atoms).sort().join() === elements.join();

const json = (value) => JSON.stringify(value, null, 1);

/** Formula lines hold by ratio: the line of Z may have been changed. */
export const READING_FILES = [
  {
    text: `data_corundum
_chemical_formula_sum 'Al2 O3'
_cell_formula_units_Z 6
_cell_length_a 4.757
_cell_length_b 4.757
_cell_length_c 12.9877
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 120
_cell_volume 254.53
_exptl_crystal_density_diffrn 3.991
_symmetry_space_group_name_H-M 'R -3 c'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_U_iso_or_equiv
Al1 Al3+ 0.0000 0.0000 0.35217 0.0040
O1 O2- 0.30620 0.0000 0.2500 0.0045
`,
    states: [
      { line: "_chemical_formula_sum 'Al2 O3'", holds: holdsFormula({ Al: 2, O: 3 }) },
      { line: "_cell_volume 254.53", holds: holdsVolume(254.53) },
    ],
  },
  {
    text: `data_monoclinic
_chemical_formula_sum 'Fe4 O2'
_cell_formula_units_Z 1
_cell_length_a 5.10
_cell_length_b 6.20
_cell_length_c 7.30
_cell_angle_alpha 90
_cell_angle_beta 100.0
_cell_angle_gamma 90
_cell_volume 227.3
_space_group_name_H-M_alt 'P 1 2/m 1'
_space_group_IT_number 10
loop_
_space_group_symop_operation_xyz
'x,y,z'
'-x,y,-z'
'-x,-y,-z'
'x,-y,z'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Fe1 0.1000 0.2200 0.3300 1.0
O1 -0.3000 0.0000 0.2000 1.0
`,
    states: [
      { line: "_chemical_formula_sum 'Fe4 O2'", holds: holdsFormula({ Fe: 4, O: 2 }) },
      { line: "_cell_volume 227.3", holds: holdsVolume(227.3) },
    ],
  },
  {
    text: `Sr1 Ti1 O3
1.0
3.905 0.0 0.0
0.0 3.905 0.0
0.0 0.0 3.905
Sr Ti O
1 1 3
Direct
0.0 0.0 0.0 Sr
0.5 0.5 0.5 Ti
0.5 0.5 0.0 O
0.5 0.0 0.5 O
0.0 0.5 0.5 O
`,
    isFirstLine: true,
    states: [{ line: "Sr1 Ti1 O3", holds: holdsFormula({ Sr: 1, Ti: 1, O: 3 }) }],
  },
  {
    text: json({
      formula_pretty: "MgO",
      structure: {
        "@class": "Structure",
        lattice: {
          matrix: [
            [4.2, 0, 0.5],
            [0, 4.2, 0],
            [0, 0, 2.1],
          ],
          volume: 37.044,
        },
        sites: [
          {
            species: [{ element: "Mg", oxidation_state: 2, occu: 1.0 }],
            abc: [0.1, -0.2, 0.3],
            label: "Mg",
          },
          {
            species: [{ element: "O", oxidation_state: -2, occu: 1.0 }],
            abc: [0.6, 0.3, 0.8],
            label: "O",
          },
        ],
      },
    }),
    states: [
      { line: ' "formula_pretty": "MgO",', holds: holdsFormula({ Mg: 1, O: 1 }) },
      { line: '   "volume": 37.044', holds: holdsVolume(37.044) },
    ],
  },
  {
    text: json({
      data: {
        id: "1",
        type: "structures",
        attributes: {
          lattice_vectors: [
            [6.1, 0, 0],
            [0, 6.2, 0],
            [0, 0, 6.3],
          ],
          cartesian_site_positions: [
            [0.1, 0, 0],
            [-1.2, 0, 0],
            [3, 3.1, 3],
          ],
          species_at_sites: ["Ti", "Ti", "O"],
          species: [
            { name: "Ti", chemical_symbols: ["Ti"], concentration: [1.0] },
            { name: "O", chemical_symbols: ["O", "vacancy"], concentration: [0.9, 0.1] },
          ],
          assemblies: [{ sites_in_groups: [[0], [1]], group_probabilities: [0.7, 0.3] }],
          structure_features: ["assemblies"],
          nsites: 3,
          nelements: 2,
          chemical_formula_reduced: "O9Ti10",
        },
      },
    }),
    states: [
      { line: '   "chemical_formula_reduced": "O9Ti10"', holds: holdsFormula({ O: 9, Ti: 10 }) },
      { line: '   "nelements": 2,', holds: always("O", "Ti") },
    ],
  },
];
