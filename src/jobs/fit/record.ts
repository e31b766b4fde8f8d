/** The fit of one scan as a plain record. */
import type { Structure } from "../../crystal/structure.ts";
import { latticeFromParameters, type LatticeParameters } from "../../crystal/lattice.ts";
import type { CellParameters } from "../../diffraction/line-list.ts";
import type { Warning } from "../../errors.ts";
import { type Content, requireScan } from "../../data/contents.ts";
import type { FitOptions, FitPhase, FitResult } from "../../fit/whole-pattern/fit-types.ts";
import { fitScan } from "../../fit/whole-pattern/fit-scan.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import type { Radiation } from "../../radiation/radiation.ts";

/** A line of `--json`, and the curves that the figure draws. */
export interface FitRecord extends FitAnswer {
  readonly shown: FitResult;
  readonly structures: readonly FittedStructure[];
}

/** A phase with its fitted cell, for the CIF. */
interface FittedStructure {
  readonly name: string;
  readonly structure: Structure;
}

/** The fit as plain data, without its curves. */
export interface FitAnswer extends Pick<
  FitResult,
  | "kind"
  | "rwp"
  | "rexp"
  | "chi2"
  | "chi2Reason"
  | "status"
  | "parameters"
  | "correlations"
  | "unexplained"
  | "history"
> {
  readonly input: string;
  readonly name?: string;
  readonly radiation: Radiation;
  readonly method: "structure" | "le-bail";
  readonly phases: readonly FittedPhaseRecord[];
  /** One of the two: which one was fitted. */
  readonly displacementDeg?: number;
  readonly zeroShiftDeg?: number;
  readonly twoThetaRangeDeg: readonly [number, number];
  readonly warnings: readonly Warning[];
}

/** A phase without its curve and lines. */
export interface FittedPhaseRecord extends Omit<
  FitResult["phases"][number],
  "cell" | "cellEsd" | "lines" | "calculated"
> {
  readonly cell: LatticeParameters;
  readonly cellEsd: LatticeParameters | null;
}

/** What serves all scans. */
export interface FitSession {
  readonly phases: readonly FitPhase[];
  readonly processing: ScanProcessing;
  readonly options: FitOptions;
}

/** @throws EwaldError `read/wrong-kind`, those of `processScan` and of `fitScan` */
export function fittedRecord(
  content: Content,
  { phases, processing, options }: FitSession,
): FitRecord {
  const { input, name, scan: read, warnings } = requireScan(content);
  const known = processScan(read, processing);
  const result = fitScan(known.scan, phases, options);
  const { kind, deg } = result.shift;
  const { rwp, rexp, chi2, chi2Reason, status, parameters, correlations, unexplained, history } =
    result;
  return {
    kind: "fit",
    input,
    ...(name === undefined ? {} : { name }),
    radiation: known.scan.radiation!,
    method: options.method ?? "structure",
    phases: result.phases.map(phaseRecord),
    rwp,
    rexp,
    chi2,
    ...(chi2Reason === undefined ? {} : { chi2Reason }),
    ...(kind === "zero" ? { zeroShiftDeg: deg } : { displacementDeg: deg }),
    twoThetaRangeDeg: [result.twoThetaDeg[0]!, result.twoThetaDeg.at(-1)!],
    status,
    parameters,
    correlations,
    unexplained,
    history,
    warnings: [...warnings, ...known.warnings, ...result.warnings],
    shown: result,
    structures: result.phases.map((phase, i) => ({
      name: `${phase.id}_fitted`,
      structure: fittedStructure(phases[i]!.structure, phase.cell, phase.cellEsd),
    })),
  };
}

function phaseRecord({
  cell,
  cellEsd,
  lines: _lines,
  calculated: _curve,
  ...numbers
}: FitResult["phases"][number]): FittedPhaseRecord {
  return {
    ...numbers,
    cell: named(cell),
    cellEsd: cellEsd === null ? null : named(cellEsd),
  };
}

function named([a, b, c, alphaDeg, betaDeg, gammaDeg]: CellParameters): LatticeParameters {
  return { a, b, c, alphaDeg, betaDeg, gammaDeg };
}

/** The structure in its fitted cell; coordinates stay. */
function fittedStructure(
  { sites, statedSymmetry }: Structure,
  cell: CellParameters,
  cellEsd: CellParameters | null,
): Structure {
  const lattice = latticeFromParameters(named(cell));
  return {
    lattice,
    sites,
    ...(cellEsd === null ? {} : { latticeEsd: named(cellEsd) }),
    ...(statedSymmetry === undefined ? {} : { statedSymmetry }),
  };
}
