/** `ewald convert`: a scan into another file, processed on the way where asked. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { EwaldError } from "../../errors.ts";
import type { RadiationKind } from "../../radiation/index.ts";
import type { Normalisation, WriteFormat } from "../../scan/index.ts";
import { runBatch } from "../batch.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { type Io, writeOutput } from "../io.ts";
import { positiveInteger, positiveNumber, range } from "../options.ts";
import { axisKind, type ScanProcessing } from "../scan-processing.ts";
import { readInstrument } from "../instrument-file.ts";
import { warningLines } from "../warning-lines.ts";

interface ConvertFlags {
  readonly output: string;
  readonly format?: WriteFormat;
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

const FORMATS: Readonly<Record<string, WriteFormat>> = {
  ".xy": "xy",
  ".xye": "xye",
  ".cif": "pdcif",
  ".json": "json",
};
const ENDINGS: Readonly<Record<WriteFormat, string>> = {
  xy: ".xy",
  xye: ".xye",
  pdcif: ".cif",
  json: ".json",
};

export function addConvertCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("convert")
    .summary("write a scan in another format, processed on the way")
    .description(
      "Convert powder scans (every format of docs/scan-formats.md, recognised by content) to columns, pdCIF or JSON, " +
        "with wavelength and metadata in the header. Steps that are asked for are written to the header too.",
    )
    .argument("<scan...>", "files and folders, - for standard input")
    .requiredOption(
      "-o, --output <file>",
      "out.xy, out.xye, out.cif, out.json, or a folder with --format",
    )
    .addOption(
      new Option("--format <format>", "format of files in an output folder").choices([
        "xy",
        "xye",
        "pdcif",
        "json",
      ]),
    )
    .option("--wavelength <line|Å>", "wavelength where the file states none: CuKa12, CoKa1, 1.5406")
    .addOption(
      new Option("--radiation <kind>", "kind of radiation").choices([
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
  ewald convert scan.brml -o scan.xy
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
  const single = FORMATS[extname(flags.output).toLowerCase()];
  const format = single ?? flags.format;
  if (
    format === undefined ||
    (single !== undefined && flags.format !== undefined && single !== flags.format)
  ) {
    throw new EwaldError("usage/format", `"${flags.output}" does not say which format to write`, {
      value: flags.output,
      hint: "End it in .xy, .xye, .cif or .json, or give a folder and --format.",
    });
  }
  if (single === undefined) await mkdir(flags.output, { recursive: true });
  const written = new Map<string, string>();
  const { failures } = await runBatch(io, {
    paths,
    task: "convert",
    options: { format, processing: await processingOf(flags) },
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    async onRecord(record) {
      const stem = basename(record.input === "-" ? "scan" : record.input).replace(/(?:\.gz)?$/, "");
      const path =
        single === undefined
          ? join(
              flags.output,
              `${stem.slice(0, stem.length - extname(stem).length)}${ENDINGS[format]}`,
            )
          : flags.output;
      const other = written.get(path);
      if (other !== undefined) {
        throw new EwaldError(
          "usage/contradiction",
          `${record.input} and ${other} would both become ${path}`,
          {
            hint: "Give a folder with --format, and inputs of different names.",
          },
        );
      }
      written.set(path, record.input);
      await writeOutput(path, record.text);
      for (const line of warningLines(record.warnings))
        io.stderr(`${record.input}: ${line.trim()}\n`);
      io.stderr(`wrote ${path}  (${record.format}, ${record.points} points)\n`);
    },
  });
  if (failures > 0) setExit(EXIT.inputFailed);
}

async function processingOf(flags: ConvertFlags): Promise<ScanProcessing> {
  return {
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
  };
}
