/** `ewald simulate`: what would a diffractometer see? */
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  anomalousFactor,
  type Broadening,
  type FormFactorTable,
  patternCurve,
  type PowderOptions,
  type Texture,
} from "../../diffraction/index.ts";
import { EwaldError } from "../../errors.ts";
import {
  type LorentzPolarisation,
  type Radiation,
  type RadiationKind,
  parseRadiation,
} from "../../radiation/index.ts";
import { printedRadiation } from "../../report/index.ts";
import { runBatch } from "../batch.ts";
import { writeFigure } from "../figure-file.ts";
import { findSources } from "../inputs.ts";
import { type Io, writeOutput } from "../io.ts";
import {
  figureFormat,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  type SymmetryChoice,
  symmetryOption,
  twoThetaRange,
} from "../options.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { type Task, runTask } from "../tasks.ts";
import type { SimulateRecord, SimulateTaskOptions } from "../tasks/simulate.ts";
import { textTable } from "../text-table.ts";
import { warningLines } from "../warning-lines.ts";
import { simulationFigure } from "./simulate-figure.ts";

interface SimulateFlags {
  readonly json?: true;
  readonly radiation: RadiationKind;
  readonly wavelength?: string;
  readonly twoTheta: readonly [number, number];
  readonly formFactors: FormFactorTable;
  readonly ions?: true;
  readonly anomalous?: true;
  readonly lp?: LorentzPolarisation;
  readonly texture?: Texture;
  readonly bIso?: number;
  readonly symprec?: number;
  readonly symmetry?: SymmetryChoice;
  readonly fwhm: number;
  readonly size?: number;
  readonly strain?: number;
  readonly plot?: string;
  readonly pattern?: string;
  readonly reference?: string[];
  readonly offset: number;
  readonly scale: "linear" | "sqrt" | "log";
  readonly jobs?: number;
}

const EXAMPLES = `
Examples:
  ewald simulate examples/quartz.cif
  ewald simulate examples/rutile.cif examples/anatase.cif --plot titania.png
  ewald simulate mine.cif --reference examples/quartz.cif --plot compare.svg
  ewald simulate structures/ --json > patterns.jsonl
  ewald simulate mine.cif --radiation neutron --wavelength 1.594 --two-theta 10:150
  ewald simulate mine.cif --wavelength CuKa1+CuKa2 --pattern mine.xy`;

/** More curves than this in one figure are lines nobody can tell apart. */
const MOST_CURVES = 40;

export function addSimulateCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("simulate")
    .summary("powder pattern of structures, as numbers and a picture")
    .description(
      "Simulate the powder diffraction of structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON). " +
        "Cu Kα X-rays unless said otherwise; what was assumed stands in the output.",
    )
    .argument("<input...>", "files and folders, - for standard input")
    .option("--json", "one JSON record a line and structure")
    .addOption(
      new Option("--radiation <kind>", "radiation")
        .choices(["xray", "neutron", "electron"])
        .default("xray"),
    )
    .option("--wavelength <line|Å>", "CuKa, MoKa1, CuKa1+CuKa2, … or Å (default CuKa for X-rays)")
    .option("--two-theta <from:to>", "range of 2θ, degrees", twoThetaRange, [5, 90] as const)
    .addOption(
      new Option("--form-factors <table>", "X-ray form factors")
        .choices([
          "international-tables",
          "waasmaier-kirfel",
          "four-gaussian",
          "four-gaussian-clamped",
        ])
        .default("international-tables"),
    )
    .option("--ions", "take ions' form factors where the file states oxidation states")
    .option("--anomalous", "add f' and f'' at the wavelength")
    .option(
      "--lp <factor>",
      "unpolarised, lorentz, none, or monochromator:2θ (default by radiation)",
      lorentzPolarisation,
    )
    .option("--texture <h,k,l:r>", "March-Dollase preferred orientation, r = 1 is random", texture)
    .option(
      "--b-iso <Å²>",
      "displacement parameter B for all atoms, in place of the file's; 0 switches displacements off",
      nonNegativeNumber("Å²"),
    )
    .option("--symprec <Å>", "tolerance of the symmetry search (default 0.01)", positiveNumber("Å"))
    .addOption(symmetryOption())
    .option(
      "--fwhm <degrees>",
      "width of the instrument's peaks in --plot and --pattern",
      positiveNumber("degrees"),
      0.12,
    )
    .option("--size <Å>", "crystallite size that broadens the peaks further", positiveNumber("Å"))
    .option(
      "--strain <Δd/d>",
      "microstrain that broadens the peaks further, 0.001 is 0.1 %",
      positiveNumber("Δd/d"),
    )
    .option("--plot <file>", "figure as .svg or .png: curves stacked, hkl ticks below")
    .option("--reference <file>", "structure to overlay in --plot, may be repeated", collect)
    .option("--scale <scale>", "intensity scale of --plot: linear, sqrt or log", scale, "linear")
    .option(
      "--offset <fraction>",
      "distance of stacked curves, 1 is a full height",
      positiveNumber("fraction"),
      1,
    )
    .option("--pattern <file.xy>", "the profile as two columns, 2θ and intensity (one structure)")
    .option("--jobs <n>", "worker threads (default: by the number of inputs)", positiveInteger)
    .addHelpText("after", EXAMPLES)
    .action((paths: string[], flags: SimulateFlags) => simulate(paths, flags, io, setExit));
}

