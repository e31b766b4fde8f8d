/**
 * Crystal structures from CIF: cell, symmetry, atoms of each data block that has them, expanded to the full
 * cell. What the file says twice must agree; what it leaves open is decided only by what it says
 * elsewhere (metric, distances, formula), and each decision leaves a warning. `docs/cif.md` lists them.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import type { CifBlock, CifDocument } from "../../formats/cif-document.ts";
import { type CifOptions, parseCif } from "../../formats/cif-parser.ts";
import type { Mat3 } from "../../math/matrix3.ts";
import { contentsAgree, readStated } from "./formula.ts";
import { warnModulated } from "./magnetic.ts";
import { listedSiteCount, readCifSites } from "./sites.ts";
import type { DeclaredSymmetry } from "./space-group.ts";
import {
  type CifSymmetry,
  type ContradictionChoice,
  readCifSymmetry,
  type SymmetryCandidate,
} from "./symmetry.ts";
import { type CifItems, cifItems } from "./tags.ts";
import {
  DEFAULT_MAX_SITES,
  type ExpandOptions,
  expandSites,
  type Expansion,
  type ListedSite,
} from "../expand.ts";
import { latticeFromParameters, type LatticeParameters } from "../lattice.ts";
import { contentDifferences, statedWarning } from "../io/stated-contents.ts";
import type { Structure } from "../structure.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";

/** The structure as the source states it beside its atoms. */
export interface Declared extends DeclaredSymmetry {
  readonly formula?: string;
  readonly formulaUnitsZ?: number;
}

export interface ReadStructure {
  readonly structure: Structure;
  /** Name of the data block, comment line, or identifier in the source; "" where it has none. */
  readonly name: string;
  readonly declared: Declared;
  /** The operations by which the sites were expanded; the identity alone where all were listed. */
  readonly operations: readonly SymmetryOperation[];
  readonly warnings: readonly Warning[];
}

export interface CifStructureOptions extends ExpandOptions, CifOptions {
  /** The side to believe where listed operations and declared space group contradict; "refuse" unless said. */
  readonly contradiction?: ContradictionChoice;
}

export interface CifStructures {
  readonly structures: readonly ReadStructure[];
  /** Blocks that hold a structure that could not be read, beside those that could. */
  readonly failures: readonly EwaldError[];
}

/**
 * All structures of a CIF.
 *
 * @throws EwaldError the first failure where no block could be read, `cif/no-structure` where none has atoms;
 * the parser's codes
 */
export function readCifStructures(
  input: Uint8Array | string | CifDocument,
  options: CifStructureOptions = {},
): CifStructures {
  const document =
    typeof input === "string" || input instanceof Uint8Array ? parseCif(input, options) : input;
  const structures: ReadStructure[] = [];
  const failures: EwaldError[] = [];
  for (const block of document.blocks) {
    if (!holdsStructure(block)) continue;
    try {
      const read = readCifBlock(block, options);
      const warnings = [...document.warnings, ...read.warnings];
      structures.push({ ...read, warnings });
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      failures.push(error);
    }
  }
  if (structures.length === 0) throw failures[0] ?? noStructure(document);
  return { structures, failures };
}

const COORDINATE = /^_atom_site[._](?:fract|cartn)_[xyz]$/;

function holdsStructure(block: CifBlock): boolean {
  for (const tag of block.columns.keys()) {
    if (COORDINATE.test(tag)) return listedSiteCount(cifItems(block)) > 0;
  }
  return false;
}

/** Says what the file is instead. */
function noStructure(document: CifDocument): EwaldError {
  const kinds: readonly (readonly [string, string])[] = [
    ["_pd_", "a powder diffraction scan (pdCIF)"],
    ["_chem_comp_atom", "a molecule (chemical component), not a crystal"],
    ["_dictionary", "a CIF dictionary"],
    ["_refln", "a list of reflections"],
    ["_cell", "a cell without atoms"],
  ];
  let what = "no atoms";
  const tags = new Set<string>();
  for (const block of document.blocks) for (const tag of block.columns.keys()) tags.add(tag);
  for (const [prefix, words] of kinds) {
    if ([...tags].some((tag) => tag.startsWith(prefix))) {
      what = words;
      break;
    }
  }
  const { line, column } = document.blocks[0]!;
  return new EwaldError("cif/no-structure", `the CIF holds no crystal structure: ${what}`, {
    value: what,
    line,
    column,
  });
}

