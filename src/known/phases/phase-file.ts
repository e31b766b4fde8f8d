/**
 * The file of a library's structures, `structures.bin` (a `column-file.ts`). Texts are columns of lines, and entries name their line.
 * Cells are in steps of 1e-5 Å and 1e-4°, b and c as differences from a, angles from 90°; coordinates in 1/60,000 of an edge, high
 * and low bytes apart; B in 0.01 Å²; energies above the hull in meV/atom.
 */
import { ELEMENT_SYMBOLS } from "../../crystal/element.ts";
import type { Species } from "../../crystal/structure.ts";
import { settingByHall } from "../../crystal/symmetry/space-group-settings.ts";
import {
  type ColumnFile,
  ColumnWriter,
  damaged,
  linesOf,
  packColumns,
  unpackColumns,
  unzigzag,
  wholes,
} from "../column-file.ts";
import type { PhaseRecord } from "./phase.ts";
import { FRACTION_STEPS, type PhaseSource, PhaseTable } from "./phase-table.ts";

const EDGE_STEP = 1e-5;
const ANGLE_STEP = 1e-4;
const B_STEP = 0.01;
const ENERGY_STEP = 1e-3;

/** Texts; then one number an entry; six of its cell; then one number a site; bytes of the coordinates. */
const TEXTS = ["sources", "ids", "names", "references", "halls", "fillings"] as const;
const NUMBERS = ["source", "name", "reference", "spaceGroup", "hall", "energy", "sites"] as const;
const CELL = 6;
const SITE_NUMBERS = ["filling", "multiplicity", "bIso"] as const;
const FRAC_BYTES = 6;

const FILE: ColumnFile = {
  magic: "EWPH",
  version: 1,
  fileName: "structures.bin",
  title: "the library's file of structures",
  columns: TEXTS.length + NUMBERS.length + CELL + SITE_NUMBERS.length + FRAC_BYTES,
};

/** Lines of text that are written once, in the order in which they are first met. */
class Dictionary {
  private readonly places = new Map<string, number>();

  place(text: string): number {
    const line = text.replace(/\s+/g, " ");
    const known = this.places.get(line);
    if (known !== undefined) return known;
    this.places.set(line, this.places.size);
    return this.places.size - 1;
  }

  get content(): Uint8Array {
    return new TextEncoder().encode([...this.places.keys()].join("\n"));
  }
}

type Writers<K extends string> = Readonly<Record<K, ColumnWriter>>;

function writers<K extends string>(names: readonly K[]): Writers<K> {
  return Object.fromEntries(names.map((name) => [name, new ColumnWriter()])) as Writers<K>;
}

/** "Fe", or elements with occupancies and charges where they are not plain: [["Fe",0.5,2],["Mg",0.5]]. */
function fillingText(species: readonly Species[]): string {
  const [only] = species;
  if (species.length === 1 && only!.occupancy === 1 && only!.oxidation === undefined)
    return only!.element;
  return JSON.stringify(
    species.map(({ element, occupancy, oxidation }) =>
      oxidation === undefined ? [element, occupancy] : [element, occupancy, oxidation],
    ),
  );
}

function speciesOf(text: string): readonly Species[] {
  if (!text.startsWith("[")) return [{ element: checkedElement(text), occupancy: 1 }];
  const listed = JSON.parse(text) as [string, number, number?][];
  return listed.map(([element, occupancy, oxidation]) => ({
    element: checkedElement(element),
    occupancy,
    ...(oxidation === undefined ? {} : { oxidation }),
  }));
}

function checkedElement(symbol: string): string {
  return ELEMENT_SYMBOLS.includes(symbol) || symbol === "D"
    ? symbol
    : damaged(FILE, `names an element "${symbol}"`);
}

/** The bytes of phases in the order given; the same phases give the same bytes. */
export function encodePhases(
  phases: readonly PhaseRecord[],
  sources: readonly PhaseSource[],
): Uint8Array {
  const [ids, names, references, halls, fillings] = Array.from(
    { length: 5 },
    () => new Dictionary(),
  ) as [Dictionary, Dictionary, Dictionary, Dictionary, Dictionary];
  const numbers = writers(NUMBERS);
  const cells = Array.from({ length: CELL }, () => new ColumnWriter());
  const siteNumbers = writers(SITE_NUMBERS);
  const siteCount = phases.reduce((sum, { sites }) => sum + sites.length, 0);
  const frac = Array.from({ length: FRAC_BYTES }, () => new Uint8Array(siteCount));
  let at = 0;
  for (const phase of phases) {
    ids.place(phase.id);
    numbers.source.whole(sources.findIndex(({ name }) => name === phase.source));
    numbers.name.whole(phase.name === undefined ? 0 : 1 + names.place(phase.name));
    numbers.reference.whole(
      phase.reference === undefined ? 0 : 1 + references.place(phase.reference),
    );
    numbers.spaceGroup.whole(phase.spaceGroup);
    numbers.hall.whole(halls.place(phase.setting.hall));
    const energy = phase.energyAboveHullEvPerAtom;
    numbers.energy.whole(
      energy === undefined ? 0 : 1 + Math.round(Math.max(0, energy) / ENERGY_STEP),
    );
    numbers.sites.whole(phase.sites.length);
    for (const [i, value] of cellSteps(phase).entries()) cells[i]!.signed(value);
    for (const { species, multiplicity, frac: place, bIsoAngstrom2 } of phase.sites) {
      siteNumbers.filling.whole(fillings.place(fillingText(species)));
      siteNumbers.multiplicity.whole(multiplicity);
      siteNumbers.bIso.signed(
        bIsoAngstrom2 === undefined ? 0 : nonZero(Math.round(bIsoAngstrom2 / B_STEP)),
      );
      for (let axis = 0; axis < 3; axis++) {
        const steps = Math.round((place[axis]! - Math.floor(place[axis]!)) * FRACTION_STEPS);
        frac[2 * axis]![at] = (steps % FRACTION_STEPS) >> 8;
        frac[2 * axis + 1]![at] = (steps % FRACTION_STEPS) & 255;
      }
      at++;
    }
  }
  const sourceText = new TextEncoder().encode(
    sources.map((source) => JSON.stringify(source)).join("\n"),
  );
  return packColumns(FILE, phases.length, [
    sourceText,
    ...[ids, names, references, halls, fillings].map(({ content }) => content),
    ...NUMBERS.map((name) => numbers[name].content),
    ...cells.map(({ content }) => content),
    ...SITE_NUMBERS.map((name) => siteNumbers[name].content),
    ...frac,
  ]);
}

