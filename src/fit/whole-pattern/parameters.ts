/** The nonlinear parameters of a fit: which there are, where each stands in the vector, its bounds, start and meaning. */
import { cellOfFree } from "../../crystal/free-cell.ts";
import type { CellParameters } from "../../diffraction/line-list.ts";
import { widthAt } from "../../scan/observe.ts";
import type { FitOptions, FreeGroup } from "./fit-types.ts";
import type { MeasuredPoints } from "./measured-points.ts";
import type { PhaseLines } from "./phase-lines.ts";
import { partsOfShape } from "./shape-parts.ts";

export interface Parameter {
  readonly name: string;
  readonly group: FreeGroup;
  /** Index of the phase; null for what all share. */
  readonly phase: number | null;
  readonly meaning: string;
  readonly unit: string;
  readonly start: number;
  readonly lower: number;
  readonly upper: number;
}

/** Places of one phase's parameters. */
export interface PhasePlaces {
  /** First of the free edges, then angles, of its cell. */
  readonly cell: number;
  readonly size: number;
  readonly strain: number;
  readonly march: number;
  readonly b: number;
}

/** Places of what the phases share. */
export const SHARED = { shift: 0, u: 1, v: 2, w: 3, axial: 4 } as const;

export interface Layout {
  readonly parameters: readonly Parameter[];
  readonly places: readonly PhasePlaces[];
}

/** Largest shift of a line, degrees. */
const MOST_SHIFT_DEG = 0.5;
/** Axial divergence of 0.16 rad: Soller slits let a third of it through at most. */
const MOST_AXIAL_DEG = 1.5;
/** A free edge stays within this share of its start, an angle within so many degrees. */
const MOST_STRAIN = 0.03;
const MOST_TURN_DEG = 3;
/** B where the structure states none, Å²: what inorganic crystals have at room temperature, about. */
const USUAL_B = 0.5;
const MOST_B = 5;
const EDGE_NAMES = ["a", "b", "c", "α", "β", "γ"] as const;

export function layoutOf(
  phases: readonly PhaseLines[],
  points: MeasuredPoints,
  { shift = "displacement", instrument }: FitOptions,
): Layout {
  const parameters: Parameter[] = [
    {
      name: shift,
      group: "shift",
      phase: null,
      meaning:
        shift === "displacement" ? "2θ moves by this times cos θ" : "2θ moves by this everywhere",
      unit: "°",
      start: 0,
      lower: -MOST_SHIFT_DEG,
      upper: MOST_SHIFT_DEG,
    },
    ...widthParameters(points, instrument),
    {
      name: "axial",
      group: "asymmetry",
      phase: null,
      meaning: "lines reach this times cot 2θ to one side: axial divergence",
      unit: "°",
      start: 0,
      lower: 0,
      upper: MOST_AXIAL_DEG,
    },
  ];
  const places = phases.map((phase, index) => {
    const at = parameters.length;
    const cell = cellParameters(phase, index);
    parameters.push(...cell, ...phaseParameters(phase, index, points, instrument !== undefined));
    const size = at + cell.length;
    return { cell: at, size, strain: size + 1, march: size + 2, b: size + 3 };
  });
  return { parameters, places };
}

function widthParameters(
  { observation: { width } }: MeasuredPoints,
  instrument: FitOptions["instrument"],
): Parameter[] {
  const resolution = instrument?.resolution;
  const gauss = resolution === undefined ? 0 : partsOfShape(resolution.eta).gauss ** 2;
  // Without an instrument half of the width, about, is taken for Gaussian at first.
  const [u, v, w] =
    resolution === undefined
      ? [(0.7 * Math.max(0, width.slopeDeg)) ** 2, 0, (0.7 * width.baseDeg) ** 2]
      : [resolution.u * gauss, resolution.v * gauss, resolution.w * gauss];
  const most = 4 * (width.baseDeg + Math.abs(width.slopeDeg)) ** 2 + Math.abs(u) + Math.abs(w);
  const common = { group: "width", phase: null, unit: "°²" } as const;
  return [
    {
      ...common,
      name: "u",
      meaning: "Gaussian width² over tan² θ",
      start: u,
      lower: Math.min(0, u),
      upper: most,
    },
    {
      ...common,
      name: "v",
      meaning: "Gaussian width² over tan θ",
      start: v,
      lower: -most,
      upper: Math.max(v, most),
    },
    {
      ...common,
      name: "w",
      meaning: "Gaussian width², constant part",
      start: w,
      lower: Math.min(0, w),
      upper: most,
    },
  ];
}