/**
 * The structure of one data block.
 *
 * @throws EwaldError `cif/no-cell`, `lattice/…`, `cif/symmetry-…`, `cif/space-group-symbol`, `cif/no-symmetry`,
 * `cif/coordinate`, `cif/occupancy`, `cif/unknown-element`, `cif/ambiguous-element`, `cif/no-sites`,
 * `structure/clash`, `structure/occupancy-sum`, `structure/too-many-sites`
 */
function readCifBlock(block: CifBlock, options: CifStructureOptions = {}): ReadStructure {
  const items = cifItems(block);
  if (listedSiteCount(items) === 0) {
    const { line, column } = block;
    throw new EwaldError("cif/no-structure", `the block "${block.name}" lists no atoms`, {
      line,
      column,
    });
  }
  const { lattice, latticeEsd, warnings } = readCell(block, items);
  const symmetry = readCifSymmetry(items, lattice, options.contradiction ?? "refuse");
  warnModulated(items, warnings);
  const listed = readCifSites(block, items, lattice, options.maxSites ?? DEFAULT_MAX_SITES);
  const chosen = chooseCandidate(symmetry, listed.sites, lattice, items, options);
  const structure: Structure = {
    lattice,
    ...(latticeEsd === undefined ? {} : { latticeEsd }),
    sites: chosen.expansion.sites,
    ...statedSymmetry(chosen),
  };
  const stated = readStated(items, warnings);
  return {
    structure,
    name: block.name,
    declared: { ...symmetry.declared, ...readContents(items) },
    operations: chosen.operations,
    warnings: [
      ...warnings,
      ...symmetry.warnings,
      ...listed.warnings,
      ...chosen.warnings,
      ...chosen.expansion.warnings,
      ...checkMultiplicities(items, listed.sites, chosen.expansion, chosen.operations.length),
      ...statedWarning(contentDifferences(stated, structure), { line: block.line }),
    ],
  };
}

const CELL_TAGS = {
  a: "_cell_length_a",
  b: "_cell_length_b",
  c: "_cell_length_c",
  alphaDeg: "_cell_angle_alpha",
  betaDeg: "_cell_angle_beta",
  gammaDeg: "_cell_angle_gamma",
} as const;
/** Å. No two atoms are closer than the one, no unit cell is longer than the other. */
const SHORTEST_AXIS = 0.5;
const LONGEST_AXIS = 10_000;

interface Cell {
  readonly lattice: Mat3;
  readonly latticeEsd?: LatticeParameters;
  readonly warnings: Warning[];
}

function readCell(block: CifBlock, items: CifItems): Cell {
  const values: Record<string, number> = {};
  const esds: Record<string, number> = { alphaDeg: 0, betaDeg: 0, gammaDeg: 0 };
  const warnings: Warning[] = [];
  for (const [name, tag] of Object.entries(CELL_TAGS)) {
    const number = items.number(tag);
    if (number === undefined && tag.startsWith("_cell_angle") && items.column(tag) === undefined) {
      // The core dictionary's default; where it is wrong the symmetry will not fit.
      values[name] = 90;
      const { line, column } = block;
      warnings.push({
        code: "cif/angle-assumed",
        message: `${tag} is absent: 90° by default`,
        line,
        column,
      });
      continue;
    }
    if (number === undefined) {
      const { line, column } = items.column(tag)?.position(0) ?? block;
      throw new EwaldError("cif/no-cell", `${tag} is missing`, { line, column });
    }
    if (
      tag.startsWith("_cell_length") &&
      !(number.value >= SHORTEST_AXIS && number.value <= LONGEST_AXIS)
    ) {
      throw new EwaldError("cif/cell", `${tag} = ${number.value} Å is no cell length`, {
        value: number.value,
        unit: "Å",
        ...items.position(tag),
      });
    }
    values[name] = number.value;
    esds[name] = number.esd ?? 0;
  }
  try {
    const lattice = latticeFromParameters(values as unknown as LatticeParameters);
    const known = Object.values(esds).some((esd) => esd > 0);
    const latticeEsd = esds as unknown as LatticeParameters;
    return known ? { lattice, latticeEsd, warnings } : { lattice, warnings };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    const at = items.position("_cell_angle_alpha");
    throw new EwaldError(error.code, error.message, { ...error.details, ...at });
  }
}

