/** `library list`: the known phases of a chemical system. */
import { composition } from "../../crystal/composition/composition.ts";
import { isElement } from "../../crystal/element.ts";
import { EwaldError } from "../../errors.ts";
import type { PhaseLibrary } from "../../known/phases/phase-library.ts";
import type { PhaseSummary } from "../../known/phases/phase-table.ts";
import { printedSpaceGroup } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import type { WholeJob } from "../job.ts";
import { librariesOf, phaseFormula } from "./libraries.ts";
import { LIBRARY_LIST, type LIBRARY_LIST_OPTIONS } from "./spec.ts";

/** A phase of the list. */
export interface ListedPhase extends PhaseSummary {
  /** eV/atom, of calculated structures where the tables have it. */
  readonly energyAboveHullEvPerAtom?: number;
}

/** The known phases of a chemical system, by formula. */
export interface ListRecord {
  readonly kind: "phases";
  /** "O-Ti" */
  readonly system: string;
  readonly phases: readonly ListedPhase[];
}

export const libraryListJob: WholeJob<typeof LIBRARY_LIST_OPTIONS, ListRecord> = {
  spec: LIBRARY_LIST,
  async perform([system], { subSystems, library }, host) {
    const elements = elementsOfSystem(system!);
    const libraries = await librariesOf(library, host);
    const phases = libraries.flatMap((one) => listed(one, new Set(elements), subSystems));
    return {
      kind: "phases",
      system: elements.toSorted().join("-"),
      phases: phases.toSorted(
        (a, b) =>
          (a.formula < b.formula ? -1 : Number(a.formula > b.formula)) ||
          (a.energyAboveHullEvPerAtom ?? 0) - (b.energyAboveHullEvPerAtom ?? 0),
      ),
    };
  },
  text: listText,
};

/** @throws EwaldError `element/unknown` */
function elementsOfSystem(text: string): string[] {
  const symbols = text.split(/[-,\s]+/).filter((word) => word !== "");
  for (const symbol of symbols)
    if (!isElement(symbol))
      throw new EwaldError("element/unknown", `"${symbol}" is not a chemical element`, {
        value: symbol,
        hint: "Write a chemical system as Li-Mn-O.",
      });
  return composition(symbols.map((element) => ({ element, amount: 1 }))).amounts.map(
    ({ element }) => element,
  );
}

function listed(
  { phases }: PhaseLibrary,
  wanted: ReadonlySet<string>,
  subSystems: boolean,
): ListedPhase[] {
  const found: ListedPhase[] = [];
  for (let entry = 0; entry < phases.count; entry++) {
    const held = phases.elements(entry);
    const isWithin = [...held].every((element) => wanted.has(element));
    if (!isWithin || (!subSystems && held.size < wanted.size)) continue;
    const energy = phases.columns.energyAboveHullEvPerAtom[entry]!;
    found.push({
      ...phases.summary(entry),
      ...(Number.isNaN(energy)
        ? {}
        : { energyAboveHullEvPerAtom: Math.round(1000 * energy) / 1000 }),
    });
  }
  return found;
}

function listText({ system, phases }: ListRecord): string {
  if (phases.length === 0) return `no known phase of ${system}`;
  const table = textTable(
    [
      { title: "formula", align: "left" },
      { title: "space group", align: "left" },
      { title: "V/Å³", align: "right" },
      { title: "above hull, eV/atom", align: "right" },
      { title: "id", align: "left" },
      { title: "source", align: "left" },
      { title: "name", align: "left" },
    ],
    phases.map((phase) => [
      phaseFormula(phase),
      printedSpaceGroup(phase.spaceGroup.symbol),
      phase.volumeAngstrom3.toFixed(1),
      phase.energyAboveHullEvPerAtom?.toFixed(3) ?? "",
      phase.id,
      phase.source,
      phase.name ?? "",
    ]),
  );
  return `${table}\n${phases.length} known phases of ${system}`;
}
