/** What is unlikely in a typed composition is asked about, with what may have been meant; what has no unit offers both. */
import { describe, expect, test } from "vitest";
import { parseMeasuredComposition } from "../../../src/crystal/composition/composition-notation.ts";
import {
  compositionText,
  understoodElements,
} from "../../../src/crystal/composition/composition-understood.ts";
import { EwaldError } from "../../../src/errors.ts";

function asked(text: string): readonly (readonly string[])[] {
  return parseMeasuredComposition(text)
    .warnings.filter(({ code }) => code === "composition/unlikely")
    .map(({ alternatives = [] }) => alternatives);
}

function refusal(text: string): EwaldError {
  try {
    parseMeasuredComposition(text);
  } catch (error) {
    if (error instanceof EwaldError) return error;
  }
  throw new Error(`${text} was read`);
}

describe("asked about", () => {
  test.each([
    ["SIO2", ["SiO2"]],
    ["Fe203", ["Fe2O3"]],
    ["Al203", ["Al2O3"]],
    ["Fe304", ["Fe3O4"]],
    ["Si02", ["SiO2"]],
    ["CaTi03", ["CaTiO3"]],
    ["Na20", ["Na2O"]],
    ["CO2", ["Co2", "CoO2"]],
    ["LiCO2", ["LiCo2", "LiCoO2"]],
    ["SmCO5", ["SmCo5", "SmCoO5"]],
    ["CO", ["Co", "CoO"]],
    ["NO", ["No"]],
    ["PB", ["Pb"]],
    ["SN", ["Sn"]],
    ["HFO2", ["HfO2"]],
    ["InSB", ["InSb"]],
    ["YBCO", ["YBa2Cu3O7", "YBa2Cu3O6.5", "YbCo"]],
    ["BFO", ["BiFeO3"]],
    ["NaC1", ["NaCl"]],
    ["Fe150O", []],
    ["Fe70Cr20Ni10", ["Fe70Cr20Ni10 at%", "Fe70Cr20Ni10 wt%"]],
    ["SIO2 45 MgO 55 wt%", ["SiO2 45 MgO 55 wt%"]],
  ])("%s", (text, alternatives) => {
    expect(asked(text)).toEqual([alternatives]);
  });

  test.each([
    ..."CaCO3 K2CO3 NaHCO3 BaCO3 KNO3 KOH KSCN KHF2 SbSI CaC2O4 Ni(CO)4 Ca(HCOO)2 CO(NH2)2".split(
      " ",
    ),
    ..."C60 C10H8 Al12Mg17 Ca10(PO4)6(OH)2 C1H4N2O1 SiO2 Co CoO LaCoO3 Sr1.02(3)TiO3 H2O TiO2".split(
      " ",
    ),
  ])("%s is not", (text) => {
    expect(asked(text)).toEqual([]);
  });

  test.each([
    ["sio2", ["SiO2"]],
    ["nacl", ["NaCl"]],
    ["FE2O3", ["Fe2O3"]],
    ["TIO2", ["TiO2"]],
    ["co2", ["CO2", "Co2"]],
    ["licoo2", ["LiCoO2"]],
    ["A1203", ["Al2O3"]],
    ["Zn0", ["ZnO"]],
    ["PZT", ["PbZr0.52Ti0.48O3"]],
  ])("%s is refused, and what may be meant is offered", (text, alternatives) => {
    const { details } = refusal(text);
    expect(details.alternatives).toEqual(alternatives);
    expect(details.hint).toContain(alternatives[0]);
  });
});

describe("no unit", () => {
  test.each([
    ["Ti 33 O 67", ["Ti 33 O 67 at%", "Ti 33 O 67 wt%"]],
    ["Ti 33.1±0.8 O 66.9±1.2", ["Ti 33.1±0.8 O 66.9±1.2 at%", "Ti 33.1±0.8 O 66.9±1.2 wt%"]],
    ["SiO2 45 MgO 55", ["SiO2 45 MgO 55 wt%", "SiO2 45 MgO 55 mol%"]],
    ["8.2% Y 91.8% O", ["8.2% Y 91.8% O at%", "8.2% Y 91.8% O wt%"]],
    ["Ti-6Al-4V", ["Ti-6Al-4V at%", "Ti-6Al-4V wt%"]],
    ["60 O, 40 Ti", ["60 O, 40 Ti at%", "60 O, 40 Ti wt%"]],
  ])("%s", (text, ways) => {
    const error = refusal(text);
    expect(error.code).toBe("composition/no-unit");
    expect(error.message).toContain("sum to 100");
    expect(error.details.alternatives).toEqual(ways);
    for (const way of ways) expect(parseMeasuredComposition(way).amounts).not.toHaveLength(0);
  });
});

describe("echo", () => {
  test.each([
    ["SIO2", "sulfur, iodine, oxygen 1 : 1 : 2"],
    ["TiO2", "titanium, oxygen 1 : 2"],
    ["Ti 33.1±0.8 O 66.9±1.2 at%", "titanium 33.1 ± 0.7, oxygen 66.9 ± 0.7 at%"],
    [
      "SiO2 42.7 MgO 57.3 Fe n.d. wt%",
      "silicon 14.3, oxygen 57.1, magnesium 28.6 at%; not found: Fe",
    ],
  ])("%s: %s", (text, expected) => {
    expect(compositionText(parseMeasuredComposition(text))).toBe(expected);
  });

  test("with the elements, what is there, may be, and is not", () => {
    const composition = parseMeasuredComposition("TiO2");
    expect(understoodElements({ composition }).text).toBe(
      "titanium, oxygen 1 : 2; there: O, Ti; perhaps: H, He, Li, Be, B, C, N, F, Ne; nothing else",
    );
    expect(understoodElements({})).toEqual({ constraints: null, text: null });
    expect(understoodElements({ must: ["Ti"] }).text).toBe("there: Ti; anything else may be there");
    expect(understoodElements({ may: ["Ti"] }).text).toBe("perhaps: Ti; nothing else");
    expect(understoodElements({ never: ["Pb"], atLeastOneOf: [["S", "Se"]] }).text).toBe(
      "at least one of: S, Se; not there: Pb; anything else may be there",
    );
  });
});
