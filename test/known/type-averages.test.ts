/** Average patterns of types: over compounds of any size, kept in bytes, laid on scans of any wavelength. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { packageModels } from "../../src/models/model-store.node.ts";
import type { ReadModelFile } from "../../src/models/model-store.ts";
import { parseRadiation } from "../../src/radiation/radiation.ts";
import type { LaidOver } from "../../src/identify/identify-scan.ts";
import { membersOf, parseLibrary, type StructureTypeLibrary } from "../../src/known/library.ts";
import type { RowLines } from "../../src/known/line-feature.ts";
import type { LineList } from "../../src/diffraction/line-list.ts";
import { cellFactors } from "../../src/known/member-structure.ts";
import { loadTypeAverages } from "../../src/systems/structure-type/model-files.ts";
import { observe } from "../../src/scan/observe.ts";
import { overlay } from "../../src/fit/overlay.ts";
import {
  AVERAGE_GRID,
  decodeAverages,
  encodeAverages,
  layAverage,
  type TypeAverage,
  typeAverages,
} from "../../src/known/type-averages.ts";
import { exampleLines, scanOf, simulated } from "../systems/structure-type/support.ts";

const RUTILE = "AB2|tP6|136|a f";
let library: StructureTypeLibrary;
let rutile: LineList;
let averages: readonly TypeAverage[];
let index: number;

beforeAll(async () => {
  await loadSymmetry();
  library = parseLibrary(readFileSync("models/structure-type/library.json", "utf8"));
  rutile = exampleLines("rutile");
  averages = await loadTypeAverages(packageModels());
  index = library.types.findIndex(({ key }) => key === RUTILE);
});

/** The same lines in a cell so much larger, as a row of a table. */
function member(id: string, factor: number): RowLines {
  const [a, b, c, ...angles] = rutile.cell;
  const cell = [a * factor, b * factor, c * factor, ...angles] as const;
  const row = { id, cell, species: ["Ti", "Ti", "O", "O", "O", "O"] } as unknown as RowLines["row"];
  return { row, lines: { ...rutile, cell } };
}

function differences(one: Float32Array, other: Float32Array): number {
  return one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
}

describe("typeAverages", () => {
  test("compounds of one type are brought to one size before they are added", () => {
    const [first, second] = membersOf(library.types[index]!).map(([id]) => id) as [string, string];
    const one = typeAverages([member(first, 1)], library)[index]!;
    const two = typeAverages([member(first, 1), member(second, 1.12)], library)[index]!;
    expect([one.compounds, two.compounds]).toEqual([1, 2]);
    expect(Math.max(...two.intensity)).toBe(1);
    // At 5° to 90° the lines of both are known.
    expect(
      differences(one.intensity.subarray(0, 850), two.intensity.subarray(0, 850)),
    ).toBeLessThan(0.005);
  });

  test("rows of no type do not count; a type without rows is zeros", () => {
    const found = typeAverages([member("of no type", 1)], library);
    expect(found.map(({ compounds }) => compounds).every((count) => count === 0)).toBe(true);
    expect(Math.max(...found[index]!.intensity)).toBe(0);
  });
});

describe("the file", () => {
  test("keeps roots to a 255th", () => {
    const intensity = Float32Array.from({ length: AVERAGE_GRID.size }, (_, i) => (i % 100) / 99);
    const [back] = decodeAverages(encodeAverages([{ intensity, compounds: 70_000 }]));
    expect(back!.compounds).toBe(70_000);
    expect(differences(back!.intensity.map(Math.sqrt), intensity.map(Math.sqrt))).toBeLessThan(
      0.51 / 255,
    );
  });

  test.each([0, 3, 200])("cut to %d bytes is refused", (length) => {
    const bytes = encodeAverages([averages[0]!]).subarray(0, length);
    expect(() => decodeAverages(bytes)).toThrow("wrong length");
  });

  test("that ships holds every type, over its members", () => {
    expect(averages.map(({ compounds }) => compounds)).toEqual(
      library.types.map((type) => membersOf(type).length),
    );
    for (const { intensity } of averages) expect(Math.max(...intensity)).toBe(1);
  });

  test("that is not the one its card names is refused; a model without it has none", async () => {
    const shipped = packageModels();
    const changed: ReadModelFile = async (path) =>
      path.endsWith("averages.bin") ? new Uint8Array(8) : shipped(path);
    await expect(loadTypeAverages(changed)).rejects.toThrow("not the file that its card names");
    const bare: ReadModelFile = async (path) => {
      const { files: _files, ...card } = JSON.parse(
        new TextDecoder().decode(await shipped(path)),
      ) as Record<string, unknown>;
      return new TextEncoder().encode(JSON.stringify(card));
    };
    expect(await loadTypeAverages(bare)).toEqual([]);
  });
});

