import type { ReadStructures } from "../src/crystal/io/read-structures.ts";

export interface ReadingFile {
  readonly text: string;
  /** Whether what it states stands only in its first line. */
  readonly isFirstLine?: boolean;
  readonly states: readonly { readonly line: string }[];
}

export declare const READING_FILES: readonly ReadingFile[];

export declare function readingMutation(
  seed: number,
  index: number,
): { readonly text: string; readonly file: ReadingFile };

export declare function readingFault(
  text: string,
  file: ReadingFile,
  read: Pick<ReadStructures, "structures">,
): string | undefined;
