/** `ewald identify`: which structure type does a powder scan show? */
import { basename, isAbsolute } from "node:path";
import { type Command, Option } from "commander";
import { loadRuntime } from "#onnx";
import type { ContradictionChoice } from "../../crystal/cif/symmetry.ts";
import { readStructures } from "../../crystal/io/read-structures.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { type Content, requireScan } from "../../data/contents.ts";
import { userModels } from "../../models/model-store.node.ts";
import { describeError, EwaldError, type Warning, withSource } from "../../errors.ts";
import type { RadiationKind } from "../../radiation/radiation.ts";
import { identificationReport } from "../../report/identification-report.ts";
import { type IdentifiedScan } from "../../report/identified-scan.ts";
import { printedRadiation } from "../../report/notation.ts";
import { checkedProcessing, processScan, type ScanProcessing } from "../../scan/process.ts";
import type { Scan } from "../../scan/scan.ts";
import {
  identifyScan,
  type Reference,
  type ScanIdentification,
} from "../../identify/identify-scan.ts";
import { ownLines } from "../../diffraction/line-list.ts";
import {
  loadExtendedModel,
  loadTypeAverages,
  STRUCTURE_TYPE_FOLDER,
} from "../../systems/structure-type/model-files.ts";
import type { StructureTypeModel } from "../../systems/structure-type/model.ts";
import { layAverage, type TypeAverage } from "../../known/type-averages.ts";
import { VERSION } from "../../version.node.ts";
import { loadContents } from "../contents.ts";
import {
  addElementOptions,
  type ElementFlags,
  type KnownElements,
  knownElements,
} from "../element-options.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { failureReport } from "../failures.ts";
import { countOf, findSources, type Input, inputsOf, readBytes } from "../inputs.ts";
import { readInstrument } from "../instrument-file.ts";
import { type Io, writeOutput } from "../io.ts";
import { positiveInteger, type SymmetryChoice, symmetryOption } from "../options.ts";
import { createProgress } from "../progress.ts";
import { WAVELENGTH_HELP } from "../scan-options.ts";
import { describeFailure, type Failure } from "../tasks.ts";
import { warningLines } from "../../report/warning-lines.ts";
import { type IdentifyRecord, identifyText, overlayRecord } from "./identify-text.ts";

interface IdentifyFlags extends ElementFlags {
  readonly symmetry?: SymmetryChoice;
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly instrument?: string;
  readonly reference?: readonly string[];
  /** Percent; true for the preset. */
  readonly fitReference?: number | true;
  readonly top: number;
  readonly json?: true;
  readonly report?: string;
  readonly models?: string;
  readonly threads?: number;
}

const EXAMPLES = `
Examples:
  ewald identify examples/olivine-quartz-simulated.xy
  ewald identify examples/olivine-quartz-simulated.xy --composition "MgO 45(1) SiO2 43(1) FeO 12(1) wt%" --report olivine.html
  ewald identify scan.raw --elements Ti,O --reference examples/rutile.cif --fit-reference 1
  ewald identify scans/ --wavelength CuKa12 --json > answers.jsonl
  ewald identify scan.xrdml --composition eds.txt`;

/** Scans that one report holds: each is some 150 kB. */
const MOST_REPORTED = 100;

