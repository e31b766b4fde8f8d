/**
 * Comments that go over several lines: TOPAS and C, HTML, Pascal and Mathematica, MATLAB, Lisp, Haskell, Lua,
 * PowerShell, Python, Perl and Ruby, and parts that the C preprocessor leaves out. What stands in them is no data.
 */
import { EwaldError } from "../../../errors.ts";

interface Kind {
  readonly opens: RegExp;
  readonly closes: RegExp;
}

/** Openers count at the beginning of a line; `/*` and `<!--` behind a row, too, where no comment of a line is open. */
const KINDS: readonly Kind[] = [
  { opens: /^\s*\/\*/, closes: /\*\// },
  { opens: /^\s*<!--/, closes: /-->/ },
  { opens: /^\s*\(\*/, closes: /\*\)/ },
  { opens: /^\s*%\{\s*$/, closes: /^\s*%\}\s*$/ },
  { opens: /^\s*#\{\s*$/, closes: /^\s*#\}\s*$/ },
  { opens: /^\s*#\|/, closes: /\|#/ },
  { opens: /^\s*<#/, closes: /#>/ },
  { opens: /^\s*\{-/, closes: /-\}/ },
  { opens: /^\s*--\[\[/, closes: /\]\]/ },
  { opens: /^\s*"""/, closes: /"""/ },
  { opens: /^\s*'''/, closes: /'''/ },
  { opens: /^\s*=(?:begin|pod|comment)\b/, closes: /^\s*=(?:end|cut)\b/ },
  { opens: /^\s*#\s*if\s+(?:0|false)\b/i, closes: /^\s*#\s*endif\b/i },
];

const BEHIND: readonly Kind[] = [
  { opens: /(?<=^[^#!%';"]*\s)\/\*/, closes: /\*\// },
  { opens: /(?<=^[^#!%';"]*\s)<!--/, closes: /-->/ },
];

const ANY =
  /\/\*|<!--|\(\*|[%#]\{|#\||<#|\{-|--\[\[|"""|'''|^\s*=(?:begin|pod|comment)\b|^\s*#\s*if\b/im;

/** A line as a comment: it may name the wavelength, but holds neither columns nor numbers. Words stay, behind a mark. */
function asComment(text: string): string {
  return /\p{L}{2}/u.test(text) ? `# ${text.trim()}` : "";
}

/**
 * The lines with block comments taken out; their number stays the same, so that errors name the right line.
 * @throws EwaldError `scan/unclosed-comment`: where it ends decides what is data.
 */
export function withoutBlockComments(lines: readonly string[]): readonly string[] {
  if (!lines.some((line) => ANY.test(line))) return lines;
  const out: string[] = [];
  let open: Kind | undefined;
  let openedAt = 0;
  lines.forEach((raw, i) => {
    let line = raw;
    let kept = "";
    for (;;) {
      if (open === undefined) {
        open = [...KINDS, ...BEHIND].find(({ opens }) => opens.test(line));
        const opened = open?.opens.exec(line) ?? null;
        if (open === undefined || opened === null) break;
        openedAt = i + 1;
        kept += line.slice(0, opened.index);
        line = line.slice(opened.index + opened[0].length);
      }
      const end = open.closes.exec(line);
      if (end === null) {
        out.push(kept.trim() === "" ? asComment(line) : kept);
        return;
      }
      if (kept.trim() === "" && line.slice(end.index + end[0].length).trim() === "") {
        kept = asComment(line.slice(0, end.index));
      }
      line = line.slice(end.index + end[0].length);
      open = undefined;
    }
    out.push(kept + line);
  });
  if (open === undefined) return out;
  throw new EwaldError("scan/unclosed-comment", "a comment begins here and never ends", {
    value: lines[openedAt - 1]!.trim().slice(0, 40),
    line: openedAt,
    hint: "Close it, or take it out: where it ends decides which points are data.",
  });
}
