// bench: one step of a whole-pattern fit: 7,000 points, 15 parameters, two phases of some 200 lines with Kα2; the curve and its Jacobian
import { readFileSync } from "node:fs";
import { loadSymmetry, readStructures } from "../dist/crystal/index.js";
import { thompsonCoxHastings, thompsonCoxHastingsSlopes } from "../dist/diffraction/broadening.js";
import { textureFactor } from "../dist/diffraction/family-texture.js";
import { lineList, POLARISATION } from "../dist/diffraction/line-list.js";
import {
  reciprocalOf,
  squaredLengths,
  squaredLengthSlopes,
} from "../dist/diffraction/line-places.js";
import { marchDollaseSlope } from "../dist/diffraction/texture.js";
import {
  addLine,
  addLineChange,
  lineSlopeColumns,
  lineSlopes,
  reachOfTail,
} from "../dist/math/pseudo-voigt.js";
import { qrFactorise } from "../dist/math/qr.js";
import { median } from "../dist/math/statistics.js";
import {
  atOtherWavelength,
  slopeAtOtherWavelength,
  thetaRadOf,
  twoThetaDegOfSin,
  twoThetaDegPerG2,
} from "../dist/radiation/angles.js";
import { lorentzPolarisationOfSin2 } from "../dist/radiation/polarisation.js";

const [KA1, KA2, KA2_SHARE] = [1.54056, 1.54439, 0.5];
const POINTS = 7000;
const x = Float64Array.from({ length: POINTS }, (_, i) => 5 + 0.015 * i);
/** Share of the area outside of the window: no window. */
const WHOLE = 0;
/** Places of the parameters: what the phases share, then each phase's scale and free edges. */
const [ZERO, SHIFT, U, V, W, Y, MARCH, B, OWN] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const EDGES = { olivine: [[0], [1], [2]], quartz: [[0, 1], [2]] };

await loadSymmetry();
let count = OWN;
const phases = Object.entries(EDGES).map(([name, edges]) => {
  const text = readFileSync(new URL(`../examples/${name}.cif`, import.meta.url), "utf8");
  const lines = lineList(readStructures(text).structures[0].structure, 0.01);
  const reciprocal = reciprocalOf(lines.cell);
  const g2 = squaredLengths(lines.hkl, reciprocal);
  const sin2 = g2.map((length2) => (length2 * KA1 * KA1) / 4);
  // As a refinement does, widths, texture and Lorentz factors are those of the cell before the step.
  const factor = sin2.map(
    (one, i) => lines.strength[i] * lorentzPolarisationOfSin2(one, POLARISATION),
  );
  const tan = sin2.map((one) => Math.sqrt(one / (1 - one)));
  const at = count;
  count += 1 + edges.length;
  return { lines, reciprocal, edges, factor, tan, at };
});
const start = new Float64Array(count);
start.set([0.02, -0.03, 0.02, -0.01, 0.008, 0.05, 0.85, 0.6]);
for (const { lines, edges, at } of phases)
  start.set([1, ...edges.map(([axis]) => lines.cell[axis])], at);

const slopes = lineSlopeColumns(POINTS);

