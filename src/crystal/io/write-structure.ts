/**
 * Structures out: CIF, POSCAR, pymatgen JSON. What is written reads back as the same structure to the
 * precision of the digits (1e-8 of a cell); where a format cannot hold something (POSCAR: partial
 * occupancy) it is refused, not dropped.
 */
import { EwaldError } from "../../errors.ts";
import { formatCifNumber } from "../../formats/cif-number.ts";
import { vectorTimesMatrix } from "../../math/matrix3.ts";
import { type AsymmetricUnit, asymmetricUnit, statedUnit } from "../asymmetric-unit.ts";
import { reducedFormula } from "../composition/composition-formula.ts";
import { compositionOf } from "../composition/composition.ts";
import { cellVolume, latticeParameters } from "../lattice.ts";
import { speciesWithB } from "../site-contents.ts";
import type { TabulatedSetting } from "../symmetry/space-group-settings.ts";
import type { Site, Species, Structure } from "../structure.ts";
import { formatOperation, IDENTITY_OPERATION } from "../symmetry/symmetry-operation.ts";
import type { Symmetry } from "../symmetry/symmetry.ts";

const DIGITS = 8;

export interface WriteCifOptions {
  /** Name of the data block; the formula unless given. */
  readonly name?: string;
  /**
   * Writes one site per orbit with the operations of the tables, in the cell as it is where that is a tabulated
   * setting (any of them) and symmetric, else in the symmetrised conventional cell. Unless given, the symmetry that the
   * structure's source states, the cell as it is; every atom in P 1 where it states none, and with `"none"`.
   */
  readonly symmetry?: Symmetry | "none";
}

/**
 * A structure as CIF 1.1, with uncertainties, mixed sites and oxidation states.
 * @throws EwaldError `symmetry/not-standard`
 */
export function writeCif(structure: Structure, options: WriteCifOptions = {}): string {
  const formula = reducedFormula(compositionOf(structure), "conventional");
  const block =
    (options.name ?? formula).replaceAll(/[^\x21-\x7e]+/g, "_").slice(0, 70) || "structure";
  const unit = unitOf(structure, options.symmetry);
  const { setting = P1, operations = [IDENTITY_OPERATION] } = unit ?? {};
  return [
    `data_${block}`,
    `_chemical_formula_sum ${quoted(formulaSum(structure))}`,
    ...cellLines(unit?.structure ?? structure),
    ...(setting === null
      ? []
      : [
          `_space_group_IT_number ${setting.number}`,
          `_space_group_name_H-M_alt ${quoted(symbolOf(setting))}`,
        ]),
    "loop_",
    "_space_group_symop_operation_xyz",
    ...operations.map((one) => quoted(formatOperation(one))),
    ...siteLoop(unit?.sites ?? structure.sites),
    "",
  ].join("\n");
}

function unitOf(
  structure: Structure,
  symmetry: WriteCifOptions["symmetry"],
): AsymmetricUnit | null {
  if (symmetry === undefined) return statedUnit(structure);
  return symmetry === "none" ? null : asymmetricUnit(structure, symmetry);
}

type NamedSetting = Pick<TabulatedSetting, "number" | "hermannMauguin" | "choice">;

const P1: NamedSetting = { number: 1, hermannMauguin: "P 1", choice: "" };

