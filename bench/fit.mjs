// bench: the whole-pattern fit: weighed mixtures, the cell of a standard, simulated mixtures whose truth is known; time
import { readFileSync } from "node:fs";
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { tableFile } from "../dist/data/files.node.js";
import { openTable } from "../dist/data/parquet.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { fitScan } from "../dist/fit/whole-pattern/fit-scan.js";
import { cellVolume, latticeFromParameters, latticeParameters } from "../dist/crystal/lattice.js";
import { massDensityGPerCm3 } from "../dist/crystal/density.js";
import { readStructures } from "../dist/crystal/io/read-structures.js";
import { anomalousFactor } from "../dist/diffraction/anomalous.js";
import { powderPattern } from "../dist/diffraction/powder.js";
import { profile } from "../dist/diffraction/profile.js";
import { namedStandard } from "../dist/fit/calibrate.js";
import { Random } from "../dist/math/random.js";
import { cpuSeconds, median, packPath, report } from "./support.mjs";

/** Cu Kα as the files of the table state Kα1 (Hölzer et al. 1997, Phys. Rev. A 56, 4554). */
const COPPER = {
  kind: "xray",
  name: "CuKa1+CuKa2",
  lines: [
    { wavelengthAngstrom: 1.540593, weight: 2 / 3 },
    { wavelengthAngstrom: 1.544427, weight: 1 / 3 },
  ],
};
/** Graphite, 002, in the diffracted beam. */
const GRAPHITE = { kind: "monochromator", twoThetaDeg: 26.6 };
const STRUCTURES = {
  corundum: "amcsd-0009325",
  fluorite: "amcsd-0008645",
  zincite: "amcsd-0005203",
};

async function measuredRows(wanted) {
  const columns = {
    pattern_id: "string",
    label: "string",
    meta: "string",
    two_theta: "numbers",
    intensity: "numbers",
  };
  const rows = [];
  for await (const row of (
    await openTable(await tableFile(packPath("experimental_dev2.parquet")))
  ).rows(columns))
    if (wanted(row.pattern_id)) rows.push(row);
  return rows;
}

function scanOf({ pattern_id: id, two_theta: angles, intensity, meta }) {
  const { weight } = JSON.parse(meta);
  const esd = weight?.map((one) => 1 / Math.sqrt(one));
  return {
    ranges: [
      {
        axis: { kind: "twoTheta", values: Float64Array.from(angles) },
        intensity: Float64Array.from(intensity),
        ...(esd === undefined ? {} : { esd: Float64Array.from(esd) }),
      },
    ],
    radiation: COPPER,
    intensityUnit: "counts",
    metadata: {},
    source: { name: id, format: "parquet" },
    history: [],
  };
}

async function structuresById(ids) {
  const columns = {
    entry_id: "string",
    lattice: "numbers",
    species: "strings",
    frac_coords: "numbers",
    occupancies: "numbers",
  };
  const found = new Map();
  const file = await tableFile(packPath("experimental_structures.parquet"));
  for await (const row of (await openTable(file)).rows(columns)) {
    if (!ids.includes(row.entry_id)) continue;
    const { lattice: cell, frac_coords: frac, species, occupancies } = row;
    found.set(row.entry_id, rowStructure({ cell, frac, species, occupancies, statedHall: null }));
  }
  return found;
}

/** A fit with the CPU seconds that it took. */
function timedFit(scan, phases, options) {
  let result;
  const seconds = cpuSeconds(() => (result = fitScan(scan, phases, options)));
  return { result, seconds };
}