export function addIdentifyCommand(program: Command, io: Io, setExit: SetExit): void {
  const command = program
    .command("identify")
    .summary("structure type of measured powder scans")
    .description(
      "Which structure type does a powder scan show? The most probable of the library's types with a reliability that was " +
        "measured, or none of them; what is odd in the scan; the nearest known compound. Elements help most: name what you know.",
    )
    .argument("<scan...>", "scans and folders, - for standard input");
  addElementOptions(command)
    .option("--wavelength <line|Å>", WAVELENGTH_HELP)
    .addOption(
      new Option("--radiation <kind>", "kind of radiation").choices([
        "xray",
        "neutron",
        "electron",
      ]),
    )
    .option("--instrument <file.json>", "what ewald calibrate wrote of the diffractometer")
    .option("--reference <file>", "structure to lay over the scan, may be repeated", collect)
    .option(
      "--fit-reference [percent]",
      "let the cells of --reference change by up to so much (default 1 %); without it they are laid over the scan as they are",
      cellChange,
    )
    .addOption(symmetryOption())
    .option("--top <n>", "candidates in the answer", positiveInteger, 5)
    .option("--report <file.html>", "the answer with its evidence drawn, as one page to send")
    .option(
      "--models <folder>",
      "folder of models (default: those that come with Ewald, and what ewald extend added)",
    )
    .option("--threads <n>", "threads of the networks (default: all cores)", positiveInteger)
    .option("--json", "one JSON record a line and scan")
    .addHelpText("after", EXAMPLES)
    .action((paths: string[], flags: IdentifyFlags) => identify(paths, flags, io, setExit));
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Largest change of a reference's axes, %: beyond it another crystal would be laid over the scan. */
const MOST_CHANGE_PERCENT = 10;
const USUAL_CHANGE_PERCENT = 1;

/** @throws EwaldError `usage/fit-reference` */
function cellChange(words: string): number {
  const percent = /^\d*\.?\d+\s*%?$/.test(words) ? Number.parseFloat(words) : NaN;
  if (percent > 0 && percent <= MOST_CHANGE_PERCENT) return percent;
  throw new EwaldError(
    "usage/fit-reference",
    `--fit-reference takes a change of the cell in per cent, above 0 and up to ${MOST_CHANGE_PERCENT}`,
    {
      value: words,
      unit: "%",
      hint: "Write --fit-reference 1 after the scans, or before another option; alone it stands for 1 %.",
    },
  );
}

/** What is the same for all scans. */
interface Session {
  readonly model: StructureTypeModel;
  readonly known: KnownElements;
  readonly references: readonly Reference[];
  /** Relative, of an axis; 0 for none. */
  readonly referenceChange: number;
  readonly processing: ScanProcessing;
  readonly top: number;
  readonly reports: boolean;
  /** Of the library's types; read for a report alone. */
  readonly averages: readonly TypeAverage[];
}

async function identify(
  paths: readonly string[],
  flags: IdentifyFlags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  if (flags.composition === "-" && paths.includes("-")) {
    throw new EwaldError(
      "usage/standard-input",
      "scan and composition cannot both be standard input",
    );
  }
  const session = await openSession(flags, io);
  const sources = await findSources(paths, "scan");
  const total = sources.inputCount;
  const progress = createProgress(io, "identify", total);
  const report = failureReport(io, sources, flags.json === true);
  const reported: IdentifiedScan[] = [];
  let count = 0;
  try {
    for await (const input of inputsOf(sources)) {
      const { answers, failures } = await answersOf(input, session);
      for (const { record, scan } of answers) {
        if (session.reports && reported.length < MOST_REPORTED) reported.push(scan);
        const gap = count++ > 0 ? "\n" : "";
        const shown = flags.json
          ? JSON.stringify(record)
          : `${gap}${identifyText(record, scan.radiation)}`;
        await io.stdout(`${shown}\n`);
      }
      const failed = await report.add(input, failures);
      progress.step(countOf(input), failed);
    }
  } finally {
    progress.clear();
    await session.model.release();
  }
  report.print();
  if (report.count() > 0) setExit(EXIT.inputFailed);
  if (flags.report === undefined || reported.length === 0) return;
  const options = {
    version: VERSION,
    typeCount: session.model.library.types.length,
    date: today(),
  };
  await writeOutput(flags.report, identificationReport(reported, options));
  if (count > reported.length)
    io.stderr(`the report holds the first ${reported.length} of ${count} scans\n`);
  io.stderr(`wrote ${flags.report}\n`);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function openSession(flags: IdentifyFlags, io: Io): Promise<Session> {
  if (flags.report !== undefined && !/\.html?$/i.test(flags.report)) {
    throw new EwaldError("usage/report-format", "a report is an .html file", {
      value: flags.report,
    });
  }
  const { fitReference, reference = [] } = flags;
  if (fitReference !== undefined && reference.length === 0) {
    throw new EwaldError("usage/fit-reference", "--fit-reference without --reference", {
      hint: "Name the structure whose cell may change: --reference mine.cif.",
    });
  }
  // What was typed is checked before models are read.
  const known = await knownElements(flags);
  if (known.words !== null) io.stderr(`understood: ${known.words}\n`);
  for (const line of warningLines(known.warnings)) io.stderr(`${line.trim()}\n`);
  const instrument =
    flags.instrument === undefined ? undefined : await readInstrument(flags.instrument);
  const processing = checkedProcessing({
    ...(flags.wavelength === undefined ? {} : { wavelength: flags.wavelength }),
    ...(flags.radiation === undefined ? {} : { radiation: flags.radiation }),
    ...(instrument === undefined ? {} : { instrument }),
  });
  await loadSymmetry();
  const references = await Promise.all(reference.map((path) => referenceOf(path, flags.symmetry)));
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  const read = userModels(STRUCTURE_TYPE_FOLDER, flags.models);
  return {
    model: await loadExtendedModel(runtime, read),
    known,
    references: references.flat(),
    referenceChange:
      fitReference === undefined
        ? 0
        : (fitReference === true ? USUAL_CHANGE_PERCENT : fitReference) / 100,
    processing,
    top: flags.top,
    reports: flags.report !== undefined,
    averages: flags.report === undefined ? [] : await loadTypeAverages(read),
  };
}

/** @throws EwaldError `file/reference` */
async function referenceOf(
  path: string,
  contradiction: ContradictionChoice = "refuse",
): Promise<Reference[]> {
  try {
    const { structures } = readStructures(await readBytes(path), { name: path, contradiction });
    const file = path.split(/[/\\]/).at(-1)!;
    return structures.map(({ structure, name }) => ({
      name: structures.length === 1 || name === "" ? file : `${file} (${name})`,
      lines: ownLines(structure),
    }));
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    throw new EwaldError(
      "file/reference",
      `--reference cannot be used: ${describeError(withSource(error, path))}`,
    );
  }
}

interface Answered {
  readonly record: IdentifyRecord;
  readonly scan: IdentifiedScan;
}

async function answersOf(
  input: Input,
  session: Session,
): Promise<{ readonly answers: readonly Answered[]; readonly failures: readonly Failure[] }> {
  const answers: Answered[] = [];
  const failures: Failure[] = [];
  try {
    const loaded = await loadContents(input, { wanted: "scan" });
    failures.push(...loaded.failures.map((error) => describeFailure(input.path, error)));
    for (const content of loaded.contents) {
      try {
        answers.push(await answerTo(content, session));
      } catch (error) {
        failures.push(describeFailure(content.input, error));
      }
    }
  } catch (error) {
    failures.push(describeFailure(input.path, error));
  }
  return { answers, failures };
}

async function answerTo(content: Content, session: Session): Promise<Answered> {
  const { input, name, scan, warnings } = requireScan(content);
  const named = name === undefined ? input : `${input} (${name})`;
  const known = processScan(scan, session.processing);
  return answer(known.scan, named, [...warnings, ...known.warnings], session);
}

/** @param warnings of the reader and of what the user said of the scan */
async function answer(
  scan: Scan,
  input: string,
  warnings: readonly Warning[],
  { model, known, references, referenceChange, top, reports, averages }: Session,
): Promise<Answered> {
  const identified = await identifyScan(model, scan, {
    ...(known.composition === undefined ? {} : { composition: known.composition }),
    ...(known.constraints === undefined ? {} : { constraints: known.constraints }),
    references,
    referenceChange,
    top,
  });
  const found = { ...identified, warnings: [...warnings, ...identified.warnings] };
  const [laid] = found.candidates;
  return {
    record: {
      kind: "identification",
      input,
      types: found.types,
      rejected: found.rejected,
      reason: found.reason,
      ties: found.ties,
      tube: found.tube,
      warnings: found.warnings,
      overlay: laid === undefined ? null : overlayRecord(laid),
      references: found.references.map(overlayRecord),
      elements: known.words,
      model: found.model,
    },
    scan: {
      // A report is sent on: where the file lay on this machine is nobody's business.
      input: isAbsolute(input) ? basename(input) : input,
      radiation: scan.radiation === null ? "radiation unknown" : printedRadiation(scan.radiation),
      elements: known.words,
      answer: found,
      explanation: reports ? await explanationOf(model, scan, found) : null,
      average:
        laid === undefined || found.observation === null
          ? null
          : layAverage(averages, model.library, laid, found.observation),
    },
  };
}

async function explanationOf(
  model: StructureTypeModel,
  scan: Scan,
  { types }: ScanIdentification,
): Promise<IdentifiedScan["explanation"]> {
  const [best] = types;
  if (best === undefined) return null;
  try {
    return { name: best.name, ...(await model.explain(scan, best.key)) };
  } catch (error) {
    // A model of other networks answers all the same.
    if (error instanceof EwaldError && error.code === "identify/no-explanation") return null;
    throw error;
  }
}
