/**
 * The symmetry operations that a CIF means: those that it lists, else those of its Hall symbol, its
 * Hermann-Mauguin symbol, its number. What a symbol leaves open (origin, axes, setting) comes back as several
 * candidates that the cell allows; the caller, who knows the atoms, decides. What the file says twice must agree.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import type { CifColumn } from "../../formats/cif-document.ts";
import type { Mat3 } from "../../math/matrix3.ts";
import { readMagneticOperations, refuseNamedOnly } from "./magnetic.ts";
import {
  type DeclaredSettings,
  declaredSettings,
  type DeclaredSymmetry,
  HALL_TAGS,
  HM_TAGS,
  NUMBER_TAGS,
  OPERATION_TAGS,
  readDeclared,
} from "./space-group.ts";
import type { CifItems } from "./tags.ts";
import {
  operationsOfSetting,
  settingWith,
  type TabulatedSetting,
} from "../symmetry/space-group-settings.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";
import {
  distinctOperations,
  generateGroup,
  IDENTITY_OPERATION,
  metricMisfit,
  operationCensus,
  parseOperation,
  rotationKey,
  sameOperations,
} from "../symmetry/symmetry-operation.ts";

export interface SymmetryCandidate {
  readonly operations: readonly SymmetryOperation[];
  /** The setting of the table with these operations; null where none of the named space group has them. */
  readonly setting: TabulatedSetting | null;
}

export interface CifSymmetry {
  readonly declared: DeclaredSymmetry;
  readonly source: "listed" | "hall" | "symbol" | "number" | "none";
  /** At least one; the preferred one first. */
  readonly candidates: readonly SymmetryCandidate[];
  /** Set where listed operations and declared space group differ in a way that only the contents can settle. */
  readonly doubt: EwaldError | null;
  readonly warnings: readonly Warning[];
}

/** "refuse" throws where listed operations and declared group contradict; the others say which to believe. */
export type ContradictionChoice = "refuse" | "listed" | "declared";

/** 192 is the most of a conventional cell; a supercell of one may have more. */
const MOST_OPERATIONS = 1536;
/** How far an operation may stretch the cell, as a fraction: more than rounded cell constants can. */
const METRIC_ERROR = 0.03;
const METRIC_WARNING = 0.002;

const WHICH_TO_BELIEVE = "Say which to believe: --symmetry listed or --symmetry declared.";

/** Throws `cif/symmetry-…` and `symmetry/…`, with position. */
export function readCifSymmetry(
  items: CifItems,
  lattice: Mat3,
  choice: ContradictionChoice,
): CifSymmetry {
  const warnings: Warning[] = [];
  const declared = readDeclared(items, warnings);
  if (declared.operations === undefined && choice !== "declared") {
    const magnetic = readMagneticOperations(items, MOST_OPERATIONS, warnings);
    if (magnetic !== null) {
      const operations = closedGroup(magnetic.operations, magnetic.at, null, warnings);
      checkMetric(operations, lattice, magnetic.at, warnings);
      const candidates = [{ operations, setting: null }];
      return { declared, source: "listed", candidates, doubt: null, warnings };
    }
  }
  const named = declaredSettings(items, declared, warnings);
  const possible = named.settings.filter(
    (one) => metricMisfit(operationsOfSetting(one), lattice) < METRIC_ERROR,
  );
  const isNamed = named.hall !== null || named.settings.length > 0;
  if (declared.operations !== undefined && !(choice === "declared" && isNamed)) {
    const operations = readListed(items, named, warnings);
    checkMetric(operations, lattice, items.position(...OPERATION_TAGS), warnings);
    const doubt =
      choice === "listed" ? null : compareWithDeclared(operations, named, items, warnings);
    const candidates = [{ operations, setting: settingWith(operations, named.settings) }];
    return { declared, source: "listed", candidates, doubt, warnings };
  }
  if (named.hall !== null) {
    checkMetric(named.hall, lattice, items.position(...HALL_TAGS), warnings);
    const candidates = [
      { operations: named.hall, setting: settingWith(named.hall, named.settings) },
    ];
    return { declared, source: "hall", candidates, doubt: null, warnings };
  }
  if (named.source === "none") {
    refuseNamedOnly(items);
    const candidates = [{ operations: [IDENTITY_OPERATION], setting: null }];
    return { declared, source: "none", candidates, doubt: null, warnings };
  }
  if (possible.length === 0) refuseMetric(items, named);
  const candidates = distinctCandidates(possible);
  return { declared, source: named.source, candidates, doubt: null, warnings };
}

