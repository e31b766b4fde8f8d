/**
 * The atoms that a CIF lists: species, coordinates (fractional, or Cartesian where the file says how they lie in
 * the cell), occupancy, displacement. Atoms without a place or without substance (dummies, empty
 * sites, zero occupancy) are left out, each with a warning.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import type { CifBlock, CifColumn } from "../../formats/cif-document.ts";
import type { CifNumber } from "../../formats/cif-number.ts";
import { plainNumber } from "../../formats/typography.ts";
import type { Mat3, Vec3 } from "../../math/matrix3.ts";
import { cartesianFrame } from "./cartesian.ts";
import { displacementsByLabel } from "./displacement.ts";
import { formulaElements } from "./formula.ts";
import { type CifAtom, isVacancy, parseLabel, parseTypeSymbol } from "./species.ts";
import type { CifItems } from "./tags.ts";
import type { ListedSite } from "../expand.ts";

const AXES = ["x", "y", "z"] as const;
/** Coordinates beyond are no coordinates: a cell has them within a few units of 0. */
const LARGEST_FRAC = 1000;
/** Å and thousandths, given for fractions, are soon beyond. */
const USUAL_FRAC = 5;
/** Each kind of warning at most this often. */
const MOST_WARNINGS_EACH = 10;
const LARGEST_OCCUPANCY = 1.1;

interface SiteColumns {
  readonly fract: readonly (CifColumn | undefined)[];
  readonly cartn: readonly (CifColumn | undefined)[];
  readonly fractSu: readonly (CifColumn | undefined)[];
  readonly type: CifColumn | undefined;
  readonly label: CifColumn | undefined;
  readonly occupancy: CifColumn | undefined;
  readonly calcFlag: CifColumn | undefined;
  readonly uIso: CifColumn | undefined;
  readonly bIso: CifColumn | undefined;
  readonly rows: number;
}

/** How many atoms the block lists, with or without coordinates. */
export function listedSiteCount(items: CifItems): number {
  return coordinateColumn(items)?.length ?? 0;
}

function coordinateColumn(items: CifItems): CifColumn | undefined {
  return items.column(
    ...["fract", "Cartn"].flatMap((kind) => AXES.map((axis) => `_atom_site_${kind}_${axis}`)),
  );
}

/**
 * @throws EwaldError `cif/coordinate`, `cif/occupancy`, `cif/unknown-element`, `cif/ambiguous-element`,
 * `cif/no-sites`, `cif/cartesian-orientation`; number and loop errors of the parser
 */
export function readCifSites(
  block: CifBlock,
  items: CifItems,
  lattice: Mat3,
  maxSites: number,
): { readonly sites: readonly ListedSite[]; readonly warnings: readonly Warning[] } {
  const columns = siteColumns(items, maxSites);
  const reader = new SiteReader(block, items, lattice, columns);
  const sites: ListedSite[] = [];
  for (let row = 0; row < columns.rows; row += 1) {
    const site = reader.read(row);
    if (site !== null) sites.push(site);
  }
  reader.checkGroups(sites);
  if (sites.length === 0) {
    throw new EwaldError("cif/no-sites", "no atom of the list has a place and a substance", {
      value: columns.rows,
      ...coordinateColumn(items)!.position(0),
    });
  }
  return { sites, warnings: reader.warnings };
}

