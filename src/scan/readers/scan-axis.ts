/**
 * The axis that a scan ran over, as every format says it in its own words: "Gonio", "Locked Coupled", "TwoThetaTheta" and
 * "2-Theta/Omega" move the detector; "Rocking", "Omega", "Theta" alone, "Phi", a time or a temperature do not. A scan over
 * another quantity is no powder pattern, whatever numbers its first column holds.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";

export type MovedAxis = "twoTheta" | "other" | "unknown";

const GREEK: Readonly<Record<string, string>> = {
  θ: "theta",
  ϑ: "theta",
  ω: "omega",
  φ: "phi",
  ϕ: "phi",
  χ: "chi",
  ψ: "psi",
};

/** "2θ", "Two Theta", "2-Th", "tth", "2T" as one word, and Greek letters written out. */
function plainWords(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[θϑωφϕχψ]/gu, (letter) => GREEK[letter]!)
    .replaceAll(/(?:two|2)[\s_.*-]*(?:theta|th(?![a-df-z])|t(?![a-z]))/g, " 2theta ")
    .replaceAll(/(?<![a-z])t?tth(?![a-z])/g, " 2theta ")
    .replaceAll("khi", "chi");
}

/** The detector stands: "2theta fixed", "at 2theta = 35.2". */
const STILL_DETECTOR =
  / 2theta [\s_(,]*(?:fixed|const\w*|still|(?:is|=|:|at)?\s*[+-]?\d)|(?:fixed|constant|at|for)[\s_(]* 2theta /g;
const OTHER_SCAN =
  /rocking|pole[\s_-]*figure|reciprocal[\s_-]*space|(?<![a-z])(?:rsm|texture|mesh|area map)(?![a-z])/;
const OVER_TWO_THETA =
  / 2theta |gonio|coupled|detector|bragg|(?<![a-z])(?:psd|theta[\s/_:-]+theta|th[/:-]th)(?![a-z])/;
const OTHER_DRIVES: ReadonlySet<string> = new Set(
  (
    "theta th thetas thetad omega om chi phi psi kappa eta alpha beta x y z xs ys zs ts zd xy height time elapsed temp temperature pressure " +
    "voltage current power field energy wavelength aux aux1 aux2 aux3 h k l hk hkl qx qy qz slit monochromator mono " +
    "rotation spin tilt ry rx rz"
  ).split(" "),
);

/** The axis that moved, by the words of a file about its scan. */
export function movedAxis(statement: string): MovedAxis {
  const words = plainWords(statement);
  if (OTHER_SCAN.test(words)) return "other";
  const moving = words.replaceAll(STILL_DETECTOR, " ");
  if (OVER_TWO_THETA.test(moving)) return "twoTheta";
  const parts = moving.split(/[^a-z0-9]+/);
  return parts.some((part) => OTHER_DRIVES.has(part)) ? "other" : "unknown";
}

/** One sweep of a file with what the file says of its axis. */
export interface StatedSweep<T> {
  readonly sweep: T;
  /** The file's own words; undefined where it says nothing. */
  readonly axis: string | undefined;
  /** Where the numbers themselves show that the detector stood still. */
  readonly isStill?: boolean;
  readonly position: Position;
}

/**
 * The sweeps over 2θ. Others are left out with a warning; an axis whose name is not known is read as 2θ with a warning.
 * @throws EwaldError `scan/not-a-scan` where all of them are others
 */
export function sweepsOverTwoTheta<T>(sweeps: readonly StatedSweep<T>[], warnings: Warning[]): T[] {
  const kept: T[] = [];
  const others: StatedSweep<T>[] = [];
  for (const one of sweeps) {
    const stated = one.axis?.trim() ?? "";
    const moved = stated === "" ? "twoTheta" : movedAxis(stated);
    if (one.isStill === true || moved === "other") {
      others.push(one);
      continue;
    }
    if (moved === "unknown") {
      warnings.push({
        code: "scan/axis-assumed",
        message: `the file says that the scan ran over "${stated}", which is not known here; it was read as 2θ`,
        ...one.position,
      });
    }
    kept.push(one.sweep);
  }
  const [first] = others;
  if (first !== undefined && kept.length === 0) throw otherAxisError(first.axis, first.position);
  for (const { axis, position } of others) {
    warnings.push({
      code: "scan/no-two-theta",
      message: `a scan over ${axis?.trim() || "another axis"}, not over 2θ, was left out`,
      ...position,
    });
  }
  return kept;
}

/** The refusal of a file that holds nothing over 2θ. */
export function otherAxisError(axis: string | undefined, position: Position): EwaldError {
  const name = axis?.trim() ?? "";
  const isNamed = name !== "" && movedAxis(name) !== "twoTheta";
  return new EwaldError(
    "scan/not-a-scan",
    `${isNamed ? `a scan over ${name}` : "a measurement whose 2θ does not move"}, without a scan over 2θ (a rocking curve or another still detector)`,
    {
      ...(name === "" ? {} : { value: name }),
      ...position,
    },
  );
}

/** `Scan axis: Omega`, `Scantype: "Rocking"`, `# moved motor = phi` in a line of free text. */
const STATED_AXIS =
  /(?:scan[\s_-]*(?:axis|type|mode|motor|variable|name)|(?:moved|scanned)[\s_-]*(?:axis|motor|drive)|(?:goniometer[\s_-]*)?drive|type of scan)["']?\s*[:=,;\t]\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'\n,;]+))/giu;
/** How long, not over what: "Scan mode: fixed time". */
const PRESET = /(?:fixed|preset|constant|count(?:ing)?)[\s_-]*(?:time|counts?|monitor)/gi;

/** The words with which lines of free text say that another axis than 2θ was moved; undefined where they do not. */
export function otherAxisInText(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    for (const match of line.matchAll(STATED_AXIS)) {
      const value = (match[1] ?? match[2] ?? match[3] ?? "").trim();
      if (movedAxis(value.replaceAll(PRESET, "")) === "other") return value;
    }
  }
  return undefined;
}
