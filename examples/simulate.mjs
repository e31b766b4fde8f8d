// What would a diffractometer see of a structure? Peaks, then the curve of a sample with small crystallites.
import { readFile } from "node:fs/promises";
import { simulate } from "ewald";
import { patternCurve } from "ewald/diffraction";

const pattern = await simulate(await readFile("examples/quartz.cif"), {
  radiation: "CuKa1+CuKa2",
  twoThetaRangeDeg: [15, 60],
});
for (const { twoThetaDeg, dAngstrom, intensity, hkls } of pattern.peaks.slice(0, 3))
  console.log(twoThetaDeg.toFixed(3), dAngstrom.toFixed(4), intensity.toFixed(1), hkls[0].hkl);

const { x, y } = patternCurve(pattern, {
  twoThetaRangeDeg: [15, 60],
  broadening: { sizeAngstrom: 300 }, // widths by Scherrer's equation
});
console.log(x.length, "points, the highest", Math.max(...y));
