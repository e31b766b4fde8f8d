/** The answer to one scan. */
import { fileNameOf } from "../../formats/file-name.ts";
import { requireScan, type Content } from "../../data/contents.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import type { Overlay } from "../../fit/overlay.ts";
import {
  identifyScan,
  type IdentifyScanOptions,
  type LaidOver,
  type ScanIdentification,
} from "../../identify/identify-scan.ts";
import { layAverage, type TypeAverage } from "../../known/type-averages.ts";
import type { FigureChoice, IdentifiedScan } from "../../report/identified-scan.ts";
import { printedRadiation } from "../../report/notation.ts";
import { processScan } from "../../scan/process.ts";
import type { StructureTypeModel } from "../../systems/structure-type/predict.ts";
import type { TypeCandidate } from "../../systems/structure-type/result.ts";
import type { Question } from "./question.ts";

/** One line of `--json`, and what a report and the page show of it. */
export interface IdentifyRecord extends IdentifyAnswer {
  readonly shown: IdentifiedScan;
}

/** The answer as plain data, without its curves. */
export interface IdentifyAnswer {
  readonly kind: "identification";
  readonly input: string;
  readonly name?: string;
  /** Best first. */
  readonly types: readonly TypeCandidate[];
  readonly rejected: boolean;
  readonly reason: string | null;
  /** Types that the scan alone cannot tell apart, the first with them; empty where there are none. */
  readonly ties: ScanIdentification["ties"];
  /** Another tube with which the scan fits what is known; null for none. */
  readonly tube: ScanIdentification["tube"];
  readonly warnings: readonly Warning[];
  /** The nearest known compound of the best type on the scan; null where none was laid over it. */
  readonly overlay: OverlayRecord | null;
  /** The user's own, in the order given. */
  readonly references: readonly OverlayRecord[];
  /** The known elements in words. */
  readonly elements: string | null;
  readonly model: ScanIdentification["model"];
}

/** A compound laid over the scan, without its curve. */
export interface OverlayRecord {
  readonly name: string;
  readonly formula?: string;
  /** a, b, c (Å), alpha, beta, gamma (°); the user's own in the setting of the file. */
  readonly cell: readonly number[];
  /** "as given" or "fitted" */
  readonly cellIs: Overlay["cellIs"];
  readonly cellFactor: number;
  /** Changes of a, b, c against the file, %; for the user's own structures. */
  readonly cellChangePercent?: readonly number[];
  readonly zeroShiftDeg: number;
  /** Cosine of √I, observed and calculated, 0 to 1. */
  readonly agreement: number;
  /** Share of the peaks' area at calculated lines, 0 to 1. */
  readonly explained: number;
  readonly unexplained: Overlay["unexplained"];
  /** Agreement and explained share with the cell as given, for a user's own structure whose cell was fitted. */
  readonly asGiven?: LaidOver["asGiven"];
}

export function overlayRecord({ name, formula, key, overlay, asGiven }: LaidOver): OverlayRecord {
  const { cell, cellIs, cellFactor, cellChangePercent, zeroShiftDeg } = overlay;
  const { agreement, explained, unexplained } = overlay;
  return {
    name,
    ...(formula === undefined ? {} : { formula }),
    cell,
    cellIs,
    cellFactor,
    ...(key === undefined ? { cellChangePercent } : {}),
    zeroShiftDeg,
    agreement,
    explained,
    unexplained,
    ...(asGiven === undefined ? {} : { asGiven }),
  };
}

/** The question with all that answers it. */
export interface IdentifySession {
  readonly question: Question;
  readonly model: StructureTypeModel;
  /** Whether what spoke for the best type is asked too, for a report. */
  readonly explains: boolean;
  /** Average patterns of the library's types, for a report; empty without one. */
  readonly averages: readonly TypeAverage[];
  /** What a report's figures show, and how. */
  readonly figure?: FigureChoice;
}

/** @throws EwaldError `read/wrong-kind`, those of `processScan`, `scan/no-wavelength`, `axis/tof` */
export async function identifiedRecord(
  content: Content,
  { question, model, explains, averages, figure = {} }: IdentifySession,
): Promise<IdentifyRecord> {
  const { input: path, name, scan: read, warnings } = requireScan(content);
  const input = name === undefined ? path : `${path} (${name})`;
  const known = processScan(read, question.processing, question.named);
  const { scan } = known;
  const { drawn } = figure;
  const identified = await identifyScan(model, scan, {
    ...identifyOptions(question),
    // The lines of one candidate take a moment: of all only where another than the best is drawn.
    ...(drawn === undefined ? {} : { overlaid: question.options.top ?? Infinity }),
  });
  const found = {
    ...identified,
    warnings: [...warnings, ...known.warnings, ...question.known.warnings, ...identified.warnings],
  };
  const [best] = found.candidates;
  const laid = found.candidates.find(({ key }) => key === drawn) ?? best;
  return {
    kind: "identification",
    input,
    types: found.types,
    rejected: found.rejected,
    reason: found.reason,
    ties: found.ties,
    tube: found.tube,
    warnings: found.warnings,
    overlay: best === undefined ? null : overlayRecord(best),
    references: found.references.map(overlayRecord),
    elements: question.known.words,
    model: found.model,
    shown: {
      ...figure,
      // A report is sent on: where the file lay on this machine is nobody's business.
      input: isAbsolute(input) ? fileNameOf(input) : input,
      radiation: scan.radiation === null ? "radiation unknown" : printedRadiation(scan.radiation),
      elements: question.known.words,
      answer: found,
      explanation: explains ? await explanationOf(model, found, drawn) : null,
      average:
        laid === undefined || found.observation === null
          ? null
          : layAverage(averages, model.library, laid, found.observation),
    },
  };
}

export function identifyOptions({ known, options }: Question): IdentifyScanOptions {
  return {
    ...options,
    ...(known.composition === undefined ? {} : { composition: known.composition }),
    ...(known.constraints === undefined ? {} : { constraints: known.constraints }),
  };
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);
}

async function explanationOf(
  model: StructureTypeModel,
  { types, observation }: ScanIdentification,
  drawn: string | undefined,
): Promise<IdentifiedScan["explanation"]> {
  const type = types.find(({ key }) => key === drawn) ?? types[0];
  if (type === undefined || observation === null) return null;
  try {
    return { name: type.name, ...(await model.explain(observation, type.key)) };
  } catch (error) {
    // A model of other networks answers all the same.
    if (error instanceof EwaldError && error.code === "identify/no-explanation") return null;
    throw error;
  }
}
