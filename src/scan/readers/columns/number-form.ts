/**
 * Numbers as people and programs write them: decimal point or comma, thousands set apart by comma, point, blank,
 * no-break or thin space, apostrophe. "9,300" alone can be read in two ways; its column and the table decide,
 * and where they do not, the number is refused.
 */

type Mark = "." | ",";

/** One cell's evidence on how its column writes numbers. */
export interface NumberForm {
  /** The decimal mark, where the cell shows beyond doubt which one it is. */
  readonly decimal?: Mark;
  /** The character between thousands, where that is beyond doubt. */
  readonly group?: string;
  /** The one mark of a cell such as "9,300", which may be either. */
  readonly either?: Mark;
}

/** Blanks between thousands: the common one, no-break, figure, thin, narrow no-break and their like. */
const BLANKS = " \u00a0\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f";
const APOSTROPHES = "'\u2019\u02bc\u00b4`";
/** All that stands between thousands and is no decimal mark. */
const GROUP_MARKS = `${BLANKS}${APOSTROPHES}_`;

const NUMBER = new RegExp(
  String.raw`^[-+\u2212\u2013]?(\d[\d.,${GROUP_MARKS}]*|[.,]\d+)(?:[eEdD][-+\u2212]?\d+)?$`,
  "u",
);
const MINUS = /[\u2212\u2013]/g;
const PLAIN: NumberForm = {};

function isGrouped(whole: string, mark: string): boolean {
  const parts = whole.split(mark);
  const [first, ...others] = parts as [string, ...string[]];
  if (others.length === 0 || !/^(?:0|[1-9]\d{0,2})$/.test(first)) return false;
  if (first === "0") return false;
  if (others.every((part) => /^\d{3}$/.test(part))) return true;
  // 1,23,456: lakh and crore.
  const last = others.at(-1)!;
  return (
    mark === "," &&
    first.length <= 2 &&
    others.length > 1 &&
    /^\d{3}$/.test(last) &&
    others.slice(0, -1).every((part) => /^\d{2}$/.test(part))
  );
}

/** How a cell writes its number, or undefined where it holds none. */
export function numberForm(text: string): NumberForm | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const body = match[1]!;
  const hasExponent = /[eEdD]/.test(text);
  const marks = body.replaceAll(/\d/g, "");
  if (marks === "") return PLAIN;
  const apart = [...marks].find((mark) => GROUP_MARKS.includes(mark));
  if (apart !== undefined) return hasExponent ? undefined : groupedForm(body, apart);
  const points = marks.split(".").length - 1;
  const commas = marks.length - points;
  if (points > 0 && commas > 0) {
    const decimal: Mark = body.lastIndexOf(".") > body.lastIndexOf(",") ? "." : ",";
    return hasExponent ? undefined : groupedForm(body, decimal === "." ? "," : ".");
  }
  const mark: Mark = points > 0 ? "." : ",";
  if (marks.length > 1) return !hasExponent && isGrouped(body, mark) ? { group: mark } : undefined;
  if (body.endsWith(",")) return undefined;
  const [whole, fraction] = body.split(mark) as [string, string];
  return !hasExponent && /^[1-9]\d{0,2}$/.test(whole) && fraction.length === 3
    ? { either: mark }
    : { decimal: mark };
}

/** Thousands set apart by `group`, with or without a decimal part behind the other mark. */
function groupedForm(body: string, group: string): NumberForm | undefined {
  const at = Math.max(
    group === "." ? -1 : body.lastIndexOf("."),
    group === "," ? -1 : body.lastIndexOf(","),
  );
  const whole = at < 0 ? body : body.slice(0, at);
  const fraction = at < 0 ? "" : body.slice(at + 1);
  if (!/^\d*$/.test(fraction) || !isGrouped(whole, group)) return undefined;
  return at < 0 ? { group } : { group, decimal: body[at] as Mark };
}

/** How a column writes its numbers. */
export interface NumberFormat {
  readonly decimal: Mark;
  /** The character between thousands, which is passed over; "" where there is none. */
  readonly group: string;
}

