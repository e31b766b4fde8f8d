/** Compositions in files that are dropped on the page. */
import { expect, test } from "vitest";
import { compositionOfFile } from "../../web/src/worker/composition-file.ts";

function of(text: string): string | null {
  return compositionOfFile(new TextEncoder().encode(text));
}

test.each([
  ["a line as one types it", "Ti 33.1±0.8\nO 66.9±1.2\nat%\n", "Ti 33.1±0.8 O 66.9±1.2 at%"],
  ["a formula", "Sr1.02(3)TiO3\n", "Sr1.02±0.03TiO3"],
  [
    "a table with commas and errors",
    "\ufeffElement,Line,Weight %,Weight % Sigma,Atomic %\r\nO K,K,40.1,1.2,66.9\r\nTi K,K,59.9,0.8,33.1\r\n",
    "O 40.1±1.2 Ti 59.9±0.8 wt%",
  ],
  [
    "a table with tabs, words before it and a total below",
    "Spectrum 3\nEl.\tWt%\nO\t40.1\nTi\t59.9\nTotal\t100\n",
    "O 40.1 Ti 59.9 wt%",
  ],
  [
    "oxides, decimal commas and what was not found",
    '"Oxide";"Wt%"\n"SiO2";"42,70"\n"MgO";"57,30"\n"Al2O3";"n.d."\n"CaO";"<0,2"\n',
    "SiO2 42.7 MgO 57.3 Al2O3 n.d. CaO <0.2 wt%",
  ],
])("%s", (_, text, composition) => {
  expect(of(text)).toBe(composition);
});

test.each([
  ["words", "to buy: bread\n"],
  ["a table without amounts", "Element,Line\nO,K\n"],
  ["nothing", ""],
  ["what is too long", `${"TiO2 ".repeat(25_000)}`],
])("%s: none", (_, text) => {
  expect(of(text)).toBeNull();
});

test.each([
  ["a table whose amounts are no numbers", "Element,At%\nO,much\n", "composition/table-row"],
  [
    "a column of errors of unknown meaning",
    "Element,Wt%,Error\nO,40,1\n",
    "composition/table-error",
  ],
  ["two tables", "Element,Wt%\nO,100\n\nElement,Wt%\nO,100\n", "composition/several"],
])("%s: says so", (_, text, code) => {
  expect(() => of(text)).toThrow(expect.objectContaining({ code }));
});