/** A B of exactly 0 is stated, not absent: it is kept as the smallest step. */
const nonZero = (steps: number): number => (steps === 0 ? 1 : steps);

function cellSteps({ cell }: PhaseRecord): number[] {
  const edges = cell.slice(0, 3).map((edge) => Math.round(edge / EDGE_STEP)) as number[];
  const angles = cell.slice(3).map((angle) => Math.round((angle - 90) / ANGLE_STEP));
  return [edges[0]!, edges[1]! - edges[0]!, edges[2]! - edges[0]!, ...angles];
}

/** @throws EwaldError `known/damaged`, `known/version` */
export function decodePhases(bytes: Uint8Array): PhaseTable {
  const { columns, count } = unpackColumns(FILE, bytes);
  const rest = [...columns];
  const take = (): Uint8Array => rest.shift()!;
  const [sources, ids, names, references, halls, fillings] = TEXTS.map(() => linesOf(take())) as [
    string[],
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  if (ids.length !== count) damaged(FILE, `has ${ids.length} ids for ${count} entries`);
  const number = (length: number): Float64Array => wholes(FILE, take(), length);
  const [source, name, reference, spaceGroup, hall, energy, siteCounts] = NUMBERS.map(() =>
    number(count),
  ) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const cell = cellsOf(Array.from({ length: CELL }, () => number(count)));
  const siteStart = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) siteStart[i + 1] = siteStart[i]! + siteCounts[i]!;
  const siteCount = siteStart[count]!;
  const [filling, multiplicity, bIso] = SITE_NUMBERS.map(() =>
    wholes(FILE, take(), siteCount, new Uint32Array(siteCount)),
  ) as [Uint32Array, Uint32Array, Uint32Array];
  const settings = halls.map((text) => settingByHall(text) ?? damaged(FILE, `names a "${text}"`));
  const places: [string, Float64Array | Uint32Array, number][] = [
    ["source", source, sources.length],
    ["name", name, names.length + 1],
    ["reference", reference, references.length + 1],
    ["space group", spaceGroup, 231],
    ["setting", hall, halls.length],
    ["filling", filling, fillings.length],
  ];
  for (const [what, column, end] of places)
    if (column.some((value) => value >= end))
      damaged(FILE, `names a ${what} that it does not hold`);
  return new PhaseTable({
    sources: sources.map((text) => JSON.parse(text) as PhaseSource),
    ids,
    sourceIndex: Uint8Array.from(source),
    names,
    nameIndex: Uint32Array.from(name),
    references,
    referenceIndex: Uint32Array.from(reference),
    spaceGroup: Uint8Array.from(spaceGroup),
    settings,
    settingIndex: Uint16Array.from(hall),
    energyAboveHullEvPerAtom: Float32Array.from(energy, (steps) =>
      steps === 0 ? Number.NaN : (steps - 1) * ENERGY_STEP,
    ),
    cell,
    siteStart,
    fillings: fillings.map(speciesOf),
    fillingIndex: filling,
    multiplicity: Uint8Array.from(multiplicity),
    frac: fracOf(Array.from({ length: FRAC_BYTES }, take), siteCount),
    bIsoAngstrom2: Float32Array.from(bIso, (steps) =>
      steps === 0 ? Number.NaN : unzigzag(steps) * B_STEP,
    ),
  });
}

/** Edges and angles divided, not multiplied by their step: 5.43102, not 5.431020000000001. */
function cellsOf(columns: readonly Float64Array[]): Float64Array {
  const [a, b, c, ...angles] = columns.map((column) => column.map(unzigzag)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  const cell = new Float64Array(6 * a.length);
  const perAngstrom = Math.round(1 / EDGE_STEP);
  const perDegree = Math.round(1 / ANGLE_STEP);
  for (let i = 0; i < a.length; i++) {
    const edges = [a[i]!, a[i]! + b[i]!, a[i]! + c[i]!];
    if (edges.some((edge) => edge <= 0))
      damaged(FILE, `has an edge that is none in entry ${i + 1}`);
    for (let k = 0; k < 3; k++) {
      cell[6 * i + k] = edges[k]! / perAngstrom;
      cell[6 * i + 3 + k] = 90 + angles[k]![i]! / perDegree;
    }
  }
  return cell;
}

function fracOf(bytes: readonly Uint8Array[], siteCount: number): Uint16Array {
  if (bytes.some(({ length }) => length !== siteCount))
    damaged(FILE, "has coordinates for another number of sites");
  const frac = new Uint16Array(3 * siteCount);
  for (let site = 0; site < siteCount; site++)
    for (let axis = 0; axis < 3; axis++)
      frac[3 * site + axis] = (bytes[2 * axis]![site]! << 8) | bytes[2 * axis + 1]![site]!;
  return frac;
}
