import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { cifColumn, cifLoop, cifNumber, cifString } from "../../src/formats/cif-document.ts";
import { formatCifNumber, parseCifNumber } from "../../src/formats/cif-number.ts";
import { type CifOptions, parseCif } from "../../src/formats/cif-parser.ts";

function codes(text: string | Uint8Array): string[] {
  return parseCif(text).warnings.map((warning) => warning.code);
}

function thrown(run: () => unknown): EwaldError {
  try {
    run();
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function failure(text: string | Uint8Array, options?: CifOptions): EwaldError {
  return thrown(() => parseCif(text, options));
}

describe("values", () => {
  const block = parseCif(
    [
      "#\\#CIF_1.1",
      "data_Test # a comment",
      '_a \'a dog\'s life\' _b "say "hi", you"',
      "_c#d value#not-comment",
      "_text",
      ";first",
      "  second; not the end",
      ";",
      "_q ? _p . _quoted '?'",
      "_Mixed_Case 1.5(2)",
    ].join("\n"),
  ).blocks[0]!;

  it("closes a quote only before white space", () => {
    expect(cifString(block, "_a")).toBe("a dog's life");
    expect(cifString(block, "_b")).toBe('say "hi", you');
  });

  it("takes # as a comment only after white space", () => {
    expect(cifString(block, "_c#d")).toBe("value#not-comment");
    expect(block.name).toBe("Test");
  });

  it("keeps the lines of a text field", () => {
    expect(cifString(block, "_text")).toBe("first\n  second; not the end");
  });

  it("tells unknown, inapplicable and quoted question marks apart", () => {
    expect(cifColumn(block, "_q")!.kind()).toBe("unknown");
    expect(cifColumn(block, "_p")!.kind()).toBe("inapplicable");
    expect(cifColumn(block, "_quoted")!.kind()).toBe("quoted");
    expect(cifString(block, "_q", "_quoted")).toBe("?");
  });

  it("finds tags in any letter case and gives positions", () => {
    const column = cifColumn(block, "_MIXED_case")!;
    expect(column.tag).toBe("_Mixed_Case");
    expect(column.value()).toEqual({ text: "1.5(2)", kind: "unquoted", line: 10, column: 13 });
    expect(cifColumn(block, "_a")!.position()).toEqual({ line: 3, column: 4 });
    expect(cifColumn(block, "_text")!.position()).toEqual({ line: 6, column: 1 });
  });

  it("reads the same values whatever ends a line", () => {
    const text = "data_x\n_t\n;one\ntwo\n;\nloop_\n_a\n_b\n1 2\n3 4\n";
    for (const end of ["\n", "\r\n", "\r"]) {
      const block = parseCif(text.replaceAll("\n", end)).blocks[0]!;
      expect(cifString(block, "_t")).toBe("one\ntwo");
      expect(cifColumn(block, "_b")!.value(1)).toMatchObject({ text: "4", line: 10, column: 3 });
    }
  });

  it("joins folded lines", () => {
    const block = parseCif("data_x\n_t\n;\\\none \\\ntwo\\\n three\n;\n").blocks[0]!;
    expect(cifString(block, "_t")).toBe("one two three");
  });
});

describe("loops, blocks, frames", () => {
  it("reads a loop by columns", () => {
    const { blocks } = parseCif("data_a\nLOOP_ _x _y 1 'b c' 2 .\ndata_b _z 3");
    expect(blocks.map((block) => block.name)).toEqual(["a", "b"]);
    const loop = cifLoop(blocks[0]!, "_Y")!;
    expect(loop.rowCount).toBe(2);
    expect(loop.columns.map((column) => column.tag)).toEqual(["_x", "_y"]);
    expect([0, 1].map((row) => cifColumn(blocks[0]!, "_y")!.string(row))).toEqual([
      "b c",
      undefined,
    ]);
    expect(() => cifColumn(blocks[0]!, "_y")!.text(2)).toThrow(RangeError);
  });

  it("keeps save frames of a dictionary apart", () => {
    const { blocks, warnings } = parseCif("data_dic\nsave_one\n_n 1\nsave_\n_n 2\n");
    expect(warnings).toEqual([]);
    expect(cifNumber(blocks[0]!, "_n")!.value).toBe(2);
    expect(cifNumber(blocks[0]!.frames[0]!, "_n")!.value).toBe(1);
    expect(blocks[0]!.frames[0]!.name).toBe("one");
  });

  it("reads CIF 2 lists, tables and triple quotes as whole values", () => {
    const text = "#\\#CIF_2.0\ndata_x\n_l [1 [2 ']'] {'k':\"v}\"}]\n_t '''a 'b'\nc'''\n_q 'a'\n";
    const { blocks, version } = parseCif(text);
    expect(version).toBe("2.0");
    expect(cifColumn(blocks[0]!, "_l")!.value()).toMatchObject({
      kind: "list",
      text: "[1 [2 ']'] {'k':\"v}\"}]",
      column: 4,
    });
    expect(cifString(blocks[0]!, "_t")).toBe("a 'b'\nc");
    expect(failure("#\\#CIF_2.0\ndata_x\n_l [1 2\n").code).toBe("cif/unterminated-list");
  });
});

describe("what real files do wrong", () => {
  it.each([
    ["cif/no-block-heading", "_a 1\n"],
    ["cif/text-before-data", "This journal is (c)\nit's 2002\n\ndata_a\n_a 1\n"],
    ["cif/block-name", "data_my crystal\n_a 1\n"],
    ["cif/block-name", "data_\n_a 1\n"],
    ["cif/no-space", "data_a\n_t\n;text\n;_a 1\n"],
    ["cif/control-character", "data_a\n_a 1\n\u001a"],
    ["cif/no-value", "data_a\n_b\n_a 1\n"],
    ["cif/duplicate-tag", "data_a\n_a 1\n_A 1\n"],
    ["cif/duplicate-tag", "data_a\n_a ?\n_a 1\n"],
    ["cif/duplicate-tag", "data_a\n_a 1\n_a .\n"],
    ["cif/empty-loop", "data_a\nloop_\n_a 1 loop_ _b\n"],
    ["cif/stop", "data_a\nloop_ _b 1 2\nstop_ stop_ _a 1\n"],
    ["cif/global", "global_\n_a 1\n"],
    ["cif/save", "data_a\n_a 1\nsave_x\n_a 2\n"],
  ])("%s is forgiven with a warning in %j", (code, text) => {
    expect(codes(text)).toEqual([code]);
    expect(cifNumber(parseCif(text).blocks[0]!, "_a")!.value).toBe(1);
    expect(failure(text, { mode: "strict" }).code).toBe(code);
  });

  it("never guesses a value that has no clear end", () => {
    const { blocks, warnings } = parseCif("data_a\n_a 1 2\n_b 'open\n_c 3\n");
    expect(warnings.map((warning) => warning.code)).toEqual([
      "cif/stray-value",
      "cif/unterminated-quote",
    ]);
    const error = thrown(() => cifNumber(blocks[0]!, "_a"));
    expect(error.code).toBe("cif/malformed-value");
    expect(error.details).toMatchObject({ value: "1 2", line: 2, column: 4 });
    expect(thrown(() => cifString(blocks[0]!, "_b")).code).toBe("cif/malformed-value");
    expect(cifNumber(blocks[0]!, "_c")!.value).toBe(3);
  });

  it("refuses the values of a loop that does not come out even, and of no other", () => {
    const { blocks } = parseCif("data_a\nloop_\n_x\n_y\n1 2\n3\n_c 3\n");
    const error = thrown(() => cifColumn(blocks[0]!, "_x")!.text(0));
    expect(error.code).toBe("cif/loop-values");
    expect(error.details).toMatchObject({ line: 2, column: 1 });
    expect(cifNumber(blocks[0]!, "_c")!.value).toBe(3);
  });

  it("refuses a loop in which an open quote may have swallowed values, even if the count is right", () => {
    const { blocks } = parseCif("data_a\nloop_\n_x\n_y\n'1 2\n'3 4\n");
    expect(thrown(() => cifColumn(blocks[0]!, "_x")!.text(0)).code).toBe("cif/loop-values");
  });

  it("refuses a tag with two different values", () => {
    const { blocks } = parseCif("data_a\n_x 1\n_x 2\n");
    const error = thrown(() => cifNumber(blocks[0]!, "_x"));
    expect(error.code).toBe("cif/duplicate-tag");
    expect(error.details.line).toBe(3);
  });

  it("reads bytes that are not UTF-8 as Windows-1252 with a warning", () => {
    const bytes = Uint8Array.from([...Buffer.from("data_a\n_a "), 0xe9]);
    const { blocks, warnings } = parseCif(bytes);
    expect(warnings[0]!.code).toBe("text/not-utf8");
    expect(cifString(blocks[0]!, "_a")).toBe("é");
  });
});

describe("refusals", () => {
  it.each([
    ["", "cif/no-data"],
    ["# only a comment\n", "cif/no-data"],
    ["Dear reader,\n", "cif/no-data"],
    ["data_a\n_t\n;never closed\n", "cif/unterminated-text-field"],
    ["data_a\n1\n", "cif/stray-value"],
    ["data_a\0", "text/binary"],
  ])("%j", (text, code) => {
    expect(failure(text).code).toBe(code);
  });

  it("says where", () => {
    expect(failure("data_a\n_t\n;never closed\n").details).toMatchObject({ line: 3, column: 1 });
    expect(failure("data_a\n_a 1", { maxBytes: 5 }).code).toBe("text/too-large");
  });
});

describe("bounded work", () => {
  // Each of these once cost more than linear time in some CIF reader; 4 MB must take seconds at most.
  it.each([
    ["one long loop", `data_a\nloop_\n_a\n_b\n${"0.5 Si1\n".repeat(500_000)}`],
    [
      "many duplicate tags",
      `data_a\nloop_ _a ${"? ".repeat(50_000)} 1\n${"_a 1\n".repeat(50_000)}`,
    ],
    ["many open quotes", `data_a\nloop_ _a\n${"'a\n".repeat(1_000_000)}`],
    ["semicolons in a text field", `data_a\n_a\n;${";".repeat(4_000_000)}\n;\n`],
    ["many empty blocks", "data_a\n".repeat(300_000)],
    ["many stray values", `data_a\n_a ${"1 ".repeat(2_000_000)}`],
    [
      "deep CIF 2 lists",
      `#\\#CIF_2.0\ndata_a\n_a ${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`,
    ],
    ["comments", `${"#\n".repeat(2_000_000)}data_a _b 1`],
  ])("%s", { timeout: 30_000 }, (_name, text) => {
    expect(parseCif(text).blocks.length).toBeGreaterThan(0);
  });
});

describe("numbers", () => {
  it.each([
    ["1.234(5)", 1.234, 0.005],
    ["12(3)", 12, 3],
    ["-.5", -0.5, undefined],
    ["90.", 90, undefined],
    ["+1.5E-3(2)", 0.0015, 0.0002],
    ["12.3(1.5)", 12.3, 1.5],
    ["5.43(1", 5.43, undefined],
    ["5.43()", 5.43, undefined],
    ["\u22120.25", -0.25, undefined],
  ])("%s", (text, value, esd) => {
    const number = parseCifNumber(text)!;
    expect(number.value).toBeCloseTo(value, 12);
    if (esd === undefined) expect(number.esd).toBeUndefined();
    else expect(number.esd).toBeCloseTo(esd, 12);
  });

  it.each([
    "",
    "a",
    "1,5",
    "1.2.3",
    "--1",
    "1e",
    "NaN",
    "Infinity",
    "1e999",
    "0x10",
    "1".repeat(99),
  ])("%j is none", (text) => {
    expect(parseCifNumber(text)).toBeUndefined();
  });

  it("writes what it reads", () => {
    expect(formatCifNumber(1 / 3, 0.002)).toBe("0.333333(2000)");
    expect(formatCifNumber(0.1234, 0.0005)).toBe("0.1234(5)");
    expect(formatCifNumber(0.25, 0.0012)).toBe("0.2500(12)");
    expect(formatCifNumber(-0.0000001)).toBe("0");
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999, max: 999_999 }),
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 0, max: 5 }),
        (units, esdUnits, places) => {
          const value = units / 10 ** places;
          const esd = esdUnits / 10 ** places;
          const read = parseCifNumber(formatCifNumber(value, esd))!;
          expect(read.value).toBeCloseTo(value, 9);
          expect(read.esd! / esd).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});

it("throws nothing but typed errors on any text", () => {
  const piece = fc.constantFrom(
    ..."data_a|loop_|_a|_b|1.5(2)|'|\"|;|\n;|\n|\r\n| |#|save_|save_f|[|]|{|}|'''|?|.|stop_|global_".split(
      "|",
    ),
    "\\\n",
    "#\\#CIF_2.0\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, version2) => {
      const text = (version2 ? "#\\#CIF_2.0\n" : "") + pieces.join("");
      try {
        for (const block of parseCif(text).blocks) {
          for (const column of block.columns.values()) {
            for (let row = 0; row < column.length; row += 1) column.value(row);
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(EwaldError);
      }
    }),
    { numRuns: 2000, seed: 7 },
  );
});
