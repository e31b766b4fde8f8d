/** From a scan to an answer with its evidence: what is refused, suspected, laid over. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry, parseMeasuredComposition } from "../../../src/crystal/index.ts";
import { EwaldError } from "../../../src/errors.ts";
import { monochromatic, parseRadiation } from "../../../src/radiation/index.ts";
import { scanWavelength, withRadiation } from "../../../src/scan/index.ts";
import {
  type Identification,
  identifyScan,
  type LineList,
  parseLibrary,
  type StructureTypeLibrary,
  type TypeCandidate,
  type TypeModel,
} from "../../../src/systems/structure-type/index.ts";
import { exampleLines, simulated } from "./support.ts";

let library: StructureTypeLibrary;
let rutile: LineList;
let quartz: LineList;

beforeAll(async () => {
  await loadSymmetry();
  library = parseLibrary(readFileSync("models/structure-type/library.json", "utf8"));
  rutile = exampleLines("rutile");
  quartz = exampleLines("quartz");
});

const IDENTITY = { name: "test", version: "1", hash: "0" };
const RUTILE: TypeCandidate = {
  key: "AB2|tP6|136|a f",
  name: "rutile",
  probability: 0.97,
  reliability: 0.97,
  similarity: 0.95,
  confidence: 0.9,
  nearest: { id: "mp-2657", formula: "O2Ti", cellFactor: 1 },
};

/** A model that answers as told, with the wavelength it is asked for; it counts what it is asked. */
function answering(
  answer: (wavelengthAngstrom: number) => Partial<Identification>,
): TypeModel & { asked: number } {
  const model = {
    asked: 0,
    library,
    identity: IDENTITY,
    identify(scan: Parameters<TypeModel["identify"]>[0]): Promise<Identification> {
      model.asked++;
      return Promise.resolve({
        types: [RUTILE],
        rejected: false,
        reason: null,
        warnings: [],
        model: IDENTITY,
        ...answer(scanWavelength(scan)),
      });
    },
  };
  return model;
}

const rejected = {
  types: [{ ...RUTILE, similarity: 0.5, reliability: 0.2 }],
  rejected: true,
  reason: "no type is probable enough",
};

function codes(found: { readonly warnings: readonly { readonly code: string }[] }): string[] {
  return found.warnings.map(({ code }) => code);
}

