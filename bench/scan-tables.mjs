// Scans as tables of text, written in the ways that programs and people write them, with one thing amiss in many of
// them, and what each states: for the fuzz run (bench/fuzz-scans.mjs) and its short form in the tests. Table `index`
// of a seed is the same on every machine.
import { generator, pick } from "./mutations.mjs";

const POINTS = 24;

/** Heading, kind of axis, and what leads from the number in the file to degrees, Å, 1/Å or µs. */
const AXES = [
  ["2theta", "twoTheta", 1],
  ["2Theta (deg)", "twoTheta", 1],
  ["2θ / °", "twoTheta", 1],
  ["Winkel [°2θ]", "twoTheta", 1],
  ["2th_deg", "twoTheta", 1],
  ["2theta (mrad)", "twoTheta", 0.18 / Math.PI],
  ["Theta", "twoTheta", 2],
  ["Bragg angle (deg)", "twoTheta", 2],
  ["Q (1/A)", "q", 1],
  ["Q (1/nm)", "q", 0.1],
  ["q_nm^-1", "q", 0.1],
  ["Q (Inverse Nanometres)", "q", 0.1],
  ["s (1/nm)", "q", 0.2 * Math.PI],
  ["sin(theta)/lambda", "q", 4 * Math.PI],
  ["d (A)", "d", 1],
  ["d (nm)", "d", 10],
  ["TOF (ms)", "tof", 1000],
  ["log10(q)", "none", 1],
  ["Radial Distance (mm)", "none", 1],
  ["foo", "assumed", 1],
];

const SEPARATORS = [",", ";", "\t", "|", " ", "   ", ", ", "; "];
const GROUPS = ["", "", "", "", ",", ".", " ", "\u00a0", "\u202f", "'", "\u2019"];
const BLOCKS = [
  ["/*", "*/"],
  ["<!--", "-->"],
  ["(*", "*)"],
  ['"""', '"""'],
];

const grouped = (digits, mark) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, mark);

/** A number with so many decimals in the style of its table. */
function written(value, decimals, { decimal, group }) {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const sign = value < 0 ? "-" : "";
  return sign + grouped(whole, group) + (fraction === undefined ? "" : decimal + fraction);
}

function styleOf(random) {
  const separator = pick(random, SEPARATORS);
  const decimal = random() < 0.3 ? "," : ".";
  const mark = pick(random, GROUPS);
  const group = mark === decimal ? "" : mark;
  return {
    separator,
    decimal,
    group,
    quoted: separator.trim() !== "" && random() < 0.4,
    decimals: pick(random, [0, 1, 2, 3, 4]),
    intensityDecimals: pick(random, [0, 0, 0, 1, 2, 3]),
    high: pick(random, [500, 5000, 2_000_000]),
  };
}

/** Rows of numbers and the columns they stand in. */
function tableOf(random) {
  const style = styleOf(random);
  const [heading, kind, scale] = pick(random, AXES);
  const step = style.decimals === 0 ? 1 : 0.25;
  const start = 1 + Math.floor(random() * 20);
  const points = Array.from({ length: POINTS }, (_, i) => {
    const base = 80 + Math.floor(random() * 40);
    const peak = Math.exp(-(((i - 12) / 2) ** 2)) * style.high;
    const factor = 10 ** style.intensityDecimals;
    const intensity = Math.round((base + peak) * factor) / factor;
    return { x: Number((start + i * step).toFixed(style.decimals)), intensity };
  });
  if (random() < 0.15) points.reverse();
  const columns = [];
  const hasHeading = random() < 0.85;
  if (random() < 0.15)
    columns.push({ name: pick(random, ["", "index", "No."]), cell: (_, i) => String(i) });
  if (hasHeading && random() < 0.1) columns.push({ name: "Sample", cell: () => "quartz" });
  columns.push({ name: heading, role: "axis", cell: ({ x }) => written(x, style.decimals, style) });
  if (hasHeading && random() < 0.3) {
    const gaps = random() < 0.5 && style.separator.trim() !== "";
    columns.push({
      name: "Icalc",
      cell: ({ intensity }, i) =>
        gaps && i < 5 ? "" : written(intensity + 7, style.intensityDecimals, style),
    });
  }
  columns.push({
    name: pick(random, ["Intensity", "counts", "Iobs", "I (a.u.)"]),
    role: "intensity",
    cell: ({ intensity }) => written(intensity, style.intensityDecimals, style),
  });
  if (random() < 0.3) {
    const name = hasHeading && random() < 0.3 ? "" : "esd";
    columns.push({ name, cell: ({ intensity }) => written(Math.sqrt(intensity), 2, style) });
  }
  return { style, kind, scale, hasHeading, columns, points };
}

