/** `ewald calibrate`: zero shift, displacement and resolution of a diffractometer from a scan of a standard. */
import { type Command, Option } from "commander";
import { existsSync } from "node:fs";
import { type ContradictionChoice, readStructures } from "../../crystal/index.ts";
import { EwaldError } from "../../errors.ts";
import { calibrate, namedStandard, type Standard, STANDARD_NAMES } from "../../fit/index.ts";
import type { RadiationKind } from "../../radiation/index.ts";
import { type Instrument, readScan } from "../../scan/index.ts";
import { readBytes } from "../inputs.ts";
import { type Io, writeOutput } from "../io.ts";
import { positiveNumber, type SymmetryChoice, symmetryOption } from "../options.ts";
import { processScan, WAVELENGTH_HELP } from "../scan-processing.ts";
import { warningLines } from "../warning-lines.ts";

interface CalibrateFlags {
  readonly symmetry?: SymmetryChoice;
  readonly as: string;
  readonly output?: string;
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly radius?: number;
  readonly json?: true;
}

export function addCalibrateCommand(program: Command, io: Io): void {
  program
    .command("calibrate")
    .summary("a diffractometer's zero shift, displacement and resolution from a standard")
    .description(
      "Compare the peaks of a scan of a standard with where they must be. The result is a small JSON that --instrument " +
        "of other commands applies.",
    )
    .argument("<scan>", "scan of the standard, - for standard input")
    .requiredOption("--as <standard>", `${STANDARD_NAMES.join(", ")}, or a CIF of the standard`)
    .addOption(symmetryOption())
    .option("-o, --output <file.json>", "write the instrument there (default: standard output)")
    .option("--wavelength <line|Å>", WAVELENGTH_HELP)
    .addOption(
      new Option("--radiation <kind>", "kind of radiation").choices([
        "xray",
        "neutron",
        "electron",
      ]),
    )
    .option("--radius <mm>", "goniometer radius, for the displacement in mm", positiveNumber("mm"))
    .option("--json", "print the instrument as JSON even with -o")
    .addHelpText(
      "after",
      `
Examples:
  ewald calibrate lab6.xrdml --as LaB6 -o my-diffractometer.json
  ewald calibrate corundum.xy --as Al2O3 --wavelength CuKa12
  ewald convert scan.xrdml --instrument my-diffractometer.json -o scan.xy`,
    )
    .action((path: string, flags: CalibrateFlags) => runCalibrate(path, flags, io));
}

async function runCalibrate(path: string, flags: CalibrateFlags, io: Io): Promise<void> {
  const standard = await standardOf(flags.as, flags.symmetry);
  const { scan, warnings } = readScan(await readBytes(path), { name: path });
  const known = processScan(scan, {
    ...(flags.wavelength === undefined ? {} : { wavelength: flags.wavelength }),
    ...(flags.radiation === undefined ? {} : { radiation: flags.radiation }),
  });
  const options = flags.radius === undefined ? {} : { goniometerRadiusMm: flags.radius };
  const result = calibrate(known.scan, standard, options);
  const text = `${JSON.stringify(result.instrument, undefined, 2)}\n`;
  for (const line of warningLines([...warnings, ...known.warnings, ...result.warnings])) {
    io.stderr(`${line.trim()}\n`);
  }
  if (flags.output === undefined || flags.json) await io.stdout(text);
  else await io.stdout(`${describe(result.instrument)}\n`);
  if (flags.output !== undefined) {
    await writeOutput(flags.output, text);
    io.stderr(`wrote ${flags.output}\n`);
  }
}

/** A file of that name wins over a built-in standard only if it is no formula of one. */
async function standardOf(
  word: string,
  contradiction: ContradictionChoice = "refuse",
): Promise<Standard> {
  const isBuiltIn = STANDARD_NAMES.some((name) => name.toLowerCase() === word.toLowerCase());
  if (isBuiltIn || !existsSync(word)) return namedStandard(word);
  const { structures } = readStructures(await readBytes(word), { name: word, contradiction });
  const [first, ...others] = structures;
  if (first === undefined || others.length > 0) {
    throw new EwaldError(
      "calibrate/unknown-standard",
      `${word} holds ${structures.length} structures`,
      {
        source: word,
        hint: "Give a CIF of one structure.",
      },
    );
  }
  return { name: word, structure: first.structure };
}

function describe(instrument: Instrument): string {
  const [low, high] = instrument.twoThetaRangeDeg;
  const mm =
    instrument.displacementMm === undefined
      ? ""
      : `   (${(instrument.displacementMm * 1000).toFixed(0)} µm at ${instrument.goniometerRadiusMm} mm)`;
  const { resolution } = instrument;
  return [
    `standard       ${instrument.standard}, ${instrument.peakCount} peaks, 2θ ${low.toFixed(1)} to ${high.toFixed(1)}°`,
    `zero shift     ${instrument.zeroDeg.toFixed(4)} ± ${instrument.zeroEsdDeg.toFixed(4)}°`,
    `displacement   ${instrument.displacementDeg.toFixed(4)} ± ${instrument.displacementEsdDeg.toFixed(4)}° × cos θ${mm}`,
    `left over      ${instrument.rmsDeg.toFixed(4)}° (root mean square)`,
    ...(resolution === undefined
      ? []
      : [
          `resolution     U ${resolution.u.toPrecision(4)}  V ${resolution.v.toPrecision(4)}  W ${resolution.w.toPrecision(4)} °²,  η ${resolution.eta.toFixed(2)}`,
        ]),
  ].join("\n");
}
