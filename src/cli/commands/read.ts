/** `ewald read`: what is in these files? */
import { type Command, Option } from "commander";
import { EwaldError } from "../../errors.ts";
import type { RadiationKind } from "../../radiation/radiation.ts";
import type { IntensityScale } from "../../report/pattern-figure.ts";
import { settingWords } from "../../report/space-group-words.ts";
import { checkedProcessing } from "../../scan/process.ts";
import { runBatch } from "../batch.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { writeFigure } from "../figure-file.ts";
import { findSources } from "../inputs.ts";
import { readInstrument } from "../instrument-file.ts";
import type { Io } from "../io.ts";
import {
  figureFormat,
  positiveInteger,
  positiveNumber,
  type SymmetryChoice,
  symmetryOption,
} from "../options.ts";
import { axisKind, WAVELENGTH_HELP } from "../scan-options.ts";
import type { ReadScanRecord } from "../tasks/read-scan.ts";
import type { ReadRecord, ReadSite, ReadTaskOptions } from "../tasks/read.ts";
import { textTable } from "../../report/text-table.ts";
import { warningLines } from "../../report/warning-lines.ts";
import { describeScan, MOST_CURVES, scanFigure } from "./read-scan.ts";

interface ReadFlags {
  readonly json?: true;
  readonly symprec?: number;
  readonly symmetry?: SymmetryChoice;
  readonly jobs?: number;
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly instrument?: string;
  readonly axis?: string;
  readonly plot?: string;
  readonly overlay?: true;
  readonly offset: number;
  readonly scale: IntensityScale;
}

export function addReadCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("read")
    .summary("say what is in structure and scan files")
    .description(
      "Read structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON) and powder scans (docs/scan-formats.md), recognised by content, " +
        "and say what they hold. A folder means every file below it, - standard input.",
    )
    .argument("<input...>", "files and folders")
    .option("--json", "one JSON record a line and structure or scan")
    .option(
      "--symprec <Å>",
      "distance by which an atom may miss its symmetry image (default 0.01)",
      positiveNumber("Å"),
    )
    .addOption(symmetryOption())
    .option("--wavelength <line|Å>", WAVELENGTH_HELP)
    .addOption(
      new Option("--radiation <kind>", "kind of radiation of scans").choices([
        "xray",
        "neutron",
        "electron",
      ]),
    )
    .option("--instrument <file.json>", "correct scans for what ewald calibrate found")
    .option("--axis <axis>", "show scans over 2theta, d or q")
    .option("--plot <file>", "figure of the scans as .svg or .png, stacked")
    .option("--overlay", "draw the scans of --plot over each other, each scaled to its maximum")
    .addOption(
      new Option("--scale <scale>", "intensity scale of --plot")
        .choices(["linear", "sqrt", "log"])
        .default("linear"),
    )
    .option(
      "--offset <fraction>",
      "distance of stacked curves, 1 is a full height",
      positiveNumber("fraction"),
      1,
    )
    .option("--jobs <n>", "worker threads (default: by the number of inputs)", positiveInteger)
    .addHelpText(
      "after",
      `
Examples:
  ewald read examples/quartz.cif
  ewald read structures/ --json > structures.jsonl
  ewald read monday.xrdml tuesday.brml --plot compare.svg
  ewald read old.xy --wavelength CuKa12 --axis d --json
  curl -s … | ewald read - --symprec 0.1`,
    )
    .action((paths: string[], flags: ReadFlags) => read(paths, flags, io, setExit));
}

async function read(
  paths: readonly string[],
  flags: ReadFlags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  if (flags.plot !== undefined) figureFormat(flags.plot);
  const scans: ReadScanRecord[] = [];
  let count = 0;
  const { failures } = await runBatch(io, {
    sources: await findSources(paths),
    task: "read",
    options: await taskOptions(flags),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    json: flags.json === true,
    async onRecord(record) {
      if (flags.plot !== undefined && record.kind === "scan" && scans.length <= MOST_CURVES) {
        scans.push(record);
      }
      const gap = count++ > 0 ? "\n" : "";
      const text = record.kind === "scan" ? describeScan(record) : describe(record);
      await io.stdout(flags.json ? `${JSON.stringify(record)}\n` : `${gap}${text}\n`);
    },
  });
  if (failures > 0) setExit(EXIT.inputFailed);
  if (flags.plot === undefined) return;
  if (scans.length === 0) {
    throw new EwaldError("usage/contradiction", "--plot draws scans, and there is none", {
      hint: "ewald simulate --plot draws the patterns of structures.",
    });
  }
  if (scans.length > MOST_CURVES) {
    io.stderr(`the figure shows the first ${MOST_CURVES} scans\n`);
  }
  const figure = scanFigure(scans.slice(0, MOST_CURVES), {
    overlay: flags.overlay === true,
    offset: flags.offset,
    intensityScale: flags.scale,
  });
  await writeFigure(flags.plot, figure);
  io.stderr(`wrote ${flags.plot}\n`);
}