function readContents(items: CifItems): Pick<Declared, "formula" | "formulaUnitsZ"> {
  // Both only inform: a malformed one does not stop the reading.
  const formula = orUndefined(() => items.text("_chemical_formula_sum"));
  const z = orUndefined(() => items.number("_cell_formula_units_Z")?.value);
  return {
    ...(formula === undefined ? {} : { formula }),
    ...(z === undefined ? {} : { formulaUnitsZ: z }),
  };
}

function orUndefined<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EwaldError) return undefined;
    throw error;
  }
}

/** A file of P 1 lists every atom: it says nothing of their symmetry. */
function statedSymmetry({ operations, setting }: Choice): Pick<Structure, "statedSymmetry"> {
  return operations.length === 1 ? {} : { statedSymmetry: { setting, operations } };
}

interface Choice {
  readonly operations: readonly SymmetryOperation[];
  readonly setting: SymmetryCandidate["setting"];
  readonly expansion: Expansion;
  readonly warnings: readonly Warning[];
}

/** Expands by the one reading of the symmetry that distances and formula leave; the first where they leave several. */
function chooseCandidate(
  symmetry: CifSymmetry,
  sites: readonly ListedSite[],
  lattice: Mat3,
  items: CifItems,
  options: CifStructureOptions,
): Choice {
  const { candidates } = symmetry;
  const readings: { candidate: SymmetryCandidate; expansion: Expansion; agrees: string }[] = [];
  let failure: unknown;
  for (const candidate of candidates) {
    try {
      const expansion = expandSites(sites, candidate.operations, lattice, options);
      readings.push({ candidate, expansion, agrees: contentsAgree(expansion.sites, items) });
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      failure ??= error;
    }
  }
  if (readings.length === 0) throw failure;
  const agreeing = readings.filter((one) => one.agrees === "yes");
  const left = agreeing.length > 0 ? agreeing : readings;
  const chosen = left[0]!;
  if (symmetry.doubt !== null && chosen.agrees !== "yes") throw symmetry.doubt;
  return {
    operations: chosen.candidate.operations,
    setting: chosen.candidate.setting,
    expansion: chosen.expansion,
    warnings: choiceWarnings(symmetry, chosen, left.length),
  };
}

function choiceWarnings(
  symmetry: CifSymmetry,
  chosen: { readonly candidate: SymmetryCandidate; readonly agrees: string },
  left: number,
): Warning[] {
  if (symmetry.doubt !== null) {
    const { code, message } = symmetry.doubt;
    return [{ code, message: `${message}; the listed ones give the declared contents` }];
  }
  if (symmetry.source === "none") {
    if (chosen.agrees === "no") {
      throw new EwaldError(
        "cif/no-symmetry",
        "the file states no symmetry, and the atoms that it lists are not those of its formula and Z",
        { hint: "Add the symmetry operations or the space group." },
      );
    }
    return [{ code: "cif/no-symmetry", message: "the file states no symmetry: read as P 1" }];
  }
  const { setting } = chosen.candidate;
  if (setting === null || symmetry.candidates.length === 1) return [];
  const name = `${setting.hermannMauguin}${setting.choice === "" ? "" : ` : ${setting.choice}`} (${setting.hall})`;
  return [
    left === 1
      ? {
          code: "cif/setting-inferred",
          message: `of the settings that the file leaves open only ${name} gives sensible contents`,
        }
      : {
          code: "cif/setting-assumed",
          message: `the file leaves the setting open: ${name} is assumed`,
        },
  ];
}

/** A stated multiplicity that differs from what the operations give. */
function checkMultiplicities(
  items: CifItems,
  sites: readonly ListedSite[],
  expansion: Expansion,
  operationCount: number,
): Warning[] {
  const column = items.column(
    "_atom_site_site_symmetry_multiplicity",
    "_atom_site_symmetry_multiplicity",
  );
  if (column === undefined || column.problem !== null || column.length !== sites.length) return [];
  for (const [row, site] of sites.entries()) {
    const stated = orUndefined(() => column.number(row)?.value);
    const found = expansion.multiplicities[row]!;
    // Some programs write the order of the site symmetry (1 in general) into the older item.
    const order = operationCount / found;
    if (stated === undefined || found === 0 || stated === found || stated === order) continue;
    return [
      {
        code: "cif/multiplicity",
        message: `${site.label ?? site.species.element} is stated to have multiplicity ${stated}, its place has ${found}`,
        ...column.position(row),
      },
    ];
  }
  return [];
}
