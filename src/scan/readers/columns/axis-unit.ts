/** Units of angles, lengths, reciprocal lengths and times in the spellings that files use. */

export interface Unit {
  readonly dimension: "angle" | "length" | "inverse length" | "time";
  /** To degrees, Å, 1/Å or µs. */
  readonly factor: number;
}

type Spelling = readonly [spelling: string, factor: number];

const LENGTHS: readonly Spelling[] = [
  [
    String.raw`å|aa?|ang(?:s|str?|stroe?m|stroem|strom)?s?\.?|ångstr(?:ö|o|oe)ms?|angström|埃|オングストローム|ангстрем`,
    1,
  ],
  [String.raw`nm|nano[\s-]?met(?:er|re)[sn]?|nanomètres?|纳米|ナノメートル|нм`, 10],
  [String.raw`pm|pico[\s-]?met(?:er|re)[sn]?|picomètres?|皮米|ピコメートル|пм`, 0.01],
  [String.raw`fm|femto[\s-]?met(?:er|re)s?`, 1e-5],
  [String.raw`[µu]m|micromet(?:er|re)[sn]?|microns?`, 1e4],
  [String.raw`mm|millimet(?:er|re)[sn]?`, 1e7],
  [String.raw`cm|centimet(?:er|re)s?|zentimetern?`, 1e8],
  [String.raw`m|met(?:er|re)s?`, 1e10],
];

const ANGLES: readonly Spelling[] = [
  [
    String.raw`[°º˚]|deg(?:s|rees?|\.)?|grade?|grad[io]s?|degrés?|gradi|graus|度|град(?:усы)?\.?`,
    1,
  ],
  [String.raw`r(?:ad(?:ians?|iant|\.)?)|bogenmaß|弧度|ラジアン`, 180 / Math.PI],
  [
    String.raw`m[\s-]?rad(?:ians?)?|milli[\s-]?rad(?:ians?|iant)?|毫弧度|ミリラジアン`,
    0.18 / Math.PI,
  ],
  [String.raw`[µu][\s-]?rad(?:ians?)?|micro[\s-]?rad(?:ians?)?`, 0.18e-3 / Math.PI],
  [String.raw`c[\s-]?deg(?:rees?)?|centi[\s-]?deg(?:rees?)?|0?\.01\s?(?:deg|°)`, 0.01],
  [String.raw`m[\s-]?deg(?:rees?)?|milli[\s-]?deg(?:rees?)?|m°`, 0.001],
  [String.raw`['′]|arc[\s-]?min(?:utes?)?|min(?:utes?)? of arc|bogenminuten?`, 1 / 60],
  [String.raw`["″]|''|arc[\s-]?sec(?:onds?)?|sec(?:onds?)? of arc|bogensekunden?`, 1 / 3600],
  [String.raw`gon|gradians?`, 0.9],
];

const TIMES: readonly Spelling[] = [
  [String.raw`[µu]s(?:ec)?\.?|micro[\s-]?s(?:ec(?:onds?)?)?|微秒|マイクロ秒`, 1],
  [String.raw`ms(?:ec)?\.?|milli[\s-]?s(?:ec(?:onds?)?)?|毫秒|ミリ秒`, 1e3],
  [String.raw`ns(?:ec)?\.?|nano[\s-]?s(?:ec(?:onds?)?)?`, 1e-3],
  [String.raw`s(?:ec(?:onds?)?)?\.?|秒`, 1e6],
];

const whole = (spelling: string): RegExp => new RegExp(`^(?:${spelling})$`, "u");
const MINUS_ONE = String.raw`\s*(?:\^|\*\*)?\s*[({]?\s*-\s*1(?:\.0)?\s*[)}]?`;
/** Reciprocal of a length, in signs and in words. */
const inverse = (length: string): RegExp =>
  new RegExp(
    String.raw`^(?:(?:1|2π|rad)?\s*\/\s*\(?(?:${length})\)?|\(?(?:${length})\)?${MINUS_ONE}|(?:rad\s*[·.*\s]\s*)?(?:${length})${MINUS_ONE}|(?:inv(?:erse)?|reciprocal|recip|rec|rezipro[kz]\w*|invers\w*|inverso|réciproque|per|pro|par)[\s_.-]*(?:of\s)?(?:${length})|(?:${length})[\s_-]*(?:inv(?:erse)?|reciprocal)|毎(?:${length}))$`,
    "u",
  );

const UNITS: readonly (readonly [test: RegExp, unit: Unit])[] = [
  ...ANGLES.map(([spelling, factor]) => [whole(spelling), { dimension: "angle", factor }] as const),
  ...LENGTHS.map(
    ([spelling, factor]) => [whole(spelling), { dimension: "length", factor }] as const,
  ),
  ...LENGTHS.map(
    ([spelling, factor]) =>
      [inverse(spelling), { dimension: "inverse length", factor: 1 / factor }] as const,
  ),
  ...TIMES.map(([spelling, factor]) => [whole(spelling), { dimension: "time", factor }] as const),
];

/** The unit that a text (in the spelling of `plainName`) names, brackets around it left out. */
export function parseUnit(text: string): Unit | undefined {
  const bare = text.trim().replace(/^[([{<]\s*(.*?)\s*[)\]}>]$/, "$1");
  // "deg 2θ", "° 2th": a degree of 2θ is a degree.
  const angle = bare.replace(/\s*2\s*-?\s*(?:θ|th(?:eta)?)\.?$/, "");
  return UNITS.find(([test]) => test.test(bare) || (angle !== "" && test.test(angle)))?.[1];
}