function cellParameters({ list, freeCell }: PhaseLines, phase: number): Parameter[] {
  const edge = (at: number): Parameter => ({
    name: EDGE_NAMES[at]!,
    group: "cell",
    phase,
    meaning: "edge of the conventional cell",
    unit: "Å",
    start: list.cell[at]!,
    lower: list.cell[at]! * (1 - MOST_STRAIN),
    upper: list.cell[at]! * (1 + MOST_STRAIN),
  });
  const angle = (at: number): Parameter => ({
    ...edge(at),
    meaning: "angle of the conventional cell",
    unit: "°",
    lower: list.cell[at]! - MOST_TURN_DEG,
    upper: list.cell[at]! + MOST_TURN_DEG,
  });
  return [...freeCell.edges.map(edge), ...freeCell.angles.map(angle)];
}

function phaseParameters(
  { hasOwnB }: PhaseLines,
  phase: number,
  { observation: { width } }: MeasuredPoints,
  hasInstrument: boolean,
): Parameter[] {
  const middleDeg = widthAt(width, 60);
  return [
    {
      name: "size width",
      group: "size",
      phase,
      meaning: "Lorentzian width of small crystals over 1/cos θ",
      unit: "°",
      start: (hasInstrument ? 0.2 : 0.4) * width.baseDeg,
      lower: 0,
      upper: 4 * middleDeg,
    },
    {
      name: "strain",
      group: "strain",
      phase,
      meaning: "Δd/d: Lorentzian width 4 ε tan θ",
      unit: "1",
      start: 2e-4,
      lower: 0,
      upper: 0.02,
    },
    {
      name: "texture",
      group: "texture",
      phase,
      meaning: "March-Dollase r: 1 is a random powder",
      unit: "1",
      start: 1,
      lower: 0.2,
      upper: 3,
    },
    {
      name: "B",
      group: "b",
      phase,
      meaning: hasOwnB
        ? "displacement parameter on top of those of the structure"
        : "displacement parameter of all atoms",
      unit: "Å²",
      start: hasOwnB ? 0 : USUAL_B,
      lower: hasOwnB ? -1 : 0,
      upper: MOST_B,
    },
  ];
}

/** The conventional cell of a phase as the parameters have it. */
export function cellAt(
  { list, freeCell }: PhaseLines,
  places: PhasePlaces,
  p: ArrayLike<number>,
): CellParameters {
  const count = freeCell.edges.length + freeCell.angles.length;
  const free = Array.from({ length: count }, (_, j) => p[places.cell + j]!);
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = cellOfFree(list.system, free);
  return [a, b, c, alphaDeg, betaDeg, gammaDeg];
}

const GROUPS: readonly FreeGroup[] = [
  "cell",
  "shift",
  "width",
  "asymmetry",
  "size",
  "strain",
  "texture",
  "b",
];

/** Whether a parameter may be freed at all with these options. */
export function mayBeFree(
  { group, phase }: Parameter,
  phases: readonly PhaseLines[],
  { free = GROUPS, instrument, method }: FitOptions,
): boolean {
  if (!free.includes(group)) return false;
  if (group === "width") return instrument?.resolution === undefined;
  // Heights are the scan's in a fit without atoms.
  if (method === "le-bail" && (group === "texture" || group === "b")) return false;
  return group !== "texture" || phases[phase!]!.normal !== null;
}
