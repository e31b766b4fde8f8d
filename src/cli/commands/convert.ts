/** `ewald convert`: a scan or a structure into another file, a scan processed on the way where asked. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { mkdir } from "node:fs/promises";
import { EwaldError, type Warning } from "../../errors.ts";
import type { RadiationKind } from "../../radiation/radiation.ts";
import { checkedProcessing, type ScanProcessing } from "../../scan/process.ts";
import type { Normalisation } from "../../scan/resample.ts";
import { runBatch } from "../batch.ts";
import {
  CONVERT_FORMATS,
  type ConvertFormat,
  type ConvertOutput,
  convertOutput,
  inputGuard,
  isStandardOutput,
  outputPath,
} from "../convert-target.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { findSources, type Input } from "../inputs.ts";
import { readInstrument } from "../instrument-file.ts";
import { type Io, writeOutput } from "../io.ts";
import {
  positiveInteger,
  positiveNumber,
  range,
  type SymmetryChoice,
  symmetryOption,
} from "../options.ts";
import { axisKind, WAVELENGTH_HELP } from "../scan-options.ts";
import type { ConvertRecord, ConvertTarget, ConvertTaskOptions } from "../tasks/convert.ts";
import { warningLines } from "../../report/warning-lines.ts";

interface ConvertFlags {
  readonly output: string;
  readonly format?: ConvertFormat;
  readonly symprec?: number;
  readonly symmetry?: SymmetryChoice;
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly instrument?: string;
  readonly removeOutliers?: true;
  readonly merge?: number;
  readonly stripKa2?: true;
  readonly background?: "snip" | "airpls";
  readonly smooth?: number;
  readonly toWavelength?: string;
  readonly axis?: string;
  readonly range?: readonly [number, number];
  readonly step?: number;
  readonly normalise?: Normalisation;
  readonly jobs?: number;
}

export function addConvertCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("convert")
    .summary("write a structure or a scan in another format, a scan processed on the way")
    .description(
      "Convert structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON, Parquet tables) to CIF, POSCAR or pymatgen JSON, and " +
        "powder scans (every format of docs/scan-formats.md) to columns, pdCIF or JSON, with wavelength, metadata and the " +
        "steps that were asked for in the header. Inputs are recognised by content and never written over. In an output folder " +
        "what was found in a folder or an archive keeps its place below it; of inputs with one name the second gets -2, and a warning says so.",
    )
    .argument("<input...>", "files and folders, - for standard input")
    .requiredOption(
      "-o, --output <file>",
      "out.cif, out.json, out.vasp or POSCAR; of scans out.xy, out.xye, out.cif, out.json; a folder, or - for standard output, with --format",
    )
    .addOption(
      new Option(
        "--format <format>",
        "format in an output folder or on standard output: cif, poscar, pymatgen-json of structures, xy, xye, pdcif, json of scans",
      ).choices(CONVERT_FORMATS),
    )
    .option(
      "--symprec <Å>",
      "structures to CIF: the space group found within this distance and one site per orbit, in its standard cell unless the input is in a tabulated one, instead of every atom as it is",
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
    .option("--instrument <file.json>", "correct for what ewald calibrate found")
    .option("--remove-outliers", "replace spikes of a single point")
    .option("--merge <step>", "merge ranges on an even grid", positiveNumber("units of the axis"))
    .option("--strip-ka2", "remove Kα2 (Rachinger)")
    .addOption(
      new Option("--background <method>", "subtract the background").choices(["snip", "airpls"]),
    )
    .option("--smooth <points>", "Savitzky-Golay over so many points, odd", oddInteger)
    .option(
      "--to-wavelength <line|Å>",
      "2θ of another radiation, intensities by the Lorentz-polarisation ratio",
    )
    .option("--axis <axis>", "2theta, d or q")
    .option("--range <from:to>", "keep this part of the axis", range)
    .option("--step <step>", "even grid, area conserved", positiveNumber("units of the axis"))
    .addOption(
      new Option("--normalise <to>", "scale of the intensities").choices([
        "maximum",
        "area",
        "monitor",
        "time",
      ]),
    )
    .option("--jobs <n>", "worker threads (default: by the number of inputs)", positiveInteger)
    .addHelpText(
      "after",
      `
Examples:
  ewald convert quartz.cif -o POSCAR
  ewald convert CONTCAR -o relaxed.cif --symprec 0.01
  ewald convert structures/ --format pymatgen-json -o json/
  ewald convert scan.brml -o scan.xy
  ewald convert scan.brml --format xy -o - | head
  ewald convert scan.raw -o scan.cif --instrument my-diffractometer.json
  ewald convert old.xy --wavelength CoKa12 --to-wavelength CuKa12 -o as-copper.xy
  ewald convert series/ --format xye --background snip -o clean/`,
    )
    .action((paths: string[], flags: ConvertFlags) => convert(paths, flags, io, setExit));
}

function oddInteger(text: string): number {
  const value = positiveInteger(text);
  if (value >= 5 && value % 2 === 1) return value;
  throw new InvalidArgumentError(`"${text}" is not an odd number of at least 5.`);
}

async function convert(
  paths: readonly string[],
  flags: ConvertFlags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  const output = convertOutput(flags.output, flags.format);
  const options: ConvertTaskOptions = {
    ...taskOptions(output.target, await processingOf(flags), flags.symprec),
    ...(flags.symmetry === undefined ? {} : { symmetry: flags.symmetry }),
  };
  const sources = await findSources(paths, options.wanted);
  const refuseInput = await inputGuard(paths, sources.linked);
  const isFolder = output.folderEnding !== undefined;
  if (isFolder) await mkdir(output.path, { recursive: true });
  const taken = new Map<string, ConvertRecord>();
  async function write(path: string, record: ConvertRecord): Promise<void> {
    if (isStandardOutput(path)) await io.stdout(record.text);
    else await writeOutput(path, record.text);
    const name = inputName(record);
    for (const line of warningLines(record.warnings)) io.stderr(`${name}: ${line.trim()}\n`);
    if (isStandardOutput(path)) return;
    io.stderr(`wrote ${path}  (${record.format}, ${record.size})\n`);
  }
  const { failures } = await runBatch(io, {
    sources,
    task: "convert",
    options,
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    async onRecord(record, input) {
      const named = isFolder
        ? freeName(output, record, input, taken)
        : { path: output.path, record };
      const { path } = named;
      const other = taken.get(path);
      if (other !== undefined) {
        throw new EwaldError(
          "usage/contradiction",
          `${inputName(other)} and ${inputName(record)} would both become ${isStandardOutput(path) ? "standard output" : path}`,
          { hint: "Give a folder with --format." },
        );
      }
      if (!isStandardOutput(path)) await refuseInput(path);
      // Texts of a folder are written at once and not held; the one file waits until it is known to be one.
      taken.set(path, isFolder ? { ...record, text: "" } : record);
      if (isFolder) await write(path, named.record);
    },
  });
  if (!isFolder) for (const [path, record] of taken) await write(path, record);
  if (failures > 0) setExit(EXIT.inputFailed);
}

/** A name in the folder that nothing of this run has; a warning where another input has the plain one. */
function freeName(
  output: ConvertOutput,
  record: ConvertRecord,
  input: Input,
  taken: ReadonlyMap<string, ConvertRecord>,
): { readonly path: string; readonly record: ConvertRecord } {
  const plain = outputPath(output, record, input);
  let path = plain;
  for (let copy = 2; taken.has(path); copy++) path = outputPath(output, record, input, copy);
  const first = taken.get(plain);
  if (first === undefined || first.input === record.input) return { path, record };
  const renamed: Warning = {
    code: "convert/same-name",
    message: `${inputName(first)} became ${plain} already, so this becomes ${path}`,
  };
  return { path, record: { ...record, warnings: [...record.warnings, renamed] } };
}

