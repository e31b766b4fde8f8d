/** What a module prints while it is loaded: examples are tests by what they say. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

function word(one: unknown): string {
  return typeof one === "object" ? JSON.stringify(one) : String(one);
}

/** Lines that the module prints, each part as JSON where it is an object. */
export async function printedBy(path: string): Promise<string> {
  const lines: string[] = [];
  const print = vi.spyOn(console, "log").mockImplementation((...parts: readonly unknown[]) => {
    lines.push(parts.map(word).join(" "));
  });
  try {
    await import(/* @vite-ignore */ path);
  } finally {
    print.mockRestore();
  }
  return `${lines.join("\n")}\n`;
}

/** Lines that a block of a document prints, run as a module of its own. */
export async function printedByBlock(code: string, ending = "mjs"): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "block-")), `block.${ending}`);
  writeFileSync(path, code);
  return printedBy(path);
}