const rounded = (value, digits) => Number(value.toFixed(digits));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The weighed mixtures of the round robin: what was weighed beside what was fitted. */
async function mixtures() {
  const structures = await structuresById(Object.values(STRUCTURES));
  const phases = Object.entries(STRUCTURES).map(([id, entry]) => ({
    id,
    structure: structures.get(entry),
  }));
  const [errors, seconds, rows] = [[], [], []];
  for (const row of await measuredRows((id) => id.startsWith("cpd/CPD-1"))) {
    const truth = JSON.parse(row.meta).weight_percent;
    const options = { lorentzPolarisation: GRAPHITE };
    const { result, seconds: spent } = timedFit(scanOf(row), phases, options);
    seconds.push(spent);
    for (const { id, weightFraction } of result.phases) {
      const sample = row.pattern_id.split("/")[1];
      errors.push(Math.abs(100 * weightFraction - truth[id]));
      rows.push({
        key: `${sample.toLowerCase()}-${id}`,
        quantity: `${sample}, ${id} (weighed ${truth[id]} wt%)`,
        value: rounded(100 * weightFraction, 2),
        unit: "wt%",
        n: 1,
      });
    }
  }
  const n = errors.length;
  const facts = { unit: "wt%", n };
  const worst = Math.max(...errors);
  return [
    {
      key: "mean-error",
      quantity: "Mean absolute error",
      value: rounded(mean(errors), 2),
      ...facts,
    },
    { key: "max-error", quantity: "Largest absolute error", value: rounded(worst, 2), ...facts },
    {
      key: "time",
      quantity: "CPU time of one fit: three phases, 7,250 points, median",
      value: rounded(median(seconds), 2),
      unit: "s",
      n: seconds.length,
    },
    ...rows,
  ];
}

/** The certified cell of LaB6 at the temperature of the scan. */
const LAB6_ANGSTROM = 4.15678;

async function standardCell() {
  const [row] = await measuredRows((id) => id === "nist/SRM660c_100a");
  const { structure } = namedStandard("LaB6");
  const { result } = timedFit(scanOf(row), [{ id: "LaB6", structure }], {
    lorentzPolarisation: GRAPHITE,
  });
  const { cell, cellEsd } = result.phases[0];
  const common = { n: 1 };
  return [
    {
      key: "srm660c-ppm",
      quantity:
        "NIST SRM 660c, a: difference from the certified value at the temperature of the scan",
      value: rounded(1e6 * (cell[0] / LAB6_ANGSTROM - 1), 1),
      unit: "ppm",
      ...common,
    },
    {
      key: "srm660c-esd",
      quantity: "Its standard uncertainty of the least squares",
      value: rounded(1e6 * (cellEsd[0] / LAB6_ANGSTROM), 1),
      unit: "ppm",
      ...common,
    },
    { key: "srm660c-rwp", quantity: "Rwp", value: rounded(result.rwp, 2), unit: "%", ...common },
  ];
}

const SIMULATED = 40;
const SEED = 20261201;
const EXAMPLES = ["rutile", "anatase", "calcite", "quartz", "halite", "olivine"];
/** Before they are made to sum to 1: no phase is drawn that a scan cannot show. */
const LEAST_SHARE = 0.03;

/** One mixture with everything drawn: phases, amounts, cells, widths, displacement, counts. */
function drawMixture(random, library) {
  const count = random.integer(1, 4);
  const names = random.shuffle([...EXAMPLES]);
  const parts = Array.from({ length: count }, () => LEAST_SHARE + random.uniform());
  const total = parts.reduce((sum, part) => sum + part, 0);
  const instrument = { u: 0.008, v: -0.004, w: random.uniformBetween(0.004, 0.012) };
  return names.slice(0, count).map((id, i) => ({
    id,
    given: library.get(id),
    structure: stretched(library.get(id), random),
    share: parts[i] / total,
    broadening: {
      caglioti: instrument,
      sizeAngstrom: Math.exp(random.uniformBetween(Math.log(250), Math.log(2500))),
      strain: random.uniformBetween(0, 0.001),
    },
  }));
}

/** Axes up to 0.3 % off, tied ones together; angles as they are. */
function stretched(structure, random) {
  const { a, b, c, ...angles } = latticeParameters(structure.lattice);
  const factor = () => 1 + random.uniformBetween(-0.003, 0.003);
  const x = factor();
  const y = Math.abs(b / a - 1) < 1e-6 ? x : factor();
  const z = Math.abs(c / a - 1) < 1e-6 ? x : factor();
  const lattice = latticeFromParameters({ a: a * x, b: b * y, c: c * z, ...angles });
  return { ...structure, lattice };
}

