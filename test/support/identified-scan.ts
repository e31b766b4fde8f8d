/** A scan of rutile with a little quartz, identified: what a report is made of. Needs `await loadSymmetry()`. */
import type { IdentifiedScan } from "../../src/report/identified-scan.ts";
import { observe } from "../../src/scan/observe.ts";
import { overlay } from "../../src/fit/overlay.ts";
import { exampleLines, simulated } from "../systems/structure-type/support.ts";

export function identifiedScan(): IdentifiedScan {
  const [rutile, quartz] = [exampleLines("rutile"), exampleLines("quartz")];
  const observation = observe(simulated(rutile, { impurity: 0.15 }, quartz));
  const laid = overlay(observation, rutile);
  return {
    input: "mine & <yours>.xy",
    radiation: "X-rays, λ = 1.5406 Å",
    elements: "must Ti O",
    answer: {
      types: [
        {
          key: "AB2|tP6|136|a f",
          name: "rutile",
          probability: 0.93,
          reliability: 0.88,
          agreement: 0.95,
          cellIs: "fitted",
          confidence: 0.7,
          nearest: { id: "mp-2657", formula: "TiO2", cellFactor: 1.002 },
        },
      ],
      rejected: false,
      reason: null,
      ties: [],
      tube: null,
      warnings: [{ code: "identify/unexplained-peaks", message: "a peak <of> another" }],
      model: { name: "structure-type", version: "7", hash: "abcdef0123456789abcdef" },
      observation,
      candidates: [{ key: "AB2|tP6|136|a f", name: "rutile", formula: "TiO2", overlay: laid }],
      references: [{ name: "mine.cif", overlay: overlay(observation, quartz) }],
    },
    explanation: {
      name: "rutile",
      twoThetaDeg: observation.twoThetaDeg,
      weight: observation.twoThetaDeg.map((at) => (Math.abs(at - 27.4) < 1 ? 1 : 0.1)),
    },
  };
}
