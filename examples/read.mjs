// What does a file hold? Structures and scans are recognised by their content.
import { readFile } from "node:fs/promises";
import { readContents } from "ewald";
import {
  analyzeSymmetry,
  compositionOf,
  loadSymmetry,
  reducedFormula,
  structureType,
} from "ewald/crystal";
import { findPeaks } from "ewald/scan";

await loadSymmetry(); // once: the symmetry finder is WebAssembly
for (const path of ["examples/rutile.cif", "examples/quartz-simulated.xy"]) {
  for (const content of readContents(await readFile(path), path).contents) {
    if (content.kind === "structure") {
      const { structure } = content;
      console.log(
        reducedFormula(compositionOf(structure), "conventional"),
        analyzeSymmetry(structure).number,
      );
      console.log(structureType(structure).name);
    } else {
      console.log(content.format, findPeaks(content.scan).length, "peaks");
    }
  }
}
