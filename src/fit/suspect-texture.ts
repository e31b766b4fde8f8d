/**
 * Preferred orientation suspected: lines stand where they should, and their heights come right when one direction of the
 * crystallites is more frequent than in a powder (March-Dollase).
 */
import { lowerBound } from "../math/sorted.ts";
import type { ScanConditions } from "../diffraction/scan-conditions.ts";
import type { CellParameters, LineList } from "../diffraction/line-list.ts";
import { type Observation, widthAt } from "../scan/observe.ts";
import type { Placed } from "./placed-lines.ts";
import { textureFactor } from "../diffraction/family-texture.ts";
import { reciprocalOf } from "../diffraction/line-places.ts";

type Axis = ScanConditions["textureAxis"];

export interface SuspectedTexture {
  /** Plane normal that lines up, "001". */
  readonly axis: string;
  /** March coefficient: below 1 plates, above 1 needles. */
  readonly march: number;
  /** Share of the misfit of heights that it takes away, 0 to 1. */
  readonly gain: number;
}

/** Axes that one member of each family of lines suffices for. */
function axesOf(system: LineList["system"]): readonly Axis[] {
  if (system === "cubic") return ["100", "110", "111"];
  return ["tetragonal", "trigonal", "hexagonal"].includes(system) ? ["001"] : ["100", "010", "001"];
}

/** Coefficients that are tried, and what counts as texture; the ends of what is tried mean that something else is wrong. */
const STEPS = 40;
const MARCH = Array.from({ length: STEPS + 1 }, (_, i) => 0.3 * (2.4 / 0.3) ** (i / STEPS));
const WEAKEST = [0.8, 1.3] as const;
const LEAST_GROUPS = 5;
const LEAST_GAIN = 0.5;
/** Misfit below which there is nothing to explain: 1 − cos² of the roots of heights. */
const LEAST_MISFIT = 0.04;
/** Misfit that may be left: where more is, the structure is not the right one. */
const MOST_LEFT = 0.04;
/** Lines below this share of the highest stay out. */
const LEAST_HEIGHT = 0.02;

interface Group {
  readonly lines: readonly number[];
  readonly observed: number;
}

/** Lines that fall together, with the height that the scan shows there. */
function groupsOf(observation: Observation, placed: Placed): Group[] {
  const { twoThetaDeg, intensity, background, width } = observation;
  const order = Array.from(placed.index.keys())
    .filter((i) => placed.height[i]! >= LEAST_HEIGHT)
    .sort((i, j) => placed.twoThetaDeg[i]! - placed.twoThetaDeg[j]!);
  const groups: number[][] = [];
  for (const i of order) {
    const at = placed.twoThetaDeg[i]!;
    if (at < twoThetaDeg[0]! || at > twoThetaDeg.at(-1)!) continue;
    const last = groups.at(-1)?.at(-1);
    const isNear = last !== undefined && at - placed.twoThetaDeg[last]! < 0.8 * widthAt(width, at);
    if (isNear) groups.at(-1)!.push(i);
    else groups.push([i]);
  }
  return groups.map((lines) => {
    const from = placed.twoThetaDeg[lines[0]!]!;
    const to = placed.twoThetaDeg[lines.at(-1)!]!;
    const reach = 0.4 * widthAt(width, from);
    let observed = 0;
    for (let k = lowerBound(twoThetaDeg, from - reach); k < twoThetaDeg.length; k++) {
      if (twoThetaDeg[k]! > to + reach) break;
      observed = Math.max(observed, intensity[k]! - background[k]!);
    }
    return { lines, observed };
  });
}

/** 1 − cos² of the roots of observed and calculated heights. */
function misfit(groups: readonly Group[], calculated: (line: number) => number): number {
  let [cross, oo, cc] = [0, 0, 0];
  for (const { lines, observed } of groups) {
    let sum = 0;
    for (const line of lines) sum += calculated(line);
    cross += Math.sqrt(Math.max(0, observed) * sum);
    oo += Math.max(0, observed);
    cc += sum;
  }
  return oo > 0 && cc > 0 ? 1 - (cross * cross) / (oo * cc) : 1;
}

/** Null where heights agree, where no texture mends them, or where lines are too few to tell. */
export function suspectedTexture(
  observation: Observation,
  lines: LineList,
  cell: CellParameters,
  placed: Placed,
): SuspectedTexture | null {
  const groups = groupsOf(observation, placed);
  if (groups.length < LEAST_GROUPS) return null;
  const plain = misfit(groups, (i) => placed.height[i]!);
  if (plain < LEAST_MISFIT) return null;
  const reciprocal = reciprocalOf(cell);
  let best: SuspectedTexture | null = null;
  for (const axis of axesOf(lines.system)) {
    for (const march of MARCH) {
      if (march > WEAKEST[0] && march < WEAKEST[1]) continue;
      const textured = misfit(groups, (i) => {
        const at = 3 * placed.index[i]!;
        const hkl = [lines.hkl[at]!, lines.hkl[at + 1]!, lines.hkl[at + 2]!] as const;
        return placed.height[i]! * textureFactor(lines, reciprocal, hkl, axis, march);
      });
      const gain = 1 - textured / plain;
      if (textured > MOST_LEFT || march === MARCH[0] || march === MARCH[STEPS]) continue;
      if (gain >= LEAST_GAIN && gain > (best?.gain ?? 0)) best = { axis, march, gain };
    }
  }
  return best;
}
