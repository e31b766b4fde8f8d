/**
 * The library: the structure types that can be recognised. Fixed before anything is trained (`models/structure-type/library.json`,
 * written by `tools/structure-type-library.mjs`), so that what is measured afterwards cannot choose it.
 */
import { prototypeNames } from "../crystal/types/structure-type.ts";
import { EwaldError } from "../errors.ts";
import type { CellParameters } from "../diffraction/line-list.ts";

/** How often each element stands in one role (anonymous species) of a type; formulas counted once. */
export type RoleElements = Readonly<Record<string, number>>;

/** One structure type key and what is known of it. A library type has several where they look alike in a scan. */
export interface TypeVariant {
  readonly key: string;
  /** Amount and elements per anonymous species, in the order of the key. */
  readonly roles: readonly { readonly amount: number; readonly elements: RoleElements }[];
  /** Members as `[id, reduced formula]`. */
  readonly members: readonly (readonly [string, string])[];
  /** The member nearest to all others, as standardised conventional cell. */
  readonly representative: {
    readonly formula: string;
    readonly cell: CellParameters;
    readonly species: readonly string[];
    readonly frac: readonly number[];
  };
  /** Least, median, greatest over members: a, b, c (Å), alpha, beta, gamma (°) of the conventional cell. */
  readonly cellRanges: readonly (readonly [number, number, number])[];
}

export interface LibraryType {
  /** Key of the variant with most members. */
  readonly key: string;
  /** "rutile"; where the type has no common name, the formula of its representative with "-type". */
  readonly name: string;
  readonly variants: readonly TypeVariant[];
}

export interface StructureTypeLibrary {
  readonly version: number;
  /** Where the members come from: tables with their hashes. */
  readonly source: string;
  readonly types: readonly LibraryType[];
  /** Popular types kept out of training: the rejection test, and what the rejection threshold is set on. */
  readonly unknown: {
    readonly test: readonly LibraryType[];
    readonly threshold: readonly LibraryType[];
  };
}

export const LIBRARY_VERSION = 1;

/** @throws EwaldError `library/version` */
export function parseLibrary(text: string): StructureTypeLibrary {
  const library = JSON.parse(text) as StructureTypeLibrary;
  if (library.version !== LIBRARY_VERSION) {
    throw new EwaldError("library/version", `the library has version ${library.version}`, {
      value: library.version,
      hint: `This code reads version ${LIBRARY_VERSION}.`,
    });
  }
  return library;
}

/** Index of the library type that has this key as one of its variants; -1 where none has. */
export function typeOfKey(types: readonly LibraryType[], key: string): number {
  return types.findIndex(({ variants }) => variants.some((variant) => variant.key === key));
}

/** Members of a type over all its variants. */
export function membersOf(type: LibraryType): (readonly [string, string])[] {
  return type.variants.flatMap(({ members }) => members);
}

/**
 * The name of a type: after the variant where one is known, else after all that it may be: "half-Heusler (MgAgAs) or
 * fluorite". Variants without a name of their own do not count.
 */
export function nameOfType({ key, name, variants }: LibraryType, variant?: TypeVariant): string {
  const nameOf = (one: TypeVariant): string | undefined => {
    const names = one.key === key ? [name] : prototypeNames(one.key);
    return names.length === 1 ? names[0] : undefined;
  };
  if (variant !== undefined) return nameOf(variant) ?? name;
  const names = variants.map(nameOf).filter((one) => one !== undefined);
  const others = names.filter((one) => one !== name).map((one) => one.replace(/ \(.*\)$/, ""));
  return [...new Set([name, ...others])].join(" or ");
}
