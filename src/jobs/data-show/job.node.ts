/** `data show`: counts and distributions of a table, as text, JSON and figure. */
import { openStructureTable } from "../../data/files.node.ts";
import type { Provenance } from "../../data/provenance.ts";
import { LABEL_COLUMNS } from "../../data/structure-columns.table.ts";
import {
  type LabelName,
  provenanceOf,
  type RowProblem,
  uniqueIds,
} from "../../data/structure-table.ts";
import { summariseTable, type TableSummary } from "../../data/summary.ts";
import { type Bar, type BarPanel, barsFigure } from "../../report/bars-figure.ts";
import { textTable } from "../../report/text-table.ts";
import { embeddedMark, problemLines, provenanceText } from "../data-text.ts";
import type { WholeJob } from "../job.ts";
import { DATA_SHOW, type DATA_SHOW_OPTIONS } from "./spec.ts";

/** The number of entries shown of long distributions (elements, types). */
const SHOWN = 20;

interface ShownTable {
  readonly name: string;
  readonly summary: TableSummary;
  readonly provenance: readonly Provenance[];
  readonly problems: readonly RowProblem[];
}

/** What `--json` prints: counts by what is counted. */
type SummaryRecord = {
  readonly [K in keyof TableSummary]: TableSummary[K] extends ReadonlyMap<string, infer Count>
    ? Readonly<Record<string, Count>>
    : TableSummary[K];
} & Pick<ShownTable, "provenance" | "problems"> & { readonly table: string };

export const dataShowJob: WholeJob<typeof DATA_SHOW_OPTIONS, ShownTable, SummaryRecord> = {
  spec: DATA_SHOW,
  async perform([path], { plot }, host) {
    const table = await openStructureTable(path!);
    const problems: RowProblem[] = [];
    const onProblem = (problem: RowProblem): void => void problems.push(problem);
    const summary = await summariseTable(uniqueIds(table.rows({ onProblem }), onProblem));
    const provenance = provenanceOf(table, summary.sources.keys());
    if (plot !== undefined)
      await host.writeFigure(plot, summaryFigure(table.name, summary, provenance));
    return { name: table.name, summary, provenance, problems };
  },
  text: describeTable,
  json: jsonRecord,
  isPartial: ({ problems }) => problems.length > 0,
};

function jsonRecord({ name, summary, provenance, problems }: ShownTable): SummaryRecord {
  const plain = Object.fromEntries(
    Object.entries(summary).map(([key, value]: [string, unknown]) => [
      key,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]),
  ) as unknown as SummaryRecord;
  return { ...plain, table: name, provenance, problems };
}

const number = (value: number): string => value.toLocaleString("en-US");
const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

function describeTable({ name, summary, provenance, problems }: ShownTable): string {
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