describe("layAverage", () => {
  function laidOn(scan: Parameters<typeof observe>[0]) {
    const observation = observe(scan);
    const { variants, name } = library.types[index]!;
    const over = overlay(observation, rutile, cellFactors(variants[0]!));
    const laid: LaidOver = { key: RUTILE, name, atoms: 6, overlay: over };
    return { laid, observation };
  }

  /** Angle of the highest point near an angle. */
  function summit(x: Float64Array, y: Float64Array, near: number): number {
    let best = -1;
    for (const [i, at] of x.entries())
      if (Math.abs(at - near) < 1 && (best < 0 || y[i]! > y[best]!)) best = i;
    return x[best]!;
  }

  test("lies where the scan's lines are, as high as its highest peak, at any wavelength", () => {
    const copper = simulated(rutile, { isotropicStrain: 0.04, zeroShiftDeg: 0.08 });
    const { axis, intensity } = copper.ranges[0]!;
    const cobalt = parseRadiation("CoKa1");
    const ratio = cobalt.lines[0]!.wavelengthAngstrom / 1.540593;
    const at = axis.values
      .filter((angle) => ratio * Math.sin((angle * Math.PI) / 360) < 1)
      .map((angle) => (360 / Math.PI) * Math.asin(ratio * Math.sin((angle * Math.PI) / 360)));
    const evenly = scanOf(at, intensity.subarray(0, at.length), cobalt);
    for (const scan of [copper, evenly]) {
      const { laid, observation } = laidOn(scan);
      const found = layAverage(averages, library, laid, observation)!;
      expect(found).toMatchObject({ name: "rutile", compounds: averages[index]!.compounds });
      const highest = Math.max(...observation.peaks.map(({ height }) => height));
      expect(Math.max(...found.intensity)).toBeCloseTo(highest, 6);
      // Axial ratios differ between compounds, by a per cent; unscaled, the cell alone would be 4 % off.
      const strongest = observation.peaks.toSorted((a, b) => b.height - a.height).slice(0, 3);
      for (const { twoThetaDeg: at } of strongest) {
        const top = summit(found.twoThetaDeg, found.intensity, at);
        const sines = [top, at].map((angle) => Math.sin((angle * Math.PI) / 360)) as [
          number,
          number,
        ];
        expect(Math.abs(sines[0] / sines[1] - 1)).toBeLessThan(0.015);
      }
    }
  });

  test("covers what is known, no more", () => {
    const { laid, observation } = laidOn(simulated(rutile));
    const all = layAverage(averages, library, laid, observation)!;
    expect(all.twoThetaDeg.length).toBe(observation.twoThetaDeg.length);
    const molybdenum = { ...observation, wavelengthAngstrom: 0.7093 };
    const short = layAverage(averages, library, laid, molybdenum)!;
    // 109.94° of Cu Kα1 stands at 44.3° of Mo Kα1.
    expect(short.twoThetaDeg.at(-1)).toBeGreaterThan(43);
    expect(short.twoThetaDeg.at(-1)).toBeLessThan(45.5);
  });

  test("none for the user's own structure, a type of an extension, a model without averages", () => {
    const { laid, observation } = laidOn(simulated(rutile));
    const { key: _key, atoms: _atoms, ...own } = laid;
    expect(layAverage(averages, library, own, observation)).toBeNull();
    expect(layAverage(averages, library, { ...laid, key: "A|cP1|221|a" }, observation)).toBeNull();
    expect(layAverage([], library, laid, observation)).toBeNull();
  });
});