async function simulate(
  paths: readonly string[],
  flags: SimulateFlags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  if (flags.plot !== undefined) figureFormat(flags.plot);
  if (flags.reference !== undefined && flags.plot === undefined) {
    throw new EwaldError(
      "usage/contradiction",
      "--reference is drawn in a figure, and none is asked for",
      {
        hint: "Add --plot figure.svg.",
      },
    );
  }
  const options = taskOptions(flags);
  const kept: SimulateRecord[] = [];
  const keeps = flags.plot !== undefined || flags.pattern !== undefined;
  let count = 0;
  const { failures } = await runBatch(io, {
    sources: await findSources(paths),
    task: "simulate",
    options,
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    json: flags.json === true,
    async onRecord(record) {
      if (keeps && kept.length <= MOST_CURVES) kept.push(record);
      const gap = count++ > 0 ? "\n" : "";
      await io.stdout(flags.json ? `${JSON.stringify(record)}\n` : `${gap}${describe(record)}\n`);
    },
  });
  if (failures > 0) setExit(EXIT.inputFailed);
  if (kept.length > 0) await writeOutputs(kept, flags, options, io);
}

function taskOptions(flags: SimulateFlags): SimulateTaskOptions {
  const radiation = radiationOf(flags);
  if (flags.anomalous) refuseBeyondTable(radiation);
  const powder: PowderOptions = {
    radiation,
    twoThetaRangeDeg: flags.twoTheta,
    formFactors: flags.formFactors,
    ions: flags.ions === true,
    anomalous: flags.anomalous === true,
    ...(flags.lp === undefined ? {} : { lorentzPolarisation: flags.lp }),
    ...(flags.texture === undefined ? {} : { texture: flags.texture }),
  };
  return {
    powder,
    ...(flags.bIso === undefined ? {} : { bIsoAngstrom2: flags.bIso }),
    ...(flags.symmetry === undefined ? {} : { symmetry: flags.symmetry }),
    ...(flags.symprec === undefined ? {} : { symprecAngstrom: flags.symprec }),
  };
}

function radiationOf(flags: SimulateFlags): Radiation {
  if (flags.wavelength !== undefined) return parseRadiation(flags.wavelength, flags.radiation);
  if (flags.radiation === "xray") return parseRadiation("CuKa");
  throw new EwaldError("usage/no-wavelength", `${flags.radiation}s have no usual wavelength`, {
    hint: "Give it in Å, for example --wavelength 1.594.",
  });
}

/**
 * The table of anomalous factors ends at the same energies for every element: asked of one, before any file.
 * @throws EwaldError `scattering/anomalous-range`
 */
function refuseBeyondTable({ kind, lines }: Radiation): void {
  if (kind !== "xray") return;
  for (const { wavelengthAngstrom } of lines) anomalousFactor("H", wavelengthAngstrom);
}

function broadeningOf({ fwhm, size, strain }: SimulateFlags): Broadening {
  return {
    caglioti: { u: 0, v: 0, w: fwhm * fwhm },
    ...(size === undefined ? {} : { sizeAngstrom: size }),
    ...(strain === undefined ? {} : { strain }),
  };
}

