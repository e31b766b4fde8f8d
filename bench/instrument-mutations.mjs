// Instrument files whose contents are known, with one thing or two out of the ordinary: another moved axis, another unit, a
// point that cannot be right, fewer points than announced. What is read must equal what the file states, or be refused or warned of.

const MOVED = ["2Theta", "2-Theta/Theta", "Coupled TwoTheta/Theta", "Gonio", "Detector scan"];
const STILL = ["Omega", "Theta", "Rocking curve", "Phi", "Chi", "Temperature", "Z"];
/** Name and how many of it are a degree; 0 for no unit of angles. */
const ANGLES = [
  ["deg", 1],
  ["arcsec", 3600],
  ["arcmin", 60],
  ["mdeg", 1000],
  ["rad", Math.PI / 180],
  ["mrad", (1000 * Math.PI) / 180],
  ["furlong", 0],
];
const LENGTHS = [
  ["Angstrom", 1],
  ["nm", 0.1],
  ["pm", 100],
  ["cubit", 0],
];
const ODD_VALUES = [-1, -9999, -3, Number.NaN, 4_294_967_295, -999];

/** What each format can say beside start, step and counts. */
const FORMATS = {
  eva: { write: eva, axis: true },
  uxd: { write: uxd, axis: true, announced: true, wavelengthUnit: true },
  ras: { write: ras, axis: true, announced: true, angleUnit: true },
  asc: { write: asc, axis: true, announced: true, angleUnit: true },
  udf: { write: udf, axis: true },
  gsas: { write: gsas, axis: true, announced: true },
  pdcif: { write: pdcif },
  xrdml: { write: xrdml, axis: true, angleUnit: true, wavelengthUnit: true },
  cpi: { write: cpi },
};

