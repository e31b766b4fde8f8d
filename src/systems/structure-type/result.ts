/** What `identify` answers. */
import type { Warning } from "../../errors.ts";

/** One structure type that a scan may be of. */
export interface TypeCandidate {
  /** Structure type key; the library type's. */
  readonly key: string;
  /** "rutile" */
  readonly name: string;
  /** Share of the belief among the library's types and "none of them", after elements and calibration; 0 to 1. */
  readonly probability: number;
  /** Calibrated chance that this answer is right, as measured on scans like it; 0 to 1. */
  readonly reliability: number;
  /** Cosine similarity to the best fitting known member of the type, its cell scaled; 0 to 1. */
  readonly similarity: number;
  /** What the network alone says, elements not used; 0 to 1. */
  readonly confidence: number;
  /** The known compound of the type whose lines fit best, and the factor on its cell. */
  readonly nearest: {
    readonly id: string;
    readonly formula: string;
    readonly cellFactor: number;
  } | null;
}

export interface Identification {
  /** Best first. */
  readonly types: readonly TypeCandidate[];
  /** True where no type of the library is likely enough. */
  readonly rejected: boolean;
  /** Why, in words; null where not rejected. */
  readonly reason: string | null;
  readonly warnings: readonly Warning[];
  readonly model: { readonly name: string; readonly version: string; readonly hash: string };
}