function siteColumns(items: CifItems, maxSites: number): SiteColumns {
  const first = coordinateColumn(items)!;
  if (first.problem !== null) throw first.problem;
  if (first.length > maxSites) {
    throw new EwaldError(
      "structure/too-many-sites",
      `${first.length} atoms are listed, more than ${maxSites}`,
      { value: first.length, ...first.position(0) },
    );
  }
  const column = (...tags: readonly string[]) => {
    const found = items.column(...tags);
    if (found === undefined || found.length === first.length) return found;
    throw new EwaldError(
      "cif/site-columns",
      `${found.tag} has ${found.length} rows, ${first.tag} has ${first.length}`,
      { ...found.position(0) },
    );
  };
  return {
    fract: AXES.map((axis) => column(`_atom_site_fract_${axis}`)),
    cartn: AXES.map((axis) => column(`_atom_site_Cartn_${axis}`)),
    fractSu: AXES.map((axis) => column(`_atom_site_fract_${axis}_su`)),
    type: column("_atom_site_type_symbol"),
    label: column("_atom_site_label", "_atom_site_id", "_atom_site_label_atom_id"),
    occupancy: column("_atom_site_occupancy"),
    calcFlag: column("_atom_site_calc_flag"),
    uIso: column("_atom_site_U_iso_or_equiv", "_atom_site_U_iso"),
    bIso: column("_atom_site_B_iso_or_equiv", "_atom_site_B_iso"),
    rows: first.length,
  };
}

