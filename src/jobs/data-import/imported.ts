/** The outcome of an import, as all ways of importing say it. */
import { passedOverText } from "../../data/import/local.ts";
import type { ImportReport } from "../../data/import/import.node.ts";
import { problemLines, problemLinesJson, provenanceText } from "../data-text.ts";
import type { Host } from "../job.ts";

export interface ImportedTable {
  readonly out: string;
  readonly report: ImportReport;
}

/** Writes the list of what was left out, where it was asked for. */
export async function imported(
  report: ImportReport,
  options: { readonly out: string; readonly report?: string },
  host: Host,
): Promise<ImportedTable> {
  if (options.report !== undefined) {
    const left = [...report.problemRows, ...report.passedOver];
    await host.writeFile(options.report, problemLinesJson(left));
  }
  return { out: options.out, report };
}

export const isPartial = ({ report }: ImportedTable): boolean => report.problemRows.length > 0;

export function importedText({ report, out }: ImportedTable): string {
  const resumed =
    report.resumedRows === 0 ? "" : ` (${report.resumedRows} of them by an earlier run)`;
  const lines = [
    `${out}: ${report.rows} structures${resumed}`,
    ...report.provenance.map(provenanceText),
  ];
  if (report.passedOver.length > 0) lines.push(passedOverText(report.passedOver));
  if (report.problemRows.length > 0)
    lines.push(
      `${report.problemRows.length} entries left out:`,
      ...problemLines(report.problemRows),
    );
  return lines.join("\n");
}
