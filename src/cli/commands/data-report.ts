/** What an import or a cleaning left out, for people and for files. */
import type { RowProblem } from "../../data/index.ts";
import { writeOutput } from "../io.ts";

/** Every problem as one JSON record a line. */
export async function writeReport(path: string, problems: readonly RowProblem[]): Promise<void> {
  await writeOutput(path, problems.map((problem) => `${JSON.stringify(problem)}\n`).join(""));
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
