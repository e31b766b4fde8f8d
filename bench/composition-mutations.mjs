// Compositions as people and programs write them, with what they mean, and mutations of them: for bench/fuzz-compositions.mjs
// and its short form in the tests. Number `index` of a seed is the same on every machine.
import { generator, mutation } from "./mutations.mjs";

const ELEMENTS = "O Ti Fe Mg Al Si Ca Na K Mn Cr Ni Cu Zn Zr Ba Sr La Pb Bi S Cl F N C Co Nb".split(
  " ",
);
const OXIDES = "SiO2 MgO Al2O3 CaO Na2O K2O TiO2 Fe2O3 MnO Cr2O3 ZrO2 P2O5".split(" ");
const NAMES = {
  O: "Oxygen",
  Ti: "Titanium",
  Fe: "Iron",
  Mg: "Magnesium",
  Si: "Silicon",
  Al: "Aluminum",
  Ca: "Calcium",
};

const pick = (random, list) => list[Math.floor(random() * list.length)];

function some(random, list, count) {
  const rest = [...list];
  return Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}

/** Values with one or two decimals that sum to 100. */
function values(random, count, decimals) {
  const scale = 10 ** decimals;
  let left = 100 * scale;
  return Array.from({ length: count }, (_, i) => {
    const most = left - (count - i - 1) * scale;
    const value = i === count - 1 ? left : Math.max(scale, Math.floor(random() * most));
    left -= value;
    return value / scale;
  });
}

/** What is meant, and how it is written: an element a line, a spectrum a line, a line as one types it. */
export function written(seed, index) {
  const random = generator(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0xc2b2ae35));
  const unit = pick(random, ["at%", "wt%", "wt%", "mol%"]);
  const isOxides = unit === "mol%" || (unit === "wt%" && random() < 0.3);
  const count = 2 + Math.floor(random() * 4);
  const decimals = 1 + Math.floor(random() * 2);
  const esds = random() < 0.6;
  const components = some(random, isOxides ? OXIDES : ELEMENTS, count);
  const readings = values(random, count, decimals).map((value, i) => ({
    component: components[i],
    value,
    ...(esds ? { esd: Math.round(1 + random() * 19) / 10 } : {}),
  }));
  const truth = { unit, readings };
  const form = pick(random, [typed, rows, rows, matrix]);
  return { truth, text: form(random, truth, decimals) };
}

const digits = (value, decimals, comma) => value.toFixed(decimals).replace(".", comma ? "," : ".");

const UNITS = {
  "at%": ["at%", "at.%", "at.-%", "atomic %", "Atomic%", "atom %"],
  "wt%": ["wt%", "wt.%", "mass%", "Weight %", "weight percent"],
  "mol%": ["mol%", "mol.%", "mole %"],
};

function typed(random, { unit, readings }, decimals) {
  const comma = random() < 0.3;
  const number = (value, d = decimals) => digits(value, d, comma);
  const plus = pick(random, ["±", " ± ", "+/-", " +- "]);
  const between = comma
    ? pick(random, [" ", "; ", "\n"])
    : pick(random, [" ", ", ", "; ", "\n", ","]);
  const isFirst = random() < 0.25;
  const isBalance = !isFirst && random() < 0.15 && readings.every(({ esd }) => esd === undefined);
  const after = pick(random, [" ", " ", ": ", "="]);
  const parts = readings.map(({ component, value, esd }, i) => {
    const error = esd === undefined ? "" : `${plus}${number(esd, 1)}`;
    if (isBalance && i === readings.length - 1)
      return `${component} ${pick(random, ["balance", "bal.", "rest"])}`;
    return isFirst
      ? `${number(value)}${error}% ${component}`
      : `${component}${after}${number(value)}${error}`;
  });
  const word = pick(random, UNITS[unit]);
  return random() < 0.2 ? `${word}: ${parts.join(between)}` : `${parts.join(between)} ${word}`;
}

const TITLE = [
  "",
  "Project 1\nSpecimen 3\n\n",
  "Spectrum 1\n",
  "Acquired: 2024-03-01 12:00, 20 kV\n\n",
];
const ERRORS = {
  "at%": [
    ["At% Sigma", 1],
    ["Atomic % Error", 1],
    ["SD", 1],
    ["σ", 1],
    ["2 sigma", 2],
  ],
  "wt%": [
    ["Wt% Sigma", 1],
    ["Error (3 Sigma) [wt.%]", 3],
    ["Std. Dev.", 1],
    ["2SD", 2],
  ],
  "mol%": [
    ["Sigma", 1],
    ["Standard Deviation", 1],
  ],
};
const HEADS = {
  "at%": ["At%", "Atomic %", "Atomic Conc.", "Atom. C [at.%]", "Mean at%"],
  "wt%": ["Wt%", "Weight%", "Weight Conc.", "unn. C [wt.%]", "Mass %", "Average wt%"],
  "mol%": ["Mol%", "mole %"],
};