/** What may be amiss in a row: other cells; whether the point is still stated in whole (`loose`), or at all (`gone`). */
const AMISS = [
  (random, cells, columns) => {
    const at = Math.floor(random() * cells.length);
    const word = pick(random, ["", "", "NaN", "--", "1x5", "#N/A"]);
    return { cells: cells.with(at, word), loose: columns[at].role !== undefined };
  },
  (random, cells, columns, { separator }) => {
    const at = Math.floor(random() * cells.length);
    // One blank more moves nothing.
    if (separator.trim() === "") return { cells };
    const moved = columns.slice(at).some(({ role }) => role !== undefined);
    return { cells: cells.toSpliced(at, 0, ""), loose: moved };
  },
  (_, cells, columns) => ({ cells: cells.slice(0, -1), loose: columns.at(-1).role !== undefined }),
  (random, cells) => ({ cells: [...cells, pick(random, ["17", "remark", "045"])] }),
  (random, cells) => ({ cells: [`# ${cells[0]}`, ...cells.slice(1)], gone: true }),
  () => ({ cells: ["what is this"], gone: true }),
  (random, cells) => ({ cells: cells.map((cell) => cell.replace("-", "\u2212")) }),
];

function line(cells, { separator, quoted }) {
  const needs = (cell) => quoted || (cell.includes(separator.trim() || " ") && separator !== "|");
  return cells.map((cell) => (cell !== "" && needs(cell) ? `"${cell}"` : cell)).join(separator);
}

/**
 * Table number `index` under `seed`: its text, the kind of its axis ("none" where it is no diffraction axis, "assumed"
 * where its heading says nothing) and the points that it states; `loose`: rows at these places state no whole point.
 */
export function scanTable(seed, index) {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const { style, kind, scale, hasHeading, columns, points } = tableOf(random);
  const rows = points.map((point, i) => ({
    point,
    cells: columns.map(({ cell }) => cell(point, i)),
  }));
  if (random() < 0.4) {
    const at = Math.floor(random() * rows.length);
    Object.assign(rows[at], pick(random, AMISS)(random, rows[at].cells, columns, style));
  }
  if (random() < 0.05) {
    const at = 1 + Math.floor(random() * (rows.length - 1));
    rows.splice(at, 0, { ...rows[at - 1] });
  }
  const lines = [];
  if (hasHeading)
    lines.push(
      line(
        columns.map(({ name }) => name),
        { ...style, quoted: style.quoted },
      ),
    );
  const [open, close] = pick(random, BLOCKS);
  if (random() < 0.1) lines.splice(pick(random, [0, lines.length]), 0, open, "1 2", "3 4 5", close);
  const from = random() < 0.1 ? Math.floor(random() * 20) : -1;
  rows.forEach((row, i) => {
    if (i === from) lines.push(open);
    lines.push(line(row.cells, style));
    if (i === from + 2 && from >= 0) lines.push(close);
  });
  const stated = rows.filter(
    ({ gone }, i) => gone !== true && !(from >= 0 && i >= from && i <= from + 2),
  );
  const sure = stated.filter(({ loose }) => loose !== true);
  return {
    text: `${lines.join(pick(random, ["\n", "\r\n"]))}\n`,
    kind: hasHeading ? kind : "assumed",
    // A row given twice is damage unless one of the two stands in a comment.
    loose:
      sure.length !== stated.length ||
      new Set(stated.map(({ point }) => point)).size < stated.length,
    axis: sure.map(({ point }) => point.x * (hasHeading ? scale : 1)),
    intensity: sure.map(({ point }) => point.intensity),
  };
}

const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

/**
 * What is wrong with a reading without a warning, or undefined: the points must be those that the table states, in
 * order. A reading with a warning must still be finite and rise.
 */
export function wrongReading(table, { scan, warnings }) {
  for (const { axis, intensity } of scan.ranges) {
    for (let i = 0; i < intensity.length; i += 1) {
      if (!Number.isFinite(axis.values[i]) || !Number.isFinite(intensity[i])) return "not finite";
      if (i > 0 && axis.values[i] <= axis.values[i - 1]) return "does not rise";
    }
  }
  if (warnings.length > 0) return undefined;
  if (table.kind === "none") return "another quantity was read";
  if (table.loose) return "a row without a whole point was read";
  if (scan.ranges.length !== 1) return `${scan.ranges.length} ranges`;
  const [{ axis, intensity }] = scan.ranges;
  const kind = table.kind === "assumed" ? "twoTheta" : table.kind;
  if (axis.kind !== kind) return `${axis.kind} instead of ${kind}`;
  if (intensity.length !== table.axis.length)
    return `${intensity.length} points of ${table.axis.length}`;
  const order = table.axis.map((_, i) => i).sort((a, b) => table.axis[a] - table.axis[b]);
  for (const [i, at] of order.entries()) {
    if (!near(axis.values[i], table.axis[at]))
      return `${axis.values[i]} instead of ${table.axis[at]}`;
    if (!near(intensity[i], table.intensity[at])) {
      return `intensity ${intensity[i]} instead of ${table.intensity[at]}`;
    }
  }
  return undefined;
}
