/** The plot's arithmetic: ticks, views, cross-hair, addresses. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clampView,
  FIRST_LOOK,
  fullView,
  moved,
  type PlotData,
  viewOf,
  zoomed,
} from "../../src/report/plot/model.ts";
import { nearestIndex, readoutAt } from "../../web/src/plot/readout.ts";
import { lowerBound } from "../../src/math/sorted.ts";
import { extent, roundTicks, scaled, tickText } from "../../src/report/plot/scale.ts";
import { parseRoute, type Route, routeHash } from "../../web/src/state/address.ts";

const axis = Float64Array.from({ length: 1001 }, (_, i) => 10 + i * 0.07);
const data: PlotData = {
  axis: "twoTheta",
  wavelengthAngstrom: 1.540598,
  xLabel: "2θ",
  yLabel: "counts",
  curves: [{ name: "scan", x: axis, y: axis.map((x) => 1000 * x), colour: "observed" }],
  ticks: [{ name: "Si", colour: "calculated", positions: [28.4429], labels: ["1 1 1"] }],
};

describe("scales", () => {
  test("ticks are round, within the range, and told apart by their text", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        (from, span) => {
          const ticks = roundTicks(from, from + span, 6);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(8);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(from - 1e-6 * span);
            expect(tick).toBeLessThanOrEqual(from + span * (1 + 1e-6));
          }
          const step = ticks[1]! - ticks[0]!;
          if (Math.abs(from) < 1e3 * span)
            expect(new Set(ticks.map((tick) => tickText(tick, step))).size).toBe(ticks.length);
        },
      ),
    );
  });

  test("no negative zero, no logarithm of nothing, no root of a debt", () => {
    expect(tickText(-0.0001, 0.5)).toBe("0.0");
    expect(scaled(0, "log")).toBe(0);
    expect(scaled(-4, "sqrt")).toBe(-2);
  });

  test("lowerBound agrees with a search from the start", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (values, limit) => {
        const rising = Float64Array.from(values).sort();
        const first = rising.findIndex((value) => value >= limit);
        expect(lowerBound(rising, limit)).toBe(first < 0 ? rising.length : first);
      }),
    );
  });

  test("the extent of nothing is a range all the same", () => {
    expect(extent([3, 1, 2], 0, 3)).toEqual([1, 3]);
    expect(extent([], 0, 0)).toEqual([0, 1]);
  });
});

describe("views", () => {
  const limits = fullView(data);

  test("whatever is zoomed and moved stays within the data", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.2, max: 5, noNaN: true }),
            fc.double({ min: -50, max: 50, noNaN: true }),
          ),
        ),
        (steps) => {
          let view = limits;
          for (const [factor, by] of steps)
            view = moved(zoomed(view, factor, (view.from + view.to) / 2, limits), by, limits);
          expect(view.from).toBeGreaterThanOrEqual(limits.from - 1e-9);
          expect(view.to).toBeLessThanOrEqual(limits.to + 1e-9);
          expect(view.to - view.from).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("zooming keeps what is under the pointer there", () => {
    const view = zoomed(limits, 0.5, 40, limits);
    const before = (40 - limits.from) / (limits.to - limits.from);
    expect((40 - view.from) / (view.to - view.from)).toBeCloseTo(before, 10);
  });

  test("a view beyond the curves shows the part that they reach, or all of them", () => {
    const look = { ...FIRST_LOOK, view: { from: limits.to - 10, to: limits.to + 20 } };
    expect(viewOf(data, look)).toEqual({ from: limits.to - 10, to: limits.to });
    const beyond = { ...FIRST_LOOK, view: { from: limits.to + 10, to: limits.to + 20 } };
    expect(viewOf(data, beyond)).toEqual(limits);
  });

  test("one point and no point have a view", () => {
    const one = { ...data, curves: [{ ...data.curves[0]!, x: Float64Array.of(5), y: [1] }] };
    expect(fullView(one)).toEqual({ from: 4, to: 6 });
    expect(fullView({ ...data, curves: [] })).toEqual({ from: 0, to: 1 });
    expect(clampView({ from: 0, to: 0 }, limits).to).toBeGreaterThan(limits.from);
  });
});

describe("the cross-hair", () => {
  const text = (at: number, given = data): Record<string, string> =>
    Object.fromEntries(
      readoutAt(given, at, 0.1).parts.map(({ label, text: value }) => [label, value]),
    );

  test("silicon 111 for Cu Kα1", () => {
    expect(text(28.4429)).toMatchObject({
      "2θ": "28.443°",
      d: "3.1355 Å",
      Q: "2.0039 Å⁻¹",
      hkl: "1 1 1",
    });
    expect(text(29)["hkl"]).toBeUndefined();
  });

  test("without a wavelength only what is measured is said", () => {
    expect(text(30, { ...data, wavelengthAngstrom: null })).toMatchObject({
      "2θ": "30.000°",
      d: "– Å",
    });
    expect(text(3, { ...data, axis: "q", wavelengthAngstrom: null })).toMatchObject({
      d: "2.0944 Å",
      "2θ": "–°",
    });
    expect(text(3, { ...data, axis: "tof" })).toMatchObject({ TOF: "3.0 µs" });
  });

  test("the nearest of none is none", () => {
    expect(nearestIndex([], 3)).toBe(-1);
    expect(nearestIndex([1, 4], 2.4)).toBe(0);
  });
});

describe("addresses", () => {
  test.each<[string, Route]>([
    ["#/example/quartz/structure", { page: "example", id: "quartz", view: "structure" }],
    ["#/file/3", { page: "file", id: 3, view: null }],
    ["#/many", { page: "many" }],
    ["#/", { page: "home" }],
  ])("%s and back", (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(routeHash(route)).toBe(hash);
  });

  test.each(["", "#", "#/file/x", "#/example", "#/example/", "#/nonsense", "#/%E0%A4%A"])(
    "%s is the start page",
    (hash) => {
      expect(parseRoute(hash)).toEqual({ page: "home" });
    },
  );
});
