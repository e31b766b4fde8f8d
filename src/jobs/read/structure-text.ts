/** A structure for people who read a terminal. */
import { settingWords } from "../../report/space-group-words.ts";
import { textTable } from "../../report/text-table.ts";
import { warningLines } from "../../report/warning-lines.ts";
import { orbitsOf } from "./orbits.ts";
import type { ReadSite, ReadStructureRecord } from "./record.ts";

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

export function structureText(record: ReadStructureRecord): string {
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
function spaceGroupText({ spaceGroup, crystalSystem }: ReadStructureRecord): string {
  if (spaceGroup === null) return "-";
  const setting = settingWords(spaceGroup);
  const named = `${spaceGroup.symbol}  No. ${spaceGroup.number}  ${crystalSystem}`;
  return setting === "" ? named : `${named}  (${setting})`;
}

/** One row per orbit with its multiplicity; every site where no symmetry was found. */
function siteTable(sites: readonly ReadSite[]): string {
  const orbits = orbitsOf(sites);
  const rows = orbits.slice(0, SITES_SHOWN).map(({ site, label, sites: own }) => {
    const { species, wyckoff, siteSymmetry, frac } = site;
    return [
      label,
      species.map(describeSpecies).join(" + "),
      `${own.length}${wyckoff ?? ""}`,
      ...frac.map((value) => value.toFixed(5)),
      siteSymmetry ?? "-",
    ];
  });
  const hidden = orbits.length - rows.length;
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
