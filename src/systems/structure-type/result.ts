/** The answer of `identify`, as a record. */
import { type CellIs } from "../../fit/overlay.ts";
import type { Warning } from "../../errors.ts";

/** A structure type as the witnesses weigh it, before its lines are laid over the scan. */
export interface WeighedType {
  /** Structure type key; the library type's. */
  readonly key: string;
  /** "rutile" */
  readonly name: string;
  /** The probability of this type among the library's types and "none of them", after elements and calibration; 0 to 1. */
  readonly probability: number;
  /** Calibrated chance that this answer is right, as measured on scans like it; 0 to 1. */
  readonly reliability: number;
  /** The cosine of √I between the scan's peaks and those of the nearest known compound (cell scaled by at most 3 %), 0 to 1: one of the witnesses. */
  readonly similarity: number;
  /** The network's probability of this type alone, elements not used; 0 to 1. */
  readonly confidence: number;
  /** The known compound of the type whose lines lie best, and the factor on its cell. */
  readonly nearest: {
    readonly id: string;
    readonly formula: string;
    readonly cellFactor: number;
  } | null;
}

/** One structure type that a scan may be of. */
export interface TypeCandidate extends Omit<WeighedType, "similarity"> {
  /**
   * Cosine of √I, observed and calculated, with the nearest known compound's lines laid over the scan; 0 to 1. Null where they were not:
   * types that are less probable than 1 %, but for the first.
   */
  readonly agreement: number | null;
  /** Whether the cell of the compound whose lines were laid over is as given or fitted. */
  readonly cellIs: CellIs;
}

/** The structure types of a scan as the witnesses weigh them. */
export interface WeighedTypes {
  /** Best first. */
  readonly types: readonly WeighedType[];
  /** True where no type of the library is likely enough. */
  readonly rejected: boolean;
  /** Why, in words; null where not rejected. */
  readonly reason: string | null;
  /** Known compounds of the first type with the named elements, none of which lies near the scan. */
  readonly strange: readonly string[];
  readonly model: { readonly name: string; readonly version: string; readonly hash: string };
}

/** One of several types that the scan alone cannot tell apart. */
export interface TiedType {
  readonly key: string;
  readonly name: string;
  /** The formula of the nearest known compound; it and its elements would decide. */
  readonly formula: string | null;
  readonly elements: readonly string[];
}

/** Another tube than the stated one, with which the scan fits what is known. */
export interface SuspectedTube {
  /** "Co", or null where the stated wavelength is no tube's. */
  readonly stated: string | null;
  readonly statedAngstrom: number;
  /** "Cu" */
  readonly looksLike: string;
  /** The name of a type, or of the user's own structure, that it would be. */
  readonly name: string;
  /** The agreement in cells as they are known, with the stated tube; `agreement` is that with the other. */
  readonly statedAgreement: number;
  readonly agreement: number;
}

/** The structure types of a scan, with warnings. */
export interface Identification extends Omit<WeighedTypes, "types" | "strange"> {
  /** Best first. */
  readonly types: readonly TypeCandidate[];
  /** The first type and those that the scan cannot tell from it; empty where there are none, or where nothing is answered. */
  readonly ties: readonly TiedType[];
  readonly warnings: readonly Warning[];
  /** Null where nothing speaks against the stated wavelength. */
  readonly tube: SuspectedTube | null;
}