function random(seed, index) {
  let state = (Math.imul(seed + 1, 2_654_435_761) ^ Math.imul(index + 1, 40_503)) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** @returns {{ format: string, text: string, truth: object }} the file of this number, the same for the same seed */
export function instrumentFile(seed, index) {
  const pick = random(seed, index);
  const names = Object.keys(FORMATS);
  const format = names[index % names.length];
  const can = FORMATS[format];
  const size = 60 + pick(200);
  const truth = {
    start: 10 + pick(40),
    step: [0.01, 0.02, 0.05][pick(3)],
    counts: Array.from({ length: size }, () => 200 + pick(900)),
    odd: new Map(),
    axis: undefined,
    isStill: false,
    angle: ANGLES[0],
    length: LENGTHS[0],
    announced: size,
    alpha1: [1.5406, 1.78897, 0.7093][pick(3)],
  };
  const changes = 1 + pick(2);
  for (let k = 0; k < changes; k++) change(truth, can, pick);
  return { format, text: can.write(truth), truth };
}

function change(truth, can, pick) {
  switch (pick(6)) {
    case 0:
      if (!can.axis) return;
      truth.isStill = pick(2) === 0;
      truth.axis = truth.isStill ? STILL[pick(STILL.length)] : MOVED[pick(MOVED.length)];
      return;
    case 1:
      if (can.angleUnit) truth.angle = ANGLES[pick(ANGLES.length)];
      return;
    case 2:
      if (can.wavelengthUnit) truth.length = LENGTHS[pick(LENGTHS.length)];
      return;
    case 3:
      if (can.announced) truth.announced += [-1, 1, 7][pick(3)];
      return;
    default: {
      const value = ODD_VALUES[pick(ODD_VALUES.length)];
      // Neither the first nor the last: there a few formats cannot tell where they begin.
      const at = 1 + pick(truth.counts.length - 2);
      truth.odd.set(at, value);
      truth.counts[at] = value;
    }
  }
}

/**
 * What is wrong with an outcome; undefined where nothing is.
 * @param outcome `{ scan, warnings }` of the reader, or `{ error }`
 */
export function wrongReading({ truth }, { scan, warnings, error }) {
  const isOdd =
    truth.isStill ||
    truth.angle[1] === 0 ||
    truth.announced !== truth.counts.length ||
    truth.odd.size > 1;
  if (error !== undefined) return isOdd ? undefined : `refused: ${error.code} ${error.message}`;
  if (truth.isStill) return `a scan over ${truth.axis} was read`;
  if (truth.angle[1] === 0) return `angles in ${truth.angle[0]} were read`;
  const [range, ...others] = scan.ranges;
  if (others.length > 0) return `${scan.ranges.length} ranges`;
  const codes = new Set(warnings.map(({ code }) => code));
  return (
    wrongPoints(truth, range, codes) ??
    wrongWavelength(truth, scan.radiation, codes) ??
    (truth.announced !== truth.counts.length && !codes.has("scan/point-count")
      ? `${truth.announced} points announced, ${truth.counts.length} there, not a word`
      : undefined)
  );
}

function wrongPoints(
  { start, step, counts, odd, announced },
  { axis, intensity, leftOut = [] },
  codes,
) {
  // Where it is said that they differ, either is right.
  const asAnnounced =
    codes.has("scan/point-count") && intensity.length + leftOut.length === announced;
  const size = asAnnounced ? Math.min(counts.length, announced) : counts.length;
  const kept = [...counts.keys()].filter((i) => i < size && !odd.has(i));
  if (intensity.length !== kept.length) return `${intensity.length} points for ${kept.length}`;
  for (const [k, i] of kept.entries()) {
    if (intensity[k] !== counts[i]) return `point ${i} is ${intensity[k]}, not ${counts[i]}`;
    if (Math.abs(axis.values[k] - (start + i * step)) > 1e-6)
      return `point ${i} stands at ${axis.values[k]}, not ${start + i * step}`;
  }
  const oddKept = [...odd.keys()].filter((i) => i < size).length;
  if (leftOut.length !== oddKept) return `${leftOut.length} of ${oddKept} points left out`;
  return oddKept > 0 && !codes.has("scan/invalid-points") ? "left out, and not a word" : undefined;
}

function wrongWavelength({ alpha1, length }, radiation, codes) {
  const first = radiation?.lines[0]?.wavelengthAngstrom;
  if (length[1] === 0) {
    return codes.has("scan/unknown-unit") ? undefined : `a wavelength in ${length[0]}: ${first}`;
  }
  if (first === undefined) return undefined;
  return Math.abs(first - alpha1) > 1e-6 ? `a wavelength of ${first}, not ${alpha1}` : undefined;
}

/** As decimals, so that files hold what a program would write. */
function inUnit({ angle }, degrees) {
  return Number((degrees * (angle[1] || 1)).toPrecision(12));
}
const angleAt = (truth, i) => inUnit(truth, truth.start + i * truth.step);
const wavelength = ({ alpha1, length }) => Number((alpha1 * (length[1] || 1)).toPrecision(12));
const plainAt = ({ start, step }, i) => Number((start + i * step).toFixed(6));
const end = (truth) => plainAt(truth, truth.counts.length - 1);

function eva(truth) {
  const { axis = "Coupled TwoTheta/Theta", counts } = truth;
  return `'Id: "" Comment: "" Scantype: "${axis}" TimePerStep: "48"\n${counts.map((y, i) => `${plainAt(truth, i)} ${y}`).join("\n")}\n`;
}

function uxd(truth) {
  const { axis = "COUPLED", counts, announced, length, start, step } = truth;
  return `_FILEVERSION=2\n_WL_UNIT='${length[0]}'\n_WL1=${wavelength(truth)}\n_DRIVE='${axis}'\n_STEPSIZE=${step}\n_STEPCOUNT=${announced}\n_START=${start}\n_COUNTS\n${counts.join(" ")}\n`;
}

function ras(truth) {
  const { axis = "2-Theta", counts, announced, alpha1, angle } = truth;
  return `*RAS_DATA_START\n*RAS_HEADER_START\n*HW_XG_WAVE_LENGTH_ALPHA1 "${alpha1}"\n*MEAS_SCAN_AXIS_X "${axis}"\n*MEAS_SCAN_UNIT_X "${angle[0]}"\n*MEAS_DATA_COUNT "${announced}"\n*RAS_INT_START\n${counts.map((y, i) => `${angleAt(truth, i)} ${y} 1.0`).join("\n")}\n*RAS_INT_END\n*RAS_DATA_END\n`;
}

function asc(truth) {
  const { axis = "2theta/theta", counts, announced, alpha1, angle, start, step } = truth;
  return `*TYPE = Raw\n*CLASS = ASCII\n*WAVE_LENGTH1 = ${alpha1}\n*SCAN_AXIS = ${axis}\n*XUNIT = ${angle[0]}\n*BEGIN\n*START = ${inUnit(truth, start)}\n*STEP = ${inUnit(truth, step)}\n*COUNT = ${announced}\n${counts.join(", ")}\n*END\n`;
}

function udf(truth) {
  const { axis = "Gonio", counts, alpha1, start, step } = truth;
  return `SampleIdent,x,/\nLabdaAlpha1,${alpha1},/\nScanAxis,${axis},/\nDataAngleRange, ${start}, ${end(truth)},/\nScanStepSize, ${step},/\nRawScan\n${counts.join(", ")}/\n`;
}

function gsas(truth) {
  const { axis, counts, announced, step, start } = truth;
  const rows = counts.map((y, i) => `${Number((100 * plainAt(truth, i)).toFixed(4))} ${y} 9`);
  return `written here\n${axis === undefined ? "" : `# scan axis: ${axis}\n`}BANK 1 ${announced} ${announced} CONST ${100 * start} ${100 * step} 0 0 FXYE\n${rows.join("\n")}\n`;
}

function pdcif(truth) {
  const { counts, alpha1 } = truth;
  const rows = counts.map((y, i) => `${plainAt(truth, i)} ${Number.isNaN(y) ? "?" : y}`);
  return `data_x\n_diffrn_radiation_wavelength ${alpha1}\nloop_\n_pd_meas_2theta_scan\n_pd_meas_counts_total\n${rows.join("\n")}\n`;
}

function xrdml(truth) {
  const { axis = "Gonio", counts, angle, length } = truth;
  const last = inUnit(truth, end(truth));
  return `<?xml version="1.0"?><xrdMeasurements><xrdMeasurement><usedWavelength intended="K-Alpha 1"><kAlpha1 unit="${length[0]}">${wavelength(truth)}</kAlpha1></usedWavelength><scan scanAxis="${axis}"><dataPoints><positions axis="2Theta" unit="${angle[0]}"><startPosition>${angleAt(truth, 0)}</startPosition><endPosition>${last}</endPosition></positions><intensities unit="counts">${counts.join(" ")}</intensities></dataPoints></scan></xrdMeasurement></xrdMeasurements>`;
}

function cpi(truth) {
  const { counts, alpha1, start, step } = truth;
  return `SIETRONICS XRD SCAN\n${start}\n${end(truth)}\n${step}\nCu\n${alpha1}\n1-1-26\n0.1\nx\nSCANDATA\n${counts.join("\n")}\n`;
}
