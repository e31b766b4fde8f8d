/**
 * The text of a chemical formula before it is parsed: characters brought to one form (every
 * character keeps its column), the charge at its end taken off, and dots told apart: decimal
 * point or the dot of a hydrate. Rules and examples: docs/composition.md.
 */
import { EwaldError } from "../../errors.ts";

export interface FormulaNotation {
  /** Same length as the input: charge blanked, `·` between the parts, `.` only in decimals. */
  readonly body: string;
  readonly charge?: number;
}

const SAME_CHARACTER = new Map<string, string>();
for (const [digit, subscript] of [..."₀₁₂₃₄₅₆₇₈₉"].entries())
  SAME_CHARACTER.set(subscript, `${digit}`);
for (const dot of "•∙⋅・*") SAME_CHARACTER.set(dot, "·");
for (const minus of "−–—‐⁻") SAME_CHARACTER.set(minus, "-");
for (const space of "\u00a0\u2009\u202f\t$") SAME_CHARACTER.set(space, " ");
SAME_CHARACTER.set("⁺", "+").set("⁄", "/");

const SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** No charge is longer. On a whole formula of 4,000 digits the forms below took 45 s to find none. */
const LONGEST_CHARGE = 16;

/** Charges as they end a formula, the first that fits. Groups: digits, sign. */
const CHARGE_FORMS: readonly { readonly form: RegExp; readonly isPlain: boolean }[] = [
  { form: /\^\s*\{?\s*(?<digits>\d*\.?\d*)\s*(?<sign>[+-]+)\s*\}?$/, isPlain: false },
  { form: /\^\s*\{?\s*(?<sign>[+-])\s*(?<digits>\d*\.?\d*)\s*\}?$/, isPlain: false },
  { form: /[([{]\s*(?<digits>\d*)(?<sign>[+-])\s*[)\]}]$/, isPlain: false },
  { form: /[([{]\s*(?<sign>[+-])(?<digits>\d+)\s*[)\]}]$/, isPlain: false },
  { form: /\s(?<digits>\d*)(?<sign>[+-]+)$/, isPlain: false },
  { form: /(?<digits>)(?<sign>\+{2,}|-{2,})$/, isPlain: false },
  { form: /(?<sign>[+-])(?<digits>\d+)$/, isPlain: false },
  { form: /(?<digits>\d*\.?\d*)(?<sign>[+-])$/, isPlain: true },
];

/**
 * @throws EwaldError `formula/isotope`, `formula/ambiguous-charge`, `formula/ambiguous-dot`, `formula/number`
 */
export function readNotation(text: string): FormulaNotation {
  const uniform = replaceMarks(text.replaceAll("+/-", "±  ").replaceAll("+-", "± "));
  const { body, charge } = takeCharge(uniform);
  const dotted = tellDots(body);
  return charge === undefined ? { body: dotted } : { body: dotted, charge };
}

/** `²H` is D; a mark above any other element is refused. Other superscript digits begin a charge. */
function replaceMarks(text: string): string {
  const characters = Array.from({ length: text.length }, (_, i) => text[i]!);
  for (let i = 0; i < characters.length; i++) {
    const start = i;
    while (i < characters.length && SUPERSCRIPT_DIGITS.includes(characters[i]!)) i++;
    if (i === start) continue;
    const marked = characters.slice(start, i).map((mark) => SUPERSCRIPT_DIGITS.indexOf(mark));
    const symbol = /^[A-Z][a-z]?/.exec(text.slice(i, i + 2))?.[0];
    if (symbol === undefined) {
      characters.splice(start, i - start, `^${marked.join("")}`, ...marked.slice(1).map(() => ""));
    } else if (symbol === "H" && marked.join("") === "2") {
      characters.splice(start, 2, " ", "D");
    } else {
      throw new EwaldError("formula/isotope", "only the isotope ²H has a symbol of its own (D)", {
        value: `${marked.join("")}${symbol}`,
        column: start + 1,
      });
    }
  }
  return characters.map((character) => SAME_CHARACTER.get(character) ?? character).join("");
}

