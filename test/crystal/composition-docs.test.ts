/** Every table line of docs/composition.md is an example that holds. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type KnownElements,
  parseConstraints,
  satisfies,
} from "../../src/crystal/composition/composition-constraints.ts";
import {
  anonymousFormula,
  hillFormula,
  reducedFormula,
} from "../../src/crystal/composition/composition-formula.ts";
import { parseMeasuredComposition } from "../../src/crystal/composition/composition-notation.ts";
import {
  compositionText,
  understoodElements,
} from "../../src/crystal/composition/composition-understood.ts";
import type { ElementAmount } from "../../src/crystal/composition/composition.ts";
import { parseFormula } from "../../src/crystal/composition/formula.ts";

const text = readFileSync(new URL("../../docs/composition.md", import.meta.url), "utf8");

/** Rows of all tables with this head, cells without code marks. */
function rows(...head: string[]): string[][] {
  const found: string[][] = [];
  let isInside = false;
  for (const line of text.split("\n")) {
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, "$1"));
    if (cells.length === 0) isInside = false;
    else if (cells.join() === head.join()) isInside = true;
    else if (isInside && !/^-+$/.test(cells[0]!)) found.push(cells);
  }
  return found;
}

function amountText({ element, amount, amountEsd }: ElementAmount): string {
  return `${element} ${amount}${amountEsd === undefined ? "" : ` ± ${amountEsd}`}`;
}

function percentText({ element, amount, amountEsd }: ElementAmount): string {
  const esd = amountEsd === undefined ? "" : ` ± ${(100 * amountEsd).toFixed(2)}`;
  return `${element} ${(100 * amount).toFixed(2)}${esd}`;
}

const WRITERS: Record<string, (formula: string) => string> = {
  reducedFormula: (formula) => reducedFormula(parseFormula(formula)),
  "reducedFormula, conventional": (formula) =>
    reducedFormula(parseFormula(formula), "conventional"),
  hillFormula: (formula) => hillFormula(parseFormula(formula)),
  anonymousFormula: (formula) => anonymousFormula(parseFormula(formula)),
};

describe("docs/composition.md", () => {
  test.each(rows("formula", "is read as"))("%s is %s", (formula, expected) => {
    const { amounts, charge } = parseFormula(formula!);
    const read = amounts.map(amountText).join(", ");
    expect(charge === undefined ? read : `${read}; charge ${charge}`).toBe(expected);
  });

  test.each(rows("of", "function", "gives"))("%s by %s is %s", (formula, writer, expected) => {
    expect(WRITERS[writer!]!(formula!)).toBe(expected);
  });

  test.each(rows("text", "is read as"))("%s is %s", (measured, expected) => {
    expect(parseMeasuredComposition(measured!).amounts.map(percentText).join(", ")).toBe(expected);
  });

  test.each(rows("constraints", "elements", "fit"))(
    "%s with %s: %s",
    (constraints, elements, fit) => {
      expect(satisfies(elements!.split(" "), parseConstraints(constraints!))).toBe(fit === "yes");
    },
  );

  test.each(rows("typed", "is understood as", "may be meant"))(
    "%s is %s; %s?",
    (typed, understood, meant) => {
      const read = parseMeasuredComposition(typed!);
      expect(compositionText(read)).toBe(understood);
      expect(read.warnings.map(({ alternatives = [] }) => alternatives.join(", "))).toEqual([
        meant,
      ]);
    },
  );

  test.each(rows("known", "is understood as"))("%s: %s", (known, understood) => {
    expect(understoodElements(JSON.parse(known!) as KnownElements).text).toBe(understood);
  });

  const refused = [
    ...rows("formula", "error", "because").map((row) => [...row, parseFormula] as const),
    ...rows("text", "error", "because").map((row) => [...row, parseMeasuredComposition] as const),
    ...rows("constraints", "error", "because").map((row) => [...row, parseConstraints] as const),
  ];
  test.each(refused)("%s is %s", (input, code, _because, parse) => {
    expect(() => (parse as (input: string) => unknown)(input as string)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test("no table has gone unread", () => {
    const lines = text.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("|-"));
    const heads = text.match(/^\|-/gm)!.length;
    const read = [
      rows("formula", "is read as"),
      rows("of", "function", "gives"),
      rows("text", "is read as"),
      rows("typed", "is understood as", "may be meant"),
      rows("known", "is understood as"),
      rows("constraints", "elements", "fit"),
      refused,
    ].flat().length;
    expect(read + heads).toBe(lines.length);
  });
});