function readListed(
  items: CifItems,
  named: DeclaredSettings,
  warnings: Warning[],
): readonly SymmetryOperation[] {
  const column = items.column(...OPERATION_TAGS)!;
  const at = column.position(0);
  const operations = closedGroup(listedOperations(column, warnings), at, named, warnings);
  const other = items.column(OPERATION_TAGS[1]!);
  if (other === undefined || other.tag === column.tag || other.problem !== null) return operations;
  const others = listedOperations(other, []);
  if (others.length > 0 && !sameOperations(distinctOperations(others), operations)) {
    warnings.push({
      code: "cif/symmetry-contradiction",
      message: `${column.tag} and ${other.tag} list different operations (${operations.length} and ${others.length}): those of ${column.tag} are used`,
      ...at,
    });
  }
  return operations;
}

function listedOperations(column: CifColumn, warnings: Warning[]): readonly SymmetryOperation[] {
  if (column.length > MOST_OPERATIONS) {
    throw new EwaldError(
      "cif/symmetry-too-many",
      `${column.length} symmetry operations are listed, more than ${MOST_OPERATIONS}`,
      { value: column.length, ...column.position(0) },
    );
  }
  const listed: SymmetryOperation[] = [];
  for (let row = 0; row < column.length; row += 1) {
    const text = column.string(row)?.trim();
    if (text === undefined || text === "") {
      warnings.push({
        code: "cif/symmetry-unknown",
        message: "a symmetry operation is not given: the others are taken",
        ...column.position(row),
      });
      continue;
    }
    try {
      listed.push(parseOperation(text));
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      throw new EwaldError(error.code, error.message, {
        ...error.details,
        ...column.position(row),
      });
    }
  }
  return listed;
}

/**
 * The operations as a group. A list in which some stand twice has lost others where it is as long as the group that it
 * generates, or where that is the group which the file names: they are added. One that is only too short is refused.
 */
function closedGroup(
  listed: readonly SymmetryOperation[],
  at: Position,
  named: DeclaredSettings | null,
  warnings: Warning[],
): readonly SymmetryOperation[] {
  const group = generateGroup(listed, MOST_OPERATIONS);
  // The identity, which a list may leave out, stands first.
  const distinct = distinctOperations(listed);
  const repeated = listed.length - distinct.length;
  const missing = group === null ? Number.NaN : group.length - distinct.length;
  const warn = (code: string, message: string): void =>
    void warnings.push({ code, message, ...at });
  if (missing === 0) {
    if (repeated > 0) {
      warn(
        "cif/symmetry-repeated",
        `${countOf(repeated, "symmetry operation")} of the ${listed.length} listed ${repeated === 1 ? "repeats another" : "repeat others"}: each is taken once, ${distinct.length} in all`,
      );
    }
    return distinct;
  }
  const isMeant =
    group !== null &&
    (listed.length === group.length ||
      groupsOf(named).some((declared) => sameOperations(declared, group)));
  if (repeated > 0 && isMeant) {
    warn(
      "cif/symmetry-completed",
      `of the ${listed.length} listed symmetry operations only ${distinct.length} differ: ${missing === 1 ? "the one that is" : `the ${missing} that are`} missing from their group of ${group.length} ${missing === 1 ? "is" : "are"} added`,
    );
    return group;
  }
  if (missing === 1 && !listed.some(isIdentity)) {
    warn("cif/symmetry-no-identity", "the listed operations leave out x,y,z");
    return group!;
  }
  throw new EwaldError(
    "cif/symmetry-not-a-group",
    `the ${listed.length} listed symmetry operations do not form a group` +
      (group === null ? "" : `: they generate ${group.length}`),
    {
      value: listed.length,
      ...at,
      hint: `One of them is missing or misprinted.${groupsOf(named).length === 0 ? "" : " --symmetry declared takes those of the space group that the file names."}`,
    },
  );
}

