/** `library show` and `library export`: one phase. */
import { writeCif, writePoscar } from "../../crystal/io/write-structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { settingSymbol } from "../../crystal/symmetry/setting-symbol.ts";
import type { CellParameters } from "../../diffraction/line-list.ts";
import { EwaldError } from "../../errors.ts";
import type { EntryValues } from "../../known/known-values.ts";
import { KNOWN_FOLDER, loadKnownValues } from "../../known/load.ts";
import { recordOf } from "../../known/phases/phase-library.ts";
import { type PhaseRecord, structureOf, type UnitSite } from "../../known/phases/phase.ts";
import type { PhaseSummary } from "../../known/phases/phase-table.ts";
import { printedSpaceGroup } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import type { WholeJob } from "../job.ts";
import { librariesOf, phaseFormula, phaseOfId } from "./libraries.ts";
import {
  LIBRARY_EXPORT,
  type LIBRARY_EXPORT_OPTIONS,
  LIBRARY_SHOW,
  type LIBRARY_SHOW_OPTIONS,
} from "./spec.ts";

/** All that is known of a phase. */
export interface PhaseShown extends PhaseSummary {
  readonly kind: "phase";
  readonly library: string;
  readonly reference?: string;
  readonly isMeasured: boolean;
  /** eV/atom, of calculated structures where the tables have it. */
  readonly energyAboveHullEvPerAtom?: number;
  /** Values that tables of calculations have of it: energies, band gap, moduli; units in the names. */
  readonly values?: EntryValues;
  /** a, b, c (Å), alpha, beta, gamma (°). */
  readonly cell: CellParameters;
  /** The setting in which cell and sites are given, with its choice of origin or axes: "I4_1/amd :1". */
  readonly setting: string;
  /** One of each orbit. */
  readonly sites: readonly UnitSite[];
}

export const libraryShowJob: WholeJob<typeof LIBRARY_SHOW_OPTIONS, PhaseShown> = {
  spec: LIBRARY_SHOW,
  async perform([id], { library }, host) {
    const located = phaseOfId(await librariesOf(library, host), id!);
    const summary = located.library.phases.summary(located.entry);
    const known = await loadKnownValues(host.models(KNOWN_FOLDER));
    const entry = known.ofFormula(summary.formula).find((one) => one.id === id);
    const { reference, isMeasured, energyAboveHullEvPerAtom, cell, sites, setting } =
      recordOf(located);
    return {
      kind: "phase",
      ...summary,
      library: located.library.name,
      ...(reference === undefined ? {} : { reference }),
      isMeasured,
      ...(energyAboveHullEvPerAtom === undefined ? {} : { energyAboveHullEvPerAtom }),
      ...(entry === undefined ? {} : { values: entry.values }),
      cell,
      setting: `${settingSymbol(setting)}${setting.choice === "" ? "" : ` :${setting.choice}`}`,
      sites,
    };
  },
  text: shownText,
};

function shownText(phase: PhaseShown): string {
  const [a, b, c, ...angles] = phase.cell;
  const { values = {} } = phase;
  const energy = phase.energyAboveHullEvPerAtom ?? values.energyAboveHullEvPerAtom;
  const told = (value: number | undefined, digits: number, unit: string): string | undefined =>
    value === undefined ? undefined : `${value.toFixed(digits)} ${unit}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["name", phase.name],
    [
      "space group",
      `${printedSpaceGroup(phase.spaceGroup.symbol)}, No. ${phase.spaceGroup.number}`,
    ],
    [
      "cell",
      `${[a, b, c].map((x) => x.toFixed(4)).join(", ")} Å; ${angles.map((x) => x.toFixed(2)).join(", ")}°`,
    ],
    ["setting", printedSpaceGroup(phase.setting)],
    ["volume", `${phase.volumeAngstrom3.toFixed(2)} Å³`],
    ["above the hull", told(energy, 3, "eV/atom")],
    ["formation", told(values.formationEnergyEvPerAtom, 3, "eV/atom")],
    ["band gap", told(values.bandGapEv, 2, "eV (calculated)")],
    ["bulk modulus", told(values.bulkModulusGpa, 0, "GPa (calculated)")],
    ["shear modulus", told(values.shearModulusGpa, 0, "GPa (calculated)")],
    ["structure", phase.isMeasured ? "measured" : "calculated: cells are off by about 1 %"],
    ["source", phase.source],
    ["reference", phase.reference],
  ];
  const sites = textTable(
    [
      { title: "atom", align: "left" },
      { title: "sites", align: "right" },
      { title: "x", align: "right" },
      { title: "y", align: "right" },
      { title: "z", align: "right" },
      { title: "B/Å²", align: "right" },
    ],
    phase.sites.map(({ species, multiplicity, frac, bIsoAngstrom2 }) => [
      species
        .map(({ element, occupancy }) => (occupancy === 1 ? element : `${element} ${occupancy}`))
        .join(" "),
      String(multiplicity),
      ...frac.map((x) => x.toFixed(5)),
      bIsoAngstrom2?.toFixed(2) ?? "",
    ]),
  );
  return [
    `${phase.id}  ${phaseFormula(phase)}`,
    ...facts.flatMap(([title, text]) =>
      text === undefined ? [] : [`  ${title.padEnd(15)}${text}`],
    ),
    "",
    ...sites.split("\n").map((line) => `  ${line}`),
  ].join("\n");
}

/** The file that was written. */
export interface ExportRecord {
  readonly kind: "export";
  readonly id: string;
  readonly path: string;
  /** The file itself, where it goes to standard output. */
  readonly text?: string;
}

export const libraryExportJob: WholeJob<typeof LIBRARY_EXPORT_OPTIONS, ExportRecord> = {
  spec: LIBRARY_EXPORT,
  async perform([id], { output, library }, host) {
    const write = writerOf(output);
    const phase = recordOf(phaseOfId(await librariesOf(library, host), id!));
    await loadSymmetry();
    const text = write(phase);
    if (output === "-") return { kind: "export", id: phase.id, path: output, text };
    await host.writeFile(output, text);
    return { kind: "export", id: phase.id, path: output };
  },
  text: ({ id, path, text }) => text ?? `wrote ${id} to ${path}`,
};

/** @throws EwaldError `library/export-format` */
function writerOf(path: string): (phase: PhaseRecord) => string {
  if (path === "-" || /\.cif$/i.test(path)) return cifOf;
  if (/\.(?:vasp|poscar)$|(?:^|[/\\])(?:POSCAR|CONTCAR)[^/\\]*$/i.test(path))
    return (phase) => writePoscar(structureOf(phase));
  throw new EwaldError("library/export-format", `${path} says no format of structures`, {
    value: path,
    hint: "Name a .cif, a .vasp or a POSCAR.",
  });
}

/** The source and the reference stand in comments, so that they go with the file. */
function cifOf(phase: PhaseRecord): string {
  const said = [
    `# ${phase.id} of ${phase.source}${phase.name === undefined ? "" : `: ${phase.name}`}`,
    ...(phase.reference === undefined ? [] : [`# ${phase.reference}`]),
  ];
  return [...said, writeCif(structureOf(phase), { name: phase.id })].join("\n");
}
