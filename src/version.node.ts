/** The package's own version: one place says it, package.json. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readFileSync } from "node:fs";

const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");

export const VERSION = (JSON.parse(manifest) as { version: string }).version;

/** Commit of the checkout at `folder`, "-dirty" where tracked files outside results/ differ, "unknown" outside git. */
export async function codeCommit(folder = process.cwd()): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: folder })).stdout.trim();
  try {
    const commit = await git("rev-parse", "--short=12", "HEAD");
    const changed = await git(
      "status",
      "--porcelain",
      "--untracked-files=no",
      "--",
      ".",
      ":(exclude)results",
      ":(exclude)*.md",
    );
    return changed === "" ? commit : `${commit}-dirty`;
  } catch {
    return "unknown";
  }
}