/** The curve and, where `columns` are given, its derivatives: column j from `j * POINTS` on. */
function calculate(p, out, columns, tail) {
  out.fill(0);
  columns?.fill(0);
  let drawn = 0;
  for (const { lines, reciprocal, edges, factor, tan, at } of phases) {
    const cell = [...lines.cell];
    for (const [e, axes] of edges.entries()) for (const axis of axes) cell[axis] = p[at + 1 + e];
    const g2 = squaredLengths(lines.hkl, reciprocalOf(cell));
    const byCell = columns && squaredLengthSlopes(lines.hkl, cell);
    for (let i = 0; i < g2.length; i++) {
      const sin2 = (g2[i] * KA1 * KA1) / 4;
      if (sin2 > 0.8) continue;
      drawn++;
      const gauss = Math.sqrt(p[U] * tan[i] ** 2 + p[V] * tan[i] + p[W]);
      const shape = thompsonCoxHastings(gauss, p[Y] * tan[i]);
      const hkl = [lines.hkl[3 * i], lines.hkl[3 * i + 1], lines.hkl[3 * i + 2]];
      const texture = textureFactor(lines, reciprocal, hkl, "001", p[MARCH]);
      const random = factor[i] * Math.exp((-p[B] * g2[i]) / 2);
      const unit = random * texture;
      const trueDeg = twoThetaDegOfSin(Math.sqrt(sin2));
      const reach = reachOfTail(shape.eta, tail);
      for (const [ratio, share] of [
        [1, 1],
        [KA2 / KA1, KA2_SHARE],
      ]) {
        const place = atOtherWavelength(trueDeg, ratio);
        const theta = thetaRadOf(place);
        const position = place + p[ZERO] + p[SHIFT] * Math.cos(theta);
        const line = { position, ...shape, area: share * unit * p[at] };
        if (columns === undefined) {
          addLine(out, x, line, reach);
          continue;
        }
        lineSlopes(slopes, x, line, reach);
        addLineChange(out, slopes, { area: line.area });
        const add = (j, by) => addLineChange(columns, slopes, by, j * POINTS);
        const { byGauss, byLorentz } = thompsonCoxHastingsSlopes(gauss, p[Y] * tan[i]);
        const widthBy = ({ fwhm, eta }, by) => ({ fwhm: fwhm * by, eta: eta * by });
        add(ZERO, { position: 1 });
        add(SHIFT, { position: Math.cos(theta) });
        add(U, widthBy(byGauss, tan[i] ** 2 / (2 * gauss)));
        add(V, widthBy(byGauss, tan[i] / (2 * gauss)));
        add(W, widthBy(byGauss, 1 / (2 * gauss)));
        add(Y, widthBy(byLorentz, tan[i]));
        const byMarch = textureFactor(lines, reciprocal, hkl, "001", p[MARCH], marchDollaseSlope);
        add(MARCH, { area: share * random * byMarch * p[at] });
        add(B, { area: (-line.area * g2[i]) / 2 });
        add(at, { area: share * unit });
        const byPlace = 1 - (p[SHIFT] * Math.sin(theta) * Math.PI) / 360;
        const perG2 =
          twoThetaDegPerG2(sin2, KA1) * slopeAtOtherWavelength(trueDeg, ratio) * byPlace;
        for (const [e, axes] of edges.entries()) {
          const g2Slope = axes.reduce((sum, axis) => sum + byCell[6 * i + axis], 0);
          add(at + 1 + e, { position: perG2 * g2Slope, area: (-line.area * p[B] * g2Slope) / 2 });
        }
      }
    }
  }
  return drawn;
}

/** Largest difference to central differences, over the largest derivative of each parameter; windows that move with a line jump. */
function worstDerivative() {
  const [up, down] = [new Float64Array(POINTS), new Float64Array(POINTS)];
  calculate(start, up, columns, WHOLE);
  return Math.max(
    ...Array.from(start, (value, j) => {
      const step = 1e-6 * (Math.abs(value) || 1);
      calculate(start.with(j, value + step), up, undefined, WHOLE);
      calculate(start.with(j, value - step), down, undefined, WHOLE);
      let [worst, most] = [0, 0];
      for (let i = 0; i < POINTS; i++) {
        const exact = columns[j * POINTS + i];
        worst = Math.max(worst, Math.abs((up[i] - down[i]) / (2 * step) - exact));
        most = Math.max(most, Math.abs(exact));
      }
      return worst / most;
    }),
  );
}

function milliseconds(work) {
  const times = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return median(times).toFixed(1).padStart(6);
}

const curve = new Float64Array(POINTS);
const columns = new Float64Array(POINTS * count);
const apart = worstDerivative();
for (const tail of [1e-2, 1e-3]) {
  const drawn = calculate(start, curve, columns, tail);
  console.log(
    `${drawn} lines with Kα2, ${count} parameters, ${POINTS} points, tails cut at ${tail} of the area`,
  );
  const alone = milliseconds(() => calculate(start, curve, undefined, tail));
  const both = milliseconds(() => calculate(start, curve, columns, tail));
  console.log(`  curve alone ${alone} ms, with the Jacobian ${both} ms`);
}
const rows = Float64Array.from(
  columns,
  (_, k) => columns[(k % count) * POINTS + Math.floor(k / count)],
);
const all = Array.from(start, (_, j) => j);
const scale = new Float64Array(count).fill(1);
console.log(`QR of the Jacobian ${milliseconds(() => qrFactorise(rows, curve, all, scale))} ms`);
console.log(`derivatives are central differences to ${apart.toExponential(0)}`);
