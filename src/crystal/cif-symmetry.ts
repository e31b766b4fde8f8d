/**
 * The symmetry operations that a CIF means: those that it lists, else those of its Hall symbol, its
 * Hermann-Mauguin symbol, its number. What a symbol leaves open (origin, axes, setting) comes back as several
 * candidates that the cell allows; the caller, who knows the atoms, decides. What the file says twice must agree.
 */
import { EwaldError, type Position, type Warning } from "../errors.ts";
import type { Mat3 } from "../math/matrix3.ts";
import { readMagneticOperations, refuseMagneticName } from "./cif-magnetic.ts";
import {
  type DeclaredSettings,
  type DeclaredSymmetry,
  declaredSettings,
  HALL_TAGS,
  HM_TAGS,
  NUMBER_TAGS,
  OPERATION_TAGS,
  readDeclared,
} from "./cif-space-group.ts";
import type { CifItems } from "./cif-tags.ts";
import { type TabulatedSetting, operationsOfSetting } from "./space-group-settings.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import {
  IDENTITY_OPERATION,
  generateGroup,
  metricMisfit,
  operationCensus,
  parseOperation,
  rotationKey,
  sameOperations,
} from "./symmetry-operation.ts";

export interface SymmetryCandidate {
  readonly operations: readonly SymmetryOperation[];
  /** null for listed operations and a Hall symbol out of the table. */
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
      const operations = closedGroup(magnetic.operations, magnetic.at, warnings);
      checkMetric(operations, lattice, magnetic.at, warnings);
      const candidates = [{ operations, setting: null }];
      return { declared, source: "listed", candidates, doubt: null, warnings };
    }
  }
  const named = declaredSettings(items, declared, warnings);
  const possible = named.settings.filter(
    (one) => metricMisfit(operationsOfSetting(one), lattice) < METRIC_ERROR,
  );
  if (declared.operations !== undefined && !(choice === "declared" && possible.length > 0)) {
    const operations = readListed(items, declared.operations, warnings);
    checkMetric(operations, lattice, items.position(...OPERATION_TAGS), warnings);
    const doubt =
      choice === "listed" ? null : compareWithDeclared(operations, named, items, warnings);
    return {
      declared,
      source: "listed",
      candidates: [{ operations, setting: null }],
      doubt,
      warnings,
    };
  }
  if (named.hall !== null) {
    checkMetric(named.hall, lattice, items.position(...HALL_TAGS), warnings);
    const candidates = [{ operations: named.hall, setting: null }];
    return { declared, source: "hall", candidates, doubt: null, warnings };
  }
  if (named.source === "none") {
    refuseMagneticName(items);
    const candidates = [{ operations: [IDENTITY_OPERATION], setting: null }];
    return { declared, source: "none", candidates, doubt: null, warnings };
  }
  if (possible.length === 0) refuseMetric(items, named);
  const candidates = distinctCandidates(possible);
  return { declared, source: named.source, candidates, doubt: null, warnings };
}

function readListed(
  items: CifItems,
  texts: readonly string[],
  warnings: Warning[],
): readonly SymmetryOperation[] {
  const column = items.column(...OPERATION_TAGS)!;
  const at = column.position(0);
  if (texts.length > MOST_OPERATIONS) {
    throw new EwaldError(
      "cif/symmetry-too-many",
      `${texts.length} symmetry operations are listed, more than ${MOST_OPERATIONS}`,
      { value: texts.length, ...at },
    );
  }
  const listed: SymmetryOperation[] = [];
  for (let row = 0; row < column.length; row += 1) {
    const text = column.string(row)?.trim();
    if (text === undefined || text === "") continue;
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
  return closedGroup(listed, at, warnings);
}

/** The operations, small mistakes of their list mended. */
function closedGroup(
  listed: readonly SymmetryOperation[],
  at: Position,
  warnings: Warning[],
): readonly SymmetryOperation[] {
  const group = generateGroup(listed, MOST_OPERATIONS);
  if (group !== null && group.length === listed.length) return listed;
  const distinct = countDistinct(listed);
  if (group !== null && group.length === distinct) {
    warnings.push({
      code: "cif/symmetry-repeated",
      message: "a symmetry operation is listed more than once",
      ...at,
    });
    return group;
  }
  if (group !== null && group.length === distinct + 1 && !listed.some(isIdentity)) {
    warnings.push({
      code: "cif/symmetry-no-identity",
      message: "the listed operations leave out x,y,z",
      ...at,
    });
    return group;
  }
  throw new EwaldError(
    "cif/symmetry-not-a-group",
    `the ${listed.length} listed symmetry operations do not form a group` +
      (group === null ? "" : `: they generate ${group.length}`),
    { value: listed.length, ...at, hint: "One of them is missing or misprinted." },
  );
}

function isIdentity(one: SymmetryOperation): boolean {
  return sameOperations([one], [IDENTITY_OPERATION]);
}

function countDistinct(listed: readonly SymmetryOperation[]): number {
  return new Set(
    listed.map(
      (one) => `${one.rotation.join()};${one.translation.map((t) => Math.round(t * 1000)).join()}`,
    ),
  ).size;
}

/** The same space group in other words, another setting (a warning), or another space group (an error, or a doubt). */
function compareWithDeclared(
  operations: readonly SymmetryOperation[],
  named: DeclaredSettings,
  items: CifItems,
  warnings: Warning[],
): EwaldError | null {
  const groups = named.hall === null ? named.settings.map(operationsOfSetting) : [named.hall];
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
        hint: 'Say which to believe: contradiction "listed" or "declared".',
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
      hint: 'Say which to believe: contradiction "listed" or "declared".',
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
