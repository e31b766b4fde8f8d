/** One look at a scan: background and noise that networks, checks and fit have in common. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseRadiation } from "../../src/radiation/radiation.ts";
import { observe } from "../../src/scan/observe.ts";
import { readScan } from "../../src/scan/read.ts";
import { withRadiation } from "../../src/scan/scan.ts";

test.each(["CuKa12", "CoKa12", "MoKa12"])(
  "%s: the background does not fall below the counts beside a sharp peak: −57 where there were 110",
  (tube) => {
    const path = "examples/quartz-simulated.xy";
    const { scan } = readScan(readFileSync(path), { name: path });
    const { intensity, background, noise } = observe(withRadiation(scan, parseRadiation(tube)));
    const overNoise = intensity.map((value, i) => (value - background[i]!) / noise[i]!).sort();
    // Most points are background: their middle lies on it, and the lowest not far below.
    expect(overNoise[intensity.length >> 1]).toBeLessThan(1.2);
    expect(overNoise[0]).toBeGreaterThan(-4);
    expect(background.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(40);
  },
);