describe("identifyScan", () => {
  test("lays the nearest known compound over the scan; its formula in chemical order", async () => {
    const found = await identifyScan(
      answering(() => ({})),
      simulated(rutile),
    );
    expect(found.types[0]!.nearest!.formula).toBe("TiO2");
    const [laid] = found.candidates;
    expect(laid).toMatchObject({ name: "rutile", formula: "TiO2" });
    expect(laid!.overlay.similarity).toBeGreaterThan(0.9);
    expect(laid!.overlay.cell[0]).toBeCloseTo(rutile.cell[0], 2);
    expect(codes(found)).toEqual([]);
  });

  test("lays as many as are asked for, none for speed", async () => {
    const model = answering(() => ({}));
    const none = await identifyScan(model, simulated(rutile), { overlaid: 0 });
    expect([none.candidates.length, none.types.length, none.rejected]).toEqual([0, 1, false]);
  });

  test("a formula that does not fit the roles: the representative's own lines", async () => {
    const nearest = { id: "mp-0", formula: "NaCl", cellFactor: 1 };
    const found = await identifyScan(
      answering(() => ({ types: [{ ...RUTILE, nearest }] })),
      simulated(rutile),
    );
    expect(found.candidates[0]!.formula).not.toBe("NaCl");
    expect(found.candidates[0]!.overlay.similarity).toBeGreaterThan(0.7);
  });

  test("what the checks refuse never reaches the model", async () => {
    const model = answering(() => ({}));
    const scan = simulated(rutile);
    const neutrons = await identifyScan(model, {
      ...scan,
      radiation: monochromatic(1.5, "neutron"),
    });
    expect(neutrons).toMatchObject({ rejected: true, types: [], observation: null });
    expect(neutrons.reason).toMatch(/^measured with neutrons/);
    const short = await identifyScan(model, simulated(rutile, { rangeDeg: [25, 40] }));
    expect(short).toMatchObject({ rejected: true, types: [], candidates: [] });
    expect(short.reason).toMatch(/too short/);
    expect(model.asked).toBe(0);
  });

  test("a scan in which the model sees nothing is refused with its reason; other errors pass", async () => {
    const throwing = (error: EwaldError): TypeModel => ({
      library,
      identity: IDENTITY,
      identify: () => Promise.reject(error),
    });
    const flat = throwing(new EwaldError("identify/flat", "nothing stands above"));
    expect(await identifyScan(flat, simulated(rutile))).toMatchObject({
      rejected: true,
      reason: "nothing stands above",
    });
    const broken = throwing(new EwaldError("net/broken", "no"));
    await expect(identifyScan(broken, simulated(rutile))).rejects.toThrow("no");
  });

  test("peaks of a second phase are named; the user's own structure is laid over too", async () => {
    const found = await identifyScan(
      answering(() => ({})),
      simulated(rutile, { impurity: 0.15 }, quartz),
      { references: [{ name: "quartz.cif", lines: quartz }] },
    );
    expect(codes(found)).toContain("identify/unexplained-peaks");
    expect(found.references[0]!.name).toBe("quartz.cif");
    expect(found.references[0]!.overlay.explained).toBeLessThan(0.5);
  });

  test("other tubes are asked for in the quick way, the stated one never", async () => {
    const asked: (number | undefined)[] = [];
    const model: TypeModel = {
      library,
      identity: IDENTITY,
      identify: (_scan, options) => {
        asked.push(options?.leastNetwork);
        return Promise.resolve({ ...rejected, warnings: [], model: IDENTITY });
      },
    };
    await identifyScan(model, simulated(rutile));
    expect(asked[0]).toBeUndefined();
    expect(asked.slice(1)).toEqual([0.001, 0.001, 0.001, 0.001, 0.001]);
  });

  test("a type whose lines are not there is no answer", async () => {
    const halite = { ...RUTILE, key: "AB|cF8|225|a b", name: "rock salt", nearest: null };
    const found = await identifyScan(
      answering(() => ({ types: [halite] })),
      simulated(exampleLines("olivine")),
    );
    expect(found.rejected).toBe(true);
    expect(found.reason).toMatch(
      /^the best type, rock salt, does not fit: its lines hold \d+ %.*agreement 0\.[0-4]/,
    );
    expect(codes(found)).toEqual([]);
  });

  test("elements that no known compound of the type holds", async () => {
    const model = answering(() => ({}));
    const elements = (must: string[], composition?: string) =>
      identifyScan(model, simulated(rutile), {
        constraints: { must, may: null, atLeastOneOf: [], never: [] },
        ...(composition === undefined
          ? {}
          : { composition: parseMeasuredComposition(composition) }),
      });
    expect(codes(await elements(["Ti", "O"]))).toEqual([]);
    expect(codes(await elements([], "Ti 33 O 66 Cs 0.9 at%"))).toEqual([]);
    const strange = await elements(["O"], "Ti 20 O 60 Cs 20 at%");
    expect(codes(strange)).toEqual(["identify/elements"]);
    expect(strange.warnings[0]!.message).toContain("no known compound of rutile holds Cs:");
  });

  test("the same of a type that goes by the name of a variant, or of several", async () => {
    const olivine = library.types.find(({ name }) => name === "olivine")!;
    const { key } = olivine.variants[0]!;
    const nearest = { id: "mp-2895", formula: "Mg2O4Si", cellFactor: 1 };
    for (const name of ["olivine or triphylite", "triphylite"]) {
      const found = await identifyScan(
        answering(() => ({ types: [{ ...RUTILE, key, name, nearest }] })),
        simulated(exampleLines("olivine")),
        { constraints: { must: ["Xe"], may: null, atLeastOneOf: [], never: [] } },
      );
      expect(found.rejected).toBe(false);
      expect(codes(found)).toContain("identify/elements");
    }
  });

  test("no such warnings beside a rejected answer: its lines prove nothing", async () => {
    const found = await identifyScan(
      answering(() => rejected),
      simulated(quartz),
    );
    expect(codes(found)).not.toContain("identify/unexplained-peaks");
  });
});

describe("wrong wavelength suspected", () => {
  test("where the user's own structure fits with another tube", async () => {
    // Measured with copper, said to be cobalt.
    const scan = withRadiation(simulated(rutile), parseRadiation("CoKa1"));
    const found = await identifyScan(
      answering(() => rejected),
      scan,
      { references: [{ name: "rutile.cif", lines: rutile }] },
    );
    const warning = found.warnings.find(({ code }) => code === "identify/wavelength");
    expect(warning!.message).toContain("the scan fits rutile.cif with Cu Kα");
    expect(warning!.message).toContain("--wavelength CuKa12");
    expect(found.rejected).toBe(true);
  });

  test("where the model is sure with another tube and lost with the stated one", async () => {
    const scan = withRadiation(simulated(rutile), parseRadiation("CoKa1"));
    const model = answering((wavelength) =>
      Math.abs(wavelength - 1.5406) < 0.001 ? {} : rejected,
    );
    const found = await identifyScan(model, scan);
    expect(found.rejected).toBe(true);
    expect(found.warnings.map(({ message }) => message).join()).toContain("rutile with Cu Kα");
  });

  test("not where no tube helps, not where the answer stands", async () => {
    const lost = answering(() => rejected);
    expect(codes(await identifyScan(lost, simulated(rutile)))).toEqual([]);
    const sure = answering(() => ({}));
    expect(codes(await identifyScan(sure, simulated(rutile)))).toEqual([]);
    expect(sure.asked).toBe(1);
  });
});
