/** How tables write numbers: thousands set apart, decimal marks, empty cells, comments in blocks. */
import { describe, expect, test } from "vitest";
import { codesOf, COUNTS, ANGLES, errorOf, pointsOf, read, table } from "./tables.ts";

const comma = (angle: string): string => angle.replace(".", ",");
const apart = (value: number, mark: string): string =>
  String(value).replace(/\B(?=(\d{3})+(?!\d))/g, mark);

describe("thousands", () => {
  const marks = [
    ["a comma", ","],
    ["a blank", " "],
    ["a no-break space", "\u00a0"],
    ["a thin space", "\u2009"],
    ["a narrow no-break space", "\u202f"],
    ["an apostrophe", "'"],
    ["a typographic apostrophe", "\u2019"],
  ] as const;

  test.each(marks)("set apart by %s: 9300 was 9 or 465", (_, mark) => {
    for (const text of [
      table("2theta,intensity", (x, y) => `${x},"${apart(y, mark)}"`),
      table("2theta\tintensity", (x, y) => `${x}\t${apart(y, mark)}`),
      table("2theta;intensity", (x, y) => `${x};${apart(y, mark)}`),
      table("2theta intensity", (x, y) => `${x} ${apart(y, mark)}`),
      table("2theta,intensity", (x, y) => `${x},${apart(y, mark)}`),
      table("", (x, y) => `${x}\t${apart(y, mark)}`),
    ]) {
      const { axis, intensity } = pointsOf(text);
      expect(intensity).toEqual(COUNTS);
      expect(axis).toEqual(ANGLES);
      const [warning] = read(text).warnings;
      expect(warning).toMatchObject({ code: "scan/thousands" });
      expect(warning!.message).toContain(`"1${mark}249" was read as 1249`);
    }
  });

  test.each([...marks.slice(1), ["a point", "."] as const])(
    "beside decimal commas, set apart by %s",
    (_, mark) => {
      for (const text of [
        table("2theta;intensity", (x, y) => `${comma(x)};${apart(y, mark)}`),
        table("2theta\tintensity", (x, y) => `${comma(x)}\t${apart(y, mark)},5`),
        table("2theta,intensity", (x, y) => `"${comma(x)}","${apart(y, mark)}"`),
      ]) {
        expect(pointsOf(text).intensity.map(Math.floor)).toEqual(COUNTS);
      }
    },
  );

  test("in every row, in millions, in lakhs, in the uncertainty, in the axis", () => {
    const all = table("2theta\tI", (x, y) => `${x}\t${apart(y + 1000, ",")}`);
    expect(pointsOf(all).intensity[30]).toBe(10_300);
    const millions = table("2theta;I", (x, y) => `${x};${apart(y * 1000 + 7, ".")}`);
    expect(pointsOf(millions).intensity[30]).toBe(9_300_007);
    const lakh = table("2theta;I", (x, y, i) => `${x};${i === 30 ? "12,34,567" : y}`);
    expect(pointsOf(lakh).intensity[30]).toBe(1_234_567);
    const esd = table("2theta;I;esd", (x, y) => `${x};${y};${apart(y * 2, ",")}`);
    expect(read(esd).scan.ranges[0]!.esd![30]).toBe(18_600);
    const tof = table("TOF (us);I", (_, y, i) => `"${apart(9000 + 100 * i, ",")}";${y}.5`);
    expect(pointsOf(tof).axis[59]).toBe(14_900);
  });

  test.each([
    ["a point beside decimal points", table("2theta\tI", (x, y) => `${x}\t${apart(y, ".")}`)],
    ["a comma beside decimal commas", table("2theta;I", (x, y) => `${comma(x)};${apart(y, ",")}`)],
    ["commas alone", table("2theta;I", (_, y, i) => `${20 + i};${apart(y + 1000, ",")}`)],
    ["commas between columns, too", table("2theta,I", (x, y) => `${x},${apart(y + 1000, ",")}`)],
    ["blanks between columns, too", table("2theta I", (x, y) => `${x} ${apart(y + 1000, " ")}`)],
    ["both marks", table("2theta;I", (_, y, i) => `${20 + i};${apart(y, i > 30 ? "." : ",")}`)],
    ["decimal commas between commas", table("", (x, y) => `${comma(x)},${y},5`)],
    ["the same under half as many names", table("2theta,I", (_, y, i) => `${10 + i},0,${y},0`)],
    ["two decimal marks", table("2theta;I", (x, y, i) => `${i === 7 ? comma(x) : x};${y}`)],
  ])("%s: refused", (_, text) => {
    expect(errorOf(text)).toMatchObject({ code: "scan/ambiguous-number" });
    expect(errorOf(text).details.line).toBeGreaterThan(0);
  });

  test("three digits behind a point are decimals, as in every XY file", () => {
    const text = table("", (x, y) => `${Number(x).toFixed(3)} ${(y / 1000).toFixed(3)}`);
    expect(pointsOf(text).intensity).toEqual(COUNTS.map((y) => y / 1000));
    expect(codesOf(text)).toEqual([]);
    const commas = text.replaceAll(".", ",");
    expect(pointsOf(commas).axis).toEqual(ANGLES);
  });

  test("decimal commas in one column and points in the other: read with a word about it", () => {
    const text = table("2theta;I", (x, y) => `${comma(x)};${y}.5`);
    expect(pointsOf(text).intensity[30]).toBe(9300.5);
    expect(codesOf(text)).toEqual(["scan/mixed-decimals"]);
  });

  test("minus signs of typesetters, Fortran's exponents, full-width digits", () => {
    expect(pointsOf(table("", (_, y, i) => `${i < 5 ? `\u2212${5 - i}` : i} ${y}`)).axis[0]).toBe(
      -5,
    );
    expect(pointsOf(table("", (x, y) => `${x}D0 ${y}.0D+00`)).intensity).toEqual(COUNTS);
    const wide = table("2θ，强度", (x, y) => `${x}，${y}`).replaceAll("9", "９");
    expect(pointsOf(wide)).toMatchObject({ axis: ANGLES, intensity: COUNTS });
  });
});

