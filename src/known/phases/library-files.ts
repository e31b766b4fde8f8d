/** A library of phases out of structures: the files that are kept, and what could not be taken. */
import { sha256Hex } from "../../formats/hash.ts";
import { powderBuffers } from "../../diffraction/powder.ts";
import { totalAmount } from "../../crystal/composition/composition.ts";
import { EwaldError } from "../../errors.ts";
import type { Structure } from "../../crystal/structure.ts";
import { type PhaseDescription, phaseOf } from "./phase-build.ts";
import { decodePhases, encodePhases } from "./phase-file.ts";
import { encodeLines, linesOfPhase, type PhaseLines } from "./phase-lines.ts";
import type { PhaseRecord } from "./phase.ts";
import type { PhaseSource } from "./phase-table.ts";

/** Names of the files of a library. */
export const LIBRARY_FILES = {
  structures: "structures.bin",
  firstLines: "lines-first.bin",
  furtherLines: "lines-further.bin",
} as const;

/** A structure on its way into a library. */
export interface LibraryInput {
  readonly structure: Structure;
  readonly description: PhaseDescription;
}

/** A structure that could not be taken. */
export interface LeftOut {
  readonly id: string;
  readonly error: EwaldError;
}

export interface BuiltLibrary {
  readonly count: number;
  /** By name, as {@link LIBRARY_FILES} says. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly leftOut: readonly LeftOut[];
}

interface Kept {
  readonly phase: PhaseRecord;
  readonly lines: PhaseLines;
}

/**
 * Collects structures one by one and makes the files of them. The same structures give the same bytes, in whatever order
 * they come. Needs `await loadSymmetry()`.
 */
export class PhaseLibraryBuilder {
  private readonly kept = new Map<string, Kept>();
  private readonly leftOut: LeftOut[] = [];
  private readonly buffers = powderBuffers();

  /** Takes a structure, or notes why it cannot. */
  add({ structure, description }: LibraryInput): void {
    const { id } = description;
    try {
      if (this.kept.has(id))
        throw new EwaldError("known/duplicate-id", `two structures are called "${id}"`, {
          value: id,
          hint: "Give each a name of its own.",
        });
      const phase = phaseOf(structure, description);
      this.kept.set(id, { phase, lines: linesOfPhase(phase, this.buffers) });
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      this.leftOut.push({ id, error });
    }
  }

  /** The files. Calculated phases get the names of measured ones that are the same. */
  build(): BuiltLibrary {
    // Structures that are alike side by side: the file is 7 % smaller than in the order of the source.
    const kept = [...this.kept.values()].toSorted(
      ({ phase: a }, { phase: b }) =>
        a.setting.number - b.setting.number ||
        a.sites.length - b.sites.length ||
        (a.id < b.id ? -1 : 1),
    );
    const sources = new Map<string, PhaseSource>();
    for (const { phase } of kept)
      sources.set(phase.source, { name: phase.source, isMeasured: phase.isMeasured });
    const { first, further } = encodeLines(kept.map(({ lines }) => lines));
    const sourceList = [...sources.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const phases = kept.map(({ phase }) => phase);
    const structures = encodePhases(withNames(phases, sourceList), sourceList);
    return {
      count: kept.length,
      files: {
        [LIBRARY_FILES.structures]: structures,
        [LIBRARY_FILES.firstLines]: first,
        [LIBRARY_FILES.furtherLines]: further,
      },
      leftOut: this.leftOut,
    };
  }
}

/** Volumes per atom of one phase, measured and calculated, differ by less than this. */
const SAME_VOLUME = 0.08;

/** "quartz" for a calculated phase without a name whose formula, space group and volume are those of a measured one that has it. */
function withNames(phases: readonly PhaseRecord[], sources: readonly PhaseSource[]): PhaseRecord[] {
  const table = decodePhases(encodePhases(phases, sources));
  const key = (entry: number): string => `${table.formula(entry)} ${phases[entry]!.spaceGroup}`;
  const volume = (entry: number): number =>
    table.volumeAngstrom3(entry) / totalAmount(table.composition(entry));
  const named = new Map<string, { name: string; volume: number }[]>();
  for (const [entry, { name, isMeasured }] of phases.entries()) {
    if (name === undefined || !isMeasured) continue;
    const same = named.get(key(entry)) ?? [];
    named.set(key(entry), [...same, { name, volume: volume(entry) }]);
  }
  return phases.map((phase, entry) => {
    if (phase.name !== undefined || phase.isMeasured) return phase;
    const off = (one: { volume: number }): number => Math.abs(Math.log(one.volume / volume(entry)));
    const [nearest] = (named.get(key(entry)) ?? []).toSorted((a, b) => off(a) - off(b));
    return nearest === undefined || off(nearest) > SAME_VOLUME
      ? phase
      : { ...phase, name: nearest.name };
  });
}

/** SHA-256 of each file, as a card lists them. */
export async function hashesOf({ files }: BuiltLibrary): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(
      Object.entries(files).map(async ([name, bytes]) => [name, await sha256Hex(bytes)] as const),
    ),
  );
}
