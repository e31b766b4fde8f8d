/** Words about tables that several jobs say: what was left out, where the data comes from. */
import type { Provenance } from "../data/provenance.ts";
import type { RowProblem } from "../data/structure-table.ts";

/** Every problem as one JSON record a line. */
export function problemLinesJson(problems: readonly RowProblem[]): string {
  return problems.map((problem) => `${JSON.stringify(problem)}\n`).join("");
}

/** Problems printed for a person; the report file holds all. */
const PROBLEMS_SHOWN = 10;

/** "12 rows left out: 9 clean/duplicate, 3 clean/clash" and the first of each. */
export function problemLines(problems: readonly RowProblem[]): string[] {
  const byCode = new Map<string, RowProblem[]>();
  for (const problem of problems) {
    const list = byCode.get(problem.code);
    if (list === undefined) byCode.set(problem.code, [problem]);
    else list.push(problem);
  }
  const lines: string[] = [];
  for (const [code, list] of byCode) {
    lines.push(`  ${list.length} × ${code}`);
    const shown = Math.max(1, Math.floor(PROBLEMS_SHOWN / byCode.size));
    for (const { id, message } of list.slice(0, shown))
      lines.push(`      ${id ?? "-"}: ${message}`);
    if (list.length > shown) lines.push(`      … and ${list.length - shown} more`);
  }
  return lines;
}

/** Says it in every output: an embedded table is not data. */
export function embeddedMark(provenance: readonly Provenance[]): string {
  return provenance.some(({ embedded }) => embedded === true)
    ? "  [embedded default table: made from structure-type facts, not data]"
    : "";
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
