/**
 * A phase as its lines: hkl, multiplicity × |F|² at each wavelength, and which parameters its cell has. Lines are those of the
 * conventional cell; what is fitted is told in the structure's own setting.
 */
import { compositionOf, molarMassGPerMol } from "../../crystal/composition/composition.ts";
import { freeCell, type FreeCell } from "../../crystal/free-cell.ts";
import { latticeParameters } from "../../crystal/lattice.ts";
import type { Structure } from "../../crystal/structure.ts";
import { analyzeSymmetry } from "../../crystal/symmetry/symmetry.ts";
import { anomalousFactor } from "../../diffraction/anomalous.ts";
import { hklOfKey, laueRotations, morePositive, orbitOf } from "../../diffraction/laue.ts";
import type { CellParameters, LineList } from "../../diffraction/line-list.ts";
import { reflections } from "../../diffraction/reflections.ts";
import { structureFactors } from "../../diffraction/structure-factors.ts";
import { EwaldError } from "../../errors.ts";
import { invert, type Mat3, multiplyVector, type Vec3 } from "../../math/matrix3.ts";
import { gOfTwoThetaDeg } from "../../radiation/angles.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import { symmetricCell } from "../cell-fit.ts";
import type { FitOptions, FitPhase } from "./fit-types.ts";

export interface PhaseLines extends FitPhase {
  readonly list: LineList;
  readonly freeCell: FreeCell;
  /** Multiplicity × |F|² of each line, one column for each wavelength of the radiation. */
  readonly squared: readonly Float64Array[];
  /** h, k, l of each line in the setting of the structure: of the equivalents the most positive. */
  readonly ownHkl: readonly Vec3[];
  /** All equivalents of each line, ± as one: what a texture needs. Empty where no texture is asked for. */
  readonly orbits: readonly (readonly Vec3[])[];
  /** The plane of the texture in the axes of the lines. */
  readonly normal: Vec3 | null;
  /** Mass of the conventional cell, u. */
  readonly mass: number;
  /** Whether atoms state a displacement parameter of their own. */
  readonly hasOwnB: boolean;
}

const SYMPREC_ANGSTROM = 0.01;
/** Lines a little beyond the ends are listed too: their tails, and cells that change. */
const BEYOND_DEG = 3;
/** Lines weaker than this share of the strongest |F|² × multiplicity are left out. */
const LEAST_SQUARED = 1e-6;
/** |F|² of a systematic absence is rounding, far below this. */
const ABSENT = 1e-12;

/**
 * The lines of a phase within a range of 2θ. Needs `await loadSymmetry()`.
 * @throws EwaldError of the symmetry search and of the scattering tables; `fit/no-lines`
 */
export function phaseLines(
  phase: FitPhase,
  radiation: Radiation,
  rangeDeg: readonly [number, number],
  { anomalous = true, ions = false }: Pick<FitOptions, "anomalous" | "ions">,
): PhaseLines {
  const symmetry = analyzeSymmetry(phase.structure, { symprecAngstrom: SYMPREC_ANGSTROM });
  const { conventional, transformation } = symmetry;
  const { operations } = analyzeSymmetry(conventional, { symprecAngstrom: SYMPREC_ANGSTROM });
  const wavelengths = radiation.lines.map(({ wavelengthAngstrom }) => wavelengthAngstrom);
  const from = Math.max(0.1, rangeDeg[0] - BEYOND_DEG);
  const to = Math.min(178, rangeDeg[1] + BEYOND_DEG);
  const listed = reflections(conventional.lattice, {
    gMinInvAngstrom: gOfTwoThetaDeg(from, Math.max(...wavelengths)),
    gMaxInvAngstrom: gOfTwoThetaDeg(to, Math.min(...wavelengths)),
    operations,
  });
  const all = wavelengths.map((wavelength) => {
    const f = structureFactors(conventional, listed.hkl, {
      radiation: radiation.kind,
      ions,
      ...(anomalous && radiation.kind === "xray"
        ? { anomalous: (element: string) => anomalousFactor(element, wavelength) }
        : {}),
    });
    return f.real.map((re, i) => listed.multiplicity[i]! * (re * re + f.imaginary[i]! ** 2));
  });
  const most = all[0]!.reduce((a, b) => Math.max(a, b), 0);
  const kept = Array.from(all[0]!.keys()).filter(
    (i) => all[0]![i]! > Math.max(ABSENT, LEAST_SQUARED * most),
  );
  if (kept.length === 0) {
    throw new EwaldError("fit/no-lines", `${phase.id} has no line in the range of the scan`, {
      value: phase.id,
      hint: "Leave it out, or check its cell and the wavelength.",
    });
  }
  const hkl = Int16Array.from(
    kept.flatMap((i) => Array.from(listed.hkl.subarray(3 * i, 3 * i + 3))),
  );
  const squared = all.map((column) => Float64Array.from(kept, (i) => column[i]!));
  const list: LineList = {
    system: symmetry.crystalSystem,
    cell: cellOf(conventional),
    hkl,
    strength: Float32Array.from(squared[0]!, (value) => value / most),
    own: { cell: cellOf(phase.structure), basisRows: transformation.basisRows },
  };
  const rotations = laueRotations(operations);
  const orbits = kept.map((_, i) =>
    [...orbitOf([hkl[3 * i]!, hkl[3 * i + 1]!, hkl[3 * i + 2]!], rotations)].map(hklOfKey),
  );
  const toOwn = invert(transformation.basisRows);
  return {
    ...phase,
    list: { ...list, cell: symmetricCell(list) },
    freeCell: freeCell(list.system),
    squared,
    ownHkl: orbits.map((orbit) => orbit.map((one) => ownHkl(one, toOwn)).reduce(morePositive)),
    orbits: phase.textureHkl === undefined ? [] : orbits,
    normal:
      phase.textureHkl === undefined
        ? null
        : multiplyVector(transformation.basisRows, phase.textureHkl),
    mass: molarMassGPerMol(compositionOf(conventional)),
    hasOwnB: conventional.sites.some(
      ({ bIsoAngstrom2, species }) =>
        bIsoAngstrom2 !== undefined || species.some((one) => one.bIsoAngstrom2 !== undefined),
    ),
  };
}

/** Whole numbers in the axes of the structure, of the pair ±hkl the more positive one. */
function ownHkl(hkl: Vec3, toOwn: Mat3): Vec3 {
  const [h, k, l] = multiplyVector(toOwn, hkl).map(Math.round) as [number, number, number];
  // 0 − 0: no index is −0.
  return morePositive([h + 0, k + 0, l + 0], [0 - h, 0 - k, 0 - l]);
}

function cellOf({ lattice }: Structure): CellParameters {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(lattice);
  return [a, b, c, alphaDeg, betaDeg, gammaDeg];
}