class SiteReader {
  readonly warnings: Warning[] = [];
  readonly #counts = new Map<string, number>();
  readonly #columns: SiteColumns;
  readonly #items: CifItems;
  readonly #lattice: Mat3;
  readonly #allowed: ReadonlySet<string> | null;
  readonly #displacements: ReadonlyMap<string, number>;
  readonly #atoms = new Map<string, CifAtom>();
  /** Groups of atoms of which one is read. */
  readonly #groups: {
    readonly text: string;
    readonly element: string;
    readonly lost: readonly string[];
    readonly at: Position;
  }[] = [];
  #fractionalize: ((cart: Vec3) => Vec3) | null = null;

  constructor(block: CifBlock, items: CifItems, lattice: Mat3, columns: SiteColumns) {
    this.#columns = columns;
    this.#items = items;
    this.#lattice = lattice;
    this.#allowed = formulaElements(items);
    this.#warnAttachedHydrogen();
    this.#displacements = displacementsByLabel(block, items, lattice, this.warnings);
  }

  #warn(code: string, message: string, at: Position): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MOST_WARNINGS_EACH) this.warnings.push({ code, message, ...at });
  }

  #warnAttachedHydrogen(): void {
    const column = this.#items.column("_atom_site_attached_hydrogens");
    for (let row = 0; row < Math.min(column?.length ?? 0, this.#columns.rows); row += 1) {
      const count = optionalNumber(column, row) ?? 0;
      if (count <= 0) continue;
      const message = "hydrogen atoms that are stated as attached, without places, are left out";
      this.#warn("cif/attached-hydrogen", message, column!.position(row));
      return;
    }
  }

  /** null for a row that is no atom. */
  read(row: number): ListedSite | null {
    const { calcFlag, label } = this.#columns;
    const name = label?.string(row)?.trim();
    const at = (label ?? coordinateColumn(this.#items)!).position(row);
    const shown = name ?? `row ${row + 1}`;
    if (calcFlag?.string(row)?.toLowerCase() === "dum") {
      this.#warn("cif/dummy-atom", `${shown} is a dummy atom: left out`, at);
      return null;
    }
    const place = this.#place(row, shown, at);
    if (place === null) return null;
    const atom = this.#atom(row, name, at);
    if (atom === null) return null;
    const occupancy = this.#occupancy(row, shown, at);
    if (occupancy === null) return null;
    const bIsoAngstrom2 = this.#displacement(row, name);
    return {
      species: {
        element: atom.element,
        occupancy: occupancy.value,
        ...(occupancy.esd === undefined ? {} : { occupancyEsd: occupancy.esd }),
        ...(atom.oxidation === undefined ? {} : { oxidation: atom.oxidation }),
      },
      ...place,
      ...(name === undefined ? {} : { label: name }),
      ...(bIsoAngstrom2 === undefined ? {} : { bIsoAngstrom2 }),
      at,
    };
  }

  #place(
    row: number,
    shown: string,
    at: Position,
  ): { readonly frac: Vec3; readonly fracEsd?: Vec3; readonly rounding?: number } | null {
    const { fract, cartn, fractSu } = this.#columns;
    const fractional = fract.map((column) => this.#coordinate(column, row));
    const known = fractional.filter((one) => one !== undefined).length;
    if (known === 3) {
      const esd = fractional.map(
        (one, axis) => one!.esd ?? fractSu[axis]?.number(row)?.value ?? 0,
      ) as unknown as Vec3;
      const frac = fractional.map((one) => one!.value) as unknown as Vec3;
      this.#checkRange(frac, shown, at);
      const rounding = Math.max(...fract.map((column) => lastPlace(column!.text(row)) / 2));
      return esd.some((one) => one > 0) ? { frac, fracEsd: esd, rounding } : { frac, rounding };
    }
    const cart = cartn.map((column) => column?.number(row));
    if (cart.every((one) => one !== undefined)) {
      const frac = this.#toFractional(cart.map((one) => one!.value) as unknown as Vec3, at);
      this.#checkRange(frac, shown, at);
      return { frac };
    }
    if (known > 0) {
      throw new EwaldError("cif/coordinate", `${shown} has ${known} of its three coordinates`, {
        ...at,
      });
    }
    this.#warn("cif/no-coordinates", `${shown} has no coordinates: left out`, at);
    return null;
  }

  /** A number, or a fraction of whole numbers: "1/4" can mean nothing else. */
  #coordinate(column: CifColumn | undefined, row: number): CifNumber | undefined {
    const fraction = /^(-?\d{1,2})\/(\d{1,2})$/.exec(plainNumber(column?.string(row) ?? ""));
    if (fraction === null || Number(fraction[2]) === 0) return column?.number(row);
    const text = fraction[0];
    this.#warn(
      "cif/fraction",
      `the coordinate ${text} is read as a fraction`,
      column!.position(row),
    );
    return { value: Number(fraction[1]) / Number(fraction[2]) };
  }

  #checkRange(frac: Vec3, shown: string, at: Position): void {
    const far = frac.find((value) => !(Math.abs(value) <= LARGEST_FRAC));
    const odd = frac.find((value) => Math.abs(value) > USUAL_FRAC);
    if (far === undefined && odd !== undefined) {
      this.#warn(
        "cif/coordinate",
        `${shown} has the coordinate ${odd}, read as a fraction of the cell: is it in Å or a multiple of one?`,
        at,
      );
    }
    if (far === undefined) return;
    throw new EwaldError("cif/coordinate", `${shown} has a coordinate far out of the cell`, {
      value: far,
      ...at,
    });
  }

  #toFractional(cart: Vec3, at: Position): Vec3 {
    this.#fractionalize ??= cartesianFrame(this.#items, this.#lattice, at, (code, message) =>
      this.#warn(code, message, at),
    );
    return this.#fractionalize(cart);
  }

  #atom(row: number, label: string | undefined, at: Position): CifAtom | null {
    const type = this.#columns.type?.string(row)?.trim();
    const key = `${type ?? ""}\n${label ?? ""}`;
    const known = this.#atoms.get(key);
    if (known !== undefined) return known;
    let atom = type === undefined ? undefined : parseTypeSymbol(type, this.#allowed, label);
    // Some programs write the label into the column of the types.
    const text = type ?? label ?? "";
    if (atom === undefined) {
      const vacancy = isVacancy(text, this.#allowed);
      if (vacancy === true) {
        this.#warn("cif/vacancy", `${text} is an empty site: left out`, at);
        return null;
      }
      atom = vacancy === null ? null : parseLabel(text, this.#allowed);
    }
    if (atom === undefined || atom === null) refuseAtom(text, atom, at);
    this.#warnOfAtom(text, atom, at);
    // One type symbol serves for all its labels.
    if (this.#atoms.size < 100_000) this.#atoms.set(key, atom);
    return atom;
  }

  #warnOfAtom(text: string, { element, molecule, lost, isotope }: CifAtom, at: Position): void {
    if (lost !== undefined) this.#groups.push({ text, element, lost, at });
    else if (molecule === true) {
      this.#warn("cif/molecule", `${text} is read as ${element}, without its hydrogen atoms`, at);
    }
    if (isotope === true) {
      this.#warn("cif/isotope", `${text} is read as ${element} of natural composition`, at);
    }
  }

  /** @throws EwaldError `cif/molecule` where other atoms of a group than hydrogen have no place in the whole list */
  checkGroups(sites: readonly ListedSite[]): void {
    const listed = new Map<string, number>();
    for (const { species } of sites) {
      listed.set(species.element, (listed.get(species.element) ?? 0) + 1);
    }
    for (const { text, element, lost, at } of this.#groups) {
      const absent = lost.filter((one) => (listed.get(one) ?? 0) < (one === element ? 2 : 1));
      if (absent.length > 0) {
        throw new EwaldError(
          "cif/molecule",
          `"${text}" is a group of atoms, and the file gives no place for its ${absent.join(", ")}`,
          { value: text, ...at, hint: "List each atom of the group with its own type symbol." },
        );
      }
      this.#warn(
        "cif/molecule",
        `${text} is read as one atom of ${element}: the others of the group are where the file lists them`,
        at,
      );
    }
  }

  #occupancy(row: number, shown: string, at: Position): CifNumber | null {
    const column = this.#columns.occupancy;
    const number = column?.number(row);
    if (number === undefined) {
      // "." is the dictionary's default, "?" is said not to be known.
      if (column?.kind(row) === "unknown") {
        const message = `the occupancy of ${shown} is stated to be unknown: 1 is assumed`;
        this.#warn("cif/occupancy-assumed", message, column.position(row));
      }
      return { value: 1 };
    }
    const { value, esd } = number;
    if (value > 0 && value <= LARGEST_OCCUPANCY) return number;
    // Nothing there, as far as the measurement can tell.
    if (value <= 0 && value >= -3 * (esd ?? 0)) {
      this.#warn("cif/zero-occupancy", `${shown} has occupancy ${value}: left out`, at);
      return null;
    }
    throw new EwaldError(
      "cif/occupancy",
      `the occupancy of ${shown} is ${value}, not between 0 and 1`,
      { value, ...this.#columns.occupancy!.position(row) },
    );
  }

  /** A displacement that is no number stops nobody who asks where the atoms are. */
  #isotropic(column: CifColumn | undefined, row: number): number | undefined {
    try {
      return column?.number(row)?.value;
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      const message = `${error.message}: the atom has none`;
      this.#warn(
        "cif/displacement",
        message,
        column!.problem === null ? column!.position(row) : {},
      );
      return undefined;
    }
  }

  #displacement(row: number, label: string | undefined): number | undefined {
    const u = this.#isotropic(this.#columns.uIso, row);
    if (u !== undefined) return 8 * Math.PI ** 2 * u;
    const b = this.#isotropic(this.#columns.bIso, row);
    return b ?? (label === undefined ? undefined : this.#displacements.get(label));
  }
}

/** Weight of the last digit that is written, where the number is no round one like 0, 0.5 or 0.25. */
function lastPlace(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? "";
  return decimals.length < 2 || /^(?:25|5|75|125|375|625|875)?0*$/.test(decimals)
    ? 0
    : 10 ** -decimals.length;
}

function optionalNumber(column: CifColumn | undefined, row: number): number | undefined {
  if (column === undefined) return undefined;
  try {
    return column.number(row)?.value;
  } catch (error) {
    if (error instanceof EwaldError) return undefined;
    throw error;
  }
}

function refuseAtom(text: string, found: null | undefined, at: Position): never {
  if (text === "") {
    throw new EwaldError("cif/unknown-element", "an atom has neither a type symbol nor a label", {
      ...at,
      hint: "Add _atom_site_type_symbol.",
    });
  }
  const shown = text.slice(0, 40);
  if (found === null) {
    throw new EwaldError("cif/ambiguous-element", `"${shown}" may be more than one element`, {
      value: shown,
      ...at,
      hint: "Add _atom_site_type_symbol.",
    });
  }
  throw new EwaldError("cif/unknown-element", `"${shown}" names no element`, {
    value: shown,
    ...at,
    hint: "Add _atom_site_type_symbol.",
  });
}
