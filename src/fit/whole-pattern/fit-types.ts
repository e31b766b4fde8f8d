/** What a whole-pattern fit takes and gives. */
import type { Structure } from "../../crystal/structure.ts";
import type { CellParameters } from "../../diffraction/line-list.ts";
import type { Warning } from "../../errors.ts";
import type { Vec3 } from "../../math/matrix3.ts";
import type { LorentzPolarisation } from "../../radiation/polarisation.ts";
import type { Instrument } from "../../scan/instrument.ts";
import type { Overlay } from "../overlay.ts";

/** A phase that is fitted: its structure, and the plane of a preferred orientation where one is to be fitted. */
export interface FitPhase {
  readonly id: string;
  readonly name?: string;
  readonly structure: Structure;
  /** h, k, l of the plane normal that lines up, in the structure's own setting (March-Dollase). */
  readonly textureHkl?: Vec3;
}

/** Groups of parameters that can be free. `shift` is one number: displacement or zero. */
export type FreeGroup =
  | "cell"
  | "shift"
  | "width"
  | "asymmetry"
  | "size"
  | "strain"
  | "texture"
  | "b";

/** Options of a whole-pattern fit: free parameters, facts of the measurement, progress and stop. */
export interface FitOptions {
  /** Default: all; `texture` of the phases that name a plane, `width` only without an instrument. */
  readonly free?: readonly FreeGroup[];
  /** `structure` (default): heights by the atoms. `le-bail`: heights by the scan, atoms are not used (Le Bail 1988). */
  readonly method?: "structure" | "le-bail";
  /** The error of the angles that is fitted: a displaced specimen (default) or a wrong zero. They are never free together. */
  readonly shift?: "displacement" | "zero";
  /** Default: unpolarised tube for X-rays, Lorentz factor alone for neutrons and electrons. */
  readonly lorentzPolarisation?: LorentzPolarisation;
  /** f′ and f″ of X-rays; default true. */
  readonly anomalous?: boolean;
  /** Ions' form factors where a species states its oxidation; default false. */
  readonly ions?: boolean;
  /** Calibrated instrument: its shift is taken as it is, its widths lie under those of the phases. */
  readonly instrument?: Instrument;
  /** Ranges of 2θ that are left out, degrees. */
  readonly excludeDeg?: readonly (readonly [number, number])[];
  /** Terms of the Chebyshev series over the wide SNIP background; default 8. */
  readonly backgroundTerms?: number;
  /** `match` (default): lines are laid on the scan first, axes within 2 %. `given`: the cell of the structure is right. */
  readonly cellStart?: "match" | "given";
  /** Jacobians of one stage at most; default 40. */
  readonly maxIterations?: number;
  /** Called after each step. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** The fit ends with the next step; its result says that it was stopped. */
  readonly signal?: AbortSignal;
}

export interface FitProgress {
  readonly stage: string;
  readonly iteration: number;
  readonly rwp: number;
}

/** One number of the model. */
export interface FittedParameter {
  /** "a", "displacement", "size" … */
  readonly name: string;
  /** Id of the phase; absent where all phases share it. */
  readonly phase?: string;
  readonly meaning: string;
  readonly unit: string;
  readonly value: number;
  /** Standard uncertainty of the least squares; null where it was not free or the scan does not determine it. */
  readonly esd: number | null;
  readonly isFree: boolean;
  readonly atBound: "lower" | "upper" | null;
}

export interface FittedPhase {
  readonly id: string;
  readonly name?: string;
  readonly formula: string;
  /** In the setting of the structure. */
  readonly cell: CellParameters;
  /** 0 where symmetry fixes the number; null where nothing determined it. */
  readonly cellEsd: CellParameters | null;
  readonly volumeAngstrom3: number;
  /** Share of the mass of all phases in the fit, 0 to 1 (Hill & Howard 1987); null in a fit without atoms. */
  readonly weightFraction: number | null;
  /** Of the least squares alone: it counts noise, not errors of the model. */
  readonly weightFractionEsd: number | null;
  /** Factor on the calculated intensities of one cell. */
  readonly scale: number;
  readonly scaleEsd: number | null;
  /** Mean size of the coherent domains, Å; null where no width is left for it. */
  readonly sizeAngstrom: number | null;
  /** Δd/d. */
  readonly strain: number;
  /** March-Dollase r of the plane; null where none was named. */
  readonly march: number | null;
  /** B of all atoms, Å², on top of what the structure states. */
  readonly bAngstrom2: number;
  /** Σ|I(observed) − I(calculated)| / ΣI(observed) over the lines, in % ; null for a phase that went to zero. */
  readonly rBragg: number | null;
  readonly lines: readonly FittedLine[];
  /** The part of the calculated curve that is this phase. */
  readonly calculated: Float64Array;
}

export interface FittedLine {
  /** In the setting of the structure. */
  readonly hkl: Vec3;
  /** Of the strongest wavelength, shift included. */
  readonly twoThetaDeg: number;
  /** Intensity × degrees, all wavelengths together. */
  readonly area: number;
}

/** What a stage freed, and where it led. */
export interface FitStage {
  readonly name: string;
  readonly free: readonly string[];
  readonly iterations: number;
  readonly status: "converged" | "max-iterations" | "stopped";
  readonly rwpBefore: number;
  readonly rwp: number;
}

/** Cells, amounts and widths with uncertainties, agreement, what is odd, and the curves over the points that were fitted. */
export interface FitResult {
  readonly kind: "fit";
  readonly phases: readonly FittedPhase[];
  /** Weighted profile R factor, %. */
  readonly rwp: number;
  /** What counting statistics alone would leave, %; null where the noise had to be estimated from the scan. */
  readonly rexp: number | null;
  /** Reduced χ²; null where the noise had to be estimated from the scan. */
  readonly chi2: number | null;
  readonly chi2Reason?: string;
  readonly shift: { readonly kind: "displacement" | "zero"; readonly deg: number };
  readonly parameters: readonly FittedParameter[];
  /** Pairs of free parameters whose correlation is above 0.9 in size. */
  readonly correlations: readonly {
    readonly between: readonly [string, string];
    readonly value: number;
  }[];
  /** Clear peaks that the phases leave, strongest first. */
  readonly unexplained: Overlay["unexplained"];
  readonly history: readonly FitStage[];
  readonly status: "converged" | "max-iterations" | "stopped";
  readonly warnings: readonly Warning[];
  readonly twoThetaDeg: Float64Array;
  readonly observed: Float64Array;
  readonly calculated: Float64Array;
  readonly background: Float64Array;
  /** Standard uncertainty of each observed point. */
  readonly sigma: Float64Array;
}