async function taskOptions(flags: ReadFlags): Promise<ReadTaskOptions> {
  return {
    wanted: "everything",
    ...(flags.symmetry === undefined ? {} : { symmetry: flags.symmetry }),
    ...(flags.symprec === undefined ? {} : { symprecAngstrom: flags.symprec }),
    scan: checkedProcessing({
      ...(flags.wavelength === undefined ? {} : { wavelength: flags.wavelength }),
      ...(flags.radiation === undefined ? {} : { radiation: flags.radiation }),
      ...(flags.instrument === undefined
        ? {}
        : { instrument: await readInstrument(flags.instrument) }),
      ...(flags.axis === undefined ? {} : { axis: axisKind(flags.axis) }),
    }),
  };
}

/** Orbits listed for people; JSON holds every site. */
const SITES_SHOWN = 24;
const SITE_COLUMNS = [
  { title: "site", align: "left" },
  { title: "atoms", align: "left" },
  { title: "Wyckoff", align: "left" },
  { title: "x", align: "right" },
  { title: "y", align: "right" },
  { title: "z", align: "right" },
  { title: "symmetry", align: "left" },
] as const;

function describe(record: ReadRecord): string {
  const { lattice: cell, structureType } = record;
  const lengths = [cell.a, cell.b, cell.c].map((length) => length.toFixed(4)).join("  ");
  const angles = [cell.alphaDeg, cell.betaDeg, cell.gammaDeg].map((a) => a.toFixed(2)).join("  ");
  const type =
    structureType === null
      ? "-"
      : `${structureType.key}${structureType.name === null ? "" : `  (${structureType.name})`}`;
  const lines = [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}`,
    `  formula         ${record.formula}`,
    `  space group     ${spaceGroupText(record)}`,
    `  structure type  ${type}`,
    `  cell            ${lengths} Å   ${angles}°   ${record.sites.length} sites   ${record.densityGPerCm3.toFixed(3)} g/cm³`,
    "",
    indent(siteTable(record.sites)),
  ];
  return [...lines, ...warningLines(record.warnings)].join("\n");
}

/** "Pbnm  No. 62  orthorhombic  (standard setting Pnma: a,b,c → b,c,a)" */
function spaceGroupText({ spaceGroup, crystalSystem }: ReadRecord): string {
  if (spaceGroup === null) return "-";
  const setting = settingWords(spaceGroup);
  const named = `${spaceGroup.symbol}  No. ${spaceGroup.number}  ${crystalSystem}`;
  return setting === "" ? named : `${named}  (${setting})`;
}

/** One row per orbit with its multiplicity; every site where no symmetry was found. */
function siteTable(sites: readonly ReadSite[]): string {
  const multiplicities = new Map<number, number>();
  for (const [i, { orbit = i }] of sites.entries()) {
    multiplicities.set(orbit, (multiplicities.get(orbit) ?? 0) + 1);
  }
  const rows = [...multiplicities].slice(0, SITES_SHOWN).map(([index, multiplicity]) => {
    const { label, species, wyckoff, siteSymmetry, frac } = sites[index]!;
    return [
      label ?? String(index + 1),
      species.map(describeSpecies).join(" + "),
      `${multiplicity}${wyckoff ?? ""}`,
      ...frac.map((value) => value.toFixed(5)),
      siteSymmetry ?? "-",
    ];
  });
  const hidden = multiplicities.size - rows.length;
  const table = textTable(SITE_COLUMNS, rows);
  return hidden > 0 ? `${table}\n… and ${hidden} more (--json lists all)` : table;
}

function describeSpecies({ element, occupancy, oxidation }: ReadSite["species"][number]): string {
  const charge =
    oxidation === undefined || oxidation === 0
      ? ""
      : `${Math.abs(oxidation)}${oxidation > 0 ? "+" : "−"}`;
  return `${element}${charge}${occupancy === 1 ? "" : ` ${Number(occupancy.toFixed(4))}`}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
