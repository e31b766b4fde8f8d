/**
 * The operations of a magnetic CIF (mCIF): `_space_group_symop_magn_operation.xyz` times
 * `_space_group_symop_magn_centering.xyz`, each "x,y,z,±1". Time reversal (the fourth field) leaves atoms where they are.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import type { CifColumn } from "../../formats/cif-document.ts";
import { plainSymbol } from "../../formats/typography.ts";
import type { CifItems } from "./tags.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";
import {
  composeOperations,
  formatOperation,
  IDENTITY_OPERATION,
  parseOperation,
} from "../symmetry/symmetry-operation.ts";

const OPERATION_TAG = "_space_group_symop_magn_operation_xyz";
const CENTRING_TAG = "_space_group_symop_magn_centering_xyz";
/** Tags that name a magnetic group without listing how it moves atoms. */
const MAGNETIC_NAMES = [
  "_space_group_magn_number_BNS",
  "_space_group_magn_name_BNS",
  "_space_group_magn_number_OG",
  "_space_group_magn_name_OG",
  "_space_group_symop_magn_ssg_operation_algebraic",
];
/** Tags that name the group of a modulated structure in more than three dimensions. */
const SUPERSPACE_NAMES = [
  "_space_group_ssg_name",
  "_space_group_ssg_name_IT",
  "_space_group_ssg_name_WJJ",
  "_space_group_symop_ssg_operation_algebraic",
  "_space_group_symop_ssg_id",
];

export interface MagneticOperations {
  /** Each once, whatever its time reversal; not yet known to be a group. */
  readonly operations: readonly SymmetryOperation[];
  readonly at: Position;
}

/**
 * null where the file lists no magnetic operations.
 * @throws EwaldError `symmetry/operation`, `cif/symmetry-too-many`
 */
export function readMagneticOperations(
  items: CifItems,
  most: number,
  warnings: Warning[],
): MagneticOperations | null {
  const column = items.column(OPERATION_TAG);
  const listed = operationsOf(column);
  if (column === undefined || listed.length === 0) return null;
  const at = column.position(0);
  const centrings = operationsOf(items.column(CENTRING_TAG));
  if (centrings.length === 0) centrings.push(IDENTITY_OPERATION);
  const count = listed.length * centrings.length;
  if (count > most) {
    throw new EwaldError(
      "cif/symmetry-too-many",
      `${count} magnetic symmetry operations are listed, more than ${most}`,
      { value: count, ...at },
    );
  }
  const distinct = new Map<string, SymmetryOperation>();
  for (const centring of centrings) {
    for (const one of listed) {
      const product = composeOperations(centring, one);
      distinct.set(formatOperation(product), product);
    }
  }
  warnings.push({
    code: "cif/magnetic",
    message: "a magnetic structure: its operations move the atoms, the moments are left out",
    ...at,
  });
  return { operations: [...distinct.values()], at };
}

/**
 * @throws EwaldError `cif/magnetic-symmetry`, `cif/superspace-symmetry` where the file names a magnetic or a superspace group,
 * and nothing says where its atoms are
 */
export function refuseNamedOnly(items: CifItems): void {
  const kinds = [
    { tags: MAGNETIC_NAMES, code: "cif/magnetic-symmetry", what: "a magnetic space group" },
    { tags: SUPERSPACE_NAMES, code: "cif/superspace-symmetry", what: "a superspace group" },
  ];
  for (const { tags, code, what } of kinds) {
    const name = items.text(...tags);
    if (name === undefined) continue;
    throw new EwaldError(
      code,
      `the file names ${what} ("${name.slice(0, 40)}") without the operations of the positions`,
      {
        value: name,
        ...items.position(...tags),
        hint:
          code === "cif/magnetic-symmetry"
            ? `List them (${OPERATION_TAG}), or give the space group of the positions.`
            : "Give the space group of the average structure.",
      },
    );
  }
}

/** A modulated structure is read as its average, with a warning. */
export function warnModulated(items: CifItems, warnings: Warning[]): void {
  const tag = "_cell_modulation_dimension";
  const dimension = items.text(tag);
  if (dimension === undefined || dimension === "0") return;
  warnings.push({
    code: "cif/modulated",
    message: "a modulated structure: its average is read, the modulations are left out",
    ...items.position(tag),
  });
}

function operationsOf(column: CifColumn | undefined): SymmetryOperation[] {
  const operations: SymmetryOperation[] = [];
  for (let row = 0; row < (column?.length ?? 0); row += 1) {
    const text = column!.string(row)?.trim();
    if (text === undefined || text === "") continue;
    try {
      operations.push(parseOperation(plainSymbol(text).replace(/,\s*[+-]?1\s*$/, "")));
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      throw new EwaldError(error.code, error.message, {
        ...error.details,
        ...column!.position(row),
      });
    }
  }
  return operations;
}
