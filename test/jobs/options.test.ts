/** Options from the library and the page are looked at as those of a command line are. */
import { describe, expect, test } from "vitest";
import { CONVERT_OPTIONS } from "../../src/jobs/convert/spec.ts";
import { IDENTIFY_OPTIONS } from "../../src/jobs/identify/spec.ts";
import { type OptionSchema, settledOptions } from "../../src/jobs/options.ts";
import { READ_OPTIONS } from "../../src/jobs/read/spec.ts";
import { SIMULATE_OPTIONS } from "../../src/jobs/simulate/spec.ts";

describe("refused", () => {
  test.each<[OptionSchema, Record<string, unknown>, string]>([
    [SIMULATE_OPTIONS, { twoTheta: [5, 200] }, "within 0 and 180°"],
    [SIMULATE_OPTIONS, { twoTheta: [5, Number.NaN] }, "within 0 and 180°"],
    [SIMULATE_OPTIONS, { fwhm: 0 }, "a positive number (degrees)"],
    [SIMULATE_OPTIONS, { radiation: "muons" }, "one of xray, neutron, electron"],
    [SIMULATE_OPTIONS, { ions: "yes" }, "true or false"],
    [SIMULATE_OPTIONS, { wavelenght: "CuKa" }, 'there is no option "wavelenght"'],
    [CONVERT_OPTIONS, { output: "a.xy", smooth: 8 }, "an odd number from 5"],
    [CONVERT_OPTIONS, { output: "a.xy", smooth: 3 }, "an odd number from 5"],
    [CONVERT_OPTIONS, { output: "a.xy", step: -1 }, "a positive number (units of the axis)"],
    [CONVERT_OPTIONS, {}, "output must be given"],
    [READ_OPTIONS, { axis: "2theta" }, '"2theta" is no axis'],
    [IDENTIFY_OPTIONS, { fitReference: 50 }, "above 0 and up to 10"],
    [IDENTIFY_OPTIONS, { fitReference: Number.NaN }, "above 0 and up to 10"],
    [IDENTIFY_OPTIONS, { top: 0 }, "a positive whole number"],
    [IDENTIFY_OPTIONS, { must: [] }, "a list"],
  ])("%#: %j", (schema, given, message) => {
    expect(() => settledOptions(schema, given as never)).toThrow(message);
  });
});

test("defaults are filled in, and what was not said stays away", () => {
  const { top, ...others } = settledOptions(IDENTIFY_OPTIONS, {});
  expect(top).toBe(5);
  expect(others).toEqual({ scale: "sqrt" });
  expect(settledOptions(READ_OPTIONS, {})).toEqual({
    overlay: false,
    scale: "linear",
    offset: 1,
  });
});