/** The number of a cell in the format of its column; NaN where it is none in this format. */
export function numberIn(text: string, { decimal, group }: NumberFormat): number {
  const form = numberForm(text);
  if (form === undefined) return Number.NaN;
  if (form.decimal !== undefined && form.decimal !== decimal) return Number.NaN;
  if (form.group !== undefined && !group.includes(form.group)) return Number.NaN;
  if (form.either !== undefined && form.either !== decimal && !group.includes(form.either)) {
    return Number.NaN;
  }
  let plain = "";
  for (const character of text.replaceAll(MINUS, "-")) {
    if (group.includes(character)) continue;
    plain += character === decimal ? "." : character;
  }
  return Number(plain.replace(/d/i, "e"));
}

/** The evidence of the cells of one column on how it writes numbers, counted. */
export class ColumnEvidence {
  readonly decimals = { ".": 0, ",": 0 };
  readonly either = { ".": 0, ",": 0 };
  readonly groups = new Set<string>();
  plain = 0;
  /** Sum and maximum of whole numbers without any mark. */
  plainSum = 0;
  plainMax = 0;
  /** Whether a whole number begins with a zero, as the part behind a decimal comma does. */
  leadingZero = false;
  /** Whether all are whole numbers of exactly three digits, as the second half of "9 300" is. */
  threeDigits = true;
  /** Sum of the cells that may be read in two ways, read as decimals. */
  eitherSum = 0;
  /** Whether those cells rise or fall throughout, as an axis does. */
  monotonic = true;
  #last: number | undefined;
  #direction = 0;
  /** The first cell of each kind and its line, for messages. */
  readonly first = new Map<string, { readonly text: string; readonly line: number }>();

  add(form: NumberForm, text: string, line: number): void {
    if (!/^\d{3}$/.test(text)) this.threeDigits = false;
    const note = (kind: string): void => {
      if (!this.first.has(kind)) this.first.set(kind, { text, line });
    };
    if (form.group !== undefined) {
      this.groups.add(form.group);
      note(`group${form.group}`);
    }
    if (form.decimal !== undefined) {
      this.decimals[form.decimal]++;
      note(`decimal${form.decimal}`);
    } else if (form.either !== undefined) {
      this.either[form.either]++;
      note(`either${form.either}`);
      const value = Math.abs(Number(text.replace(",", ".").replaceAll(MINUS, "-")));
      this.eitherSum += value;
      this.#follow(value);
    } else if (form.group === undefined) {
      this.#addPlain(Math.abs(Number(text.replaceAll(MINUS, "-").replace(/d/i, "e"))));
      if (/^0\d/.test(text)) this.leadingZero = true;
    }
  }