function inputName({ input, part }: ConvertRecord): string {
  return part === undefined ? input : `${input} (${part})`;
}

/**
 * Processing makes sense for scans only, and a tolerance for structures only: either says which of the two is meant.
 * @throws EwaldError `usage/contradiction`
 */
function taskOptions(
  { scan, structure }: ConvertTarget,
  processing: ScanProcessing,
  symprecAngstrom: number | undefined,
): ConvertTaskOptions {
  const hasSteps = Object.keys(processing).length > 0;
  if (symprecAngstrom !== undefined && structure !== "cif") {
    throw new EwaldError("usage/contradiction", "--symprec is for structures written as CIF", {
      hint: "POSCAR and pymatgen JSON hold every atom and no space group.",
    });
  }
  if (hasSteps && (scan === undefined || symprecAngstrom !== undefined)) {
    throw new EwaldError(
      "usage/contradiction",
      `options of scans do not go with ${symprecAngstrom === undefined ? structure : "--symprec"}, which is for structures`,
    );
  }
  if (symprecAngstrom !== undefined) {
    return { target: { structure: "cif" }, wanted: "anything", processing, symprecAngstrom };
  }
  if (hasSteps || structure === undefined) {
    return { target: scan === undefined ? {} : { scan }, wanted: "scan", processing };
  }
  return {
    target: { ...(scan === undefined ? {} : { scan }), structure },
    wanted: scan === undefined ? "anything" : "one-kind",
    processing,
  };
}

async function processingOf(flags: ConvertFlags): Promise<ScanProcessing> {
  return checkedProcessing({
    ...(flags.wavelength === undefined ? {} : { wavelength: flags.wavelength }),
    ...(flags.radiation === undefined ? {} : { radiation: flags.radiation }),
    ...(flags.instrument === undefined
      ? {}
      : { instrument: await readInstrument(flags.instrument) }),
    ...(flags.removeOutliers === undefined ? {} : { removeOutliers: true }),
    ...(flags.merge === undefined ? {} : { mergeStep: flags.merge }),
    ...(flags.stripKa2 === undefined ? {} : { stripAlpha2: true }),
    ...(flags.background === undefined ? {} : { background: flags.background }),
    ...(flags.smooth === undefined ? {} : { smoothWindow: flags.smooth }),
    ...(flags.toWavelength === undefined ? {} : { toWavelength: flags.toWavelength }),
    ...(flags.axis === undefined ? {} : { axis: axisKind(flags.axis) }),
    ...(flags.range === undefined ? {} : { range: flags.range }),
    ...(flags.step === undefined ? {} : { step: flags.step }),
    ...(flags.normalise === undefined ? {} : { normalise: flags.normalise }),
  });
}