function takeCharge(text: string): FormulaNotation {
  const trimmed = text.trimEnd();
  const tailStart = Math.max(0, trimmed.length - LONGEST_CHARGE);
  for (const { form, isPlain } of CHARGE_FORMS) {
    const match = form.exec(trimmed.slice(tailStart));
    if (match === null) continue;
    const { digits = "", sign = "+" } = match.groups ?? {};
    const rest = trimmed.slice(0, tailStart + match.index);
    const unit = sign[0] === "-" ? -1 : 1;
    if (!isPlain) {
      const size = digits === "" || digits === "." ? sign.length : Number(digits);
      return { body: rest, charge: unit * size };
    }
    if (digits === "" || digits === ".") return { body: rest + digits, charge: unit };
    // One symbol or one bracket around everything: the number is the charge (Ti4+, [Fe(CN)6]4-).
    if (/^\s*[A-Z][a-z]?$/.test(rest) || isOneBracket(rest)) {
      if (!/^\d\d/.test(digits)) return { body: rest, charge: unit * Number(digits) };
    } else if (!/^\d\d/.test(digits)) {
      return { body: rest + digits, charge: unit };
    }
    throw new EwaldError(
      "formula/ambiguous-charge",
      `"${digits}${sign}" can be read as an amount and a charge in more than one way`,
      {
        value: text,
        column: rest.length + 1,
        hint: `Set the charge off with ^ or a space: ${rest.trim()}${digits[0]}^${digits.slice(1)}${sign}.`,
      },
    );
  }
  return { body: text };
}

function isOneBracket(text: string): boolean {
  const inner = text.trim();
  let depth = 0;
  for (let i = 0; i < inner.length; i++) {
    if ("([{".includes(inner[i]!)) depth++;
    else if (")]}".includes(inner[i]!)) depth--;
    if (depth === 0 && i < inner.length - 1) return false;
  }
  return depth === 0 && inner !== "";
}

/** Water at the end of a part, after the dot in question. */
const WATER = /^\d+\s*\(?\s*(?:H2O|D2O|OH2)\s*\)?\s*(?=$|[·.])/;
/** Ends of a salt: with a hydrate after it, "Cl2.6H2O" is no decimal amount of chlorine. */
const ANION_END = /(?:O|F|Cl|Br|I|[)\]}])$/;

type Dot = "point" | "hydrate" | "either";

/** The meaning of the dot after `before` digits and ahead of `after` digits; `left` and `right` surround the number. */
function dotKind(left: string, before: string, after: string, right: string): Dot {
  if (after === "") return "hydrate";
  const isWater = WATER.test(after + right);
  if (before === "" && /\s$/.test(left)) return isWater ? "hydrate" : "point";
  if (!isWater || after.startsWith("0") || before.startsWith("0")) return "point";
  return before !== "" && ANION_END.test(left) ? "hydrate" : "either";
}

/**
 * Whether the first of two dots can be a decimal point, the second the hydrate's: no number behind the second ("1.5."),
 * 0 before the first, or an amount as 2.5 and 1.95. "2.1.3" is 1.3 water: 2.1 of anything is rare.
 */
function isDecimal(before: string, after: string, last: string): boolean {
  return last === "" || Number(before) === 0 || after === "5" || /^[1-9]\d/.test(after);
}

/** Turns each `.` that is a hydrate's into `·`; a dot that can be both is refused. */
function tellDots(text: string): string {
  const characters = text.split("");
  const either: number[] = [];
  const suspect: number[] = [];
  let hasHydrateDot = false;
  for (const match of text.matchAll(/[\d.]*\.[\d.]*/g)) {
    const left = text.slice(0, match.index);
    const right = text.slice(match.index + match[0].length);
    const parts = match[0].split(".");
    const [before = "", after = ""] = parts;
    const isCoefficient = /(?:^|·)\s*$/.test(left);
    const point = match.index + before.length;
    if (parts.length > 3 || (parts.length === 3 && (after === "" || isCoefficient))) {
      throw new EwaldError("formula/number", `"${match[0]}" is not a number`, {
        value: match[0],
        column: match.index + 1,
      });
    }
    if (isCoefficient && after !== "") continue;
    const isSecond = parts.length === 3 && isDecimal(before, after, parts[2]!);
    const at = isSecond ? point + 1 + after.length : point;
    if (isSecond && parts[2] !== "" && Number(before) !== 0) either.push(at);
    const kind = parts.length === 3 ? "hydrate" : dotKind(left, before, after, right);
    if (kind === "hydrate") {
      characters[at] = "·";
      hasHydrateDot = true;
    } else if (kind === "either") {
      either.push(at);
    } else if (ANION_END.test(left) && /^[1-9]/.test(before) && /^[A-Z([{]/.test(right)) {
      // "Al2O3.2SiO2.2H2O": once one dot is a hydrate's, "O3.2" is no longer certain to be a decimal.
      suspect.push(at);
    }
  }
  const at = either[0] ?? (hasHydrateDot ? suspect[0] : undefined);
  if (at === undefined) return characters.join("");
  throw new EwaldError("formula/ambiguous-dot", "this dot can be a decimal point or a hydrate's", {
    value: text,
    column: at + 1,
    hint: "Write · or * between the parts of a hydrate, and 0.5 instead of .5.",
  });
}
