/** `library search`: known phases whose lines a scan shows. */
import type { SampleElements } from "../../known/phases/phase-elements.ts";
import type { PhaseLibrary } from "../../known/phases/phase-library.ts";
import type { PhaseSummary } from "../../known/phases/phase-table.ts";
import type { Scored } from "../../known/phases/phase-search.ts";
import { searchScanOf, searchTarget } from "../../known/phases/search-target.ts";
import { requireScan } from "../../data/contents.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import { printedSpaceGroup } from "../../report/notation.ts";
import { textTable } from "../../report/text-table.ts";
import { observe } from "../../scan/observe.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import { type KnownElements, knownElements } from "../elements.ts";
import type { Job, JobRecord } from "../job.ts";
import { scanProcessing } from "../scan-processing.ts";
import { librariesOf, phaseFormula } from "./libraries.ts";
import { LIBRARY_SEARCH, type LIBRARY_SEARCH_OPTIONS } from "./spec.ts";

/** A phase that the scan may show. */
export interface SearchedPhase extends PhaseSummary {
  /** Above 1 where the crystal is larger than the phase of the library. */
  readonly cellFactor: number;
  readonly zeroShiftDeg: number;
  /** Cosine of the lines, with what is known of the elements; 0 to 1. */
  readonly score: number;
  /** Score less that of the next answer. */
  readonly gap: number;
  /** Phases that the scan cannot tell from this one. */
  readonly members: readonly PhaseSummary[];
}

/** The answer to one scan, best phase first. */
export interface SearchRecord extends JobRecord {
  readonly kind: "search";
  readonly name?: string;
  readonly phases: readonly SearchedPhase[];
  /** The known elements in words; null where nothing is known. */
  readonly elements: string | null;
  readonly warnings: readonly Warning[];
}

interface Session {
  readonly libraries: readonly PhaseLibrary[];
  readonly known: KnownElements;
  readonly processing: ScanProcessing;
  readonly most: number;
}

export const librarySearchJob: Job<typeof LIBRARY_SEARCH_OPTIONS, Session, SearchRecord> = {
  spec: LIBRARY_SEARCH,
  async open(options, environment) {
    return {
      known: await knownElements(options, environment),
      processing: await scanProcessing(options, environment),
      libraries: await librariesOf(options.library, environment),
      most: options.most,
    };
  },
  notes: ({ known }) => (known.words === null ? [] : [`understood: ${known.words}`]),
  async run(content, { libraries, known, processing, most }) {
    const { input, name, scan: read, warnings } = requireScan(content);
    const processed = processScan(read, processing);
    const observation = observe(processed.scan);
    const { radiationKind } = observation;
    if (radiationKind !== "xray")
      throw new EwaldError(
        "library/radiation",
        `the library holds X-ray lines; this scan was measured with ${radiationKind}s`,
        {
          value: radiationKind,
          hint: "Lines stand at the same spacings, but their heights tell other phases.",
        },
      );
    return {
      kind: "search",
      input,
      ...(name === undefined ? {} : { name }),
      phases: await searched(libraries, searchTarget(searchScanOf(observation)), known, most),
      elements: known.words,
      warnings: [...warnings, ...processed.warnings, ...known.warnings],
    };
  },
  text: searchText,
};

/** The best of all libraries together. */
async function searched(
  libraries: readonly PhaseLibrary[],
  target: ReturnType<typeof searchTarget>,
  { composition, constraints }: KnownElements,
  most: number,
): Promise<SearchedPhase[]> {
  const elements: SampleElements = {
    ...(composition === undefined ? {} : { composition }),
    ...(constraints === undefined ? {} : { constraints }),
  };
  const found = await Promise.all(
    libraries.map(async (library) => {
      const groups = await library.search(target, elements);
      return groups.map(({ best, members }) => ({ library, best, members }));
    }),
  );
  const ranked = found.flat().toSorted((a, b) => b.best.score - a.best.score);
  return ranked.slice(0, most).map(({ library, best, members }, i) => {
    const summary = ({ entry }: Scored): PhaseSummary => library.phases.summary(entry);
    return {
      ...summary(best),
      cellFactor: best.cellFactor,
      zeroShiftDeg: best.zeroShiftDeg,
      score: best.score,
      gap: best.score - (ranked[i + 1]?.best.score ?? 0),
      members: members.map(summary),
    };
  });
}

function searchText({ input, name, phases, elements, warnings }: SearchRecord): string {
  const title = name === undefined ? input : `${input} (${name})`;
  const lines = warnings.map(({ message }) => `  note: ${message}`);
  if (phases.length === 0)
    return [
      title,
      ...lines,
      `  no known phase ${elements === null ? "" : "with these elements "}shows its lines here`,
    ].join("\n");
  const table = textTable(
    [
      { title: "score", align: "right" },
      { title: "gap", align: "right" },
      { title: "id", align: "left" },
      { title: "formula", align: "left" },
      { title: "space group", align: "left" },
      { title: "cell", align: "right" },
      { title: "name, and what looks the same", align: "left" },
    ],
    phases.map((phase) => [
      phase.score.toFixed(3),
      phase.gap.toFixed(3),
      phase.id,
      phaseFormula(phase),
      printedSpaceGroup(phase.spaceGroup.symbol),
      `${(100 * (phase.cellFactor - 1)).toFixed(2)} %`,
      [phase.name ?? "", membersText(phase)].filter((text) => text !== "").join("; "),
    ]),
  );
  return [title, ...lines, ...table.split("\n").map((line) => `  ${line}`)].join("\n");
}

const MEMBERS_SHOWN = 3;

function membersText({ members }: SearchedPhase): string {
  if (members.length === 0) return "";
  const shown = members.slice(0, MEMBERS_SHOWN).map((one) => `${phaseFormula(one)} ${one.id}`);
  const more = members.length - shown.length;
  return `like ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
