/** `ewald read`: what is in these files? */
import type { Command } from "commander";
import { type Warning, describePosition } from "../../errors.ts";
import { runBatch } from "../batch.ts";
import type { Io } from "../io.ts";
import { positiveInteger, positiveNumber } from "../options.ts";
import { EXIT, type SetExit } from "../exit.ts";
import type { ReadRecord, ReadSite } from "../tasks/read.ts";
import { textTable } from "../text-table.ts";

interface ReadFlags {
  readonly json?: true;
  readonly symprec?: number;
  readonly jobs?: number;
}

export function addReadCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("read")
    .summary("say what is in structure files")
    .description(
      "Read structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON; recognised by content) and say what they hold: " +
        "formula, cell, space group, structure type, sites. A folder means every file below it, - standard input.",
    )
    .argument("<input...>", "files and folders")
    .option("--json", "one JSON record a line and structure")
    .option(
      "--symprec <Å>",
      "distance by which an atom may miss its symmetry image (default 0.01)",
      positiveNumber("Å"),
    )
    .option("--jobs <n>", "worker threads (default: by the number of inputs)", positiveInteger)
    .addHelpText(
      "after",
      `
Examples:
  ewald read examples/quartz.cif
  ewald read structures/ --json > structures.jsonl
  curl -s … | ewald read - --symprec 0.1`,
    )
    .action(async (paths: string[], flags: ReadFlags) => {
      let count = 0;
      const { failures } = await runBatch(io, {
        paths,
        task: "read",
        options: flags.symprec === undefined ? {} : { symprecAngstrom: flags.symprec },
        ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
        async onRecord(record) {
          const gap = count++ > 0 ? "\n" : "";
          await io.stdout(
            flags.json ? `${JSON.stringify(record)}\n` : `${gap}${describe(record)}\n`,
          );
        },
      });
      if (failures > 0) setExit(EXIT.inputFailed);
    });
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
] as const;

function describe(record: ReadRecord): string {
  const { lattice: cell, spaceGroup, structureType } = record;
  const lengths = [cell.a, cell.b, cell.c].map((length) => length.toFixed(4)).join("  ");
  const angles = [cell.alphaDeg, cell.betaDeg, cell.gammaDeg].map((a) => a.toFixed(2)).join("  ");
  const type =
    structureType === null
      ? "-"
      : `${structureType.key}${structureType.name === null ? "" : `  (${structureType.name})`}`;
  const lines = [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}`,
    `  formula         ${record.formula}`,
    `  space group     ${spaceGroup === null ? "-" : `${spaceGroup.symbol}  No. ${spaceGroup.number}  ${record.crystalSystem}`}`,
    `  structure type  ${type}`,
    `  cell            ${lengths} Å   ${angles}°   ${record.sites.length} sites   ${record.densityGPerCm3.toFixed(3)} g/cm³`,
    "",
    indent(siteTable(record.sites)),
  ];
  return [...lines, ...warningLines(record.warnings)].join("\n");
}

/** One row per orbit with its multiplicity; every site where no symmetry was found. */
function siteTable(sites: readonly ReadSite[]): string {
  const multiplicities = new Map<number, number>();
  for (const [i, { orbit = i }] of sites.entries()) {
    multiplicities.set(orbit, (multiplicities.get(orbit) ?? 0) + 1);
  }
  const rows = [...multiplicities].slice(0, SITES_SHOWN).map(([index, multiplicity]) => {
    const { label, species, wyckoff, frac } = sites[index]!;
    return [
      label ?? String(index + 1),
      species.map(describeSpecies).join(" + "),
      `${multiplicity}${wyckoff ?? ""}`,
      ...frac.map((value) => value.toFixed(5)),
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

export function warningLines(warnings: readonly Warning[]): readonly string[] {
  return warnings.map(({ code, message, ...at }) => {
    const position = describePosition(at);
    return `  warning: ${position === "" ? "" : `${position}: `}${message} [${code}]`;
  });
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