/** The operations of each setting that the file's symbols may mean. */
function groupsOf(named: DeclaredSettings | null): readonly (readonly SymmetryOperation[])[] {
  if (named === null) return [];
  return named.hall === null ? named.settings.map(operationsOfSetting) : [named.hall];
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function isIdentity(one: SymmetryOperation): boolean {
  return sameOperations([one], [IDENTITY_OPERATION]);
}

/** The same space group in other words, another setting (a warning), or another space group (an error, or a doubt). */
function compareWithDeclared(
  operations: readonly SymmetryOperation[],
  named: DeclaredSettings,
  items: CifItems,
  warnings: Warning[],
): EwaldError | null {
  const groups = groupsOf(named);
  if (groups.length === 0 || groups.some((one) => sameOperations(one, operations))) return null;
  const at = items.position(...OPERATION_TAGS);
  const what = named.settings[0]?.hermannMauguin ?? "the Hall symbol";
  if (!groups.some((one) => pointCensus(one) === pointCensus(operations))) {
    throw new EwaldError(
      "cif/symmetry-contradiction",
      `the ${operations.length} listed symmetry operations are not those of ${what}`,
      {
        value: what,
        ...at,
        hint: WHICH_TO_BELIEVE,
      },
    );
  }
  if (groups.some((one) => one.length === operations.length)) {
    warnings.push({
      code: "cif/symmetry-setting",
      message: `the listed symmetry operations are not those that the table has for ${what}; the listed ones are used`,
      ...at,
    });
    return null;
  }
  return new EwaldError(
    "cif/symmetry-contradiction",
    `${operations.length} symmetry operations are listed, ${what} has ${groups.map((one) => one.length).join(" or ")}`,
    {
      value: what,
      ...at,
      hint: WHICH_TO_BELIEVE,
    },
  );
}

/** The census of the point group: each rotation once, whatever the centring. */
function pointCensus(operations: readonly SymmetryOperation[]): string {
  const rotations = new Map(operations.map((one) => [rotationKey(one.rotation), one]));
  return operationCensus([...rotations.values()]);
}

function checkMetric(
  operations: readonly SymmetryOperation[],
  lattice: Mat3,
  at: Position,
  warnings: Warning[],
): void {
  const misfit = metricMisfit(operations, lattice);
  if (misfit < METRIC_WARNING) return;
  const message = `the cell does not have the symmetry of the operations: they change it by ${(100 * misfit).toFixed(1)} %`;
  if (misfit > METRIC_ERROR) {
    throw new EwaldError("cif/symmetry-metric", message, { value: misfit, ...at });
  }
  warnings.push({ code: "cif/symmetry-metric", message, ...at });
}

function refuseMetric(items: CifItems, named: DeclaredSettings): never {
  const tags = named.source === "number" ? NUMBER_TAGS : HM_TAGS;
  const { hermannMauguin } = named.settings[0]!;
  throw new EwaldError(
    "cif/symmetry-metric",
    `the cell does not fit space group ${hermannMauguin} in any of its tabulated settings`,
    { value: hermannMauguin, ...items.position(...tags) },
  );
}

/** Settings with the same operations are one; origin choice 2, the IUCr's reference setting, comes first. */
function distinctCandidates(settings: readonly TabulatedSetting[]): SymmetryCandidate[] {
  const order = [...settings].sort((a, b) => rank(a) - rank(b));
  const candidates: SymmetryCandidate[] = [];
  for (const setting of order) {
    const operations = operationsOfSetting(setting);
    if (candidates.some((one) => sameOperations(one.operations, operations))) continue;
    candidates.push({ operations, setting });
  }
  return candidates;
}

function rank(setting: TabulatedSetting): number {
  return setting.choice === "1" ? 1 : 0;
}
