/**
 * The lines above a table: wavelengths, tube, sample and time where they say so in the usual words
 * (PANalytical and Bruker exports, pyFAI, Fit2D, RRUFF), the rest kept as comment.
 */
import type { Radiation, RadiationKind } from "../../../radiation/radiation.ts";
import type { Draft } from "../draft.ts";
import { leadingNumber, unquote } from "../lines.ts";
import { radiationInText, wavelengthInText } from "../radiation-text.ts";
import { type StatedLines, statedRadiation, statedWavelength } from "../radiation.ts";

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
  // With the blank of a PANalytical export: what `writeScan` keeps as `scanAxis` is that of the first of several scans.
  ["scanAxis", /^scan axis$/i],
];

export function readHeading(lines: readonly string[]): Heading {
  const pairs = new Map<string, string>();
  const comment: string[] = [];
  const metadata: Record<string, string | number | readonly string[] | undefined> = {};
  for (const line of lines) {
    if (line.trim() === "") continue;
    const pair = /^[#\s]*([^:=,;\t]{2,60}?)\s*[:=,;\t]\s*(.+)$/.exec(line);
    const key = pair?.[1]?.trim() ?? "";
    const value = unquote(pair?.[2] ?? "").replace(/[,;\s]+$/, "");
    if (pair !== null && !pairs.has(key.toLowerCase())) pairs.set(key.toLowerCase(), value);
    const known = KNOWN.find(([, test]) => test.test(key));
    if (known !== undefined) metadata[known[0]] ??= value;
    else if (comment.length < MAX_COMMENT_LINES) comment.push(line.trim());
  }
  if (comment.length > 0 && metadata["comment"] === undefined) metadata["comment"] = comment;
  const lone = lines.at(-1)?.trim() ?? "";
  return {
    radiation: headingRadiation(lines, pairs),
    metadata,
    countTimeSeconds: numberOf(pairs, [
      "scan step time [s]",
      "time per step",
      "time per step [s]",
      "step time",
    ]),
    announcedPoints: /^\d{2,9}$/.test(lone) ? Number(lone) : undefined,
  };
}

function numberOf(
  pairs: ReadonlyMap<string, string>,
  names: readonly string[],
): number | undefined {
  for (const name of names) {
    const value = leadingNumber(pairs.get(name));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The table's own wavelengths come before those in free text, and any wavelength before an anode's. */
function headingRadiation(
  lines: readonly string[],
  pairs: ReadonlyMap<string, string>,
): Radiation | null {
  const stated = {
    anode: pairs.get("anode material") ?? pairs.get("anode"),
    beta: numberOf(pairs, ["k-beta wavelength"]),
    used: usedLine(pairs.get("used wavelength")),
    alpha1: numberOf(pairs, ["k-alpha1 wavelength", "kalpha1", "k-alpha1 [å]", "alpha1", "wl1"]),
    alpha2: numberOf(pairs, ["k-alpha2 wavelength", "kalpha2", "k-alpha2 [å]", "alpha2", "wl2"]),
    ratio: numberOf(pairs, ["ratio k-alpha2/k-alpha1", "k-a2 / k-a1 ratio", "wlratio"]),
  };
  const explicit = stated.alpha1 === undefined ? ownLines(lines) : statedRadiation(stated);
  const said = OWN_RADIATION.exec(pairs.get("radiation") ?? "");
  if (said === null) return explicit ?? radiationInText(lines) ?? statedRadiation(stated);
  const [, kind, name] = said;
  const found = explicit ?? wavelengthInText(lines);
  if (kind === undefined || found === null) return null;
  return {
    kind: kind as RadiationKind,
    lines: found.lines,
    ...(name === undefined ? {} : { name }),
  };
}

/** "K-Alpha 1", "K-Beta": the line that a PANalytical export says was used; "K-Alpha" is both. */
function usedLine(text: string | undefined): StatedLines["used"] {
  const [, series, index] = /^K[\s-]*(alpha|beta)[\s-]*([12])?$/i.exec(text ?? "") ?? [];
  if (series?.toLowerCase() === "beta") return "Kb";
  return index === undefined ? undefined : index === "1" ? "Ka1" : "Ka2";
}

/** The statement of a radiation that `writeScan` writes first: kind and, where it has one, name. */
const OWN_RADIATION = /^(?:(xray|neutron|electron)(?: (\S+))?|not stated)$/;

/** `spectral line: 1.5406 A, weight 0.9`: what `writeScan` says of a radiation that is no doublet. */
function ownLines(lines: readonly string[]): Radiation | null {
  const found = lines.flatMap((line) => {
    const match = /^spectral line: (\S+) A, weight (\S+)$/.exec(line);
    return match === null
      ? []
      : [{ wavelengthAngstrom: Number(match[1]), weight: Number(match[2]) }];
  });
  const usable = found.every(
    ({ wavelengthAngstrom, weight }) => statedWavelength(wavelengthAngstrom) !== null && weight > 0,
  );
  return usable && found.length > 0 ? { kind: "xray", lines: found } : null;
}
