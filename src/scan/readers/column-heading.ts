/**
 * The lines above a table: wavelengths, tube, sample and time where they say so in the usual words
 * (PANalytical and Bruker exports, pyFAI, Fit2D, RRUFF), the rest kept as comment.
 */
import type { Radiation } from "../../radiation/index.ts";
import type { Draft } from "./draft.ts";
import { optionalNumber, unquote } from "./lines.ts";
import { radiationInText, statedRadiation } from "./radiation.ts";

export interface Heading {
  readonly radiation: Radiation | null;
  readonly metadata: Draft["metadata"];
  readonly countTimeSeconds: number | undefined;
  /** Points that the header says will follow. */
  readonly announcedPoints: number | undefined;
}

const MAX_COMMENT_LINES = 200;

const KNOWN: readonly (readonly [string, RegExp])[] = [
  ["sample", /^(?:sample(?: (?:identification|name|id))?|names?|title)$/i],
  ["operator", /^(?:operator|user|measured by)$/i],
  [
    "startedAt",
    /^(?:date|time|date ?\/ ?time|file date and time|measurement date.*|start(?:ed)?(?: time)?)$/i,
  ],
  ["anode", /^(?:anode(?: material)?|target|tube)$/i],
  ["instrument", /^(?:diffractometer(?: system| type)?|instrument|goniometer)$/i],
  ["comment", /^(?:comment|description)$/i],
];

export function readHeading(lines: readonly string[]): Heading {
  const pairs = new Map<string, string>();
  const comment: string[] = [];
  const metadata: Record<string, string | number | readonly string[] | undefined> = {};
  let radiation: Radiation | null = null;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const pair = /^[#\s]*([^:=,;\t]{2,60}?)\s*[:=,;\t]\s*(.+)$/.exec(line);
    const key = pair?.[1]?.trim() ?? "";
    const value = unquote(pair?.[2] ?? "").replace(/[,;\s]+$/, "");
    if (pair !== null) pairs.set(key.toLowerCase(), value);
    const known = KNOWN.find(([, test]) => test.test(key));
    if (known !== undefined) metadata[known[0]] ??= value;
    else if (comment.length < MAX_COMMENT_LINES) comment.push(line.trim());
    radiation ??= radiationInText(line);
  }
  if (comment.length > 0 && metadata["comment"] === undefined) metadata["comment"] = comment;
  const number = (...names: string[]): number | undefined => {
    for (const name of names) {
      const value = optionalNumber(pairs.get(name)?.split(/[\s,;]/)[0]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const alpha1 = number("k-alpha1 wavelength", "kalpha1", "k-alpha1 [å]", "alpha1", "wl1");
  const alpha2 = number("k-alpha2 wavelength", "kalpha2", "k-alpha2 [å]", "alpha2", "wl2");
  const stated = statedRadiation({
    anode: pairs.get("anode material") ?? pairs.get("anode"),
    alpha1,
    alpha2,
    ratio: number("ratio k-alpha2/k-alpha1", "k-a2 / k-a1 ratio", "wlratio"),
  });
  const lone = lines.at(-1)?.trim() ?? "";
  return {
    radiation: alpha1 === undefined ? (radiation ?? stated) : stated,
    metadata,
    countTimeSeconds: number(
      "scan step time [s]",
      "time per step",
      "time per step [s]",
      "step time",
    ),
    announcedPoints: /^\d{2,9}$/.test(lone) ? Number(lone) : undefined,
  };
}
