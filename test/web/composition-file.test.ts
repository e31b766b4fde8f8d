/** Compositions in files that are dropped on the page. */
import { expect, test } from "vitest";
import { compositionOfFile } from "../../web/src/worker/composition-file.ts";

function of(text: string): string | null {
  return compositionOfFile(new TextEncoder().encode(text));
}

test.each([
  ["a line as one types it", "Ti 33.1±0.8\nO 66.9±1.2\nat%\n", "Ti 33.1±0.8 O 66.9±1.2 at%"],
  [
    "a table with commas: atoms before mass",
    "\ufeffElement,Line,Weight %,Atomic %,Error %\r\nO,K,40.1,66.9,1.2\r\nTi,K,59.9,33.1,0.8\r\n",
    "O 66.9 Ti 33.1 at%",
  ],
  [
    "a table with tabs, words before it and a total below",
    "Spectrum 3\nEl.\tWt%\nO\t40.1\nTi\t59.9\nTotal\t100\n",
    "O 40.1 Ti 59.9 wt%",
  ],
])("%s", (_, text, composition) => {
  expect(of(text)).toBe(composition);
});

test.each([
  ["words", "to buy: bread\n"],
  ["a table without amounts", "Element,Line\nO,K\n"],
  ["a table whose amounts are no numbers", "Element,At%\nO,much\nTi,little\n"],
  ["nothing", ""],
  ["what is too long", `${"TiO2 ".repeat(5000)}`],
])("%s: none", (_, text) => {
  expect(of(text)).toBeNull();
});
