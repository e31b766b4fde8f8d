/** `calibrate`: zero shift, displacement and resolution of a diffractometer from a scan of a standard. */
import { processScan } from "../../scan/process.ts";
import { warningLines } from "../../report/warning-lines.ts";
import type { ContradictionChoice } from "../../crystal/cif/symmetry.ts";
import { readStructures } from "../../crystal/io/read-structures.ts";
import { EwaldError } from "../../errors.ts";
import { calibrate, namedStandard, type Standard, STANDARD_NAMES } from "../../fit/calibrate.ts";
import type { Instrument } from "../../scan/instrument.ts";
import { readScan } from "../../scan/read.ts";
import type { Environment, WholeJob } from "../job.ts";
import { scanProcessing } from "../scan-processing.ts";
import { CALIBRATE, type CALIBRATE_OPTIONS } from "./spec.ts";

interface Calibrated {
  readonly instrument: Instrument;
  /** It went to a file: people are shown what it says, not the JSON. */
  readonly isWritten: boolean;
}

export const calibrateJob: WholeJob<typeof CALIBRATE_OPTIONS, Calibrated, Instrument> = {
  spec: CALIBRATE,
  async perform([path], { as, symmetry, output, wavelength, radiation, radius }, host) {
    const standard = await standardOf(as, symmetry, host);
    const { scan, warnings } = readScan(await host.readFile(path!), { name: path! });
    const known = processScan(scan, await scanProcessing({ wavelength, radiation }, host));
    const options = radius === undefined ? {} : { goniometerRadiusMm: radius };
    const result = calibrate(known.scan, standard, options);
    for (const line of warningLines([...warnings, ...known.warnings, ...result.warnings])) {
      host.note(line.trim());
    }
    if (output !== undefined) {
      await host.writeFile(output, jsonText(result.instrument));
      host.note(`wrote ${output}`);
    }
    return { instrument: result.instrument, isWritten: output !== undefined };
  },
  text: ({ instrument, isWritten }) =>
    isWritten ? describe(instrument) : jsonText(instrument).trimEnd(),
  json: ({ instrument }) => instrument,
};

const jsonText = (instrument: Instrument): string =>
  `${JSON.stringify(instrument, undefined, 2)}\n`;

/** A built-in standard of that name, else the file. */
async function standardOf(
  word: string,
  contradiction: ContradictionChoice | undefined,
  { isFile, readFile }: Environment,
): Promise<Standard> {
  const isBuiltIn = STANDARD_NAMES.some((name) => name.toLowerCase() === word.toLowerCase());
  // Neither a standard nor a file: the list of standards says more.
  if (isBuiltIn || (word !== "-" && !(await isFile(word)))) return namedStandard(word);
  const { structures } = readStructures(await readFile(word), {
    name: word,
    ...(contradiction === undefined ? {} : { contradiction }),
  });
  const [first, ...others] = structures;
  if (first === undefined || others.length > 0) {
    throw new EwaldError(
      "calibrate/unknown-standard",
      `${word} holds ${structures.length} structures`,
      { source: word, hint: "Give a CIF of one structure." },
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