/** An element a line. */
function rows(random, { unit, readings }, decimals) {
  const separator = pick(random, ["\t", ";", ",", "\t"]);
  const comma = separator !== "," && random() < 0.4;
  const hasErrors = readings[0].esd !== undefined;
  const [errorHead, sigmas] = pick(random, ERRORS[unit]);
  const isOxides = /\d|O$/.test(readings[0].component) && readings[0].component.length > 1;
  const extra = random() < 0.3 ? pick(random, ["Line", "k Ratio", "Net Int.", "MDL"]) : null;
  const element = isOxides
    ? pick(random, ["Oxide", "Compound", "Formula"])
    : pick(random, ["Element", "El", "Element Symbol", "Elt."]);
  const head = [
    element,
    ...(extra === null ? [] : [extra]),
    pick(random, HEADS[unit]),
    ...(hasErrors ? [errorHead] : []),
  ];
  const name = (component) => {
    const way = random();
    if (way < 0.15 && !isOxides) return `${component} K`;
    return way < 0.3 ? (NAMES[component] ?? component) : component;
  };
  const lines = readings.map(({ component, value, esd }) =>
    [
      name(component),
      ...(extra === null ? [] : [extra === "Line" ? "K" : digits(random(), 3, comma)]),
      digits(value, decimals, comma),
      ...(hasErrors ? [digits(esd * sigmas, 2, comma)] : []),
    ].join(separator),
  );
  const total =
    random() < 0.5
      ? [["Total", ...(extra === null ? [] : [""]), digits(100, decimals, comma)].join(separator)]
      : [];
  const end = pick(random, ["\n", "\r\n"]);
  return `${pick(random, TITLE)}${[head.join(separator), ...lines, ...total].join("\n")}\n`.replaceAll(
    "\n",
    end,
  );
}

/** A spectrum a line, or the mean of several. */
function matrix(random, { unit, readings }, decimals) {
  const separator = pick(random, ["\t", ";", ","]);
  const comma = separator !== "," && random() < 0.4;
  const line = (label, numbers) => [label, ...numbers].join(separator);
  const own = readings.map(({ value }) => digits(value, decimals, comma));
  const head = line(
    pick(random, ["Spectrum", "Spectrum Label", "Label"]),
    readings.map(({ component }) => component),
  );
  const hasErrors = readings[0].esd !== undefined;
  const body = hasErrors
    ? [
        line(
          "Spectrum 1",
          own.map(() => digits(1 + random(), 2, comma)),
        ),
        line(pick(random, ["Mean", "Average"]), own),
        line(
          pick(random, ["Std. deviation", "Standard Deviation", "SD"]),
          readings.map(({ esd }) => digits(esd, 1, comma)),
        ),
      ]
    : [line("Spectrum 1", own)];
  return `All results in ${pick(random, UNITS[unit])}\n\n${[head, ...body].join("\n")}\n`;
}

/** As bytes of an encoding: UTF-8, UTF-16, Windows-1252 where the text has no other letters. */
export function encoded(text, index) {
  if (index % 5 === 1) return new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  if (index % 5 === 2 && !/[\u0100-\uffff]/.test(text))
    return new Uint8Array(Buffer.from(text, "latin1"));
  return index % 5 === 3 ? text : new TextEncoder().encode(text);
}

/** The writing of an index, mutated: what it means nobody knows, but only what stands in it may be read. */
export function mutated(seed, index) {
  const samples = [index, index + 1, index + 7].map((i) => written(seed, i).text);
  const found = mutation(samples, seed, index);
  return typeof found === "string" ? found : new TextDecoder().decode(found);
}

/** What is wrong with a composition that was read as what is meant; null for nothing. */
export function differs(read, { unit, readings }) {
  if (read.unit !== unit) return `read in ${read.unit}, not ${unit}`;
  if (read.readings.length !== readings.length)
    return `${read.readings.length} readings of ${readings.length}`;
  for (const { component, value, esd } of readings) {
    const found = read.readings.find((one) => one.component === component);
    if (found === undefined) return `${component} is missing`;
    if (Math.abs(found.value - value) > 1e-9) return `${component} is ${found.value}, not ${value}`;
    if ((esd === undefined) !== (found.esd === undefined))
      return `${component} ± ${found.esd}, not ${esd}`;
    // Written to two decimals and divided by 3.
    if (esd !== undefined && Math.abs(found.esd - esd) > 0.004)
      return `${component} ± ${found.esd}, not ${esd}`;
  }
  return read.warnings.length === 0
    ? null
    : `warned: ${read.warnings.map(({ code }) => code).join()}`;
}

/** What is wrong in itself with a composition that was read of a text; null for nothing. */
export function impossible(read, text) {
  const total = read.amounts.reduce((sum, { amount }) => sum + amount, 0);
  if (!(Math.abs(total - 1) < 1e-9)) return `fractions sum to ${total}`;
  for (const { element, amount, amountEsd } of read.amounts)
    if (!(amount >= 0 && amount <= 1) || !((amountEsd ?? 0) >= 0 && (amountEsd ?? 0) < Infinity))
      return `${element} is ${amount} ± ${amountEsd}`;
  if (read.unit === "formula") return null;
  // A comma parts cells or decimals: both readings stand there.
  const numbers = new Set(
    [/\d+(?:\.\d+)?|\.\d+/g, /\d+(?:,\d+)?|,\d+/g].flatMap((form) =>
      Array.from(text.matchAll(form), (match) => Number(match[0].replace(",", "."))),
    ),
  );
  const percents = Array.from(numbers, (number) => number * 100);
  for (const percent of percents) numbers.add(percent);
  const stands = (value) =>
    [...numbers].some((one) => Math.abs(one - value) <= 1e-9 * Math.max(1, value));
  for (const { component, value, isBalance } of read.readings) {
    // Powers of ten are put together of two numbers.
    if (isBalance !== true && !stands(value) && !/\d[eE]/.test(text))
      return `${component} ${value} stands nowhere`;
    const name = Object.entries(NAMES).find(([symbol]) => symbol === component)?.[1] ?? component;
    if (!text.includes(component) && !text.toLowerCase().includes(name.toLowerCase()))
      return `${component} stands nowhere`;
  }
  return null;
}
