/** Predictions for people who read a terminal. */
import { type ClassPrediction, likeliestClass, UNDECIDED } from "../../models/prediction.ts";
import { LABEL_COLUMNS } from "../../data/structure-columns.table.ts";
import type { ValueName } from "../../known/known-values.ts";
import { printedHkl } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import { warningLines } from "../../report/warning-lines.ts";
import type { KnownRecord, PredictRecord } from "./record.ts";

export function percent(probability: number | undefined): string {
  if (probability === undefined) return "";
  // Nothing is certain: what would round to 100 is not.
  return probability > 0.995 && probability < 1 ? "> 99 %" : `${(100 * probability).toFixed(0)} %`;
}

/** Rows of critical points and of known entries that are printed; JSON holds all. */
const POINTS_SHOWN = 12;
const ENTRIES_SHOWN = 6;

const LOWEST_MARK = "*";

const COLUMNS: readonly { readonly name: ValueName; readonly digits: number }[] = [
  { name: "bandGapEv", digits: 2 },
  { name: "bulkModulusGpa", digits: 0 },
  { name: "shearModulusGpa", digits: 0 },
  { name: "energyAboveHullEvPerAtom", digits: 4 },
  { name: "formationEnergyEvPerAtom", digits: 3 },
];

function knownLines({ known, knownOfFormula = 0, formula }: PredictRecord): string[] {
  if (known === undefined) return [];
  if (known.length === 0) {
    const forms = knownOfFormula === 1 ? "1 entry" : `${knownOfFormula} entries`;
    return knownOfFormula === 0
      ? [`known values: none, the tables do not hold ${formula}`]
      : [
          `known values: none of this structure (the tables hold ${forms} of ${formula}, of other structures)`,
        ];
  }
  const shown = COLUMNS.filter(({ name }) =>
    known.some(({ values }) => values[name] !== undefined),
  );
  const cell = (entry: KnownRecord, name: ValueName, digits: number): string => {
    const value = entry.values[name];
    if (value === undefined) return "";
    const mark =
      name === "energyAboveHullEvPerAtom" && entry.isLowestOfSpaceGroup ? LOWEST_MARK : "";
    return `${value.toFixed(digits)}${mark}`;
  };
  const table = textTable(
    [
      { title: "known values", align: "left" },
      ...shown.map(({ name }) => ({
        title: `${LABEL_COLUMNS[name].title} (${LABEL_COLUMNS[name].unit})`,
        align: "right" as const,
      })),
      { title: "volume", align: "right" },
    ],
    known
      .slice(0, ENTRIES_SHOWN)
      .map((entry) => [
        entry.source,
        ...shown.map(({ name, digits }) => cell(entry, name, digits)),
        signedPercent(entry.volumeDifference),
      ]),
  );
  const hidden = known.length - ENTRIES_SHOWN;
  const isMarked = known.some(({ isLowestOfSpaceGroup }) => isLowestOfSpaceGroup);
  return [
    table,
    ...(hidden > 0 ? [`… and ${hidden} more (--json lists all)`] : []),
    ...(isMarked
      ? [`${LOWEST_MARK} the lowest of all entries of this formula and space group`]
      : []),
    ...(known.length > 1
      ? [
          `${known.length} entries have this formula and structure: nearest first, volume of the input against theirs`,
        ]
      : []),
    "",
  ];
}

function signedPercent(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${share < 0 ? "" : "+"}${text} %`;
}

/** The class of the known values; several where the entries differ. */
function knownClass({ known = [] }: ClassPrediction): string {
  return [...new Set(known.map(({ label }) => label))].join(" or ");
}

function predictedClass(prediction: ClassPrediction): string {
  const { label, inDomain } = prediction;
  const likeliest = likeliestClass(prediction);
  if (likeliest === undefined) return "no answer";
  const inWords = `${likeliest.label} ${percent(likeliest.probability)}`;
  if (!inDomain) return `outside (${inWords})`;
  return label === UNDECIDED ? `${UNDECIDED} (${inWords})` : label!;
}

export function predictionText(record: PredictRecord): string {
  const hasKnown = record.predictions.some(({ known }) => known !== undefined);
  const table = textTable(
    [
      { title: "task", align: "left" },
      ...(hasKnown ? [{ title: "known", align: "left" as const }] : []),
      { title: "predicted", align: "left" },
      { title: "probability", align: "right" },
    ],
    record.predictions.map((prediction) => [
      prediction.task,
      ...(hasKnown ? [knownClass(prediction)] : []),
      predictedClass(prediction),
      percent(prediction.inDomain ? prediction.probability : undefined),
    ]),
  );
  const { criticalPoints: critical } = record;
  return [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}  ${record.formula}`,
    ...knownLines(record),
    table,
    ...reasonLines(record.predictions),
    ...(critical === undefined ? [] : ["", criticalText(record)]),
    ...warningLines(record.warnings),
  ].join("\n");
}

/** Each reason once, with the tasks that it concerns. */
function reasonLines(predictions: PredictRecord["predictions"]): string[] {
  const tasksOf = new Map<string, string[]>();
  for (const { task, label, inDomain, reason } of predictions) {
    if (reason === undefined) continue;
    const why = inDomain && label === UNDECIDED ? UNDECIDED : "outside the training data";
    const key = `${why}: ${reason}`;
    tasksOf.set(key, [...(tasksOf.get(key) ?? []), task]);
  }
  return [...tasksOf].map(([key, tasks]) => key.replace(":", ` (${tasks.join(", ")}):`));
}

function criticalText({ criticalPoints, criticalPointAxes }: PredictRecord): string {
  const shown = criticalPoints!.slice(0, POINTS_SHOWN);
  const hidden = criticalPoints!.length - shown.length;
  const table = textTable(
    [
      { title: "hkl", align: "left" },
      { title: "points", align: "right" },
      { title: "d (Å)", align: "right" },
      { title: "share", align: "right" },
    ],
    shown.map(({ hkl, multiplicity, dAngstrom, share }) => [
      printedHkl(hkl),
      String(multiplicity),
      dAngstrom === null ? "-" : dAngstrom.toFixed(4),
      percent(share),
    ]),
  );
  const axes = criticalPointAxes === "conventional" ? "conventional cell" : "cell as given";
  return [
    `reciprocal points that decided (hkl of the ${axes})`,
    table,
    ...(hidden > 0 ? [`… and ${hidden} more (--json lists all)`] : []),
  ].join("\n");
}
