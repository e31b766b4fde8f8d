/**
 * The phases of a library as columns in memory: 80,000 in some 15 MB. What a search asks of every entry (amounts of the elements,
 * space group, volume) is there at once; a structure is made when it is asked for.
 */
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { composition, type Composition } from "../../crystal/composition/composition.ts";
import type { Species } from "../../crystal/structure.ts";
import { settingSymbol } from "../../crystal/symmetry/setting-symbol.ts";
import {
  settingsByNumber,
  type TabulatedSetting,
} from "../../crystal/symmetry/space-group-settings.ts";
import { type CellParameters, volumeOf } from "../../diffraction/line-list.ts";
import type { PhaseRecord, UnitSite } from "./phase.ts";

/** Where entries come from. */
export interface PhaseSource {
  /** "Materials Project", "AMCSD", or the name of one's own library. */
  readonly name: string;
  /** Whether its structures were measured. */
  readonly isMeasured: boolean;
}

/** The columns of a library; sites of entry i are `siteStart[i]` to `siteStart[i + 1]`. */
export interface PhaseColumns {
  readonly sources: readonly PhaseSource[];
  readonly ids: readonly string[];
  readonly sourceIndex: ArrayLike<number>;
  readonly names: readonly string[];
  /** 0: none; else the name's place and 1. */
  readonly nameIndex: ArrayLike<number>;
  readonly references: readonly string[];
  /** 0: none. */
  readonly referenceIndex: ArrayLike<number>;
  readonly spaceGroup: ArrayLike<number>;
  readonly settings: readonly TabulatedSetting[];
  readonly settingIndex: ArrayLike<number>;
  /** eV/atom; NaN where not known. */
  readonly energyAboveHullEvPerAtom: Float32Array;
  /** (entries, 6): Å, degrees. */
  readonly cell: Float64Array;
  readonly siteStart: Uint32Array;
  readonly fillings: readonly (readonly Species[])[];
  readonly fillingIndex: ArrayLike<number>;
  readonly multiplicity: ArrayLike<number>;
  /** (sites, 3), in units of 1/{@link FRACTION_STEPS}. */
  readonly frac: Uint16Array;
  /** Å²; NaN where not known. */
  readonly bIsoAngstrom2: Float32Array;
}

/** Coordinates are kept in this part of an edge: halves to eighths, thirds, fifths and sixteenths are exact. */
export const FRACTION_STEPS = 60_000;

/** One entry as a list shows it. */
export interface PhaseSummary {
  readonly id: string;
  readonly source: string;
  /** Reduced, elements alphabetical. */
  readonly formula: string;
  readonly name?: string;
  readonly spaceGroup: { readonly number: number; readonly symbol: string };
  readonly volumeAngstrom3: number;
}

export class PhaseTable {
  readonly count: number;
  private readonly places: Map<string, number>;

  readonly columns: PhaseColumns;

  constructor(columns: PhaseColumns) {
    this.columns = columns;
    this.count = columns.ids.length;
    this.places = new Map(columns.ids.map((id, i) => [id, i]));
  }

  /** Place of an entry; undefined where there is none of that id. */
  placeOf(id: string): number | undefined {
    return this.places.get(id);
  }

  source(entry: number): PhaseSource {
    return this.columns.sources[this.columns.sourceIndex[entry]!]!;
  }

  cell(entry: number): CellParameters {
    const { cell } = this.columns;
    return [...cell.subarray(6 * entry, 6 * entry + 6)] as unknown as CellParameters;
  }

  volumeAngstrom3(entry: number): number {
    return volumeOf(this.cell(entry));
  }

  /** What one cell holds; partial occupancies counted as such. */
  composition(entry: number): Composition {
    const { siteStart, fillings, fillingIndex, multiplicity } = this.columns;
    const amounts = [];
    for (let site = siteStart[entry]!; site < siteStart[entry + 1]!; site++)
      for (const { element, occupancy } of fillings[fillingIndex[site]!]!)
        amounts.push({ element, amount: occupancy * multiplicity[site]! });
    return composition(amounts);
  }

  elements(entry: number): ReadonlySet<string> {
    const { siteStart, fillings, fillingIndex } = this.columns;
    const found = new Set<string>();
    for (let site = siteStart[entry]!; site < siteStart[entry + 1]!; site++)
      for (const { element } of fillings[fillingIndex[site]!]!) found.add(element);
    return found;
  }

  formula(entry: number): string {
    const { amounts } = this.composition(entry);
    // Sums of occupancies carry rounding: 0.3333 three times is no reason for ten digits.
    const rounded = amounts.map(({ element, amount }) => ({
      element,
      amount: Math.round(1e4 * amount) / 1e4,
    }));
    return reducedFormula({ amounts: rounded.filter(({ amount }) => amount > 0) });
  }

  summary(entry: number): PhaseSummary {
    const { ids, names, nameIndex, spaceGroup } = this.columns;
    const name = names[nameIndex[entry]! - 1];
    const number = spaceGroup[entry]!;
    return {
      id: ids[entry]!,
      source: this.source(entry).name,
      formula: this.formula(entry),
      ...(name === undefined ? {} : { name }),
      spaceGroup: { number, symbol: settingSymbol(settingsByNumber(number)[0]!) },
      volumeAngstrom3: this.volumeAngstrom3(entry),
    };
  }

  record(entry: number): PhaseRecord {
    const { ids, names, nameIndex, references, referenceIndex } = this.columns;
    const { energyAboveHullEvPerAtom, spaceGroup, settings, settingIndex } = this.columns;
    const { name: source, isMeasured } = this.source(entry);
    const name = names[nameIndex[entry]! - 1];
    const reference = references[referenceIndex[entry]! - 1];
    const energy = energyAboveHullEvPerAtom[entry]!;
    return {
      id: ids[entry]!,
      source,
      ...(name === undefined ? {} : { name }),
      ...(reference === undefined ? {} : { reference }),
      isMeasured,
      ...(Number.isNaN(energy) ? {} : { energyAboveHullEvPerAtom: energy }),
      spaceGroup: spaceGroup[entry]!,
      setting: settings[settingIndex[entry]!]!,
      cell: this.cell(entry),
      sites: this.sites(entry),
    };
  }

  private sites(entry: number): UnitSite[] {
    const { siteStart, fillings, fillingIndex, multiplicity, frac, bIsoAngstrom2 } = this.columns;
    return Array.from({ length: siteStart[entry + 1]! - siteStart[entry]! }, (_, i) => {
      const site = siteStart[entry]! + i;
      const b = bIsoAngstrom2[site]!;
      const at = (axis: number): number => frac[3 * site + axis]! / FRACTION_STEPS;
      return {
        species: fillings[fillingIndex[site]!]!,
        multiplicity: multiplicity[site]!,
        frac: [at(0), at(1), at(2)],
        ...(Number.isNaN(b) ? {} : { bIsoAngstrom2: b }),
      };
    });
  }
}