/** The scan of a mixture, drawn by `powderPattern` and `profile`: another way than the fit's own. */
function simulatedScan(mixture, random) {
  const [from, step, count] = [10, 0.015, 6001];
  const displacementDeg = random.normal(0, 0.04);
  const x = Float64Array.from({ length: count }, (_, i) => from + step * i);
  const origin = x.map((at) => at - displacementDeg * Math.cos((at * Math.PI) / 360));
  const y = new Float64Array(count);
  for (const { structure, share, broadening } of mixture) {
    const pattern = powderPattern(structure, {
      radiation: COPPER,
      twoThetaRangeDeg: [from - 2, x.at(-1) + 2],
      anomalous: anomalousFactor,
    });
    const volume = cellVolume(structure.lattice);
    const scale = share / (massDensityGPerCm3(structure) * volume * volume);
    const curve = profile(pattern, origin, { broadening });
    for (let i = 0; i < count; i++) y[i] += (curve[i] * scale * pattern.scale) / 100;
  }
  const top = Math.max(...y);
  const counts = Math.exp(random.uniformBetween(Math.log(2000), Math.log(30_000)));
  const intensity = y.map((value, i) => {
    const expected = (counts * value) / top + 0.01 * counts + 0.03 * counts * Math.exp(-x[i] / 20);
    return Math.max(0, Math.round(expected + Math.sqrt(expected) * random.normal()));
  });
  return {
    ranges: [{ axis: { kind: "twoTheta", values: x }, intensity }],
    radiation: COPPER,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
}

/** Share of fitted numbers within three of their standard uncertainties of the truth. */
async function simulated() {
  const library = new Map(
    EXAMPLES.map((name) => {
      const text = readFileSync(new URL(`../examples/${name}.cif`, import.meta.url), "utf8");
      return [name, readStructures(text).structures[0].structure];
    }),
  );
  const random = Random.fromSeed(SEED, "fit");
  const [cells, amounts, errors, seconds] = [[], [], [], []];
  let converged = 0;
  for (let i = 0; i < SIMULATED; i++) {
    const mixture = drawMixture(random, library);
    const scan = simulatedScan(mixture, random);
    const phases = mixture.map(({ id, given }) => ({ id, structure: given }));
    const { result, seconds: spent } = timedFit(scan, phases);
    seconds.push(spent);
    if (result.status === "converged") converged++;
    for (const [k, phase] of result.phases.entries()) {
      const { a, b, c } = latticeParameters(mixture[k].structure.lattice);
      for (const [axis, truth] of [a, b, c].entries()) {
        const esd = phase.cellEsd?.[axis] ?? 0;
        cells.push(Math.abs(phase.cell[axis] - truth) <= 3 * esd);
      }
      if (mixture.length === 1) continue;
      const off = Math.abs(phase.weightFraction - mixture[k].share);
      errors.push(100 * off);
      amounts.push(off <= 3 * phase.weightFractionEsd);
    }
  }
  const share = (values) => rounded((100 * values.filter(Boolean).length) / values.length, 1);
  return [
    {
      key: "cells-within",
      quantity: "Axes within three standard uncertainties of the truth",
      value: share(cells),
      unit: "%",
      n: cells.length,
    },
    {
      key: "amounts-within",
      quantity: "Amounts within three standard uncertainties of the truth",
      value: share(amounts),
      unit: "%",
      n: amounts.length,
    },
    {
      key: "amounts-mean",
      quantity: "Mean absolute error of the amounts",
      value: rounded(mean(errors), 2),
      unit: "wt%",
      n: errors.length,
    },
    {
      key: "converged",
      quantity: "Fits that converged",
      value: rounded((100 * converged) / SIMULATED, 1),
      unit: "%",
      n: SIMULATED,
    },
    {
      key: "time",
      quantity: "CPU time of one fit of 1 to 4 phases, 6,001 points, median",
      value: rounded(median(seconds), 2),
      unit: "s",
      n: SIMULATED,
    },
  ];
}

const TABLES = {
  mixtures: [mixtures, "Weighed mixtures of the IUCr round robin (CPD-1)", []],
  standard: [standardCell, "The cell of a standard", []],
  simulated: [simulated, "Simulated mixtures", [SEED]],
};

await loadSymmetry();
const [only] = process.argv.slice(2);
for (const [table, [measure, title, seeds]] of Object.entries(TABLES)) {
  if (only !== undefined && only !== table) continue;
  const started = performance.now();
  const rows = await measure();
  await report(table, title, `npm run bench -- fit ${table}`, started, rows, seeds, "fit");
}
