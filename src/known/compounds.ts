/**
 * The known compounds of the library as peaks, type by type in the order of `membersOf`: what a scan is compared with. Kept
 * in a file of some 3 bytes a line (`models/structure-type/compounds.bin`).
 */
import { EwaldError } from "../errors.ts";
import {
  type Fit,
  fitCompound,
  normOf,
  type PeakSet,
  roughSimilarity,
  type Target,
} from "./templates.ts";

/** Positions are stored in this part of a bin. */
const BIN_SCALE = 32;
const HEIGHT_SCALE = 255;
/** Lines of the quick comparison, and compounds of a type that are then compared in full. */
const ROUGH_LINES = 18;
const FULL_PER_TYPE = 5;

interface Compound {
  readonly peaks: PeakSet;
  readonly strongest: Uint8Array;
  readonly norm: number;
}

/** The best known compound of a type. */
export interface BestCompound extends Fit {
  /** Position among the type's members; -1 where it has none. */
  readonly member: number;
}

const NONE: BestCompound = { member: -1, similarity: 0, cellFactor: 1 };

/** Peaks of all compounds as bytes: per compound the number of lines, their positions, their heights. */
export function encodeCompounds(types: readonly (readonly PeakSet[])[]): Uint8Array {
  const size = types.flat().reduce((sum, { bin }) => sum + 1 + 3 * bin.length, 0);
  const bytes = new Uint8Array(4 + 4 * types.length + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, types.length, true);
  types.forEach((compounds, t) => view.setUint32(4 + 4 * t, compounds.length, true));
  let at = 4 + 4 * types.length;
  for (const { bin, height } of types.flat()) {
    bytes[at++] = bin.length;
    for (const value of bin) {
      view.setInt16(at, Math.round(value * BIN_SCALE) - 0x8000, true);
      at += 2;
    }
    for (const value of height) bytes[at++] = Math.round(value * HEIGHT_SCALE);
  }
  return bytes;
}

/** @throws EwaldError `compounds/damaged` */
export function decodeCompounds(bytes: Uint8Array): PeakSet[][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (): never => {
    throw new EwaldError("compounds/damaged", "the file of known compounds ends early", {
      byte: bytes.length,
      hint: "Install the package again.",
    });
  };
  if (bytes.length < 4 || bytes.length < 4 + 4 * view.getUint32(0, true)) fail();
  const typeCount = view.getUint32(0, true);
  let at = 4 + 4 * typeCount;
  return Array.from({ length: typeCount }, (_, t) =>
    Array.from({ length: view.getUint32(4 + 4 * t, true) }, () => {
      const count = bytes[at++] ?? fail();
      if (at + 3 * count > bytes.length) fail();
      const bin = new Float32Array(count);
      const height = new Float32Array(count);
      for (let i = 0; i < count; i++, at += 2)
        bin[i] = (view.getInt16(at, true) + 0x8000) / BIN_SCALE;
      for (let i = 0; i < count; i++) height[i] = bytes[at++]! / HEIGHT_SCALE;
      return { bin, height };
    }),
  );
}

/** Compounds by type, ready to be searched. */
export class Compounds {
  /** Null for members that do not count as known. */
  private readonly types: readonly (readonly (Compound | null)[])[];

  /** @param isKnown whether a member counts; default all (a test keeps its own compounds out) */
  constructor(
    types: readonly (readonly PeakSet[])[],
    isKnown: (type: number, member: number) => boolean = () => true,
  ) {
    this.types = types.map((compounds, type) =>
      compounds.map((peaks, member) => {
        if (peaks.bin.length === 0 || !isKnown(type, member)) return null;
        const order = [...peaks.height.keys()].toSorted(
          (a, b) => peaks.height[b]! - peaks.height[a]!,
        );
        const strongest = Uint8Array.from(order.slice(0, ROUGH_LINES));
        return { peaks, strongest, norm: normOf(peaks) };
      }),
    );
  }

  /**
   * For every type its compound that fits best. About 30 ms for 11,000 compounds.
   * @param isWanted types that are searched; default all
   */
  search(target: Target, isWanted: (type: number) => boolean = () => true): BestCompound[] {
    return this.types.map((_, type) => (isWanted(type) ? this.searchType(target, type) : NONE));
  }

  /** The compound of one type that fits best, of those that are wanted. */
  searchType(
    target: Target,
    type: number,
    isWanted: (member: number) => boolean = () => true,
  ): BestCompound {
    const compounds = this.types[type]!;
    const rough = compounds.map((compound, member) =>
      compound === null || !isWanted(member)
        ? -1
        : roughSimilarity(compound.peaks, compound.strongest, compound.norm, target),
    );
    const order = [...rough.keys()].toSorted((a, b) => rough[b]! - rough[a]!);
    let best = NONE;
    for (const member of order.slice(0, FULL_PER_TYPE)) {
      const compound = compounds[member];
      if (compound === null || compound === undefined || rough[member]! < 0) continue;
      const fit = fitCompound(compound.peaks, target);
      if (fit.similarity > best.similarity) best = { member, ...fit };
    }
    return best;
  }
}
