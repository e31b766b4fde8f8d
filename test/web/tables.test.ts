import { expect, test } from "vitest";
import { csv } from "../../web/src/tables.ts";

test("quotes, line ends and formulas of spreadsheets", () => {
  const text = csv(
    ["name", "value"],
    [
      ['a "b", c', 1.5],
      ["=1+1", null],
      ["-x", -2],
      ["-3", 0],
    ],
  );
  expect(text).toBe(`name,value\r\n"a ""b"", c",1.5\r\n'=1+1,\r\n'-x,-2\r\n-3,0\r\n`);
});