/** "F d -3 m :2" */
function symbolOf({ hermannMauguin, choice }: NamedSetting): string {
  return choice === "" ? hermannMauguin : `${hermannMauguin} :${choice}`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

/** "Mg1.8 Fe0.2 Si O4": of the reduced formula unit, parts separated as the core dictionary wants them. */
function formulaSum(structure: Structure): string {
  return reducedFormula(compositionOf(structure))
    .replaceAll(/([A-Z][a-z]?)([\d.]*)/g, "$1$2 ")
    .trim();
}

function cellLines(structure: Structure): string[] {
  const cell = latticeParameters(structure.lattice);
  const esd = structure.latticeEsd;
  const tags = {
    a: "length_a",
    b: "length_b",
    c: "length_c",
    alphaDeg: "angle_alpha",
    betaDeg: "angle_beta",
    gammaDeg: "angle_gamma",
  };
  const lines = Object.entries(tags).map(([name, tag]) => {
    const key = name as keyof typeof tags;
    return `_cell_${tag} ${formatCifNumber(cell[key], esd?.[key], DIGITS)}`;
  });
  return [...lines, `_cell_volume ${cellVolume(structure.lattice).toFixed(4)}`];
}

const AXES = ["x", "y", "z"] as const;

function siteLoop(sites: readonly Site[]): string[] {
  const hasB = sites.some((site) =>
    speciesWithB(site).some(({ bIsoAngstrom2 }) => bIsoAngstrom2 !== undefined),
  );
  const seen = new Map<string, number>();
  const rows = sites.flatMap((site) =>
    speciesWithB(site).map((species) => {
      const count = (seen.get(species.element) ?? 0) + 1;
      seen.set(species.element, count);
      const coordinates = AXES.map((_axis, i) => coordinate(site, species, i));
      const occupancy = formatCifNumber(species.occupancy, species.occupancyEsd, DIGITS);
      const { bIsoAngstrom2 } = species;
      const b = bIsoAngstrom2 === undefined ? "?" : formatCifNumber(bIsoAngstrom2);
      const cells = [`${species.element}${count}`, ionSymbol(species), ...coordinates, occupancy];
      return (hasB ? [...cells, b] : cells).join(" ");
    }),
  );
  const tags = ["label", "type_symbol", ...AXES.map((axis) => `fract_${axis}`), "occupancy"];
  return [
    "loop_",
    ...[...tags, ...(hasB ? ["B_iso_or_equiv"] : [])].map((tag) => `_atom_site_${tag}`),
    ...rows,
  ];
}

/** With all digits where the site is partly filled: readers take images for one atom by the digits that are there. */
function coordinate({ frac, fracEsd }: Site, { occupancy }: Species, axis: number): string {
  const esd = fracEsd?.[axis];
  return occupancy < 1 && (esd ?? 0) === 0
    ? frac[axis]!.toFixed(DIGITS)
    : formatCifNumber(frac[axis]!, esd, DIGITS);
}

/** "Ti4+", "O2-", "Fe2.667+" (no reader takes more decimals), "Ti". */
function ionSymbol({ element, oxidation }: Species): string {
  if (oxidation === undefined) return element;
  return `${element}${Number(Math.abs(oxidation).toFixed(3))}${oxidation < 0 ? "-" : "+"}`;
}

/**
 * A structure as POSCAR of version 5, Direct; atoms gathered by element in order of first appearance.
 * @throws EwaldError `poscar/partial-occupancy`
 */
export function writePoscar(structure: Structure, comment?: string): string {
  const byElement = new Map<string, Site[]>();
  for (const [index, site] of structure.sites.entries()) {
    const [species] = site.species;
    if (site.species.length !== 1 || species!.occupancy !== 1) {
      const filling = site.species.map(({ element, occupancy }) => `${element} ${occupancy}`);
      throw new EwaldError(
        "poscar/partial-occupancy",
        `POSCAR cannot hold mixed or partly filled sites: ${site.label ?? `site ${index + 1}`} is ${filling.join(" + ")}`,
        {
          value: site.species,
          hint: "Write CIF or pymatgen JSON.",
        },
      );
    }
    byElement.set(species!.element, [...(byElement.get(species!.element) ?? []), site]);
  }
  const number = (value: number): string => value.toFixed(10).padStart(16);
  const positions = [...byElement.values()].flat().map((site) => site.frac.map(number).join(""));
  return [
    (comment ?? reducedFormula(compositionOf(structure), "conventional")).replaceAll(/\s+/g, " "),
    "1.0",
    ...structure.lattice.map((row) => row.map(number).join("")),
    [...byElement.keys()].join(" "),
    [...byElement.values()].map((sites) => sites.length).join(" "),
    "Direct",
    ...positions,
    "",
  ].join("\n");
}

/** A structure as JSON, as pymatgen's `Structure.as_dict()`: load it with `Structure.from_dict` or `Structure.from_file`. */
export function writePymatgenJson(structure: Structure): string {
  const parameters = latticeParameters(structure.lattice);
  return JSON.stringify({
    "@module": "pymatgen.core.structure",
    "@class": "Structure",
    charge: 0,
    lattice: {
      matrix: structure.lattice,
      pbc: [true, true, true],
      a: parameters.a,
      b: parameters.b,
      c: parameters.c,
      alpha: parameters.alphaDeg,
      beta: parameters.betaDeg,
      gamma: parameters.gammaDeg,
      volume: cellVolume(structure.lattice),
    },
    sites: structure.sites.map((site) => ({
      species: site.species.map(({ element, occupancy, oxidation }) => ({
        element,
        ...(oxidation === undefined ? {} : { oxidation_state: oxidation }),
        occu: occupancy,
      })),
      abc: site.frac,
      xyz: vectorTimesMatrix(site.frac, structure.lattice),
      ...(site.label === undefined ? {} : { label: site.label }),
      properties: {},
    })),
  });
}
