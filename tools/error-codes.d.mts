export interface CodeEntry {
  readonly kinds: ReadonlySet<"error" | "warning">;
  readonly messages: ReadonlySet<string>;
}

export function codesIn(folder?: string): ReadonlyMap<string, CodeEntry>;
export function linesOf(codes?: ReadonlyMap<string, CodeEntry>): Readonly<Record<string, string>>;
export function pageText(codes?: ReadonlyMap<string, CodeEntry>): string;
export function staleWords(codes?: ReadonlyMap<string, CodeEntry>): readonly string[];
