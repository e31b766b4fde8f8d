/** Scores of a model on scans that it has not learnt from. */

export interface Rejection {
  readonly known: number;
  readonly unknown: number;
  /** At the model's threshold. */
  readonly balancedAccuracy: number;
  readonly auroc: number;
  /** Unknown types accepted where 95 % of the known ones are. */
  readonly falsePositivesAt95: number;
}

/** Measured before the extension is kept, on compounds it has not learnt from. */
export interface ExtensionScores {
  /** Scans of new types' held-out compounds, and the share answered rightly and accepted. */
  readonly own: { readonly n: number; readonly top1: number; readonly accepted: number };
  /** Scans of the model's types, and the share answered rightly, before and after. */
  readonly known: { readonly n: number; readonly top1Before: number; readonly top1After: number };
  /** Scans of types that neither knows against those of known types, before and after. */
  readonly rejection: { readonly before: Rejection; readonly after: Rejection } | null;
}
