/**
 * Typographic signs brought to those that crystallographers type: minus signs and dashes to "-", a bar over a digit to
 * "-" before it, digits above and below the line and of full width to digits, fractions in one sign to three. What has no
 * certain meaning stays as it is, so that whoever looks it up finds nothing and can say so.
 */

/** Hyphens, dashes and minus signs, those above, below and beside the line too. */
const DASHES = /[\p{Pd}\u00ad\u02d7\u2043\u2052\u207b\u208b\u2212\u2500\u2501\u2796\u30fc]/gu;
/** A bar over the digit before it: macron, overline, double overline, macron over two signs. */
const COMBINING_BAR = /(\d)[\u0304\u0305\u033f\u035e]/gu;
/** The same typed ahead of its digit: no letter of a symbol bears one. */
const BAR_AHEAD = /[\u0304\u0305\u033f\u035e]\s*(?=\d)/gu;
/** The same as signs of their own, before their digit ("¯3") or, where none follows, behind it. */
const SPACING_BAR_BEFORE = /[\u00af\u02c9\u203e\uffe3]\s*(?=\d)/gu;
const SPACING_BAR_BEHIND = /(\d)[\u00af\u02c9\u203e\uffe3]/gu;
/** "\bar{3}", "\overline 3" of TeX. */
const TEX_BAR = /\\(?:bar|overline)\s*(?:\{\s*(\d)\s*\}|(\d))/g;
/** They have no width and no meaning. */
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]|[\ufe0e-\ufe0f]/gu;
const SINGLE_QUOTES = /[\u2018\u2019\u02b9\u02bc\u2032]/gu;
const DOUBLE_QUOTES = /[\u201c\u201d\u02ba\u2033]/gu;
const RAISED_OR_LOWERED = /[\u00b2\u00b3\u00b9\u2070\u2074-\u207e\u2080-\u209c]/u;
const FRACTION = /[\u00bc-\u00be\u2150-\u215e]/u;

// oxlint-disable-next-line no-control-regex -- the question is whether all is ASCII
const ASCII = /^[\0-\x7f]*$/;

/** Symbols and operations: "R 3̅ c", "P 2₁/c", "−x, ½+y, z", "Ti⁴⁺". */
export function plainSymbol(text: string): string {
  if (ASCII.test(text)) return text.includes("\\") ? texBars(text) : text;
  return texBars(plainSigns(text, () => true));
}

/**
 * Numbers: a raised digit is an exponent or a footnote, no digit of the number, and stays what it is. "−0,5", "½" behind a
 * digit and other writing of which the number is not certain stay as they are too.
 */
export function plainNumber(text: string): string {
  return ASCII.test(text) ? text : plainSigns(text, (sign) => !RAISED_OR_LOWERED.test(sign)).trim();
}

function plainSigns(text: string, mayChange: (sign: string) => boolean): string {
  const signs = text
    .replace(INVISIBLE, "")
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(SPACING_BAR_BEFORE, "-")
    .replace(SPACING_BAR_BEHIND, "-$1");
  let plain = "";
  for (const sign of signs) {
    // "1½" is no 11/2.
    const isMixed = FRACTION.test(sign) && /\d$/.test(plain);
    plain += isMixed || !mayChange(sign) ? sign : sign.normalize("NFKC");
  }
  return plain
    .replace(/[\u2044\u2215]/gu, "/")
    .replace(/\p{Zs}/gu, " ")
    .replace(DASHES, "-")
    .replace(COMBINING_BAR, "-$1")
    .replace(BAR_AHEAD, "-");
}

function texBars(text: string): string {
  return text.replace(TEX_BAR, (_, braced: string | undefined, bare: string | undefined) => {
    return `-${braced ?? bare!}`;
  });
}
