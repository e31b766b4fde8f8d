/** `ewald data show`: counts and distributions of a table, as text, JSON and figure. */
import type { Command } from "commander";
import {
  LABEL_COLUMNS,
  type LabelName,
  provenanceOf,
  type Provenance,
  type RowProblem,
  summariseTable,
  type TableSummary,
  uniqueIds,
} from "../../data/index.ts";
import { openStructureTable } from "../../data/node.ts";
import { barsFigure, type Bar, type BarPanel } from "../../report/index.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { writeFigure } from "../figure-file.ts";
import type { Io } from "../io.ts";
import { figureFormat } from "../options.ts";
import { textTable } from "../text-table.ts";
import { problemLines } from "./data-report.ts";

interface ShowFlags {
  readonly json?: true;
  readonly plot?: string;
}

/** Of long distributions (elements, types) this many are shown. */
const SHOWN = 20;

export function addShowCommand(data: Command, io: Io, setExit: SetExit): void {
  data
    .command("show")
    .summary("what a table holds")
    .description(
      "Count a table of structures: crystal systems, elements, structure types, labels, splits, licence.",
    )
    .argument("<table>", "Parquet table of structures")
    .option("--json", "one JSON record")
    .option("--plot <file>", "figure as .svg or .png")
    .addHelpText(
      "after",
      "\nExamples:\n  ewald data show mine.parquet\n  ewald data show mine.parquet --plot mine.svg",
    )
    .action(async (path: string, flags: ShowFlags) => {
      if (flags.plot !== undefined) figureFormat(flags.plot);
      const table = await openStructureTable(path);
      const problems: RowProblem[] = [];
      const onProblem = (problem: RowProblem): void => void problems.push(problem);
      const summary = await summariseTable(uniqueIds(table.rows({ onProblem }), onProblem));
      const provenance = provenanceOf(table, summary.sources.keys());
      await io.stdout(
        flags.json
          ? `${jsonText(table.name, summary, provenance, problems)}\n`
          : `${describeTable(table.name, summary, provenance, problems)}\n`,
      );
      if (flags.plot !== undefined)
        await writeFigure(flags.plot, summaryFigure(table.name, summary, provenance));
      if (problems.length > 0) setExit(EXIT.inputFailed);
    });
}

function jsonText(
  name: string,
  summary: TableSummary,
  provenance: readonly Provenance[],
  problems: readonly RowProblem[],
): string {
  const plain = Object.fromEntries(
    Object.entries(summary).map(([key, value]: [string, unknown]) => [
      key,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]),
  );
  return JSON.stringify({ table: name, ...plain, provenance, problems });
}

const number = (value: number): string => value.toLocaleString("en-US");
const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** Says it in every output: an embedded table is not data. */
export function embeddedMark(provenance: readonly Provenance[]): string {
  return provenance.some(({ embedded }) => embedded === true)
    ? "  [embedded default table: made from structure-type facts, not data]"
    : "";
}

function describeTable(
  name: string,
  summary: TableSummary,
  provenance: readonly Provenance[],
  problems: readonly RowProblem[],
): string {
  const { rows } = summary;
  const counts = (title: string, map: ReadonlyMap<string, number>): string =>
    map.size === 0
      ? ""
      : `\n${title}${map.size > SHOWN ? ` (first ${SHOWN} of ${map.size})` : ""}\n${indent(
          textTable(
            [
              { title: "", align: "left" },
              { title: "rows", align: "right" },
              { title: "share", align: "right" },
            ],
            [...map]
              .slice(0, SHOWN)
              .map(([key, count]) => [key, number(count), percent(count, rows)]),
          ),
        )}`;
  const lines = [
    `${name}${embeddedMark(provenance)}`,
    `  ${number(rows)} structures of ${number(summary.formulas)} formulas, ${number(summary.atoms)} atoms, at most ${number(summary.largestCell)} in a cell`,
    `  ${number(summary.unlabelledRows)} without any label, ${number(summary.disorderedRows)} with partly filled or mixed sites`,
    labelsText(summary),
    counts("Crystal systems", summary.crystalSystems),
    counts("Elements", summary.elements),
    counts("Elements per formula", summary.elementCounts),
    counts("Structure types", summary.structureTypes),
    counts("Splits", summary.splits),
    `\nSources\n${provenance.map(provenanceText).join("\n") || "  none stated"}`,
  ];
  if (problems.length > 0)
    lines.push(`\n${problems.length} rows left out:`, ...problemLines(problems));
  return lines.filter((line) => line !== "").join("\n");
}

function labelsText({ labels, rows }: TableSummary): string {
  if (labels.size === 0) return "";
  const columns = ["label", "rows", "coverage", "from", "mean", "to", "unit"].map((title, i) => ({
    title,
    align: i === 0 || i === 6 ? ("left" as const) : ("right" as const),
  }));
  const short = (value: number): string => String(Number(value.toPrecision(4)));
  const body = [...labels].map(([name, { count, min, mean, max }]) => [
    LABEL_COLUMNS[name].column,
    number(count),
    percent(count, rows),
    short(min),
    short(mean),
    short(max),
    LABEL_COLUMNS[name].unit,
  ]);
  return `\nLabels\n${indent(textTable(columns, body))}`;
}

export function provenanceText({
  source,
  licence,
  citations,
  origin,
  query,
  retrieved,
  note,
}: Provenance): string {
  const details = [origin, query, retrieved]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
  const lines = [
    `  ${source}: ${licence ?? "no licence stated"}${details === "" ? "" : `  (${details})`}`,
  ];
  for (const citation of citations) lines.push(`      ${citation}`);
  if (note !== undefined) lines.push(`      ${note}`);
  return lines.join("\n");
}

const indent = (text: string): string => text.replaceAll(/^/gm, "  ");

function summaryFigure(
  name: string,
  summary: TableSummary,
  provenance: readonly Provenance[],
): string {
  const bars = (map: ReadonlyMap<string, number>): Bar[] =>
    [...map].slice(0, SHOWN).map(([key, value]) => ({ name: key, value }));
  const coverage = [...summary.labels].map(([label, { count }]) => ({
    name: LABEL_COLUMNS[label as LabelName].column,
    value: count,
    note: `${number(count)} (${percent(count, summary.rows)})`,
  }));
  const panels: BarPanel[] = [
    { title: "Crystal systems", bars: bars(summary.crystalSystems) },
    { title: "Elements", bars: bars(summary.elements) },
    { title: "Structure types", bars: bars(summary.structureTypes) },
    { title: "Labels", bars: coverage },
    { title: "Elements per formula", bars: bars(summary.elementCounts) },
    { title: "Splits", bars: bars(summary.splits) },
  ];
  return barsFigure({
    title: name,
    subtitle: `${number(summary.rows)} structures, ${number(summary.formulas)} formulas${embeddedMark(provenance)}`,
    panels: panels.filter((panel) => panel.bars.length > 0),
  });
}
