/** From a scan to an answer with its evidence: what is refused, suspected, laid over. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseMeasuredComposition } from "../../src/crystal/composition/composition-notation.ts";
import { prototypeById, prototypeStructure } from "../../src/crystal/types/prototypes.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { EwaldError } from "../../src/errors.ts";
import { monochromatic, parseRadiation } from "../../src/radiation/radiation.ts";
import type { Observation } from "../../src/scan/observe.ts";
import { withRadiation } from "../../src/scan/scan.ts";
import { identifyScan, type TypeModel } from "../../src/identify/identify-scan.ts";
import { parseLibrary, type StructureTypeLibrary } from "../../src/known/library.ts";
import { lineList, type LineList } from "../../src/diffraction/line-list.ts";
import type { WeighedType, WeighedTypes } from "../../src/systems/structure-type/result.ts";
import { exampleLines, ownExample, simulated } from "../systems/structure-type/support.ts";

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
const RUTILE: WeighedType = {
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
  answer: (wavelengthAngstrom: number) => Partial<WeighedTypes>,
): TypeModel & { asked: number } {
  const model = {
    asked: 0,
    library,
    identity: IDENTITY,
    identify({ wavelengthAngstrom }: Observation): Promise<WeighedTypes> {
      model.asked++;
      return Promise.resolve({
        types: [RUTILE],
        rejected: false,
        reason: null,
        strange: [],
        model: IDENTITY,
        ...answer(wavelengthAngstrom),
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
    expect(laid!.overlay.agreement).toBeGreaterThan(0.9);
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
    expect(found.candidates[0]!.overlay.agreement).toBeGreaterThan(0.7);
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
    const seen: Observation[] = [];
    const model: TypeModel = {
      library,
      identity: IDENTITY,
      identify: (observation, options) => {
        asked.push(options?.leastNetwork);
        seen.push(observation);
        return Promise.resolve({ ...rejected, strange: [], model: IDENTITY });
      },
    };
    const { observation } = await identifyScan(model, simulated(rutile));
    expect(asked[0]).toBeUndefined();
    expect(asked.slice(1)).toEqual([0.001, 0.001, 0.001, 0.001, 0.001]);
    // The scan was looked at once: only the wavelength is another.
    const { wavelengthAngstrom } = observation!;
    for (const one of seen) expect({ ...one, wavelengthAngstrom }).toEqual(observation);
    for (const { background } of seen) expect(background).toBe(observation!.background);
    expect(new Set(seen.map((one) => one.wavelengthAngstrom)).size).toBe(6);
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
    expect(warning!.message).toMatch(/^this looks like Cu Kα, not Co Kα: .*fits rutile\.cif/);
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
    expect(found.tube).toMatchObject({ stated: "Co", looksLike: "Cu", name: "rutile" });
    expect(codes(found)).toEqual(["identify/wavelength"]);
  });

  test("not where no tube helps, not where the answer stands", async () => {
    const lost = answering(() => rejected);
    expect(codes(await identifyScan(lost, simulated(rutile)))).toEqual([]);
    const sure = answering(() => ({}));
    expect(codes(await identifyScan(sure, simulated(rutile)))).toEqual([]);
    // Nothing can be further ahead: no other tube is tried.
    expect(sure.asked).toBe(1);
  });

  test("also where something fits: an answer that known compounds bear out only so far", async () => {
    // As anatase said to be of cobalt: another compound of the type, its cell a sixth off, at 0.58.
    const scan = withRadiation(simulated(rutile), parseRadiation("CoKa1"));
    const answered = { types: [{ ...RUTILE, similarity: 0.58 }] };
    const model = answering((wavelength) =>
      Math.abs(wavelength - 1.5406) < 0.001 ? {} : answered,
    );
    const found = await identifyScan(model, scan, { leastAgreement: 0 });
    expect(found.rejected).toBe(false);
    expect(found.tube).toEqual({
      stated: "Co",
      statedAngstrom: expect.closeTo(1.789, 3) as number,
      looksLike: "Cu",
      name: "rutile",
      statedAgreement: 0.58,
      agreement: 0.95,
    });
    expect(found.warnings[0]!.message).toMatch(
      /^this looks like Cu Kα, not Co Kα: .*agreement 0\.95, with Co Kα no better than 0\.58/,
    );
    // A little better is none.
    const alike = answering((wavelength) => ({
      types: [{ ...RUTILE, similarity: Math.abs(wavelength - 1.5406) < 0.001 ? 0.9 : 0.85 }],
    }));
    expect((await identifyScan(alike, scan, { leastAgreement: 0 })).tube).toBeNull();
  });
});

describe("the user's own structure", () => {
  const over = async (scan: Parameters<typeof identifyScan>[1], changePercent = 0) =>
    identifyScan(
      answering(() => ({})),
      scan,
      {
        references: [{ name: "quartz.cif", lines: ownExample("quartz") }],
        referenceChange: changePercent / 100,
      },
    );

  test("is laid over as it is: its cell, no shift, and low where it is absent", async () => {
    const { references } = await over(simulated(rutile));
    const [{ overlay: laid, asGiven }] = references as [(typeof references)[0]];
    expect(laid).toMatchObject({
      cellIs: "as given",
      cell: ownExample("quartz").own!.cell,
      cellFactor: 1,
      cellChangePercent: [0, 0, 0],
      zeroShiftDeg: 0,
    });
    expect(asGiven).toBeUndefined();
    expect(laid.agreement).toBeLessThan(0.3);
    const highest = Math.max(...simulated(rutile).ranges[0]!.intensity);
    // Stretched to the peaks it passed by, as it was, it stood as high as the scan.
    expect(Math.max(...laid.calculated)).toBeLessThan(0.05 * highest);
  });

  test("lets its cell change where that is asked for, and says by how much", async () => {
    const { references, warnings } = await over(simulated(quartz, { isotropicStrain: 0.006 }), 1);
    const [{ overlay: laid, asGiven }] = references as [(typeof references)[0]];
    expect(laid.cellIs).toBe("fitted");
    expect(laid.cellChangePercent.map((change) => Number(change.toFixed(1)))).toEqual([
      0.6, 0.6, 0.6,
    ]);
    expect(laid.agreement).toBeGreaterThan(0.95);
    expect(asGiven!.agreement).toBeLessThan(0.7);
    expect(warnings.map(({ code }) => code)).not.toContain("identify/reference-cell");
  });

  test("a cell at the limit of its change is said to be there", async () => {
    const { references, warnings } = await over(simulated(quartz, { isotropicStrain: 0.02 }), 1.8);
    expect(Math.abs(references[0]!.overlay.cellChangePercent[0])).toBeLessThanOrEqual(1.8);
    const own = warnings.find(({ code }) => code === "identify/reference-cell");
    expect(own!.message).toContain("quartz.cif stands at the limit of its change, 1.8 %");
  });

  test("stands as high beside the answer as it is there, alone or with its twin", async () => {
    const { references, candidates } = await over(simulated(rutile, { impurity: 0.15 }, quartz));
    const height = (curve: Float64Array): number => Math.max(...curve);
    const share =
      height(references[0]!.overlay.calculated) / height(candidates[0]!.overlay.calculated);
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.2);
    const twins = await identifyScan(
      answering(() => ({})),
      simulated(rutile),
      { references: [{ name: "rutile.cif", lines: ownExample("rutile") }] },
    );
    const [own, answer] = [twins.references, twins.candidates].map(([one]) =>
      height(one!.overlay.calculated),
    ) as [number, number];
    expect(own / answer).toBeGreaterThan(0.8);
  });
});

describe("ties", () => {
  const corundum = (agreementLike: Partial<WeighedType>): WeighedType => ({
    ...RUTILE,
    key: "A2B3|hR30|167|c e",
    name: "corundum",
    nearest: { id: "mp-24972", formula: "Fe2O3", cellFactor: 1 },
    ...agreementLike,
  });
  const ilmenite = {
    ...RUTILE,
    key: "ABC3|hR30|148|c c f",
    name: "ilmenite",
    nearest: { id: "mp-2", formula: "CoO3Ti", cellFactor: 1 },
  };

  test("types whose lines lie as well: told as such, with what would decide", async () => {
    const { lattice, sites } = prototypeStructure(prototypeById("corundum"));
    const hematite: Structure = {
      lattice: lattice.map((row) => row.map((x) => 1.058 * x)) as unknown as Structure["lattice"],
      sites: sites.map((site) => ({
        ...site,
        species: site.species.map((one) =>
          one.element === "Al" ? { ...one, element: "Fe" } : one,
        ),
      })),
    };
    const types = [
      { ...ilmenite, probability: 0.85, reliability: 0.88 },
      corundum({ probability: 0.14, reliability: 0.05 }),
    ];
    const found = await identifyScan(
      answering(() => ({ types })),
      simulated(lineList(hematite, 0.01)),
      { leastAgreement: 0 },
    );
    const [first, second] = found.types;
    expect(Math.abs(first!.agreement! - second!.agreement!)).toBeLessThan(0.02);
    expect(found.ties).toEqual([
      expect.objectContaining({ name: "ilmenite", formula: "TiCoO3" }),
      expect.objectContaining({ name: "corundum", formula: "Fe2O3", elements: ["Fe", "O"] }),
    ]);
  });

  test("none where the other's lines stand elsewhere, or it is improbable, or nothing is answered", async () => {
    const sure = [RUTILE, corundum({ probability: 0.2 })];
    const ties = async (types: readonly WeighedType[], more: Partial<WeighedTypes> = {}) =>
      (
        await identifyScan(
          answering(() => ({ types, ...more })),
          simulated(rutile),
        )
      ).ties;
    expect(await ties(sure)).toEqual([]);
    expect(await ties([RUTILE, { ...RUTILE, key: "other", probability: 0.02 }])).toEqual([]);
    expect(await ties([RUTILE], { rejected: true, reason: "unsure" })).toEqual([]);
  });

  test("an agreement beside every type of 1 % and more, always with a fitted cell", async () => {
    const types = [RUTILE, corundum({ probability: 0.01 }), corundum({ probability: 0.009 })];
    const found = await identifyScan(
      answering(() => ({ types })),
      simulated(rutile),
    );
    expect(found.types.map(({ agreement, cellIs }) => [agreement !== null, cellIs])).toEqual([
      [true, "fitted"],
      [true, "fitted"],
      [true, "fitted"],
    ]);
    expect(found.candidates).toHaveLength(2);
    expect(found.types[0]).not.toHaveProperty("similarity");
  });
});