describe("empty cells", () => {
  test.each([
    ["commas", ","],
    ["semicolons", ";"],
    ["tabs", "\t"],
    ["bars", "|"],
  ])("between %s keep their place: Icalc was taken for Iobs in later rows", (_, s) => {
    for (const empty of ["", " ", '""', "NaN", "--", "#N/A"]) {
      const text = table(["2theta", "Icalc", "Iobs"].join(s), (x, y, i) =>
        [x, i < 10 ? empty : 5000, y].join(s),
      );
      expect(pointsOf(text)).toMatchObject({ axis: ANGLES, intensity: COUNTS });
    }
  });

  test("a column that is empty throughout is none", () => {
    expect(pointsOf(table("2theta\tIcalc\tIobs", (x, y) => `${x}\t\t${y}`)).intensity).toEqual(
      COUNTS,
    );
    expect(pointsOf(table("", (x, y) => `${x}\t\t${y}`)).intensity).toEqual(COUNTS);
    expect(pointsOf(table(",2theta,I,", (x, y) => `,${x},${y},`)).intensity).toEqual(COUNTS);
    const markdown = table("| 2theta | I |\n|---|:--:|", (x, y) => `| ${x} | ${y} |`);
    expect(pointsOf(markdown).intensity).toEqual(COUNTS);
  });

  test("a point without an intensity is left out with a word about it", () => {
    const text = table("2theta,Iobs", (x, y, i) => `${x},${i === 5 || i === 7 ? "" : y}`);
    expect(pointsOf(text).axis).toHaveLength(58);
    expect(read(text).warnings).toEqual([
      {
        code: "scan/missing-intensity",
        message: "2 points have no intensity and were left out (first at 20.25)",
        line: 7,
      },
    ]);
  });

  test.each([
    [
      "an intensity without a position",
      table("2theta,I", (x, y, i) => `${i === 4 ? "" : x},${y}`),
      "scan/bad-row",
      6,
    ],
    [
      "a word for an intensity",
      table("2theta,I", (x, y, i) => `${x},${i === 4 ? "over" : y}`),
      "scan/bad-number",
      6,
    ],
    [
      "a row that ends early",
      table("2theta,I,esd", (x, y, i) => (i === 4 ? `${x},${y}` : `${x},${y},3`)),
      "scan/bad-row",
      6,
    ],
    [
      "a row with one number more",
      table("2theta,I", (x, y, i) => (i === 4 ? `${x},${y},3` : `${x},${y}`)),
      "scan/bad-row",
      6,
    ],
    [
      "gaps in a column that nothing names",
      table("", (x, y, i) => `${x}\t${i < 10 ? "" : 5}\t${y}`),
      "scan/bad-row",
      1,
    ],
  ])("%s: refused", (_, text, code, line) => {
    expect(errorOf(text)).toMatchObject({ code, details: { line } });
  });

  test("an uncertainty that is missing somewhere is none", () => {
    const text = table("2theta,I,esd", (x, y, i) => `${x},${y},${i < 3 ? "" : 17}`);
    expect(read(text).scan.ranges[0]!.esd).toBeUndefined();
    expect(codesOf(text)).toEqual(["scan/column-ignored"]);
  });
});

describe("comments", () => {
  test.each([
    ["/*\nold points:\n10 100\n15 200\n*/", ""],
    ["/* 10 100\n15 200 */", ""],
    ["/* a */ /* b\n10 100 */", ""],
    ["<!--\n10 100\n-->", ""],
    ["(* old\n10 100\n*)", ""],
    ["%{\n10 100\n%}", ""],
    ['"""\n10 100\n15 200\n"""', ""],
    ["#if 0\n10 100\n15 200\n#endif", ""],
    ["#|\n10 100\n|#", ""],
    ["=begin\n10 100\n=end", ""],
    ["--[[\n10 100\n]]", ""],
    ["", " /* note 7 */"],
    ["", " # note 7"],
    ["# files/*.xy", ""],
  ])("%j and behind the rows %j: the points in it are no data", (above, behind) => {
    const text = table(above, (x, y) => `${x} ${y}${behind}`);
    expect(pointsOf(text)).toMatchObject({ axis: ANGLES, intensity: COUNTS });
    expect(codesOf(text)).toEqual([]);
  });

  test("in the middle of the data; what they say of the wavelength is heard", () => {
    const text = table("/*\nwavelength: 0.8257 A\n*/", (x, y, i) =>
      i === 20 ? `/*\n${x} ${y}\n*/` : `${x} ${y}`,
    );
    expect(pointsOf(text).axis).toHaveLength(59);
    expect(read(text).scan.radiation!.lines[0]!.wavelengthAngstrom).toBe(0.8257);
  });

  test("one that never ends is refused where it begins", () => {
    expect(errorOf(table("title\n/* open", (x, y) => `${x} ${y}`))).toMatchObject({
      code: "scan/unclosed-comment",
      details: { line: 2 },
    });
  });
});