async function writeOutputs(
  records: readonly SimulateRecord[],
  flags: SimulateFlags,
  options: SimulateTaskOptions,
  io: Io,
): Promise<void> {
  const broadening = broadeningOf(flags);
  if (flags.pattern !== undefined) {
    if (records.length > 1) {
      throw new EwaldError(
        "usage/contradiction",
        "--pattern holds one curve, and there are more structures",
        {
          hint: "Simulate one structure, or take the peaks of all from --json.",
        },
      );
    }
    const { twoThetaRangeDeg } = records[0]!;
    const { x, y, stepDeg } = patternCurve(records[0]!, { twoThetaRangeDeg, broadening });
    const digits = Math.max(2, decimals(x[0]!), decimals(stepDeg));
    const rows = Array.from(x, (angle, i) => `${angle.toFixed(digits)} ${y[i]!.toFixed(4)}`);
    const header = `# ${records[0]!.formula}, simulated powder pattern\n# ${assumptions(records[0]!)}\n# 2theta_deg intensity\n`;
    await writeOutput(flags.pattern, `${header}${rows.join("\n")}\n`);
    io.stderr(`wrote ${flags.pattern}\n`);
  }
  if (flags.plot === undefined) return;
  if (records.length > MOST_CURVES) {
    io.stderr(`the figure shows the first ${MOST_CURVES} structures\n`);
  }
  const references = await Promise.all(
    (flags.reference ?? []).map((path) => reference(path, options)),
  );
  const figure = simulationFigure(records.slice(0, MOST_CURVES), references.flat(), {
    broadening,
    offset: flags.offset,
    intensityScale: flags.scale,
    axisLabel: `2θ (°), ${printedRadiation(records[0]!.radiation)}`,
  });
  await writeFigure(flags.plot, figure);
  io.stderr(`wrote ${flags.plot}\n`);
}

/** How many the number has. */
function decimals(x: number): number {
  return /\.(\d*[1-9])0*$/.exec(x.toFixed(9))?.[1]!.length ?? 0;
}

async function reference(
  path: string,
  options: SimulateTaskOptions,
): Promise<readonly SimulateRecord[]> {
  const input = { kind: "file", path, folder: null } as const;
  const task: Task<"simulate"> = { name: "simulate", input, options };
  const { records, failures } = await runTask(task);
  if (failures.length === 0) return records;
  const { description } = failures[0]!;
  throw new EwaldError("file/reference", `--reference cannot be used: ${description}`);
}

/** Peaks listed for people; JSON holds all. */
const PEAKS_SHOWN = 30;

function describe(record: SimulateRecord): string {
  const listed = [...record.peaks]
    .sort((a, b) => b.intensity - a.intensity)
    .slice(0, PEAKS_SHOWN)
    .sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
  const hidden = record.peaks.length - listed.length;
  const group =
    record.spaceGroup === null ? "" : `  ${record.spaceGroup.symbol} (${record.spaceGroup.number})`;
  const table = textTable(
    [
      { title: "2θ (°)", align: "right" },
      { title: "d (Å)", align: "right" },
      { title: "intensity", align: "right" },
      { title: "mult.", align: "right" },
      { title: "hkl", align: "left" },
    ],
    listed.map((peak) => [
      peak.twoThetaDeg.toFixed(4),
      peak.dAngstrom.toFixed(5),
      peak.intensity.toFixed(2),
      String(peak.multiplicity),
      peak.hkls.map(({ hkl }) => hkl.join(" ")).join(", "),
    ]),
  );
  return [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}  ${record.formula}${group}`,
    assumptions(record),
    "",
    table,
    ...(hidden > 0 ? [`… and ${hidden} weaker peaks (--json lists all)`] : []),
    ...warningLines(record.warnings),
  ].join("\n");
}

function assumptions(record: SimulateRecord): string {
  const [from, to] = record.twoThetaRangeDeg;
  const table = record.formFactors === null ? "" : `, form factors: ${record.formFactors}`;
  return `${printedRadiation(record.radiation)}, 2θ ${from} to ${to}°${table}`;
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

function scale(text: string): "linear" | "sqrt" | "log" {
  if (text === "linear" || text === "sqrt" || text === "log") return text;
  throw new InvalidArgumentError("It is linear, sqrt or log.");
}

function lorentzPolarisation(text: string): LorentzPolarisation {
  const [kind, angle] = text.split(":");
  if (kind === "monochromator")
    return { kind, twoThetaDeg: positiveNumber("degrees")(angle ?? "") };
  if ((kind === "unpolarised" || kind === "lorentz" || kind === "none") && angle === undefined) {
    return { kind };
  }
  throw new InvalidArgumentError("It is unpolarised, lorentz, none or monochromator:2θ.");
}

function texture(text: string): Texture {
  const match = /^(-?\d+),(-?\d+),(-?\d+):([\d.]+)$/.exec(text.replaceAll(" ", ""));
  if (match === null) throw new InvalidArgumentError("Write it as h,k,l:r, such as 0,0,1:0.7.");
  const hkl = [Number(match[1]), Number(match[2]), Number(match[3])] as const;
  if (hkl.every((index) => index === 0)) throw new InvalidArgumentError("0,0,0 is no plane.");
  return {
    hkl,
    r: positiveNumber("March parameter")(match[4]!),
  };
}
