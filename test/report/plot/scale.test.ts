import { describe, expect, test } from "vitest";
import { axisTicks, heightTicks, tickText } from "../../../src/report/plot/scale.ts";

const texts = (low: number, high: number, scale: "linear" | "sqrt" | "log"): string[] =>
  heightTicks(low, high, scale).major.map(({ text }) => text);

describe("ticks", () => {
  test("thousands stand apart from five digits on", () => {
    expect(tickText(10_000, 5000)).toBe("10\u202f000");
    expect(tickText(1_250_000, 50_000)).toBe("1\u202f250\u202f000");
    expect(tickText(-12_500, 2500)).toBe("-12\u202f500");
    expect(tickText(8000, 2000)).toBe("8000");
    expect(tickText(12345.5, 0.5)).toBe("12\u202f345.5");
  });

  test("minor ticks are round parts of the major ones", () => {
    expect(axisTicks(0, 10, 5).minor.slice(0, 5)).toEqual([0, 0.5, 1, 1.5, 2]);
    const { major, minor } = axisTicks(10, 90, 8);
    expect(major.map(({ at }) => at)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(minor.slice(0, 3)).toEqual([10, 12, 14]);
  });

  test("a log scale has numbers over any range", () => {
    expect(texts(180, 12_000, "log").length).toBeGreaterThanOrEqual(3);
    expect(texts(1, 1e6, "log")).toEqual([
      "1",
      "10",
      "100",
      "1000",
      "10\u202f000",
      "100\u202f000",
      "1\u202f000\u202f000",
    ]);
    expect(texts(0.009, 100, "log")).toEqual(["0.01", "0.1", "1", "10", "100"]);
    expect(texts(500, 900, "log").length).toBeGreaterThanOrEqual(3);
    expect(texts(510, 530, "log").length).toBeGreaterThanOrEqual(2);
  });

  test("a root scale has round numbers", () => {
    expect(texts(0, 12_000, "sqrt")).toEqual(["0", "400", "2000", "4000", "6000", "10\u202f000"]);
    expect(texts(-30, 900, "sqrt")).toContain("0");
  });

  test("nothing over nothing", () => {
    expect(axisTicks(3, 3, 5)).toEqual({ major: [], minor: [] });
  });
});
