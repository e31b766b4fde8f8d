/**
 * The items of a data block by their names in the core dictionary ("_atom_site_fract_x"), also where
 * the file writes them with a dot ("_atom_site.fract_x": DDLm, mmCIF). Two names for one item, old and new, are
 * asked for together.
 */
import type { Position } from "../../errors.ts";
import { type CifBlock, type CifColumn, cifColumn } from "../../formats/cif-document.ts";
import type { CifNumber } from "../../formats/cif-number.ts";

export interface CifItems {
  /** The first of the tags that is there with a value in some row, else the first that is there. */
  readonly column: (...tags: readonly string[]) => CifColumn | undefined;
  /** The text of the first of the tags that says anything. */
  readonly text: (...tags: readonly string[]) => string | undefined;
  readonly number: (...tags: readonly string[]) => CifNumber | undefined;
  /** Where the first of the tags that is there stands. */
  readonly position: (...tags: readonly string[]) => Position;
}

export function cifItems(block: CifBlock): CifItems {
  const undotted = new Map<string, string>();
  for (const tag of block.columns.keys()) {
    if (tag.includes(".")) undotted.set(tag.replace(".", "_"), tag);
  }
  const one = (tag: string): CifColumn | undefined => {
    const lower = tag.toLowerCase();
    return cifColumn(block, lower) ?? cifColumn(block, undotted.get(lower) ?? lower);
  };
  const column = (...tags: readonly string[]): CifColumn | undefined => {
    let silent: CifColumn | undefined;
    for (const tag of tags) {
      const found = one(tag);
      if (found === undefined) continue;
      if (found.problem !== null || saysSomething(found)) return found;
      silent ??= found;
    }
    return silent;
  };
  const text = (...tags: readonly string[]): string | undefined => {
    const found = column(...tags);
    const value = found?.string(0)?.trim();
    return value === "" ? undefined : value;
  };
  return {
    column,
    text,
    number: (...tags) => {
      const found = column(...tags);
      const number = found?.number(0);
      if (found === undefined || number === undefined || number.esd !== undefined) return number;
      const esd = one(`${tags[0]!}_su`)?.number(0)?.value;
      return esd === undefined ? number : { ...number, esd };
    },
    position: (...tags) => column(...tags)?.position(0) ?? {},
  };
}

function saysSomething(column: CifColumn): boolean {
  for (let row = 0; row < column.length; row += 1) {
    const kind = column.kind(row);
    if (kind !== "unknown" && kind !== "inapplicable") return true;
  }
  return false;
}
