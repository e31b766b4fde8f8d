import * as z from "zod/mini";
import { describe, expect, test } from "vitest";
import { describeError } from "../../src/errors.ts";
import { checkedShape } from "../../src/formats/json-shape.ts";

const site = z.object({
  element: z.string().check(z.minLength(1)),
  occu: z.number().check(z.positive(), z.maximum(1)),
  label: z.nullish(z.string()),
});
const schema = z.strictObject({
  lattice: z.tuple([z.number(), z.number(), z.number()]),
  sites: z.array(site).check(z.minLength(1)),
  kind: z.enum(["ordered", "disordered"]),
  version: z.literal(1),
  count: z.int(),
  mass: z.union([z.number(), z.array(z.nullable(z.number()))]),
  hash: z.string().check(z.regex(/^[0-9a-f]{4}$/)),
  date: z.iso.date(),
  periodic: z.boolean(),
  source: z.discriminatedUnion("role", [
    z.object({ role: z.literal("paper"), place: z.string() }),
    z.object({ role: z.literal("ours") }),
  ]),
});

const good = {
  lattice: [1, 2, 3],
  sites: [{ element: "Ti", occu: 1 }],
  kind: "ordered",
  version: 1,
  count: 3,
  mass: [47.9, null],
  hash: "00ff",
  date: "2024-02-29",
  periodic: true,
  source: { role: "paper", place: "Table 1" },
};

function refusal(value: unknown, path = ""): string {
  try {
    checkedShape(schema, value, { code: "test/shape", path });
  } catch (error) {
    return describeError(error);
  }
  return "";
}

describe("the first wrong field is named with what it must be and what it is", () => {
  test("what is right comes back as it is", () => {
    expect(checkedShape(schema, good, { code: "test/shape" })).toEqual(good);
  });

  test.each([
    [{ lattice: [1, 2] }, "lattice: must have at least 3 items, has 2"],
    [{ lattice: [1, 2, 3, 4] }, "lattice: must have at most 3 items, has 4"],
    [{ lattice: [1, "2", 3] }, 'lattice[1]: must be a number, is the text "2"'],
    [{ lattice: { a: 1 } }, "lattice: must be a list, is an object"],
    [{ sites: undefined }, "sites: is missing, must be a list"],
    [{ sites: [] }, "sites: must have at least 1 item, has 0"],
    [{ sites: [null] }, "sites[0]: must be an object, is null"],
    [{ sites: [{ element: "", occu: 1 }] }, "sites[0].element: is empty"],
    [{ sites: [{ element: 22, occu: 1 }] }, "sites[0].element: must be a text, is 22"],
    [{ sites: [{ element: "Ti", occu: 0 }] }, "sites[0].occu: must be above 0, is 0"],
    [{ sites: [{ element: "Ti", occu: 1.5 }] }, "sites[0].occu: must be at most 1, is 1.5"],
    [{ sites: [{ element: "Ti", occu: Number.NaN }] }, "sites[0].occu: must be a number, is NaN"],
    [{ sites: [{ element: "Ti", occu: 1, label: 5 }] }, "sites[0].label: must be a text, is 5"],
    [{ kind: "mixed" }, 'kind: must be "ordered" or "disordered", is the text "mixed"'],
    [{ version: 2 }, "version: must be 1, is 2"],
    [{ count: 1.5 }, "count: must be a whole number, is 1.5"],
    [{ mass: "47.9" }, 'mass: must be a number or a list, is the text "47.9"'],
    [{ mass: [47.9, "x"] }, 'mass[1]: must be a number, is the text "x"'],
    [{ hash: "xyz" }, 'hash: must be of the form /^[0-9a-f]{4}$/, is the text "xyz"'],
    [{ date: "yesterday" }, 'date: must be a date as 2024-02-29, is the text "yesterday"'],
    [{ date: "2023-02-29" }, 'date: must be a date as 2024-02-29, is the text "2023-02-29"'],
    [{ periodic: "yes" }, 'periodic: must be true or false, is the text "yes"'],
    [
      { source: { role: "chance" } },
      'source.role: must be "paper" or "ours", is the text "chance"',
    ],
    [{ source: {} }, 'source.role: is missing, must be "paper" or "ours"'],
    [{ source: { role: "paper" } }, "source.place: is missing, must be a text"],
    [{ colour: 1, size: 2 }, 'has "colour", "size", which Ewald does not know there'],
  ])("%j", (change, said) => {
    expect(refusal({ ...good, ...change })).toBe(`${said} [test/shape]`);
  });

  test("a long text is cut", () => {
    expect(refusal({ ...good, kind: "x".repeat(1000) }).length).toBeLessThan(150);
  });

  test("the path of the value leads, and a document that is all wrong has none", () => {
    expect(refusal({ ...good, count: null }, "data[3]")).toBe(
      "data[3].count: must be a number, is null [test/shape]",
    );
    expect(refusal({ ...good, count: null }, ".structure")).toBe(
      "structure.count: must be a number, is null [test/shape]",
    );
    expect(refusal([])).toBe("must be an object, is a list of 0 [test/shape]");
    expect(refusal(undefined)).toBe("is missing, must be an object [test/shape]");
  });
});
