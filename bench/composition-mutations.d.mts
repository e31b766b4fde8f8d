import type {
  CompositionUnit,
  MeasuredComposition,
  Reading,
} from "../src/crystal/composition/composition-measured.ts";

export interface Truth {
  readonly unit: CompositionUnit;
  readonly readings: readonly Reading[];
}
export function written(seed: number, index: number): { truth: Truth; text: string };
export function encoded(text: string, index: number): Uint8Array | string;
export function mutated(seed: number, index: number): string;
export function differs(read: MeasuredComposition, truth: Truth): string | null;
export function impossible(read: MeasuredComposition, text: string): string | null;