  #addPlain(value: number): void {
    this.plain++;
    this.plainSum += value;
    if (value > this.plainMax) this.plainMax = value;
  }

  #follow(value: number): void {
    if (this.#last !== undefined) {
      const step = Math.sign(value - this.#last);
      if (this.#direction === 0) this.#direction = step;
      if (step === 0 || step !== this.#direction) this.monotonic = false;
    }
    this.#last = value;
  }

  /** Whether cells such as "9.300" beside plain hundreds would be holes if the mark were decimal. */
  get wouldBeHoles(): boolean {
    const count = this.either["."] + this.either[","];
    if (this.plain === 0 || count === 0 || this.plainMax > 999) return false;
    return this.eitherSum / count < this.plainSum / this.plain / 3;
  }
}

/** How a column is read, or why it cannot be. */
export interface FormatFound {
  readonly format: NumberFormat;
  /** The decimal mark that the column shows beyond doubt. */
  readonly shown?: Mark | undefined;
  /** Whether a rising or falling column of "20,000" alone was taken for decimals. */
  readonly byOrder?: boolean;
  /** A cell with thousands set apart: what was read as what, for the warning. */
  readonly grouped?: { readonly text: string; readonly line: number };
  /** Why no format fits, with the cell that shows it. */
  readonly problem?: { readonly message: string; readonly text: string; readonly line: number };
}

const other = (mark: Mark): Mark => (mark === "." ? "," : ".");

/** The decimal mark that a column shows on its own, if any. */
function ownDecimal(evidence: ColumnEvidence): Mark | undefined {
  if (evidence.decimals["."] > 0) return ".";
  return evidence.decimals[","] > 0 ? "," : undefined;
}

/** Marks that are decimal elsewhere in the table: beyond doubt, else by custom (20.000) or by an axis (20,000). */
function decimalsElsewhere(all: readonly ColumnEvidence[], self: ColumnEvidence): Set<Mark> {
  const others = all.filter((one) => one !== self);
  const certain = others.flatMap((one) => ownDecimal(one) ?? []);
  if (certain.length > 0) return new Set(certain);
  return new Set(
    others.flatMap((one): Mark[] => {
      if (one.groups.size > 0 || one.plain > 0) return [];
      if (one.either["."] > 0 && one.either[","] === 0) return ["."];
      return one.either[","] > 0 && one.either["."] === 0 && one.monotonic ? [","] : [];
    }),
  );
}

/** One format for each column of a table. */
export function formatsOf(columns: readonly ColumnEvidence[]): FormatFound[] {
  return columns.map((evidence) => formatOf(evidence, columns));
}

function formatOf(evidence: ColumnEvidence, all: readonly ColumnEvidence[]): FormatFound {
  const { decimals, either, first } = evidence;
  const apart = [...evidence.groups].filter((mark) => mark !== "." && mark !== ",").join("");
  const refused = (kind: string, message: string): FormatFound => {
    const cell = first.get(kind)!;
    return { format: { decimal: ".", group: "" }, problem: { message, ...cell } };
  };
  if (decimals["."] > 0 && decimals[","] > 0) {
    const point = first.get("decimal.")!.text;
    return refused("decimal,", `decimal points ("${point}") and decimal commas in one column`);
  }
  const decimal = ownDecimal(evidence);
  const grouping = ([".", ","] as const).filter((mark) => evidence.groups.has(mark));
  if (grouping.length > 1 || (decimal !== undefined && grouping.includes(decimal))) {
    return refused(`group${decimal ?? ","}`, "the same mark separates thousands and decimals");
  }
  const grouped = (mark: Mark | undefined): FormatFound => {
    const cell =
      (mark === undefined
        ? undefined
        : (first.get(`group${mark}`) ?? first.get(`either${mark}`))) ??
      first.get(`group${apart[0]}`);
    return {
      format: {
        decimal: decimal ?? (mark === undefined ? "." : other(mark)),
        group: apart + (mark ?? ""),
      },
      shown: decimal,
      ...(cell === undefined ? {} : { grouped: cell }),
    };
  };
  const [certain] = grouping;
  if (certain !== undefined) {
    return either[other(certain)] > 0 && decimal === undefined
      ? refused(`either${other(certain)}`, "thousands are separated in two ways")
      : grouped(certain);
  }
  if (decimal !== undefined)
    return grouped(either[other(decimal)] > 0 ? other(decimal) : undefined);
  if (either["."] > 0 && either[","] > 0) {
    return refused("either,", "points and commas in one column, and neither is surely decimal");
  }
  const doubtful: Mark | undefined = either["."] > 0 ? "." : either[","] > 0 ? "," : undefined;
  if (doubtful === undefined) return grouped(undefined);
  // Blanks or apostrophes between thousands leave the mark to the decimals.
  if (apart !== "") return { ...grouped(undefined), format: { decimal: doubtful, group: apart } };
  return doubtfulFormat(evidence, doubtful, all);
}

/** A column whose only marks stand before three digits: thousands or decimals, as the others say. */
function doubtfulFormat(
  evidence: ColumnEvidence,
  mark: Mark,
  all: readonly ColumnEvidence[],
): FormatFound {
  const cell = evidence.first.get(`either${mark}`)!;
  const thousands: FormatFound = {
    format: { decimal: other(mark), group: mark },
    grouped: cell,
  };
  const decimal: FormatFound = { format: { decimal: mark, group: "" } };
  const refused: FormatFound = {
    ...decimal,
    problem: {
      message: `the ${mark === "." ? "point" : "comma"} may separate thousands or decimals`,
      ...cell,
    },
  };
  const elsewhere = decimalsElsewhere(all, evidence);
  const here = elsewhere.has(mark);
  const there = elsewhere.has(other(mark));
  if (there && !here) return thousands;
  // Both in use elsewhere, or this one: "9.300" among plain hundreds is no 9.3.
  if (here) return evidence.wouldBeHoles ? refused : decimal;
  if (evidence.wouldBeHoles) return thousands;
  if (mark === ".") return decimal;
  return evidence.plain === 0 && evidence.monotonic && evidence.either[","] > 1
    ? { ...decimal, byOrder: true }
    : refused;
}
