/** One identified scan as a report shows it. */
import { type ScanIdentification } from "../identify/identify-scan.ts";
import { type LaidAverage } from "../known/type-averages.ts";
import { type Explanation } from "./identification-figure.ts";

/** One scan with its answer and what a reader has to know of it. */
export interface IdentifiedScan {
  /** Name of the file. */
  readonly input: string;
  /** "X-rays, Cu Kα, λ = 1.5406 Å" */
  readonly radiation: string;
  /** The known elements in words; null for nothing. */
  readonly elements: string | null;
  readonly answer: ScanIdentification;
  /** The evidence for the best type; null where there is none. */
  readonly explanation: Explanation | null;
  /** The average pattern of the best candidate's type, laid over the scan; absent or null where there is none. */
  readonly average?: LaidAverage | null;
}
