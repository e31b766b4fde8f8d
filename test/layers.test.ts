import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
// @ts-expect-error the rule is a plain script without types
import { LAYERS, upwardImports } from "../tools/layers.mjs";

function houseWith(files: Record<string, string>): string {
  const src = mkdtempSync(join(tmpdir(), "layers-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(src, path, ".."), { recursive: true });
    writeFileSync(join(src, path), text);
  }
  return src;
}

describe("the layer rule", () => {
  test("holds in the house itself", () => {
    expect(upwardImports("src")).toEqual([]);
  });

  test("allows no cycle", () => {
    const layers = LAYERS as Record<string, string[]>;
    for (const [from, targets] of Object.entries(layers)) {
      for (const to of targets) expect(layers[to], `${from} → ${to}`).not.toContain(from);
    }
  });

  test("names an upward import with file and line", () => {
    const src = houseWith({
      "math/a.ts": 'import type { B } from "../errors.ts";\nimport { c } from "../crystal/c.ts";\n',
    });
    expect(upwardImports(src)).toEqual(["math/a.ts:2: math may not import crystal (crystal/c.ts)"]);
  });

  test("keeps the five systems apart", () => {
    const src = houseWith({
      "systems/site/a.ts": 'import { b } from "../spectrum/b.ts";\nimport { c } from "./c.ts";\n',
      "systems/shared.ts": 'import { b } from "./site/a.ts";\n',
    });
    expect(upwardImports(src)).toHaveLength(1);
  });

  test("refuses a folder that is not drawn", () => {
    const src = houseWith({ "utils/a.ts": "export {};\n" });
    expect(upwardImports(src)[0]).toContain('folder "utils"');
  });
});
