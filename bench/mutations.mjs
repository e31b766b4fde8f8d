// Seeded mutations of structure files, for the fuzz run (bench/fuzz-structures.mjs) and its short form in the tests.
// Mutation `index` of a seed is the same on every machine, so that a finding can be repeated by its number.

/** mulberry32: 32 bits of state, enough to choose mutations. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What breaks parsers: delimiters, keywords, and numbers that are none. */
const TOKENS = [
  ..."'|\"|;|\n;|\n|\r|\t|#|?|.|,|(|)|[|]|{|}|:|-|+|*|/|_|\\|\0|\u001a".split("|"),
  ..."loop_|data_|save_|stop_|global_|_cell_length_a|_atom_site_label|_atom_site_fract_x".split(
    "|",
  ),
  ..."NaN|Infinity|1e999|-1e999|1e308|1e-308|0|-0|-1|0x10|1/0|99999999999999999999".split("|"),
  ...'null|true|[]|{}|""|__proto__|constructor|toString|\u00e9|\ud83d|x,y,z|-x,-y|1(|1()|1(9'.split(
    "|",
  ),
  "9".repeat(400),
  "[".repeat(3000),
  "(".repeat(300),
  "\n1 1 1".repeat(50),
];

export function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

function span(random, length, longest) {
  const start = Math.floor(random() * (length + 1));
  return [start, Math.min(length, start + Math.floor(random() * longest))];
}

const STEPS = [
  // cut a piece out, repeat a piece, cut the end off
  (random, text) => {
    const [start, end] = span(random, text.length, 60);
    return text.slice(0, start) + text.slice(end);
  },
  (random, text) => {
    const [start, end] = span(random, text.length, 300);
    const times = random() < 0.05 ? 200 : 2;
    return text.slice(0, start) + text.slice(start, end).repeat(times) + text.slice(end);
  },
  (random, text) => text.slice(0, Math.floor(random() * text.length)),
  // put a token in, or in the place of another
  (random, text) => {
    const [start] = span(random, text.length, 1);
    return `${text.slice(0, start)}${pick(random, TOKENS)}${text.slice(start)}`;
  },
  (random, text) => {
    const words = [...text.matchAll(/[^\s,]+/g)];
    if (words.length === 0) return text;
    const word = pick(random, words);
    return (
      text.slice(0, word.index) + pick(random, TOKENS) + text.slice(word.index + word[0].length)
    );
  },
  // another number in the place of a number
  (random, text) => {
    const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
    if (numbers.length === 0) return text;
    const number = pick(random, numbers);
    const scale = pick(random, [0, -1, 1e-9, 0.01, 0.5, 2, 100, 1e9]);
    return (
      text.slice(0, number.index) +
      String(Number(number[0]) * scale) +
      text.slice(number.index + number[0].length)
    );
  },
  // one character changed
  (random, text) => {
    const [start] = span(random, text.length, 1);
    const letter = String.fromCharCode(Math.floor(random() * (random() < 0.9 ? 128 : 65536)));
    return text.slice(0, start) + letter + text.slice(start + 1);
  },
  // two lines change places
  (random, text) => {
    const lines = text.split("\n");
    const i = Math.floor(random() * lines.length);
    const j = Math.floor(random() * lines.length);
    [lines[i], lines[j]] = [lines[j], lines[i]];
    return lines.join("\n");
  },
  // the head of this, the tail of another
  (random, text, samples) => {
    const other = pick(random, samples);
    return (
      text.slice(0, Math.floor(random() * text.length)) +
      other.slice(Math.floor(random() * other.length))
    );
  },
];

/** Mutation number `index` under `seed` of one of the samples: text, or bytes for one in ten. */
export function mutation(samples, seed, index) {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  let text = pick(random, samples);
  const steps = 1 + Math.floor(random() ** 2 * 6);
  for (let i = 0; i < steps; i += 1) text = pick(random, STEPS)(random, text, samples);
  if (random() > 0.1) return text;
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < 3 && bytes.length > 0; i += 1) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return bytes;
}

/** Our own small files, one of each kind, with most of what the readers know. */
export const SAMPLES = [
  `#\\#CIF_1.1
# a comment
data_rutile
_audit_creation_method 'by hand'
_chemical_formula_sum 'O2 Ti'
_cell_formula_units_Z 2
_cell_length_a 4.5937(3)
_cell_length_b 4.5937(3)
_cell_length_c 2.9587(2)
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 42/m n m'
_symmetry_Int_Tables_number 136
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
_atom_site_U_iso_or_equiv
Ti1 Ti4+ 0 0 0 1 0.005
O1 O2- 0.3047(2) 0.3047(2) 0 1.0 ?
`,
  `data_mixed
_publ_section_title
;
 A text; of several
 lines
;
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_Hall '-P 1'
loop_
_space_group_symop_id
_space_group_symop_operation_xyz
1 x,y,z
2 '-x, -y, -z'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
_atom_site_calc_flag
Fe1 .1 .2 .3 0.5 d
Mg1 .1 .2 .3 0.5 d
Cl1 .5 .5 .5 . d
D2 ? ? ? 1 calc
loop_
_atom_site_aniso_label
_atom_site_aniso_U_11
_atom_site_aniso_U_22
_atom_site_aniso_U_33
_atom_site_aniso_U_12
_atom_site_aniso_U_13
_atom_site_aniso_U_23
Fe1 .01 .01 .02 0 0 .001
data_diamond
_cell.length_a 3.567
_cell.length_b 3.567
_cell.length_c 3.567
_cell.angle_alpha 90
_cell.angle_beta 90
_cell.angle_gamma 90
_symmetry.space_group_name_H-M 'F d -3 m'
loop_
_atom_site.label
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
C1 0 0 0
`,
  `Sr Ti O
1.0
3.905 0 0
0 3.905 0
0 0 3.905
Sr Ti O
1 1 3
Selective dynamics
Direct
0 0 0 T T T
0.5 0.5 0.5 F F F
0.5 0.5 0 T T F
0.5 0 0.5 T T F
0 0.5 0.5 T T F
`,
  `{"@module": "pymatgen.core.structure", "@class": "Structure", "charge": 0, "lattice": {"matrix": [[4.2, 0, 0], [0, 4.2, 0], [0, 0, 4.2]], "a": 4.2, "b": 4.2, "c": 4.2, "alpha": 90, "beta": 90, "gamma": 90, "volume": 74.1}, "sites": [{"species": [{"element": "Mg", "oxidation_state": 2, "occu": 0.9}, {"element": "Fe", "occu": 0.1}], "abc": [0, 0, 0], "xyz": [0, 0, 0], "label": "Mg", "properties": {}}, {"species": [{"element": "O", "occu": 1}], "abc": [0.5, 0.5, 0.5], "label": "O", "properties": {}}]}`,
  `{"data": [{"type": "structures", "id": "1", "attributes": {"elements": ["Cs", "Cl"], "nsites": 2, "dimension_types": [1, 1, 1], "lattice_vectors": [[4.1, 0, 0], [0, 4.1, 0], [0, 0, 4.1]], "cartesian_site_positions": [[0, 0, 0], [2.05, 2.05, 2.05]], "species_at_sites": ["Cs", "Cl"], "species": [{"name": "Cs", "chemical_symbols": ["Cs", "vacancy"], "concentration": [0.9, 0.1]}, {"name": "Cl", "chemical_symbols": ["Cl"], "concentration": [1]}], "structure_features": ["disorder"]}}], "meta": {}}`,
];
