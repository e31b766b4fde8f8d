/** One identified scan as a report shows it. */
import { type ScanIdentification } from "../identify/identify-scan.ts";
import { type LaidAverage } from "../known/type-averages.ts";
import { type Explanation } from "./identification-figure.ts";
import type { PlotLook } from "./plot/model.ts";

/** What of an answer a figure shows, and how. */
export interface FigureChoice {
  /** Default: the whole range on a root scale. */
  readonly look?: PlotLook;
  /** Key of the type whose curve and lines are drawn; default: of the first candidate that was laid over the scan. */
  readonly drawn?: string;
}

/** One scan with its answer and what a reader has to know of it. */
export interface IdentifiedScan extends FigureChoice {
  /** Name of the file. */
  readonly input: string;
  /** "X-rays, Cu Kα, λ = 1.5406 Å" */
  readonly radiation: string;
  /** The known elements in words; null for nothing. */
  readonly elements: string | null;
  readonly answer: ScanIdentification;
  /** The evidence for the type drawn; null where there is none. */
  readonly explanation: Explanation | null;
  /** The average pattern of the type drawn, laid over the scan; absent or null where there is none. */
  readonly average?: LaidAverage | null;
}
