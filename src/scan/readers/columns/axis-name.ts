/**
 * The diffraction axis that the heading of a column names: 2θ, θ, d, Q, 1/d, sin θ/λ or time of flight, and its unit;
 * or which other quantity it is. A unit belongs to the word before it and must be one of that quantity.
 */
import type { AxisKind } from "../../../radiation/axis.ts";
import { OTHER_QUANTITY, QUANTITIES, type Quantity } from "./axis-names.table.ts";
import { parseUnit, type Unit } from "./axis-unit.ts";

/** An axis that is read, with what leads to degrees, Å, 1/Å or µs. */
export interface AxisName {
  readonly kind: AxisKind;
  readonly scale: number;
  /** The conversion or assumption that was made, as a sentence for a warning. */
  readonly note?: {
    readonly code: "scan/axis-converted" | "scan/axis-assumed";
    readonly message: string;
  };
}

/** Why a column named like this is no axis that can be read. */
export interface OtherAxis {
  readonly refused: string;
}

/** Greek letters, minus signs, superscripts, markup and full-width letters as one plain spelling, in lower case. */
export function plainName(name: string): string {
  return name
    .replaceAll("\u00af", "-")
    .replaceAll(/&(?:#8491|#197|aring);/gi, "å")
    .replaceAll(/&(?:#952|theta);/gi, "θ")
    .replaceAll(/<\/?su[bp]>|<\/?[ib]>/gi, "")
    .normalize("NFKC")
    .replaceAll(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-")
    .toLowerCase()
    .replaceAll(/[ϑϴ]/g, "θ")
    .replaceAll("μ", "µ")
    .replaceAll(/\\(?:var)?theta\b/g, "θ")
    .replaceAll(/\\lambda\b/g, "λ")
    .replaceAll(/\^?\\circ\b|\\degree\b/g, "°")
    .replaceAll(/\\(?:aa|angstrom|ring\s*\{?a\}?)(?![a-z])\s?/g, "å")
    .replaceAll(/\\(?:mathrm|text|rm|mathregular)\b|[$\\~]/g, "")
    .replaceAll(/2(?:¦è|ƒæ)/g, "2θ") // "2θ" of GBK and Shift-JIS read as Windows-1252
    .replaceAll(/\{(\p{L}+)\}/gu, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The last bracket and what stands before it: "d (hkl) [Å]" is "d (hkl)" and "Å". */
function bracketed(name: string): { base: string; inner: string } | undefined {
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };
  const close = name.at(-1)!;
  const open = pairs[close];
  if (open === undefined) return undefined;
  let depth = 0;
  for (let i = name.length - 1; i >= 0; i--) {
    if (name[i] === close) depth++;
    if (name[i] === open && --depth === 0) {
      const base = name
        .slice(0, i)
        .trim()
        .replace(/[\s_/,:-]+$/, "");
      return base === "" ? undefined : { base, inner: name.slice(i + 1, -1).trim() };
    }
  }
  return undefined;
}

const quantityOf = (base: string): Quantity | undefined =>
  QUANTITIES.find(([, test]) => test.test(base))?.[0];

/** The quantity that a heading names: an axis, another quantity, or undefined where its words say neither. */
export function axisNamed(name: string): AxisName | OtherAxis | undefined {
  const plain = plainName(name);
  if (plain === "") return undefined;
  const whole = quantityOf(plain);
  if (whole !== undefined) return axisOf(name, whole, undefined, "");
  const bracket = bracketed(plain);
  if (bracket !== undefined) {
    const { base, inner } = bracket;
    const quantity = quantityOf(base);
    // "Angle (2θ)", "Pos. [°2Th.]": the bracket names the quantity.
    const named = /2\s*-?\s*(?:th|θ)/.test(inner)
      ? "twoTheta"
      : /^(?:θ|th(?:eta)?)$/.test(inner)
        ? "theta"
        : undefined;
    if (named !== undefined && (quantity === "twoTheta" || quantity === "theta")) {
      return axisOf(name, named, undefined, "");
    }
    if (quantity === "twoTheta" && OTHER_QUANTITY.test(inner)) return { refused: name };
    const unit = parseUnit(inner);
    if (quantity !== undefined) return axisOf(name, quantity, unit, inner);
    if (isUnitOfAnother(base, unit)) return { refused: name };
    if (unit?.dimension === "inverse length" && isReciprocal(base)) {
      return axisOf(name, "reciprocal", unit, inner);
    }
  }
  const behind = axisWithUnitBehind(name, plain);
  if (behind !== undefined) return behind;
  return OTHER_QUANTITY.test(plain) ? { refused: name } : undefined;
}

/** s of small-angle scattering, which is 1/d: only its unit tells it from seconds. */
const isReciprocal = (base: string): boolean => /^\|?s\|?(?:[\s_-]*(?:vector|axis))?$/.test(base);

/** A name that is not known, with a unit that no angle has: it is not 2θ. */
function isUnitOfAnother(base: string, unit: Unit | undefined): boolean {
  return unit !== undefined && unit.dimension !== "angle" && !isReciprocal(base);
}

/** "q_nm^-1", "2theta deg", "d/Å", "Q in 1/nm": the longest name with a unit behind it. */
function axisWithUnitBehind(name: string, plain: string): AxisName | OtherAxis | undefined {
  for (let at = plain.length - 1; at > 0; at--) {
    const between = /^(?:\s*[_/,;:.-]\s*|\s+)(?:in\s+)?/.exec(plain.slice(at));
    if (between === null) continue;
    const base = plain.slice(0, at).trim();
    const rest = plain.slice(at + between[0].length);
    const behind = parseUnit(rest);
    const quantity =
      quantityOf(base) ??
      (behind?.dimension === "inverse length" && isReciprocal(base) ? "reciprocal" : undefined);
    if (quantity === undefined) continue;
    // "2theta A" is one of several, not 2θ in ångströms.
    const isWord =
      between[0].trim() === "" && behind?.dimension !== DIMENSION[quantity] && quantity !== "q";
    if (behind !== undefined && !isWord) return axisOf(name, quantity, behind, rest);
    if (quantity === "theta") return { refused: name };
    if (quantity !== "twoTheta" || /^(?:pos|deg|°)/.test(base)) continue;
    const saysTwice = /2|two|zwei|tth/.test(base);
    if (!saysTwice && (OTHER_QUANTITY.test(rest) || OTHER_QUANTITY.test(plain)))
      return { refused: name };
    // "2theta_corrected": more words do not change the quantity; of others they might.
    return axisOf(name, quantity, undefined, "");
  }
  return undefined;
}

/** "2θ" in words for messages. */
const CALLED: Readonly<Record<Quantity, string>> = {
  twoTheta: "2θ",
  theta: "θ",
  q: "Q",
  d: "d",
  reciprocal: "1/d",
  sine: "sin θ/λ",
  tof: "time of flight",
};

const DIMENSION: Readonly<Record<Quantity, Unit["dimension"]>> = {
  twoTheta: "angle",
  theta: "angle",
  q: "inverse length",
  d: "length",
  reciprocal: "inverse length",
  sine: "inverse length",
  tof: "time",
};

/** From the quantity in degrees, Å, 1/Å or µs to the axis it is read as. */
const TARGET: Readonly<Record<Quantity, readonly [kind: AxisKind, factor: number]>> = {
  twoTheta: ["twoTheta", 1],
  theta: ["twoTheta", 2],
  q: ["q", 1],
  d: ["d", 1],
  reciprocal: ["q", 2 * Math.PI],
  sine: ["q", 4 * Math.PI],
  tof: ["tof", 1],
};

const ASSUMED_UNIT: Readonly<Record<Unit["dimension"], string>> = {
  angle: "degrees",
  length: "Å",
  "inverse length": "1/Å",
  time: "µs",
};

function axisOf(
  name: string,
  quantity: Quantity,
  unit: Unit | undefined,
  unitText: string,
): AxisName | OtherAxis {
  const wanted = DIMENSION[quantity];
  const [kind, factor] = TARGET[quantity];
  const assumed = (message: string, scale = factor): AxisName => ({
    kind,
    scale,
    note: { code: "scan/axis-assumed", message },
  });
  if (unit !== undefined && unit.dimension !== wanted) {
    // "Q (nm)": carelessly for 1/nm, and it can be nothing else.
    if (quantity === "q" && unit.dimension === "length") {
      return assumed(
        `"${name}" was taken as Q in 1/${unitText === "a" ? "Å" : unitText}`,
        factor / unit.factor,
      );
    }
    return { refused: name };
  }
  if (unit === undefined && unitText !== "") {
    return assumed(
      `"${name}": the unit "${unitText}" is not known here: taken as ${ASSUMED_UNIT[wanted]}`,
    );
  }
  const scale = factor * (unit?.factor ?? 1);
  const converted: Partial<Record<Quantity, string>> = {
    theta: `"${name}" is θ and was doubled to 2θ`,
    reciprocal: `"${name}" was taken as 1/d and multiplied by 2π to Q`,
    sine: `"${name}" is sin θ/λ and was multiplied by 4π to Q`,
  };
  if (converted[quantity] !== undefined) {
    const without =
      unit === undefined ? `; no unit is given: taken as ${ASSUMED_UNIT[wanted]}` : "";
    return {
      kind,
      scale,
      note: { code: "scan/axis-converted", message: `${converted[quantity]}${without}` },
    };
  }
  return unit === undefined && quantity !== "twoTheta"
    ? assumed(`no unit of ${CALLED[quantity]} is given: taken as ${ASSUMED_UNIT[wanted]}`)
    : { kind, scale };
}
